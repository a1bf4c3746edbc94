"""Defines the base class of the works in the benchmark, and functions that run programs."""

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
    """The failure of a program, with the line of its output that gives the reason."""


def run(command, threads=1):
    """Runs a program and returns its output and the seconds from its start to its end."""
    environment = {**os.environ, **{name: str(threads) for name in THREAD_VARIABLES}}
    start = time.perf_counter()
    ended = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment)
    seconds = time.perf_counter() - start
    if ended.returncode != 0:
        lines = [line for line in ended.stderr.splitlines() if line.strip()] or [f"exit status {ended.returncode}"]
        # Our programs give the reason in the first line. A Python traceback gives the reason in the last line.
        raise Failure(lines[-1 if str(command[0]) == sys.executable else 0])
    return ended.stdout, seconds


def options(settings):
    return [text for name, value in settings.items() for text in (f"--{name}", str(value))]


class Work:
    """A work that both sides do, so that their times can be compared.

    A measurement is a dictionary whose key `seconds` has a list of one or more times. The comparison uses the median of
    the times of all measurements.
    """

    name = ""
    timed = ""
    ratio = 0.0
    # A limit for our time in seconds, in addition to the target ratio; None for no limit.
    most_seconds = None
    needs_mnist = True

    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.threads = arguments.threads
        self.data_dir = arguments.data_dir
        self.folder = folder

    def warm_up(self):
        """Prepares the work before the first measurement."""

    def ours(self, turn):
        """Runs the Swift program and returns a measurement."""
        raise NotImplementedError

    def peer(self, turn):
        """Runs the peer and returns a measurement."""
        raise NotImplementedError

    def checks(self, ours, peers):
        """Returns the checks that both sides did the same work, as pairs of a text and whether it holds."""
        raise NotImplementedError

    def further(self, ours_median, peer_median):
        """Returns additional rows of the table, as dictionaries."""
        return []

    def mnist_train(self, settings, run_folder="run"):
        """Runs mnist-train and returns the seconds and costs of its epochs, its test accuracy and its total seconds."""
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
        """Runs a Python script of the benchmark in its own process and returns its output and its seconds."""
        return run([sys.executable, HERE / script, *parts], threads or self.threads)

    def article(self, settings, threads=1):
        """Runs the article's script and returns a measurement."""
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
    """Returns the fastest of several runs of a peer, with the slower runs under the key `slower`."""
    best = min(runs, key=lambda run: statistics.median(run["seconds"]))
    return {**best, "slower": [run for run in runs if run is not best]}
