"""Reads IDX files with NumPy only. The checks compare the results of other programs with these arrays."""

import gzip
import struct

import numpy as np

# The parts of a data set, and the prefixes of their file names.
PARTS = {"train": "train", "test": "t10k"}


def read_idx(path):
    """Reads an IDX file of unsigned bytes and returns its array. The file can be gzipped."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    rank = content[3]
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def read_folder(folder, prefix=None):
    """Returns the parts of the data set in a folder, {"train": (images, labels), ...}.

    If a prefix is given, the folder has only a training part. Its file names begin with the prefix.
    """
    parts = {}
    for part, usual in {"train": prefix}.items() if prefix else PARTS.items():
        images, labels = (next(iter(sorted(folder.glob(f"{usual}-{kind}-ubyte*"))), None)
                          for kind in ("images-idx3", "labels-idx1"))
        if images and labels:
            parts[part] = (read_idx(images), read_idx(labels))
    return parts


def idx_files(parts):
    """Returns a dictionary from the names of a data set's raw IDX files to their contents."""
    files = {}
    for part, (images, labels) in parts.items():
        for array, kind in ((images, "images-idx3"), (labels, "labels-idx1")):
            header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
            files[f"{PARTS[part]}-{kind}-ubyte"] = header + np.ascontiguousarray(array, np.uint8).tobytes()
    return files
