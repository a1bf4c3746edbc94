"""Writes the digits that are embedded in the program, from scikit-learn's load_digits, as gzipped IDX.

    python tools/datasets/make_digits.py

The bytes are the same on every run: no time stamp, no file name in the gzip header.
"""

import gzip
import pathlib
import struct

from sklearn.datasets import load_digits

RESOURCES = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "Data" / "Datasets" / "Resources"


def write_idx(name, array):
    """An IDX file of unsigned bytes: magic number, one size for each dimension, then the elements."""
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    path = RESOURCES / f"{name}.gz"
    path.write_bytes(gzip.compress(header + array.astype("uint8").tobytes(), compresslevel=9, mtime=0))
    print(f"{path.name}: {array.shape}, {path.stat().st_size} bytes")


def main():
    RESOURCES.mkdir(parents=True, exist_ok=True)
    digits = load_digits()
    assert (digits.images == digits.images.astype("uint8")).all()
    write_idx("digits-images-idx3-ubyte", digits.images)
    write_idx("digits-labels-idx1-ubyte", digits.target)


if __name__ == "__main__":
    main()
