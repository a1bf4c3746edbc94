"""IDX files by NumPy alone: what the other programs' results are compared with."""

import gzip
import struct

import numpy as np

# The parts of a data set, and what their files' names begin with.
PARTS = {"train": "train", "test": "t10k"}


def read_idx(path):
    """A raw or gzipped IDX file of unsigned bytes."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    rank = content[3]
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def read_folder(folder, prefix=None):
    """The parts in a folder, {"train": (images, labels), ...}; with a prefix, that of the training part's files."""
    parts = {}
    for part, usual in {"train": prefix}.items() if prefix else PARTS.items():
        images, labels = (next(iter(sorted(folder.glob(f"{usual}-{kind}-ubyte*"))), None)
                          for kind in ("images-idx3", "labels-idx1"))
        if images and labels:
            parts[part] = (read_idx(images), read_idx(labels))
    return parts


def idx_files(parts):
    """The content of the raw IDX files, by their names."""
    files = {}
    for part, (images, labels) in parts.items():
        for array, kind in ((images, "images-idx3"), (labels, "labels-idx1")):
            header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
            files[f"{PARTS[part]}-{kind}-ubyte"] = header + np.ascontiguousarray(array, np.uint8).tobytes()
    return files
