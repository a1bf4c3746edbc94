"""Reads MNIST's files into NumPy arrays of bytes.

The module imports nothing slow, because the time of the import is part of a measurement.
"""

import pathlib

import numpy as np


def read_idx(path):
    """Returns the array in a raw IDX file of unsigned bytes."""
    with open(path, "rb") as file:
        rank = file.read(4)[3]
        dimensions = np.frombuffer(file.read(4 * rank), ">i4")
        return np.fromfile(file, np.uint8).reshape(dimensions)


def load(data_dir, part):
    """Returns the images [count, 784] and the labels [count] of a part, `train` or `t10k`."""
    folder = pathlib.Path(data_dir) / "full"
    images = read_idx(folder / f"{part}-images-idx3-ubyte")
    return images.reshape(len(images), -1), read_idx(folder / f"{part}-labels-idx1-ubyte")
