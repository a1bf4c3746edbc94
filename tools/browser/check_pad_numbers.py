"""Checks that the page prepares drawings and computes outputs with the same numbers as the Swift programs.

The environment variable DRAWN_DIGITS sets the number of drawn digits (default: 200).
"""

import base64
import json
import os
import pathlib
import subprocess
import tempfile

import numpy as np
from PIL import Image, ImageFilter
from runs import ROOT

PROGRAMS = ROOT / ".build" / "release"
COUNT = int(os.environ.get("DRAWN_DIGITS", "200"))
SIDE = 280


def test_digits(run, folder):
    """Writes the first test digits as PNG files and returns their paths and labels."""
    output = folder / "all"
    command = [PROGRAMS / "mnist-dump-errors", run.folder, "--all", "--scale", "1", "--output", output, "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    paths = sorted(output.glob("[0-9]*.png"))[:COUNT]
    return paths, [int(path.name.split("actual-")[1].split("-")[0]) for path in paths]


def answers(run, paths, *options):
    command = [PROGRAMS / "mnist-predict", "--run", run.folder, "--json", "--quiet", *options, *paths]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def in_page(page, pictures, body):
    """Runs JavaScript in the page for each picture and returns the results.

    `body` is the body of a JavaScript function. It can use the picture's `greys`, `width` and `height`, and the page's
    `model`.
    """
    results = []
    for picture in pictures:
        text = base64.b64encode(picture.tobytes()).decode()
        results.append(page.evaluate(f"""
            const greys = Uint8Array.from(atob(arguments[0]), (character) => character.charCodeAt(0));
            const [width, height] = [arguments[1], arguments[2]];
            const {{ model }} = digitPad;
            {body}""", text, picture.width, picture.height))
    return results


def drawn(digit, generator):
    """Returns an imitation of a hand-drawn digit: enlarged, thickened, shifted, and rotated by up to 10 degrees."""
    scale = 8 + generator.uniform(-1, 1)
    large = digit.resize((round(digit.width * scale), round(digit.height * scale)), Image.BICUBIC)
    large = large.filter(ImageFilter.MaxFilter(1 + 2 * int(generator.integers(0, 4))))
    large = large.rotate(generator.uniform(-10, 10), Image.BICUBIC, expand=True)
    canvas = Image.new("L", (SIDE, SIDE))
    x, y = ((SIDE - side) // 2 + int(generator.integers(-30, 31)) for side in large.size)
    canvas.paste(large, (x, y))
    return canvas


def check_outputs_are_the_same(page, run):
    if run.name not in ("article", "validation", "mnist"):
        return
    page.open(run)
    with tempfile.TemporaryDirectory() as folder:
        paths, _ = test_digits(run, pathlib.Path(folder))
        swift = np.array([answer["outputs"] for answer in answers(run, paths, "--as-is")])
        script = np.array(in_page(page, [Image.open(path) for path in paths], """
            return model.outputs(greys.map((grey) => Math.round(grey * model.form.largestPixel / 255)));"""))
    assert len(swift) == min(COUNT, len(run.predictions)) and swift.shape == script.shape
    difference = np.abs(swift - script).max()
    print(f"  {run.name}: outputs of {len(swift)} digits differ by at most {difference:.1e}")
    assert difference <= 1e-5, difference


def check_drawings_are_prepared_the_same_and_named(page, run):
    if run.name not in ("article", "mnist"):
        return
    page.open(run)
    generator = np.random.default_rng(200)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        paths, labels = test_digits(run, folder)
        canvases = []
        for number, path in enumerate(paths):
            digit = Image.open(path)
            if digit.width == 8:
                digit = digit.resize((28, 28), Image.BICUBIC)
            canvas = drawn(digit, generator)
            canvases.append((folder / f"{number:05}.png", canvas))
            canvas.save(canvases[-1][0])
        prepared = folder / "prepared"
        swift = answers(run, [path for path, _ in canvases], "--no-as-is", "--save-prepared", prepared)
        seen = np.stack([np.asarray(Image.open(path)) for path in sorted(prepared.iterdir())]).astype(int)
        originals = answers(run, paths, "--as-is")
        script = in_page(page, [canvas for _, canvas in canvases], """
            const pixels = digitPad.prepare(greys, width, height, model.form);
            return [[...pixels], model.outputs(pixels)];""")
    white = page.evaluate("return digitPad.model.form.largestPixel;")
    values = np.array([pixels for pixels, _ in script]).reshape(seen.shape)
    difference = np.abs(np.round(values * 255 / white) - seen).max()
    right = np.mean([np.argmax(outputs) == label for (_, outputs), label in zip(script, labels)])
    swift_right = np.mean([answer["class"] == label for answer, label in zip(swift, labels)])
    original_right = np.mean([answer["class"] == label for answer, label in zip(originals, labels)])
    print(f"  {run.name}: {len(labels)} drawings, greys differ by at most {difference:g}; right {right:.1%} in the page, "
          f"{swift_right:.1%} in Swift, the originals {original_right:.1%}")
    assert difference <= 1, difference
    if run.name == "mnist":
        assert right >= original_right - 0.02, (right, original_right)
