"""Writes zip, .npy and .npz files of Python and NumPy, and their contents, to Fixtures/archives/*.json.

    python tools/reference/make_archive_fixtures.py

The bytes are encoded in base64. The dates in the archives are fixed, so each run writes the same files if the version
of zlib is the same. The script needs the packages in requirements.txt.
"""

import argparse
import base64
import io
import json
import pathlib
import zipfile

import numpy as np

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Fixtures"

TEXT = b"Seven wizards jog; five boxing quacks hymn the zip format. " * 5
NOISE = np.random.RandomState(0).bytes(300)


def encoded(data):
    return base64.b64encode(data).decode()


class Pipe(io.RawIOBase):
    """An output that cannot seek, like a pipe.

    The zipfile module cannot go back to write the sizes into the header. It writes them after the data instead.
    """

    def __init__(self):
        self.content = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.content += data
        return len(data)

    def getvalue(self):
        return bytes(self.content)


def zip_file(entries, target=None, comment=b"", prefix=b"", force_zip64=False):
    """Returns a zip archive made by the zipfile module. An entry is a tuple (name, content, method[, extra])."""
    target = target if target is not None else io.BytesIO(prefix)
    with zipfile.ZipFile(target, "a" if prefix else "w") as archive:
        archive.comment = comment
        for name, content, method, *extra in entries:
            info = zipfile.ZipInfo(name, (1989, 2, 14, 1, 2, 4))
            info.compress_type = method
            info.extra = extra[0] if extra else b""
            if name.endswith("/"):
                archive.writestr(info, b"")
            else:
                with archive.open(info, "w", force_zip64=force_zip64) as file:
                    file.write(content)
    return target.getvalue()


def small_zip64(entries, **options):
    """Returns an archive with few entries but with a zip64 end record.

    The zipfile module writes this record only above a limit for the number of entries. This function lowers the limit.
    """
    limit = zipfile.ZIP_FILECOUNT_LIMIT
    zipfile.ZIP_FILECOUNT_LIMIT = 1
    try:
        return zip_file(entries, **options)
    finally:
        zipfile.ZIP_FILECOUNT_LIMIT = limit


def zip_cases():
    stored, deflated = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
    both = [("text.txt", TEXT, deflated), ("noise", NOISE, stored)]
    timestamp = b"UT\x05\x00\x03\x00\x00\x00\x00"
    files = {
        "stored and deflated": both,
        "no entries": [],
        "a folder, and empty files": [("a/", b"", stored), ("a/b", b"", stored), ("a/c", b"", deflated)],
        "names outside ASCII": [("Größe/√.txt", TEXT, deflated)],
        "extra fields": [("text", TEXT, deflated, timestamp), ("noise", NOISE, stored, timestamp + b"\0")],
    }
    cases = [(name, zip_file(entries), entries) for name, entries in files.items()]
    comment = b"a comment, with the end record's signature PK\x05\x06 in it"
    cases += [
        ("a comment", zip_file(both, comment=comment), both),
        ("bytes before the archive", zip_file(both, prefix=b"#!/bin/sh\n"), both),
        ("data descriptors", zip_file(both, Pipe()), both),
        ("zip64 sizes", zip_file(both, force_zip64=True), both),
        ("zip64 sizes and data descriptors", zip_file(both, Pipe(), force_zip64=True), both),
        ("zip64 end", small_zip64(both, comment=b"c"), both),
    ]
    # The zipfile module cannot write names in code page 437. The bytes of the name are therefore replaced afterwards.
    other = zip_file([("caf_ _.txt", TEXT, stored)]).replace(b"caf_ _.txt", b"caf\x82 \xe1.txt")
    cases.append(("a name in code page 437", other, [("café ß.txt", TEXT, stored)]))
    return [
        {
            "name": name,
            "file": encoded(file),
            "entries": [
                {"name": entry[0], "method": entry[2], "content": encoded(entry[1])} for entry in entries
            ],
        }
        for name, file, entries in cases
    ]


def npy_file(array, version=None, allow_pickle=False):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version, allow_pickle)
    return file.getvalue()


def npy_cases():
    """Returns .npy files of all supported element types, and the values of each file in C order."""
    kinds = ["|u1", "|i1", "|b1"] + [order + kind for kind in ["u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"] for order in "<>"]
    values = np.arange(24).reshape(2, 3, 4)
    cases = []
    for kind in kinds:
        array = (values % 2 if kind == "|b1" else values * 5 % 128).astype(kind)
        cases.append((kind, array, None))
        cases.append((kind + ", Fortran order", np.asfortranarray(array), None))
    bytes_ = values.astype(np.uint8)
    cases += [
        ("one dimension", bytes_.ravel(), None),
        ("no dimension", np.array(7, dtype=np.uint8), None),
        ("nothing inside", np.zeros((0, 28, 28), dtype=np.uint8), None),
        ("version 2", bytes_, (2, 0)),
        ("version 3", bytes_, (3, 0)),
        ("version 2, Fortran order", np.asfortranarray(bytes_), (2, 0)),
        ("two dimensions, Fortran order", np.asfortranarray(np.arange(35, dtype=np.int16).reshape(5, 7)), None),
        ("four dimensions, Fortran order", np.asfortranarray(np.arange(120, dtype=">i4").reshape(2, 3, 4, 5)), None),
    ]
    return [
        {
            "name": name,
            "file": encoded(npy_file(array, version)),
            "descriptor": np.lib.format.dtype_to_descr(array.dtype),
            "isFortranOrder": bool(array.flags.f_contiguous and not array.flags.c_contiguous),
            "shape": list(array.shape),
            "values": [int(value) for value in array.ravel(order="C")],
        }
        for name, array, version in cases
    ]


