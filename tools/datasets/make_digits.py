"""Writes the digits of scikit-learn's load_digits as gzipped IDX files. These files are compiled into the programs.

    python tools/datasets/make_digits.py

The script needs the packages in tools/reference/requirements.txt. Each run writes the same bytes, because the gzip
headers contain neither a time stamp nor a file name.
"""

import argparse
import gzip
import pathlib
import struct

from sklearn.datasets import load_digits

RESOURCES = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "Data" / "Datasets" / "Resources"


def write_idx(name, array):
    """Writes a gzipped IDX file of unsigned bytes.

    The file contains the magic number, the size of each dimension, and the elements.
    """
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    path = RESOURCES / f"{name}.gz"
    path.write_bytes(gzip.compress(header + array.astype("uint8").tobytes(), compresslevel=9, mtime=0))
    print(f"{path.name}: {array.shape}, {path.stat().st_size} bytes")


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    RESOURCES.mkdir(parents=True, exist_ok=True)
    digits = load_digits()
    assert (digits.images == digits.images.astype("uint8")).all()
    write_idx("digits-images-idx3-ubyte", digits.images)
    write_idx("digits-labels-idx1-ubyte", digits.target)


if __name__ == "__main__":
    main()
