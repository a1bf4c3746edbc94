"""Reads IDX files with NumPy only. The results of the other programs are compared with these arrays."""

import gzip
import struct

import numpy as np

# The parts of a data set, and the prefixes of their file names.
PARTS = {"train": "train", "test": "t10k"}


def read_idx(path):
    """Returns the array in an IDX file of unsigned bytes, which can be gzipped."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    rank = content[3]
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def read_folder(folder, prefix=None):
    """Returns the parts in a folder, {"train": (images, labels), ...}.

    With a prefix, the folder has a training part only, and its file names begin with the prefix.
    """
    parts = {}
    for part, usual in {"train": prefix}.items() if prefix else PARTS.items():
        images, labels = (next(iter(sorted(folder.glob(f"{usual}-{kind}-ubyte*"))), None)
                          for kind in ("images-idx3", "labels-idx1"))
        if images and labels:
            parts[part] = (read_idx(images), read_idx(labels))
    return parts


def idx_files(parts):
    """Returns the contents of the raw IDX files of a data set, by file name."""
    files = {}
    for part, (images, labels) in parts.items():
        for array, kind in ((images, "images-idx3"), (labels, "labels-idx1")):
            header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
            files[f"{PARTS[part]}-{kind}-ubyte"] = header + np.ascontiguousarray(array, np.uint8).tobytes()
    return files
