"""Checks the error dumps of mnist-dump-errors.

The script checks four things:
- Each picture is complete and equals its enlarged source image.
- The pictures are those of the errors in predictions.csv.
- The CSV list and the JSON list agree.
- The bytes do not depend on the number of threads.

The checks use Pillow, Python's csv and json, and pngcheck if it is installed.

tools/interop/run starts this script. The exit status is 1 if a check fails.
"""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

from idx import read_folder

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / ".build" / "release"
SCALE = 5


def run(program, *arguments):
    command = [str(part) for part in (PROGRAMS / program, *arguments, "--quiet")]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode != 0:
        sys.exit(f"{' '.join(command)}: {ended.stderr.strip() or ended.returncode}")


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def check_pictures(folder, listed, images):
    """Checks that Pillow can read each listed picture, and that the picture has the pixels of its source image."""
    highest = int(images.max())
    for row in listed:
        with Image.open(folder / row["file"]) as picture:
            picture.load()
            assert picture.mode == "L", row["file"]
            found = np.asarray(picture)
        stretched = (2 * 255 * images[int(row["index"])].astype(int) + highest) // (2 * highest)
        assert np.array_equal(found, stretched.repeat(SCALE, 0).repeat(SCALE, 1)), row["file"]
    for path in folder.glob("contact-sheet*.png"):
        with Image.open(path) as sheet:
            sheet.load()
    if shutil.which("pngcheck"):
        names = [str(path) for path in folder.glob("*.png")]
        for start in range(0, len(names), 500):
            subprocess.run(["pngcheck", "-q", *names[start : start + 500]], check=True)


def check_lists(folder, listed, errors):
    """Checks that both lists contain the errors of the run in the same order, and that the folder has no other
    pictures."""
    keys = ["index", "actual", "predicted"]
    assert [[int(row[key]) for key in keys] for row in listed] == sorted([int(row[key]) for key in keys] for row in errors)
    pictures = {path.name for path in folder.glob("*.png") if not path.name.startswith("contact-sheet")}
    assert pictures == {row["file"] for row in listed}
    document = json.loads((folder / "errors.json").read_text())
    assert document["head"]["summary"]["errorCount"] == len(errors)
    for row, sample in zip(listed, document["samples"], strict=True):
        assert [row[key] for key in ("file", "part")] == [sample[key] for key in ("file", "part")]
        assert float(row["confidence"]) == sample["confidence"] and float(row["loss"]) == sample["loss"]
        assert int(row["predicted"]) == int(np.argmax(sample["outputs"]))


def check(name, source, parts, options):
    images = np.concatenate([parts[part][0] for part in ("train", "test") if part in parts])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        run("mnist-train", "--dataset", source, "--output", folder / "run", *options)
        dumps = []
        for threads in (1, 2):
            output = folder / str(threads)
            run("mnist-dump-errors", folder / "run", "--scale", SCALE, "--threads", threads, "--output", output)
            dumps.append(contents(output))
        assert dumps[0] == dumps[1], "the bytes depend on the number of threads"
        errors = [row for row in rows(folder / "run" / "predictions.csv") if row["actual"] != row["predicted"]]
        listed = rows(output / "errors.csv")
        check_lists(output, listed, errors)
        check_pictures(output, listed, images)
        print(f"{name}: {len(listed)} errors dumped; every picture and both lists are correct")


def main():
    subset = ROOT / "Fixtures" / "mnist-subset"
    check("digits", "digits", read_folder(ROOT / "Sources" / "Data" / "Datasets" / "Resources", "digits"), ["--epochs", 5])
    check("mnist-subset", subset, read_folder(subset), ["--epochs", 2])
    data_dir = os.environ.get("MNIST_DATA_DIR")
    if data_dir and (pathlib.Path(data_dir) / "full" / "train-images-idx3-ubyte").exists():
        # A network with one hidden unit misclassifies thousands of digits after one epoch.
        options = ["--epochs", 1, "--architecture", "784,1,10", "--data-dir", data_dir]
        check("full", "full", read_folder(pathlib.Path(data_dir) / "full"), options)


if __name__ == "__main__":
    main()