def refused_npy_cases():
    """Returns .npy files that must be refused. Each comes with a part of the expected error message."""
    numbers = np.arange(6, dtype=np.float64).reshape(2, 3)
    cases = [
        ("objects", npy_file(np.array([1, "a", None], dtype=object), allow_pickle=True), "pickled"),
        ("structured", npy_file(np.zeros(3, dtype=[("x", "<i4"), ("y", "|u1")])), "structured"),
        ("text", npy_file(np.array(["five", "six"])), "'<U4'"),
        ("byte strings", npy_file(np.array([b"five", b"six"])), "'|S4'"),
        ("dates", npy_file(np.array(["2000-01-01"], dtype="datetime64[D]")), "'<M8[D]'"),
        ("complex numbers", npy_file(numbers.astype(np.complex128)), "'<c16'"),
        ("half precision", npy_file(numbers.astype(np.float16)), "'<f2'"),
        ("a negative number", npy_file(np.array([[3, 4], [-1, 5]])), "[1, 0]"),
        ("a negative number, Fortran order", npy_file(np.asfortranarray([[3, 4, 7], [0, 5, -2]])), "[1, 2]"),
        ("256", npy_file(np.array([0, 256], dtype=np.uint16)), "found 256"),
        ("a fraction", npy_file(np.array([1.0, 0.5])), "found 0.5"),
        ("not a number", npy_file(np.array([np.nan], dtype=np.float32)), "found nan"),
        ("infinity", npy_file(np.array([1, 2, np.inf], dtype=">f8")), "[2]"),
        ("scaled pixels", npy_file(numbers / 255), "[0, 1]"),
    ]
    return [{"name": name, "file": encoded(file), "word": word} for name, file, word in cases]


def npz_file(compressed=False, target=None, **arrays):
    file = target if target is not None else io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **arrays)
    return file.getvalue()


def npz_cases():
    """Returns .npz files in Keras's layout. They contain the same images in different forms.

    Each file contains three training images, two test images, or both. An image has 2 x 4 pixels.
    """
    x_train, y_train = np.arange(24, dtype=np.uint8).reshape(3, 2, 4) * 9, np.array([5, 0, 4], dtype=np.uint8)
    x_test, y_test = np.arange(16, dtype=np.uint8).reshape(2, 2, 4) + 200, np.array([9, 1], dtype=np.uint8)
    plain = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    other = {"classes": np.array(["a", "b"]), "aside": np.array([1, None], dtype=object)}
    wide = {name: array.astype(np.int64) for name, array in plain.items()}
    swapped = {name: array.astype(">f4") for name, array in plain.items()}
    fortran = {name: np.asfortranarray(array) for name, array in plain.items()}
    channel = {name: array[..., np.newaxis] for name, array in plain.items()}
    empty = {**plain, "x_test": x_test[:0], "y_test": y_test[:0]}
    train = {"x_train": x_train, "y_train": y_train}
    test = {"x_test": x_test, "y_test": y_test}
    flat = {name: array.reshape(len(array), -1) if array.ndim > 1 else array for name, array in plain.items()}
    cases = [
        ("savez", npz_file(**plain), plain),
        ("savez_compressed", npz_file(True, **plain), plain),
        ("written to a pipe", npz_file(target=Pipe(), **plain), plain),
        ("written to a pipe, compressed", npz_file(True, Pipe(), **plain), plain),
        ("int64", npz_file(True, **wide), plain),
        ("big-endian float32", npz_file(**swapped), plain),
        ("Fortran order", npz_file(**fortran), plain),
        ("a channel", npz_file(**channel), plain),
        ("other arrays too", npz_file(**other, **plain), plain),
        ("another order", npz_file(True, **dict(reversed(plain.items()))), plain),
        ("an empty test part", npz_file(**empty), train),
        ("a training part alone", npz_file(**train), train),
        ("a test part alone", npz_file(True, **test), test),
        ("flat", npz_file(**flat), plain),
    ]
    return [
        {
            "name": name,
            "file": encoded(file),
            "isFlat": name == "flat",
            "pixels": [int(p) for part in ("x_train", "x_test") if part in held for p in held[part].ravel()],
            "labels": [int(p) for part in ("y_train", "y_test") if part in held for p in held[part].ravel()],
            "trainingCount": len(held.get("y_train", [])),
        }
        for name, file, held in cases
    ]


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    folder = FIXTURES / "archives"
    folder.mkdir(parents=True, exist_ok=True)
    contents = {"zip": zip_cases(), "npy": npy_cases(), "refused-npy": refused_npy_cases(), "npz": npz_cases()}
    for name, cases in contents.items():
        lines = ",\n".join(" " + json.dumps(case) for case in cases)
        (folder / f"{name}.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
