"""Writes small PNG files of all kinds to Fixtures/pictures, and their expected pixels to pictures.json.

    python tools/reference/make_picture_fixtures.py

Pillow writes most of the files. It cannot write interlaced files, files with 2 or 4 bits per sample, or files with a
gamma value. The script builds these files chunk by chunk. Pillow then reads each file to check that it is valid. The
script needs the packages in requirements.txt.
"""

import argparse
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "pictures"
WIDTH, HEIGHT = 11, 6
GREYS = (np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) * 37 % 256).astype(np.uint8)

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def packed(rows, bits):
    """Returns unfiltered PNG rows. Each sample has `bits` bits, and each row is padded to whole bytes."""
    result = b""
    for row in rows:
        text = "".join(format(int(value), f"0{bits}b") for value in row)
        text += "0" * (-len(text) % 8)
        result += b"\0" + bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))
    return result


def grey_png(samples, bits, interlaced=False, before=b""):
    height, width = samples.shape
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, int(interlaced))
    if interlaced:
        data = b"".join(packed(samples[y::dy, x::dx], bits) for x, y, dx, dy in ADAM7 if samples[y::dy, x::dx].size)
    else:
        data = packed(samples, bits)
    chunks = chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


# libpng approximates the sRGB curve by the power 2.2. The approximation differs by up to 8 grey levels in the darkest
# pixels, and by up to 2 grey levels in all others.
def linear(values):
    return (np.asarray(values) / 255) ** 2.2


def encoded(light):
    return np.rint(light ** (1 / 2.2) * 255).astype(int)


def luminance(colors):
    return encoded(linear(colors) @ [0.2126, 0.7152, 0.0722])


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    expected = []

    def add(name, pixels, tolerance=0):
        Image.open(FOLDER / name).load()
        pixels = np.asarray(pixels).astype(int)
        entry = {"file": name, "width": pixels.shape[1], "height": pixels.shape[0], "tolerance": tolerance}
        expected.append({**entry, "pixels": pixels.ravel().tolist()})

    def save(name, image, pixels, tolerance=0, **options):
        image.save(FOLDER / name, **options)
        add(name, pixels, tolerance)

    def write(name, content, pixels, tolerance=0):
        (FOLDER / name).write_bytes(content)
        add(name, pixels, tolerance)

    save("grey8.png", Image.fromarray(GREYS), GREYS, optimize=True)
    save("grey1.png", Image.fromarray(GREYS > 127), (GREYS > 127) * 255)
    write("grey2.png", grey_png(GREYS >> 6, 2), (GREYS >> 6) * 85)
    write("grey4.png", grey_png(GREYS >> 4, 4), (GREYS >> 4) * 17)
    write("grey8-interlaced.png", grey_png(GREYS, 8, interlaced=True), GREYS)
    write("grey1-interlaced.png", grey_png(GREYS >> 7, 1, interlaced=True), (GREYS >> 7) * 255)
    wide = GREYS.astype(np.uint16) * 257 + (np.arange(GREYS.size).reshape(GREYS.shape) % 3).astype(np.uint16)
    wide = np.minimum(wide, 65535)
    save("grey16.png", Image.fromarray(wide), np.rint(wide / 257), 1)

    colors = np.stack([GREYS, GREYS[::-1], GREYS[:, ::-1]], axis=-1)
    # libpng adds the three channels as linear light with 8 bits, which is imprecise for dark pixels.
    save("rgb8.png", Image.fromarray(colors), luminance(colors), 3)
    neutral = np.stack([GREYS] * 3, axis=-1)
    save("rgb8-neutral.png", Image.fromarray(neutral), GREYS)
    save("palette8.png", Image.fromarray(neutral).quantize(256), GREYS)

    alpha = np.where(np.arange(WIDTH) < 4, 0, np.where(np.arange(WIDTH) < 8, 255, 128))
    alpha = np.broadcast_to(alpha, GREYS.shape).astype(np.uint8)
    on_white = encoded(linear(GREYS) * (alpha / 255) + (1 - alpha / 255))
    save("grey8-alpha.png", Image.fromarray(np.stack([GREYS, alpha], axis=-1), "LA"), on_white, 1)
    rgba = np.concatenate([neutral, alpha[..., None]], axis=-1)
    save("rgb8-alpha.png", Image.fromarray(rgba), on_white, 2)

    # The gAMA chunk of this file declares that its values are linear light.
    gamma = chunk(b"gAMA", struct.pack(">I", 100000))
    write("grey8-linear.png", grey_png(GREYS, 8, before=gamma), encoded(GREYS / 255))

    lines = ",\n".join("  " + json.dumps(entry) for entry in expected)
    (FOLDER / "pictures.json").write_text('{"pictures": [\n' + lines + "\n]}\n")


if __name__ == "__main__":
    main()
