"""Takes a picture of a page's errors, for the documentation: picture.py RUN PNG"""

import io
import pathlib
import sys
import time

from PIL import Image

from page import Page


class Folder:
    """As much of a run as a picture needs."""

    def __init__(self, path):
        self.page = pathlib.Path(path).resolve() / "report.html"


def main():
    run, target = sys.argv[1:]
    with Page() as page:
        page.begin()
        page.set_size((1200, 760))
        page.open(Folder(run))
        page.evaluate("document.getElementById('errors').scrollIntoView();")
        time.sleep(0.5)
        content = page.driver.get_screenshot_as_png()
    # So few colours are there that a palette holds them all but for the edges of letters.
    Image.open(io.BytesIO(content)).convert("RGB").quantize(64).save(target, optimize=True)


if __name__ == "__main__":
    main()
