"""Writes the results of the article's script for several settings to Fixtures/article/*.json.

    python tools/reference/make_article_goldens.py

The script needs the packages in requirements.txt.
"""

import argparse
import json
import pathlib

import numpy as np
import sklearn

import article

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Fixtures"

# Training with these settings is not chaotic: small rounding differences stay small. `golden` checks this property.
DIGITS = [
    {},
    {"seed": 1},
    {"seed": 42, "architecture": [64, 32, 10], "epochs": 30, "learning_rate": 0.3},
    {"seed": 7, "architecture": [64, 10], "epochs": 60, "learning_rate": 0.05, "test_size": 0.5},
    {"seed": 3, "architecture": [64, 20, 15, 12, 10], "epochs": 10, "learning_rate": 0.05, "test_size": 300},
    {"seed": 2024, "architecture": [64, 7, 10], "epochs": 12, "learning_rate": 0.05, "test_size": 0.1},
    {"seed": 4294967295, "architecture": [64, 100, 50, 10], "epochs": 5, "learning_rate": 0.02, "test_size": 2},
    {"seed": 5, "architecture": [64, 16, 12, 10], "epochs": 1, "learning_rate": 0.1, "test_size": 1796},
    {"seed": 12, "architecture": [64, 33, 17, 10], "epochs": 25, "learning_rate": 0.1, "initializer": "xavier"},
]

# These settings are for Fixtures/mnist-subset, which has 300 training digits and 100 test digits of MNIST.
SUBSET = [
    {"seed": 0, "architecture": [784, 16, 12, 10], "epochs": 10, "learning_rate": 0.1},
    {"seed": 9, "architecture": [784, 40, 10], "epochs": 6, "learning_rate": 0.1, "test_size": 150},
]


def golden(images, labels, dataset, settings):
    """Returns the expected results for some settings. First checks that rounding changes the results only slightly."""
    result = article.run(images, labels, **settings)
    again = article.run(images, labels, **settings, reverse_sums=True)
    moved = float(np.max(np.abs(np.array(again.costs) / np.array(result.costs) - 1)))
    print(dataset, settings, f"accuracy {result.accuracy:.4f}, rounding moves the costs by {moved:.1e}")
    assert moved < 1e-10 and again.errors == result.errors, "the training is chaotic, so its results cannot be used in a test"
    return {
        "dataset": dataset,
        "settings": settings,
        "costs": result.costs,
        "accuracy": result.accuracy,
        "report": result.report,
        "errors": result.errors,
        "firstOutputs": result.outputs[0].tolist(),
        "weightSums": [float(np.abs(weights).sum()) for weights in result.weights],
    }


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    folder = FIXTURES / "article"
    folder.mkdir(parents=True, exist_ok=True)
    sets = {
        "digits": (*article.load("digits"), DIGITS),
        "mnist-subset": (*article.load("mnist-subset", FIXTURES), SUBSET),
    }
    for name, (images, labels, cases) in sets.items():
        content = {
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
            "cases": [golden(images, labels, name, settings) for settings in cases],
        }
        path = folder / f"{name}.json"
        path.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
