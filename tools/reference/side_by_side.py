"""Compares every number and the times of the article's Python script with those of mnist-train.

tools/reference/side-by-side starts this script. Its --help describes usage and requirements.
"""

import argparse
import csv
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SWIFT = ROOT / ".build" / "release" / "mnist-train"

TOLERANCE = 1e-9
DIGITS = [
    {},
    {"seed": 1},
    {"seed": 42, "architecture": "64,32,10", "epochs": 30, "learning-rate": 0.3},
    {"seed": 7, "architecture": "64,10", "epochs": 60, "learning-rate": 0.05, "test-size": 0.5},
    {"seed": 3, "architecture": "64,20,15,12,10", "epochs": 10, "learning-rate": 0.05, "test-size": 300},
    {"seed": 12, "architecture": "64,33,17,10", "epochs": 25, "learning-rate": 0.1, "initializer": "xavier"},
]
FULL = [
    {"architecture": "784,16,12,10", "epochs": 1, "learning-rate": 0.1, "test-size": 68000},
    {"architecture": "784,16,12,10", "epochs": 1, "learning-rate": 0.1},
]


def options(settings):
    return [text for name, value in settings.items() for text in (f"--{name}", str(value))]


def run_python(dataset, settings, data_dir, folder):
    """Runs article.py. Returns its numbers and its running time in seconds."""
    path = pathlib.Path(folder) / "python.json"
    command = [sys.executable, str(HERE / "article.py"), "--dataset", dataset, "--json", str(path), *options(settings)]
    if data_dir:
        command += ["--data-dir", data_dir]
    # Python uses one thread. The matrices are too small for more threads, and starting threads would make Python
    # slower.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    seconds = time.perf_counter() - start
    return json.loads(path.read_text()), seconds


def run_swift(dataset, settings, data_dir, folder):
    """Runs mnist-train. Returns the numbers in its run folder and its running time in seconds."""
    run = pathlib.Path(folder) / "run"
    command = [str(SWIFT), "--dataset", dataset, "--preset", "article", "--quiet", "--output", str(run)]
    command += options(settings)
    if data_dir:
        command += ["--data-dir", data_dir]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    history = list(csv.DictReader((run / "history.csv").open()))
    predictions = list(csv.DictReader((run / "predictions.csv").open()))
    triples = [[int(row[name]) for name in ("index", "actual", "predicted")] for row in predictions]
    numbers = {
        "costs": [float(row["cost"]) for row in history],
        "accuracy": json.loads((run / "metrics.json").read_text())["accuracy"],
        "report": (run / "report.txt").read_text(),
        "errors": [triple for triple in triples if triple[1] != triple[2]],
        "training_seconds": sum(float(row["seconds"]) for row in history),
    }
    return numbers, seconds


def compare(dataset, settings, data_dir, repeat):
    python_runs, swift_runs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeat):
            python_runs.append(run_python(dataset, settings, data_dir, folder))
            swift_runs.append(run_swift(dataset, settings, data_dir, folder))
    python, swift = python_runs[0][0], swift_runs[0][0]
    difference = max(abs(b / a - 1) for a, b in zip(python["costs"], swift["costs"], strict=True))
    row = {
        "dataset": dataset,
        "settings": " ".join(options(settings)) or "(defaults)",
        "firstCost": [python["costs"][0], swift["costs"][0]],
        "lastCost": [python["costs"][-1], swift["costs"][-1]],
        "costDifference": difference,
        "accuracy": [python["accuracy"], swift["accuracy"]],
        "reportEqual": python["report"] == swift["report"],
        "errorsEqual": python["errors"] == swift["errors"],
        "trainingSeconds": [statistics.median(run[0]["training_seconds"] for run in runs) for runs in (python_runs, swift_runs)],
        "programSeconds": [statistics.median(run[1] for run in runs) for runs in (python_runs, swift_runs)],
    }
    row["trainingRatio"] = row["trainingSeconds"][0] / row["trainingSeconds"][1]
    row["programRatio"] = row["programSeconds"][0] / row["programSeconds"][1]
    # Training on tens of thousands of samples is chaotic: rounding differences grow. Therefore only the accuracies are
    # compared, with a large tolerance.
    row["isChaotic"] = dataset != "digits" and "test-size" not in settings
    if row["isChaotic"]:
        row["isEqual"] = abs(row["accuracy"][0] - row["accuracy"][1]) < 0.04
    else:
        row["isEqual"] = (
            difference <= TOLERANCE
            and row["accuracy"][0] == row["accuracy"][1]
            and row["reportEqual"]
            and row["errorsEqual"]
        )
    return row


def table(rows):
    head = ["data set and settings", "first cost", "last cost", "largest difference", "accuracy", "report, errors",
            "training, Python / Swift", "program, Python / Swift"]
    lines = ["| " + " | ".join(head) + " |", "|" + "-|" * len(head)]
    for row in rows:
        equal = "equal" if row["reportEqual"] and row["errorsEqual"] else "differ (chaotic)" if row["isChaotic"] else "DIFFER"
        accuracy = f"{row['accuracy'][1]:.4f}" + ("" if row["accuracy"][0] == row["accuracy"][1] else f" ({row['accuracy'][0]:.4f})")
        cells = [
            f"{row['dataset']}: `{row['settings']}`",
            f"{row['firstCost'][1]:.10g}",
            f"{row['lastCost'][1]:.10g}",
            f"{row['costDifference']:.0e}",
            accuracy,
            equal,
            f"{row['trainingSeconds'][0]:.3f} s / {row['trainingSeconds'][1]:.4f} s = **{row['trainingRatio']:.0f}**",
            f"{row['programSeconds'][0]:.2f} s / {row['programSeconds'][1]:.3f} s = **{row['programRatio']:.0f}**",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def machine():
    name = platform.processor() or platform.machine()
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                name = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    return f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true",
        help="run only the default settings on the digits and on a small part of MNIST, once")
    parser.add_argument(
        "--repeat", type=int, default=3,
        help="run each setting this number of times (default: 3); the times are medians")
    parser.add_argument("--data-dir", help="the data folder with MNIST (default: $MNIST_DATA_DIR, if set)")
    parser.add_argument("--json", help="also write all rows to this file")
    arguments = parser.parse_args()

    data_dir = arguments.data_dir or os.environ.get("MNIST_DATA_DIR")
    has_full = data_dir and (pathlib.Path(data_dir) / "full" / "train-images-idx3-ubyte").exists()
    if not has_full:
        print("no data folder with MNIST is given: only the digits are compared", file=sys.stderr)
    cases = [("digits", settings, None) for settings in DIGITS]
    cases += [("full", settings, data_dir) for settings in FULL] if has_full else []
    if arguments.quick:
        cases = [case for case in cases if case[1] in (DIGITS[0], FULL[0])]
        arguments.repeat = 1
    rows = [compare(*case, arguments.repeat) for case in cases]

    print(f"{machine()}; medians of {arguments.repeat}; a ratio is Python's time divided by Swift's time\n")
    print(table(rows))
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n")
    different = [row["settings"] for row in rows if not row["isEqual"]]
    if different:
        print(f"the numbers differ with these settings: {different}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
