"""Trains the runs whose pages are checked: ordinary runs, unusual runs, and a run on MNIST if MNIST is available."""

import csv
import json
import os
import pathlib
import signal
import subprocess
import time

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "release" / "mnist-train"


class Run:
    """A run folder with the contents of its files."""

    def __init__(self, name, folder, status):
        self.name = name
        self.folder = folder
        self.status = status
        self.page = folder / "report.html"
        with open(folder / "predictions.csv", newline="") as file:
            self.predictions = list(csv.DictReader(file))
        self.configuration = json.loads((folder / "config.json").read_text())["configuration"]
        self.model, self.metadata = read_safetensors(folder / "model.safetensors")
        self.class_names = json.loads(self.metadata["class_names"])

    @property
    def errors(self):
        """Returns the misclassified samples in order of decreasing loss."""
        errors = [row for row in self.predictions if row["actual"] != row["predicted"]]
        return sorted(
            errors, key=lambda row: (-float(row["loss"]) if row.get("loss") else -np.inf, int(row["index"])))

    def indices(self, actual=None, predicted=None):
        """Returns the indices of the errors in order of decreasing loss. If classes are given, only their errors are
        returned."""
        return [
            int(row["index"]) for row in self.errors
            if actual in (None, int(row["actual"])) and predicted in (None, int(row["predicted"]))]

    def pairs(self):
        return sorted({(int(row["actual"]), int(row["predicted"])) for row in self.errors})


def read_safetensors(path):
    """Returns the tensors and the metadata of a safetensors file."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    types = {"F32": np.float32, "F64": np.float64}
    tensors = {}
    for name, tensor in header.items():
        start, end = (8 + length + offset for offset in tensor["data_offsets"])
        tensors[name] = np.frombuffer(content[start:end], types[tensor["dtype"]]).reshape(tensor["shape"])
    return tensors, metadata


def train(folder, name, *arguments, interrupt_after=None):
    process = subprocess.Popen(
        [PROGRAM, *arguments, "--quiet", "--output", folder / name], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if interrupt_after:
        time.sleep(interrupt_after)
        process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=300)
    if process.returncode not in (0, 65, 130):
        raise SystemExit(f"{name}: mnist-train ended with {process.returncode}: {errors.decode()}")
    return Run(name, folder / name, process.returncode)


def pictures(folder, names, shape, generator):
    """Writes a data set as PNG files, with one folder for each class, and returns the path of the data set.

    Each class has a pattern. The pixels deviate from this pattern at random.
    """
    for label, name in enumerate(names):
        pattern = generator.integers(0, 256, shape)
        for number in range(24):
            pixels = np.clip(pattern + generator.integers(-160, 161, shape), 0, 255).astype(np.uint8)
            path = folder / "train" / name / f"{number:05}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(path)
    return folder


def arrays(path, count, classes, shape, generator, is_noise):
    """Writes a data set as an .npz file and returns its path. If `is_noise` is true, the classes cannot be
    distinguished."""
    labels = np.arange(count, dtype=np.uint8) % classes
    images = generator.integers(0, 256 if is_noise else 30, (count, *shape)).astype(np.uint8)
    if not is_noise:
        images.reshape(count, -1)[np.arange(count), labels] = 255
    np.savez(path, x_train=images, y_train=labels)
    return path


def make_runs(folder):
    generator = np.random.default_rng(0)
    names = ["<b>&amp;\"'", "مرحبا", "😀🙃", "a long name of a class, longer than there is room", "-", "0"]
    runs = [
        train(folder, "article"),
        train(folder, "validation", "--epochs", "15", "--preset", "fast", "--validation-size", "0.2", "--seed", "3"),
        train(
            folder, "names", "--dataset", pictures(folder / "pictures <&>", names, (7, 5), generator), "--epochs", "2"),
        train(
            folder, "two-classes", "--preset", "fast", "--epochs", "30", "--dataset",
            arrays(folder / "two.npz", 400, 2, (3, 4), generator, is_noise=False)),
        train(
            folder, "noise", "--preset", "fast", "--epochs", "1", "--dataset",
            arrays(folder / "noise.npz", 12_000, 62, (28, 28), generator, is_noise=True)),
        train(folder, "diverged", "--preset", "fast", "--loss", "squared-error", "--learning-rate", "1e300"),
        train(folder, "interrupted", "--epochs", "10000000", interrupt_after=1.5),
    ]
    data_folder = os.environ.get("MNIST_DATA_DIR")
    if data_folder and pathlib.Path(data_folder, "full").is_dir():
        runs.append(train(folder, "mnist", "--dataset", "full", "--data-dir", data_folder))
    return runs
