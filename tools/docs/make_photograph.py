#!/usr/bin/env python3
"""Draws a picture of a handwritten 7 that looks like a photograph, as an example for the documentation.

    tools/docs/make_photograph.py OUTPUT.png

The paper is lit unevenly and has grain. The pen stroke has soft edges. Each run draws the same picture. The script
needs only Python 3.
"""
import math
import random
import struct
import sys
import zlib

WIDTH, HEIGHT = 200, 240
STROKE = [(62, 74), (96, 70), (138, 66), (120, 108), (104, 148), (94, 190)]
PEN_RADIUS = 5.5


def distance(x, y, start, end):
    """Returns the distance of a point from a line segment, in pixels."""
    (ax, ay), (bx, by) = start, end
    dx, dy = bx - ax, by - ay
    position = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
    return math.hypot(x - ax - position * dx, y - ay - position * dy)


def grey(x, y, generator):
    """Returns the grey value of a pixel. The paper is darker at the lower left, and ink makes it much darker."""
    paper = 160 + 40 * x / WIDTH - 30 * y / HEIGHT
    nearest = min(distance(x, y, start, end) for start, end in zip(STROKE, STROKE[1:]))
    ink = max(0.0, min(1.0, (PEN_RADIUS + 1 - nearest) / 2))
    return round(paper * (1 - 0.8 * ink) + generator.gauss(0, 2))


def chunk(name, content):
    """Returns a PNG chunk: its length, name, content and checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    generator = random.Random(7)
    rows = [bytes(max(0, min(255, grey(x, y, generator))) for x in range(WIDTH)) for y in range(HEIGHT)]
    with open(sys.argv[1], "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)))
        file.write(chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)))
        file.write(chunk(b"IEND", b""))


main()
