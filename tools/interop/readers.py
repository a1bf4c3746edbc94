"""Reads data sets with other programs.

Each reader takes two arguments: the path of an output of mnist-fetch-convert, and its expected parts. A reader returns
the parts in the form of `idx.read_folder`. The report of the checks uses the readers' docstrings.
"""

import gzip
import pathlib

import numpy as np

from idx import PARTS


def title(function):
    """Returns the docstring of a reader or a writer as part of a sentence."""
    return function.__doc__[0].lower() + function.__doc__[1:].rstrip(".")


def suits(reader, parts, has_torch):
    """Returns whether a reader can be used. Its package must be installed, and the data set must have the parts that
    the reader needs."""
    return (has_torch or reader not in NEED_TORCH) and ("test" in parts or reader not in NEED_TEST)


def idx2numpy_raw(folder, parts):
    """Reads with idx2numpy."""
    import idx2numpy

    return {
        part: tuple(idx2numpy.convert_from_file(str(folder / f"{PARTS[part]}-{kind}-ubyte"))
                    for kind in ("images-idx3", "labels-idx1"))
        for part in parts
    }


def idx2numpy_packed(folder, parts):
    """Reads with idx2numpy through Python's gzip."""
    import idx2numpy

    result = {}
    for part in parts:
        arrays = []
        for kind in ("images-idx3", "labels-idx1"):
            with gzip.open(folder / f"{PARTS[part]}-{kind}-ubyte.gz") as file:
                arrays.append(idx2numpy.convert_from_string(file.read()))
        result[part] = tuple(arrays)
    return result


def python_mnist(folder, parts, packed=False):
    """Reads with python-mnist."""
    from mnist import MNIST

    reader = MNIST(str(folder), gz=packed)
    result = {}
    for part, load in (("train", reader.load_training), ("test", reader.load_testing)):
        if part in parts:
            images, labels = load()
            result[part] = (np.array(images, np.uint8).reshape(parts[part][0].shape), np.array(labels))
    return result


def python_mnist_packed(folder, parts):
    """Reads the gzipped files with python-mnist."""
    return python_mnist(folder, parts, packed=True)


def torchvision_mnist(folder, parts):
    """Reads with torchvision.datasets.MNIST."""
    from torchvision.datasets import MNIST

    root = folder.parent / (folder.name + "-torchvision")
    (root / "MNIST").mkdir(parents=True)
    (root / "MNIST" / "raw").symlink_to(folder)
    result = {}
    for part in parts:
        data = MNIST(root, train=part == "train", download=False)
        result[part] = (data.data.numpy(), data.targets.numpy())
    return result


def pandas_csv(folder, parts):
    """Reads with pandas."""
    import pandas

    result = {}
    for part, (images, _) in parts.items():
        table = pandas.read_csv(folder / f"{part}.csv")
        rows, columns = images.shape[1:]
        names = [f"pixel{i}" for i in range(rows * columns)]
        if rows != columns:
            names = [f"{row}x{column}" for row in range(1, rows + 1) for column in range(1, columns + 1)]
        if list(table.columns) != ["label", *names]:
            raise ValueError(f"expected the columns label, {names[0]}, ..., found {list(table.columns)[:4]} ...")
        result[part] = (table[names].to_numpy().reshape(images.shape), table["label"].to_numpy())
    return result


def numpy_npz(path, parts):
    """Reads with numpy.load, as Keras does."""
    with np.load(path, allow_pickle=False) as arrays:
        if sorted(arrays.files) != ["x_test", "x_train", "y_test", "y_train"]:
            raise ValueError(f"expected the arrays x_train, y_train, x_test and y_test, found {arrays.files}")
        if any(arrays[name].dtype != np.uint8 for name in arrays.files):
            raise ValueError("expected arrays of uint8")
        result = {part: (arrays[f"x_{part}"], arrays[f"y_{part}"]) for part in ("train", "test")}
    if "test" not in parts:
        images, labels = result.pop("test")
        if images.shape != (0, *parts["train"][0].shape[1:]) or labels.shape != (0,):
            raise ValueError("expected an empty test part")
    return result


def pillow_png(folder, parts):
    """Reads with Pillow."""
    from PIL import Image

    result = {}
    for part in parts:
        images, labels = {}, {}
        for path in (folder / part).glob("*/*.png"):
            with Image.open(path) as image:
                if image.mode != "L":
                    raise ValueError(f"{path.name} has the mode {image.mode}, expected L")
                images[int(path.stem)] = np.asarray(image)
            labels[int(path.stem)] = int(path.parent.name)
        order = range(len(images))
        result[part] = (np.stack([images[index] for index in order]), np.array([labels[index] for index in order]))
    return result


def torchvision_folder(folder, parts):
    """Reads with torchvision.datasets.ImageFolder."""
    from PIL import Image
    from torchvision.datasets import ImageFolder

    def load(path):
        with Image.open(path) as image:
            return np.asarray(image)

    result = {}
    for part in parts:
        # A class without images has an empty folder.
        data = ImageFolder(folder / part, loader=load, allow_empty=True)
        images = np.empty(parts[part][0].shape, np.uint8)
        labels = np.empty(len(data), int)
        for (path, _), (image, label) in zip(data.samples, data):
            index = int(pathlib.Path(path).stem)
            images[index], labels[index] = image, label
        result[part] = (images, labels)
    return result


ALL = [
    ("idx", idx2numpy_raw), ("idx", python_mnist), ("idx", torchvision_mnist), ("idx-gz", idx2numpy_packed),
    ("idx-gz", python_mnist_packed), ("csv", pandas_csv), ("npz", numpy_npz), ("png", pillow_png),
    ("png", torchvision_folder),
]
NEED_TORCH = {torchvision_mnist, torchvision_folder}
# torchvision.datasets.MNIST requires both the training files and the test files.
NEED_TEST = {torchvision_mnist}
