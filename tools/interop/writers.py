"""How other programs write a data set: each takes a path and parts as `idx.read_folder` gives them, and gives the path that
mnist-fetch-convert is to read."""

import numpy as np

from idx import PARTS


def title(function):
    return function.__doc__.rstrip(".")


def idx2numpy_files(path, parts):
    """idx2numpy's files."""
    import idx2numpy

    path.mkdir()
    for part, (images, labels) in parts.items():
        for array, kind in ((images, "images-idx3"), (labels, "labels-idx1")):
            idx2numpy.convert_to_file(str(path / f"{PARTS[part]}-{kind}-ubyte"), array)
    return path


def arrays(parts):
    return {name: array for part, (x, y) in parts.items() for name, array in ((f"x_{part}", x), (f"y_{part}", y))}


def numpy_savez(path, parts):
    """numpy.savez's file."""
    np.savez(path, **arrays(parts))
    return path.with_suffix(".npz")


def numpy_savez_compressed(path, parts):
    """numpy.savez_compressed's file."""
    np.savez_compressed(path, **arrays(parts))
    return path.with_suffix(".npz")


def numpy_other_types(path, parts):
    """numpy's file with a channel, wide labels and columns first."""
    wide = {name: array.astype(">i8") if name.startswith("y") else np.asfortranarray(array[..., None])
            for name, array in arrays(parts).items()}
    np.savez_compressed(path, **wide, note=np.array("passed over"))
    return path.with_suffix(".npz")


def pandas_table(images, labels):
    import pandas

    names = [f"pixel{i}" for i in range(images[0].size)]
    table = pandas.DataFrame(images.reshape(len(images), -1), columns=names)
    table.insert(0, "label", labels)
    return table


def pandas_csv(path, parts):
    """pandas' to_csv files."""
    path.mkdir()
    for part, (images, labels) in parts.items():
        pandas_table(images, labels).to_csv(path / f"{part}.csv", index=False)
    return path


def pandas_csv_floats(path, parts):
    """pandas' to_csv files of floats, without a header, with Windows' line ends."""
    path.mkdir()
    for part, (images, labels) in parts.items():
        table = pandas_table(images, labels).astype(float)
        table.to_csv(path / f"{part}.csv", index=False, header=False, lineterminator="\r\n")
    return path


def pillow_png(path, parts, mode="L"):
    """Pillow's files."""
    from PIL import Image

    for part, (images, labels) in parts.items():
        for label in np.unique(labels):
            (path / part / str(label)).mkdir(parents=True)
        for index, (image, label) in enumerate(zip(images, labels.tolist())):
            Image.fromarray(image).convert(mode).save(path / part / str(label) / f"{index}.png")
    return path


def pillow_png_rgb(path, parts):
    """Pillow's files in colour."""
    return pillow_png(path, parts, "RGB")


ALL = [
    idx2numpy_files, numpy_savez, numpy_savez_compressed, numpy_other_types, pandas_csv, pandas_csv_floats, pillow_png,
    pillow_png_rgb,
]
# The same by another way, which takes half a minute with all of MNIST.
VARIANTS = {pandas_csv_floats, pillow_png_rgb}
