"""Writes Fixtures/mnist-subset: the first 300 training and the first 100 test digits of MNIST, as gzipped IDX.

    python tools/datasets/make_mnist_subset.py FOLDER_WITH_THE_FOUR_MNIST_FILES
"""

import gzip
import pathlib
import struct
import sys

TARGET = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "mnist-subset"


def cut(source, name, rank, count):
    content = gzip.decompress((source / f"{name}.gz").read_bytes())
    header, sizes = content[:4], struct.unpack_from(f">{rank}I", content, 4)
    item = 1
    for size in sizes[1:]:
        item *= size
    start = 4 + 4 * rank
    subset = header + struct.pack(f">{rank}I", count, *sizes[1:]) + content[start : start + count * item]
    (TARGET / f"{name}.gz").write_bytes(gzip.compress(subset, compresslevel=9, mtime=0))


def main():
    source = pathlib.Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    for part, count in (("train", 300), ("t10k", 100)):
        cut(source, f"{part}-images-idx3-ubyte", 3, count)
        cut(source, f"{part}-labels-idx1-ubyte", 1, count)


if __name__ == "__main__":
    main()
