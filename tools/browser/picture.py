"""Takes a screenshot of the errors on a report page, for the documentation.

    tools/browser/.venv/bin/python tools/browser/picture.py RUN_FOLDER PNG_FILE

The script needs Chromium and the Python environment that tools/browser/run creates.
"""

import io
import pathlib
import sys
import time

from PIL import Image

from page import Page


class Folder:
    """A run folder and the path of its report page."""

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
    # A palette makes the file smaller. Apart from the smooth edges of letters, the page has only a few colours.
    Image.open(io.BytesIO(content)).convert("RGB").quantize(64).save(target, optimize=True)


if __name__ == "__main__":
    main()
