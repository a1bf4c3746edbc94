"""Defines the works with files: reading, unpacking and writing data sets."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from work import HERE, ROOT, Failure, Work, run

DATA_BENCHMARK = HERE / "kernels" / ".build" / "release" / "data-benchmark"
FETCH_CONVERT = ROOT / ".build" / "release" / "mnist-fetch-convert"
PARTS = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]


def packed_files(work):
    """Returns the paths of MNIST's four .gz files.

    They are the published files in MNIST_SOURCE_DIR if it is set; otherwise mnist-fetch-convert writes them.
    """
    source = os.environ.get("MNIST_SOURCE_DIR")
    if not source:
        source = work.folder / "packed"
        if not source.exists():
            run([FETCH_CONVERT, "full", "--data-dir", work.data_dir, "--offline", "--to", "idx-gz", "--output", source])
    return [pathlib.Path(source) / f"{name}.gz" for name in PARTS]


class LoadFull(Work):
    """A comparison of loading MNIST's raw files as training samples. The first load in each process is not measured."""

    name = "load-full"
    timed = "both parts from raw files, which Swift maps, to a data set ready to train on"
    ratio = 50.0
    repeat = 10
    options = []

    def ours(self, turn):
        command = [DATA_BENCHMARK, "load", self.data_dir, "--repeat", self.repeat, *self.options]
        return json.loads(run(command, self.threads)[0])

    def peer(self, turn):
        parts = ["load-torchvision", self.folder / "torchvision", self.data_dir, self.repeat]
        return {"implementation": "torchvision", **json.loads(self.python("data_peers.py", *parts)[0])}

    def checks(self, ours, peers):
        sums = {(run["images"], run["pixelSum"], run["labelSum"], run["pixelParity"]) for run in ours + peers}
        images, pixels, labels, _ = min(sums)
        return [(f"{images} images, sum of pixels {pixels}, of labels {labels}", len(sums) == 1)]


class LoadTouched(LoadFull):
    """A comparison as in LoadFull, in which Swift also reads every pixel.

    Swift maps the files, so loading alone does not read the pixels. The peer reads all pixels when it loads them.
    """

    name = "load-full-touched"
    timed = "the same, and in Swift every pixel read"
    ratio = 5.0
    options = ["--touch"]


class LoadPacked(LoadFull):
    """A comparison as in LoadFull, in which the peer reads the .gz files instead of the raw files."""

    name = "load-full-gzip"
    timed = "both parts into memory: from raw files, which Swift maps, against .gz"
    ratio = 10.0

    def peer(self, turn):
        parts = ["load-gzip", self.repeat, *packed_files(self)]
        return {"implementation": "Python's gzip, NumPy", **json.loads(self.python("data_peers.py", *parts)[0])}


class UnpackFiles(Work):
    """A comparison of unpacking the four .gz files one after another, as whole processes that discard the output."""

    name = "unpack"
    timed = "unpacking the four .gz files, whole process"
    ratio = 1.0

    def warm_up(self):
        self.ours(0)
        self.peer(0)

    def ours(self, turn):
        return {"seconds": [self.seconds([DATA_BENCHMARK, "unpack", *packed_files(self)])]}

    def peer(self, turn):
        return {"implementation": "gzip -dc", "seconds": [self.seconds(["gzip", "-dc", *packed_files(self)])]}

    def checks(self, ours, peers):
        own = self.folder / "unpacked"
        own.mkdir()
        run([DATA_BENCHMARK, "unpack", *packed_files(self), "--output", own])
        equal = True
        for path in packed_files(self):
            unpacked = subprocess.run(["gzip", "-dc", path], capture_output=True, check=True).stdout
            digests = [hashlib.sha256(content).digest() for content in (unpacked, (own / path.stem).read_bytes())]
            equal = equal and digests[0] == digests[1]
        return [("SHA-256 of the four files equal", equal)]

    @staticmethod
    def seconds(command):
        start = time.perf_counter()
        ended = subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if ended.returncode != 0:
            raise Failure(ended.stderr.decode(errors="replace").strip())
        return time.perf_counter() - start


class PNGExport(Work):
    """A comparison of writing 70,000 PNG files. The data set is in memory before the measurement.

    The files are written to the RAM disk /dev/shm if it exists.
    """

    name = "png-export"
    timed = "70,000 digits as PNG files, level 6"
    ratio = 4.0

    # The command of data-benchmark with its options, and the function of data_peers.py.
    own_command = ["export"]
    peer_command = "export-pillow"
    count = 70000

    def __init__(self, arguments, folder):
        super().__init__(arguments, folder)
        memory = pathlib.Path("/dev/shm")
        self.target = pathlib.Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else folder))

    def written(self, name, command):
        path = self.target / name
        shutil.rmtree(path, ignore_errors=True)
        return {"seconds": [float(run([*command[:2], self.data_dir, path, *command[2:]], self.threads)[0])]}

    def ours(self, turn):
        command, *more = self.own_command
        return self.written("own", [DATA_BENCHMARK, command, "--threads", self.threads, *more])

    def peer(self, turn):
        path = self.target / "other"
        shutil.rmtree(path, ignore_errors=True)
        printed, _ = self.python("data_peers.py", self.peer_command, self.data_dir, path)
        return {"implementation": "Pillow, one process", "seconds": [float(printed)]}

    def checks(self, ours, peers):
        try:
            printed, _ = self.python("data_peers.py", "compare-folders", self.target / "own", self.target / "other")
            return [(f"pixels of {printed.strip()} files under the same names equal", printed.strip() == str(self.count))]
        finally:
            shutil.rmtree(self.target)


class ErrorDump(PNGExport):
    """A comparison of writing 10,000 enlarged digits, as in an error dump. Only Swift also writes the two lists."""

    name = "dump"
    timed = "10,000 digits as PNG files of 112x112, level 3"
    ratio = 5.0
    own_command = ["dump"]
    peer_command = "dump-pillow"
    count = 10000


class ErrorDumpWithSheets(ErrorDump):
    """A comparison as in ErrorDump, in which Swift also draws 100 contact sheets. The peer does not draw them."""

    name = "dump-sheets"
    timed = "the same; ours with 100 contact sheets"
    ratio = 1.0
    own_command = ["dump", "--sheets"]


WORKS = [LoadFull, LoadTouched, LoadPacked, UnpackFiles, PNGExport, ErrorDump, ErrorDumpWithSheets]
