"""Writes gzip and IDX files of Python and NumPy, and their contents, to Fixtures/formats/gzip.json and idx.json.

    python tools/reference/make_format_goldens.py

The bytes are encoded in base64. Each element of an IDX array is written as an unsigned integer with the same bits. The
elements are in the order of the array. The script needs the packages in requirements.txt.
"""

import argparse
import base64
import gzip
import io
import json
import pathlib
import zlib

import numpy as np

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Fixtures"

TEXT = b"Seven wizards jog; five boxing quacks hymn the gzip format. " * 5
NOISE = np.random.RandomState(0).bytes(300)


def python_gzip(content, name="", level=9):
    """Returns a gzip member made by Python's gzip module. If a name is given, the header has the field FNAME."""
    file = io.BytesIO()
    with gzip.GzipFile(name, "wb", level, file, mtime=1_000_000_000) as target:
        target.write(content)
    return file.getvalue()


def member(content, extra=None, name=None, comment=None, is_text=False, with_header_checksum=False):
    """Builds a gzip member field by field, as specified in RFC 1952."""
    flags = (
        is_text * 1
        + with_header_checksum * 2
        + (extra is not None) * 4
        + (name is not None) * 8
        + (comment is not None) * 16
    )
    header = bytes([0x1F, 0x8B, 8, flags]) + (123456789).to_bytes(4, "little") + bytes([2, 3])
    if extra is not None:
        header += len(extra).to_bytes(2, "little") + extra
    if name is not None:
        header += name + b"\0"
    if comment is not None:
        header += comment + b"\0"
    if with_header_checksum:
        header += (zlib.crc32(header) & 0xFFFF).to_bytes(2, "little")
    coder = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = coder.compress(content) + coder.flush()
    trailer = zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    return header + data + trailer


def gzip_cases():
    files = {
        "plain": python_gzip(TEXT),
        "name": python_gzip(TEXT, name="train-images-idx3-ubyte"),
        "extra, comment, header checksum": member(
            TEXT, extra=b"AB\x03\0xyz", comment=b"a comment", with_header_checksum=True
        ),
        "text, extra, name, comment": member(TEXT, extra=b"", name=b"", comment=b"c", is_text=True),
        "text, header checksum": member(TEXT, is_text=True, with_header_checksum=True),
        "three members, one empty": python_gzip(TEXT) + member(b"", name=b"n") + python_gzip(NOISE),
        "stored blocks": python_gzip(NOISE, level=0),
        "nothing inside": python_gzip(b""),
    }
    return [{"name": name, "file": encoded(file), "content": encoded(gzip.decompress(file))} for name, file in files.items()]


def idx_file(array):
    code = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}[array.dtype.str[1:]]
    sizes = np.array(array.shape, dtype=">u4").tobytes()
    return bytes([0, 0, code, array.ndim]) + sizes + array.astype(array.dtype.newbyteorder(">")).tobytes()


def idx_cases():
    def ends(dtype):
        return [np.iinfo(dtype).min, -1, 0, 1, np.iinfo(dtype).max, 100]

    arrays = [
        np.arange(2 * 3 * 5, dtype=np.uint8).reshape(2, 3, 5) * 8,
        np.array(ends(np.int8), dtype=np.int8).reshape(3, 2),
        np.array(ends(np.int16), dtype=np.int16),
        np.array(ends(np.int32), dtype=np.int32).reshape(1, 2, 1, 3),
        np.array([0, 0x80000000, 0x7F800000, 0x7FC00001, 0x7F800001, 0x3F9D70A4], dtype=np.uint32)
        .view(np.float32)
        .reshape(6, 1),
        np.array([-0.0, np.pi, np.inf, 5e-324, 1.5, -1e300], dtype=np.float64).reshape(1, 1, 2, 1, 3),
        np.zeros((4, 0, 7), dtype=np.int32),
        np.array([7], dtype=np.uint8).reshape((1,) * 64),
    ]
    return [
        {
            "elementType": array.dtype.name,
            "dimensions": list(array.shape),
            "bitPatterns": array.view(f"u{array.itemsize}").ravel().tolist(),
            "file": encoded(idx_file(array)),
        }
        for array in arrays
    ]


def encoded(data):
    return base64.b64encode(data).decode()


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    folder = FIXTURES / "formats"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gzip.json").write_text(json.dumps(gzip_cases(), indent=1) + "\n")
    content = {"numpy": np.__version__, "arrays": idx_cases()}
    (folder / "idx.json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
