"""Reads PNG files with Pillow and says what each is; fails if one is not a whole 8-bit greyscale picture.

    python check_pngs.py FILE ...
"""

import sys

import numpy as np
from PIL import Image


def main(paths):
    failed = False
    for path in paths:
        try:
            image = Image.open(path)
            image.load()
        except (OSError, SyntaxError) as error:
            print(f"{path}: {error}")
            failed = True
            continue
        pixels = np.asarray(image)
        print(f"{path}: {image.width} x {image.height}, mode {image.mode}, {pixels.min()}...{pixels.max()}")
        failed = failed or image.mode != "L"
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
