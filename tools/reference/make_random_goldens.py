"""Writes the numbers of NumPy's legacy random generator for several seeds to Fixtures/numpy/legacy-stream.json.

    python tools/reference/make_random_goldens.py

The script needs the packages in requirements.txt.
"""

import argparse
import json
import pathlib

import numpy as np

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Fixtures"


def draws(seed):
    """Returns the random numbers of one seed. The first numbers are drawn in the order of the article's script."""
    np.random.seed(seed)
    return {
        "seed": seed,
        "permutation10": np.random.permutation(10).tolist(),
        "normals": np.random.randn(9).tolist(),  # an odd count: the generator keeps the second number of the last pair
        "permutation1797": np.random.permutation(1797).tolist()[:20],
        "keptNormal": float(np.random.randn()),
        "uniforms": np.random.random_sample(5).tolist(),
        "words": np.random.randint(0, 2**32, size=4, dtype=np.uint32).tolist(),
        "normalAfter": float(np.random.randn(2000)[-1]),
    }


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    seeds = [0, 1, 2, 42, 5489, 2**31, 2**32 - 1]
    path = FIXTURES / "numpy" / "legacy-stream.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"numpy": np.__version__, "streams": [draws(seed) for seed in seeds]}
    path.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
