"""Checks that mnist-fetch-convert and other programs can read each other's files.

NumPy reads the IDX files of the data set. All pixels and labels are compared with the resulting arrays, in order.

tools/interop/run starts this script. Its --help describes usage and requirements. The exit status is 1 if a check
fails.
"""

import argparse
import importlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

import readers
import writers
from idx import idx_files, read_folder

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "release" / "mnist-fetch-convert"


class Comparison:
    """The checks with one data set, including the number of failed checks."""

    def __init__(self, folder):
        self.folder = folder
        self.failures = 0
        self.count = 0

    def check(self, text, body):
        start = time.perf_counter()
        try:
            body()
            result = "equal"
        # Any exception in a reader or a writer is a failed check. The other checks still run.
        except Exception as error:
            result = f"FAILED: {type(error).__name__}: {error}"
            self.failures += 1
        self.count += 1
        print(f"{text}: {result} ({time.perf_counter() - start:.1f} s)", flush=True)

    def convert(self, source, *options):
        """Converts a data set and returns the path of the output. If the program fails, its error message is raised."""
        output = self.folder / f"output-{self.count}-{len(list(self.folder.iterdir()))}"
        command = [PROGRAM, source, *options, "--output", output, "--quiet", "--offline"]
        ended = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if ended.returncode != 0:
            raise RuntimeError(ended.stderr.strip() or f"exit status {ended.returncode}")
        return output


def equal(found, expected):
    """Raises an error if two dictionaries of parts, {"train": (images, labels), ...}, differ.

    The arrays may have different integer types.
    """
    if sorted(found) != sorted(expected):
        raise ValueError(f"expected the parts {sorted(expected)}, found {sorted(found)}")
    for part, arrays in expected.items():
        for name, own, other in zip(("images", "labels"), arrays, found[part]):
            other = np.asarray(other)
            if other.shape != own.shape:
                raise ValueError(f"{part} {name}: expected the shape {own.shape}, found {other.shape}")
            if not np.array_equal(other, own):
                raise ValueError(f"{part} {name}: {np.count_nonzero(other != own)} elements differ")


def check_readers(comparison, name, source, parts, has_torch):
    """Checks that other programs read the files that mnist-fetch-convert writes."""
    outputs = {}
    for to in ("idx", "idx-gz", "csv", "npz", "png"):
        def convert(to=to):
            outputs[to] = comparison.convert(source, "--to", to)
        comparison.check(f"{name}: mnist-fetch-convert writes {to}", convert)
    for to, reader in readers.ALL:
        if to not in outputs or not readers.suits(reader, parts, has_torch):
            continue
        comparison.check(
            f"{name}: {to}, Python {readers.title(reader)}", lambda: equal(reader(outputs[to], parts), parts))


def check_writers(comparison, name, parts):
    """Checks that mnist-fetch-convert reads the files of other programs. Its IDX output is compared byte by byte."""
    expected = idx_files(parts)
    is_large = len(parts["train"][1]) > 10_000
    for writer in writers.ALL:
        if is_large and writer in writers.VARIANTS:
            continue

        def both_ways(writer=writer):
            path = writer(comparison.folder / f"input-{comparison.count}", parts)
            rows, columns = parts["train"][0].shape[1:]
            output = comparison.convert(path, "--to", "idx", "--image-size", f"{rows}x{columns}")
            found = {file.name: file.read_bytes() for file in output.iterdir()}
            if sorted(found) != sorted(expected):
                raise ValueError(f"expected the files {sorted(expected)}, found {sorted(found)}")
            different = [file for file, content in expected.items() if found[file] != content]
            if different:
                raise ValueError(f"the bytes differ in {', '.join(different)}")
        comparison.check(f"{name}: Python {readers.title(writer)}, then mnist-fetch-convert reads", both_ways)


def data_sets():
    """Yields three values for each data set: its name, its argument for mnist-fetch-convert, and its parts."""
    subset = ROOT / "Fixtures" / "mnist-subset"
    yield "mnist-subset", subset, read_folder(subset)
    yield "digits", "digits", read_folder(ROOT / "Sources" / "Data" / "Datasets" / "Resources", "digits")
    generator = np.random.default_rng(5)
    # The images of this data set are not square, and some class numbers have two digits.
    yield "random", None, {
        part: (generator.integers(0, 256, (count, 7, 5), np.uint8), np.arange(count, dtype=np.uint8) % 12)
        for part, count in (("train", 300), ("test", 100))
    }
    data_dir = os.environ.get("MNIST_DATA_DIR")
    if data_dir and (pathlib.Path(data_dir) / "full" / "train-images-idx3-ubyte").exists():
        yield "full", "full", read_folder(pathlib.Path(data_dir) / "full")
    else:
        print("MNIST is not checked: set MNIST_DATA_DIR to a data folder that mnist-fetch-convert full has filled")


def main():
    parser = argparse.ArgumentParser(prog="tools/interop/run", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--without-torch", action="store_true", help="skip the checks that need torchvision if it is not installed")
    arguments = parser.parse_args()
    try:
        importlib.import_module("torchvision")
        has_torch = True
    except ImportError:
        if not arguments.without_torch:
            sys.exit("torchvision is not installed; --without-torch skips the checks that need it")
        print("torchvision is not installed: the checks that need it are skipped")
        has_torch = False
    failures = count = 0
    for name, source, parts in data_sets():
        with tempfile.TemporaryDirectory() as folder:
            comparison = Comparison(pathlib.Path(folder))
            if source is None:
                source = writers.idx2numpy_files(comparison.folder / "source", parts)
            check_readers(comparison, name, source, parts, has_torch)
            check_writers(comparison, name, parts)
            failures += comparison.failures
            count += comparison.count
    print(f"{count - failures} of {count} checks passed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
