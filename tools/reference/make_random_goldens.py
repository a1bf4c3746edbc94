"""Writes Fixtures/numpy/legacy-stream.json: what NumPy's legacy generator gives for several seeds."""

import json
import pathlib

import numpy as np

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Fixtures"


def draws(seed):
    """One stream, drawn from in turn the way the article's script does, then further."""
    np.random.seed(seed)
    return {
        "seed": seed,
        "permutation10": np.random.permutation(10).tolist(),
        "normals": np.random.randn(9).tolist(),  # odd: a second value is kept
        "permutation1797": np.random.permutation(1797).tolist()[:20],
        "keptNormal": float(np.random.randn()),
        "uniforms": np.random.random_sample(5).tolist(),
        "words": np.random.randint(0, 2**32, size=4, dtype=np.uint32).tolist(),
        "normalAfter": float(np.random.randn(2000)[-1]),
    }


def main():
    seeds = [0, 1, 2, 42, 5489, 2**31, 2**32 - 1]
    path = FIXTURES / "numpy" / "legacy-stream.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"numpy": np.__version__, "streams": [draws(seed) for seed in seeds]}
    path.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
