"""Writes the first 300 training digits and the first 100 test digits of MNIST to Fixtures/mnist-subset.

    python tools/datasets/make_mnist_subset.py FOLDER

FOLDER contains the four published .gz files of MNIST. The script writes gzipped IDX files and needs only Python 3.
"""

import argparse
import gzip
import pathlib
import struct

TARGET = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "mnist-subset"


def cut(source, name, rank, count):
    """Writes a copy of a gzipped IDX file with only the first `count` elements of the first dimension."""
    content = gzip.decompress((source / f"{name}.gz").read_bytes())
    header, sizes = content[:4], struct.unpack_from(f">{rank}I", content, 4)
    item = 1
    for size in sizes[1:]:
        item *= size
    start = 4 + 4 * rank
    subset = header + struct.pack(f">{rank}I", count, *sizes[1:]) + content[start : start + count * item]
    (TARGET / f"{name}.gz").write_bytes(gzip.compress(subset, compresslevel=9, mtime=0))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="the folder with the four .gz files of MNIST")
    source = parser.parse_args().folder
    TARGET.mkdir(parents=True, exist_ok=True)
    for part, count in (("train", 300), ("t10k", 100)):
        cut(source, f"{part}-images-idx3-ubyte", 3, count)
        cut(source, f"{part}-labels-idx1-ubyte", 1, count)


if __name__ == "__main__":
    main()
