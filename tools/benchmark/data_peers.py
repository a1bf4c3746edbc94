"""Runs one of Python's works with MNIST's files and prints the result for `data_works.py`.

Usage: data_peers.py FUNCTION ARGUMENT ... A function's name has hyphens here, such as load-torchvision.
"""

import gzip
import json
import os
import pathlib
import sys
import time

import numpy as np

from mnist import load


def measured(read, repeat):
    """Measures `repeat` calls of a function that returns images and labels. One earlier call is not measured."""
    seconds = []
    for turn in range(int(repeat) + 1):
        start = time.perf_counter()
        parts = read()
        if turn > 0:
            seconds.append(time.perf_counter() - start)
    images, labels = [[np.asarray(part[place]) for part in parts] for place in (0, 1)]
    print(json.dumps({
        "images": sum(map(len, images)),
        "pixelParity": int(np.bitwise_xor.reduce([np.bitwise_xor.reduce(part, axis=None) for part in images])),
        "pixelSum": sum(int(part.sum(dtype=np.int64)) for part in images),
        "labelSum": sum(int(part.sum(dtype=np.int64)) for part in labels), "seconds": seconds,
    }))


def load_torchvision(root, data_dir, repeat):
    from torchvision.datasets import MNIST

    raw = pathlib.Path(root) / "MNIST" / "raw"
    if not raw.exists():
        raw.parent.mkdir(parents=True)
        raw.symlink_to((pathlib.Path(data_dir) / "full").resolve())

    def read():
        parts = [MNIST(root, train=train, download=False) for train in (True, False)]
        return [(part.data, part.targets) for part in parts]

    measured(read, repeat)


def load_gzip(repeat, *paths):
    def read():
        arrays = []
        for path in paths:
            with gzip.open(path) as file:
                content = file.read()
            rank = content[3]
            shape = np.frombuffer(content, ">u4", rank, 4)
            arrays.append(np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape))
        return [arrays[:2], arrays[2:]]

    measured(read, repeat)


def export_pillow(data_dir, target):
    from PIL import Image

    parts = [(name, *load(data_dir, file)) for name, file in (("train", "train"), ("test", "t10k"))]
    start = time.perf_counter()
    for name, images, labels in parts:
        for label in range(10):
            os.makedirs(f"{target}/{name}/{label}")
        width = len(str(len(images) - 1))
        for index, (image, label) in enumerate(zip(images.reshape(-1, 28, 28), labels.tolist())):
            Image.fromarray(image).save(f"{target}/{name}/{label}/{index:0{width}}.png", compress_level=6)
    print(time.perf_counter() - start)


def dump_pillow(data_dir, target):
    from PIL import Image

    images, labels = load(data_dir, "t10k")
    images, labels = images.reshape(-1, 28, 28), labels.tolist()
    start = time.perf_counter()
    os.makedirs(target)
    for index, (image, label) in enumerate(zip(images, labels)):
        enlarged = Image.fromarray(image).resize((112, 112), Image.Resampling.NEAREST)
        name = f"{60000 + index:05}-actual-{label}-predicted-{(label + 1) % 10}-confidence-0.500.png"
        enlarged.save(f"{target}/{name}", compress_level=3)
    print(time.perf_counter() - start)


def compare_folders(own, other):
    """Prints the number of files with equal pixels. Exits with an error if the names in the two folders differ."""
    from PIL import Image

    names = [sorted(str(path.relative_to(folder)) for path in pathlib.Path(folder).rglob("*.png")
                    if not path.name.startswith("contact-sheet"))
             for folder in (own, other)]
    if names[0] != names[1]:
        sys.exit(f"{other}: the names of the PNG files differ from those in {own}")
    equal = 0
    for name in names[0]:
        with Image.open(f"{own}/{name}") as first, Image.open(f"{other}/{name}") as second:
            equal += first.mode == second.mode and first.tobytes() == second.tobytes()
    print(equal)


if __name__ == "__main__":
    functions = [load_torchvision, load_gzip, export_pillow, dump_pillow, compare_folders]
    {function.__name__.replace("_", "-"): function for function in functions}[sys.argv[1]](*sys.argv[2:])
