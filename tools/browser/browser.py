"""Checks the report pages of several runs in Chromium.

tools/browser/run starts this script. Its --help describes usage and requirements. The exit status is 1 if a check
fails.

Each check is a function check_*(page, run) in one of the files check_*.py. The script calls each function for each run.
A function raises an AssertionError if its check fails.
"""

import argparse
import importlib
import pathlib
import sys
import tempfile
import time
import traceback

from page import Page
from runs import make_runs

CONCERNS = sorted(path.stem for path in pathlib.Path(__file__).parent.glob("check_*.py"))


def checks():
    for concern in CONCERNS:
        module = importlib.import_module(concern)
        for name in vars(module):
            if name.startswith("check_"):
                yield f"{concern[6:]}: {name[6:].replace('_', ' ')}", getattr(module, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    failures = 0
    with tempfile.TemporaryDirectory() as folder, Page() as page:
        runs = make_runs(pathlib.Path(folder))
        for name, check in checks():
            if options.only not in name:
                continue
            start = time.monotonic()
            for run in runs:
                try:
                    page.begin()
                    check(page, run)
                except Exception as error:  # Any exception is a failed check. The other checks still run.
                    failures += 1
                    place = traceback.extract_tb(error.__traceback__)[-1]
                    print(f"FAILED {name}, {run.name}: {str(error).splitlines()[:1]} ({place.name}:{place.lineno})", flush=True)
            print(f"{name}: {len(runs)} runs, {time.monotonic() - start:.1f} s", flush=True)
        if options.screenshots:
            options.screenshots.mkdir(parents=True, exist_ok=True)
            for run in runs:
                page.begin()
                page.take_pictures(run, options.screenshots)
    print("the pages are as they should be" if failures == 0 else f"{failures} checks failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
