"""What every comparison of the benchmark is made of: running programs, and the work that both sides do."""

import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MNIST_TRAIN = ROOT / ".build" / "release" / "mnist-train"
ARTICLE = ROOT / "tools" / "reference" / "article.py"
THREAD_VARIABLES = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"]


class Failure(Exception):
    """A program failed, with the line in which it says why."""


def run(command, threads=1):
    """What a program prints, and the seconds from its start to its end."""
    environment = {**os.environ, **{name: str(threads) for name in THREAD_VARIABLES}}
    start = time.perf_counter()
    ended = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment)
    seconds = time.perf_counter() - start
    if ended.returncode != 0:
        lines = [line for line in ended.stderr.splitlines() if line.strip()] or [f"exit status {ended.returncode}"]
        # Ours says what is wrong in one line, the first; a Python traceback ends with it.
        raise Failure(lines[-1 if str(command[0]) == sys.executable else 0])
    return ended.stdout, seconds


def options(settings):
    return [text for name, value in settings.items() for text in (f"--{name}", str(value))]


class Work:
    """Something that both sides do. A measurement is a dictionary that has `seconds`, a list of one or more times; the
    median of those of all measurements is compared."""

    name = ""
    timed = ""
    ratio = 0.0
    # A target besides the ratio, or None.
    most_seconds = None
    needs_mnist = True

    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.threads = arguments.threads
        self.data_dir = arguments.data_dir
        self.folder = folder

    def warm_up(self):
        """What comes before the first measurement."""

    def ours(self, turn):
        raise NotImplementedError

    def peer(self, turn):
        raise NotImplementedError

    def checks(self, ours, peers):
        """Pairs of a text and whether it is true: was the work the same?"""
        raise NotImplementedError

    def further(self, ours_median, peer_median):
        """Further lines of the table, as dictionaries."""
        return []

    def mnist_train(self, settings, run_folder="run"):
        """A run of mnist-train: its epochs, its accuracy on the test part, its seconds from start to end."""
        path = self.folder / run_folder
        command = [MNIST_TRAIN, "--quiet", "--output", path, *options(settings)]
        if self.needs_mnist:
            command += ["--data-dir", self.data_dir]
        _, program_seconds = run(command, self.threads)
        history = list(csv.DictReader((path / "history.csv").open()))
        return {
            "command": " ".join(["mnist-train", *options(settings)]),
            "seconds": [float(row["seconds"]) for row in history],
            "costs": [float(row["cost"]) for row in history],
            "accuracy": json.loads((path / "metrics.json").read_text())["accuracy"],
            "programSeconds": program_seconds,
        }

    def python(self, script, *parts, threads=None):
        """A peer's measurement, in a process of its own."""
        return run([sys.executable, HERE / script, *parts], threads or self.threads)

    def article(self, settings, threads=1):
        """A run of the article's script."""
        path = self.folder / "article.json"
        command = [ARTICLE, "--json", path, *options(settings)]
        if self.needs_mnist:
            command += ["--data-dir", self.data_dir]
        self.python(*command, threads=threads)
        numbers = json.loads(path.read_text())
        return {
            "command": " ".join(["article.py", *options(settings)]),
            "implementation": f"NumPy with {threads} thread" + ("s" if threads > 1 else ""),
            "seconds": [numbers["training_seconds"]],
            "costs": numbers["costs"],
            "accuracy": numbers["accuracy"],
        }


def fastest(runs):
    """The run that was fastest of a peer's ways to do the same, with the others for the record."""
    best = min(runs, key=lambda run: statistics.median(run["seconds"]))
    return {**best, "slower": [run for run in runs if run is not best]}
