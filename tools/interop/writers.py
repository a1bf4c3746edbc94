"""Writes data sets with other programs.

Each writer takes a path and the parts of a data set, in the form of `idx.read_folder`. A writer returns the path that
mnist-fetch-convert has to read. The report of the checks uses the writers' docstrings.
"""

import numpy as np

from idx import PARTS


def idx2numpy_files(path, parts):
    """Writes IDX files with idx2numpy."""
    import idx2numpy

    path.mkdir()
    for part, (images, labels) in parts.items():
        for array, kind in ((images, "images-idx3"), (labels, "labels-idx1")):
            idx2numpy.convert_to_file(str(path / f"{PARTS[part]}-{kind}-ubyte"), array)
    return path


def arrays(parts):
    return {name: array for part, (x, y) in parts.items() for name, array in ((f"x_{part}", x), (f"y_{part}", y))}


def numpy_savez(path, parts):
    """Writes an .npz file with numpy.savez."""
    np.savez(path, **arrays(parts))
    return path.with_suffix(".npz")


def numpy_savez_compressed(path, parts):
    """Writes an .npz file with numpy.savez_compressed."""
    np.savez_compressed(path, **arrays(parts))
    return path.with_suffix(".npz")


def numpy_other_types(path, parts):
    """Writes an .npz file with a channel axis, 64-bit labels and Fortran order."""
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
    """Writes CSV files with pandas."""
    path.mkdir()
    for part, (images, labels) in parts.items():
        pandas_table(images, labels).to_csv(path / f"{part}.csv", index=False)
    return path


def pandas_csv_floats(path, parts):
    """Writes CSV files of floats with pandas, without a header and with Windows line ends."""
    path.mkdir()
    for part, (images, labels) in parts.items():
        table = pandas_table(images, labels).astype(float)
        table.to_csv(path / f"{part}.csv", index=False, header=False, lineterminator="\r\n")
    return path


def pillow_png(path, parts, mode="L"):
    """Writes greyscale PNG files with Pillow."""
    from PIL import Image

    for part, (images, labels) in parts.items():
        for label in np.unique(labels):
            (path / part / str(label)).mkdir(parents=True)
        for index, (image, label) in enumerate(zip(images, labels.tolist())):
            Image.fromarray(image).convert(mode).save(path / part / str(label) / f"{index}.png")
    return path


def pillow_png_rgb(path, parts):
    """Writes RGB PNG files with Pillow."""
    return pillow_png(path, parts, "RGB")


ALL = [
    idx2numpy_files, numpy_savez, numpy_savez_compressed, numpy_other_types, pandas_csv, pandas_csv_floats, pillow_png,
    pillow_png_rgb,
]
# These writers are skipped for MNIST. Each would take half a minute and would test little more.
VARIANTS = {pandas_csv_floats, pillow_png_rgb}
