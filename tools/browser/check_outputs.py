"""Checks the model's outputs in the page. NumPy computes the same outputs from the saved model and the page's pictures.
"""

import base64
import io
import json

import numpy as np
from PIL import Image


def outputs_of(run, pixels):
    """Returns the model's outputs, `[count, classes]`, for an array of pixels, `[count, pixels]`."""
    normalizer = json.loads(run.metadata["normalizer"])
    x = pixels.astype(np.float64)
    if normalizer["kind"] == "minMax":
        low, high = (np.array(normalizer["scaler"][key], np.float64) for key in ("minimum", "maximum"))
        x = (x - low) / np.where(high == low, 1, high - low)
    layers = [run.model[f"weights.{layer}"].astype(np.float64) for layer in range(len(run.model))]
    has_units = run.metadata["biases"] == "units"
    for layer, weights in enumerate(layers):
        if layer == 0 or not has_units:
            x = np.hstack([x, np.ones((len(x), 1))])
        x = x @ weights
        is_last = layer == len(layers) - 1
        kind = run.metadata["output_activation" if is_last else "activation"]
        if kind == "softmax":
            x = np.exp(x - x.max(axis=1, keepdims=True))
            x /= x.sum(axis=1, keepdims=True)
        else:
            x = {"sigmoid": lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700))), "relu": lambda z: np.maximum(z, 0),
                 "tanh": np.tanh}[kind](x)
    return x


def check_outputs_are_the_models(page, run):
    page.open(run)
    tiles = page.evaluate("""
        return [...document.querySelectorAll("#gallery > li")].map((tile) => [
          tile.querySelector("img").src.split(",")[1],
          [...tile.querySelectorAll("details span")].map((span) => Number(span.textContent)),
          [...tile.querySelectorAll("details bdi")].map((bdi) => bdi.textContent)]);""")
    if not tiles:
        return
    # The pixels of scikit-learn's digits are numbers from 0 to 16. The page's pictures scale them to the range 0 to
    # 255.
    highest = 16 if run.name in ("article", "validation", "interrupted", "diverged") else 255
    pictures = [np.asarray(Image.open(io.BytesIO(base64.b64decode(tile[0])))) for tile in tiles]
    pixels = np.round(np.stack(pictures).reshape(len(tiles), -1) * (highest / 255))
    shown = np.array([tile[1] for tile in tiles])
    # The page shows five digits after the decimal point.
    difference = np.abs(shown - outputs_of(run, pixels)).max()
    assert difference <= 0.00002, f"outputs differ by {difference}"
    assert all(tile[2] == run.class_names for tile in tiles), "the classes' names"
