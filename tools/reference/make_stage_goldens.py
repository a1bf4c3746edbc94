"""Writes scikit-learn's results for scaling, splitting and classification reports to Fixtures/stages/*.json.

    python tools/reference/make_stage_goldens.py

The script needs the packages in requirements.txt.
"""

import argparse
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.metrics import classification_report, confusion_matrix
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "stages"


def scaler_matrices(rng):
    """Returns a dictionary of matrices [samples, features]. Some are difficult, such as those with nearly constant
    features."""
    constant = rng.normal(size=(9, 4))
    constant[:, 1] = 3.25
    constant[:, 3] = 0.0
    near = np.full((12, 5), 0.1)
    near[3, 1] += 1e-16  # rounds to the same number
    near[3, 2] += 3e-17 * 8
    near[3, 3] += 2e-15  # differs by less than ten rounding units
    near[3, 4] += 1e-13
    return {
        "normal": rng.normal(size=(13, 4)),
        "pixels": rng.integers(0, 256, size=(10, 6)).astype(float),
        "one row": rng.normal(size=(1, 3)),
        "one column": rng.normal(loc=5, size=(300, 1)),
        "one element": np.array([[7.0]]),
        "constant features": constant,
        "constant whole": np.full((3, 3), -2.5),
        "near-constant features": near,
        "near-constant large": 1e8 + rng.normal(scale=1e-8, size=(30, 3)),
        "large": rng.normal(scale=1e150, size=(8, 3)),
        "small": rng.normal(scale=1e-150, size=(8, 3)),
        "mixed": rng.normal(size=(17, 5)) * 10.0 ** rng.integers(-9, 9, size=5),
    }


def whole_min_max(matrix, low, high):
    """Scales a matrix to 0...1, as the article does, and then to low...high.

    If all elements of the matrix are equal, they become `low`.
    """
    extent = matrix.max() - matrix.min()
    scaled = (matrix - matrix.min()) / (extent if extent != 0 else 1.0)
    return scaled if (low, high) == (0, 1) else scaled * (high - low) + low


def scaler_case(name, matrix, low, high):
    scaler = MinMaxScaler((low, high)).fit(matrix)
    standard = StandardScaler().fit(matrix)
    flat = StandardScaler().fit(matrix.reshape(-1, 1))
    return {
        "name": name,
        "rows": matrix.tolist(),
        "range": [low, high],
        "minMaxByFeature": scaler.transform(matrix).tolist(),
        "minMaxByFeatureInverse": scaler.inverse_transform(scaler.transform(matrix)).tolist(),
        "minMaxWhole": whole_min_max(matrix, low, high).tolist(),
        "mean": standard.mean_.tolist(),
        "variance": standard.var_.tolist(),
        "scale": standard.scale_.tolist(),
        "standard": standard.transform(matrix).tolist(),
        "wholeMean": float(flat.mean_[0]),
        "wholeVariance": float(flat.var_[0]),
        "wholeScale": float(flat.scale_[0]),
        "standardWhole": flat.transform(matrix.reshape(-1, 1)).reshape(matrix.shape).tolist(),
    }


def scalers():
    rng = np.random.default_rng(1)
    for position, (name, matrix) in enumerate(scaler_matrices(rng).items()):
        low, high = [(0, 1), (0, 1), (-1, 1), (0.25, 7.5)][position % 4]
        yield scaler_case(name, matrix, low, high)


def split_case(count, size, seed, labels=None):
    """Returns one split and the random number that follows it. Returns the error instead if the split is impossible."""
    np.random.seed(seed)
    case = {"sampleCount": count, "testSize": str(size), "seed": seed, "labels": labels}
    try:
        train, test = train_test_split(np.arange(count), test_size=size, stratify=labels)
    except ValueError as error:
        return case | {"error": str(error)}
    return case | {"train": train.tolist(), "test": test.tolist(), "next": float(np.random.random_sample())}


def plain_splits():
    for count, size, seed in [
        (2, 0.25, 0), (2, 1, 1), (3, 0.5, 2), (3, 2, 3), (4, 0.25, 4), (5, 0.1, 5), (7, 0.9, 0), (10, 0.25, 0), (10, 0.3, 6),
        (10, 9, 7), (11, 0.25, 8), (12, 1e-9, 9), (100, 0.29, 2**32 - 1), (100, 0.07, 10), (100, 37, 11), (150, 0.25, 42),
        (256, 0.25, 12), (257, 0.5, 13), (1, 0.25, 0), (2, 0.75, 0), (1, 1, 0), (10, 10, 0), (10, 11, 0), (10, 0, 0),
        (10, 0.0, 0), (10, 1.0, 0), (10, -0.5, 0), (10, -3, 0), (10, 0.95, 0),
    ]:  # fmt: skip
        yield split_case(count, size, seed)


def stratified_splits():
    rng = np.random.default_rng(2)
    for seed in range(70):
        kind = seed % 7
        classes = int(rng.integers(2, 11))
        if kind < 2:  # classes of equal size: all remainders are equal
            labels = np.repeat(np.arange(classes), int(rng.integers(3, 11)))
        elif kind < 4:  # pairs of classes of equal size
            labels = np.repeat(np.arange(classes), np.repeat(rng.integers(3, 12, size=classes), 2)[:classes])
        elif kind == 4:  # labels with gaps between them
            labels = np.repeat(rng.permutation(26)[:classes], rng.integers(2, 15, size=classes))
        else:
            labels = np.concatenate([np.arange(classes), np.arange(classes), rng.integers(0, classes, size=60)])
        labels = rng.permutation(labels)
        count = len(labels)
        fraction = float(rng.choice([0.25, 0.3, 0.5, 0.37, round(float(rng.uniform(0.3, 0.7)), 3)]))
        size = fraction if rng.random() < 0.6 else int(rng.integers(classes, count - classes + 1))
        yield split_case(count, size, seed, labels.tolist())
    # In floating point, 1 / 49 * 49 is less than 1. This rounding error creates a tie, which scikit-learn breaks at
    # random.
    labels = [0] * 2 + [1] * 2 + [2] * 94
    yield split_case(98, 49, 0, labels)
    for labels, size in [
        ([0, 0, 0, 1], 2), ([3, 1, 1, 2, 2, 5], 3), ([0, 0, 1, 1, 2, 2], 2), ([0, 0, 1, 1, 2, 2], 4), ([0, 0, 1, 1], 0.25),
        ([0, 0, 1, 1], 0.75), ([0] * 6, 0.5), ([0, 1], 1), ([0], 0.5),
    ]:  # fmt: skip
        yield split_case(len(labels), size, 0, labels)


def fold_case(splitter, labels, folds, seed):
    """Returns the test part and the training part of each fold. The key `next` has the random number that follows.

    If the seed is None, the samples are not shuffled.
    """
    case = {"labels": labels, "folds": folds, "seed": seed}
    state = None if seed is None else np.random.RandomState(seed)
    try:
        folds = splitter(folds, shuffle=seed is not None, random_state=state)
        splits = list(folds.split(np.zeros((len(labels), 1)), labels))
    except ValueError as error:
        return {**case, "error": str(error)}
    case["test"] = [test.tolist() for _, test in splits]
    case["train"] = [train.tolist() for train, _ in splits]
    case["next"] = None if state is None else state.random_sample()
    return case


def fold_cases(splitter):
    rng = np.random.default_rng(3)
    for number, (classes, count, folds) in enumerate([
        (1, 2, 2), (2, 7, 2), (3, 20, 3), (10, 47, 5), (4, 30, 7), (2, 11, 11), (26, 60, 4), (5, 12, 3), (3, 9, 9),
    ]):  # fmt: skip
        labels = (rng.integers(0, classes, size=count) * 3 + 1).tolist()
        for seed in (None, number, 2**32 - 1 - number):
            yield fold_case(splitter, labels, folds, seed)
    for labels, folds in [([0, 1, 0], 4), ([0, 1, 0, 1], 1), ([0, 1, 0, 1], 0), ([0, 1, 2, 0], 3), ([0, 0, 0, 1], 3)]:
        yield fold_case(splitter, labels, folds, 0)


def report_case(actual, predicted, class_count, digits, zero_division, names=None):
    """Returns a classification report as numbers and as text.

    `names` contains the names of all classes. scikit-learn receives only the names of the classes that occur.
    """
    present = np.unique(np.concatenate([actual, predicted]))
    value = {"zero": 0.0, "one": 1.0, "nan": np.nan}[zero_division]
    options = {"zero_division": value, "target_names": [names[label] for label in present] if names else None}
    numbers = classification_report(actual, predicted, output_dict=True, **options)

    def row(key):
        scores = [numbers[key][field] for field in ("precision", "recall", "f1-score")]
        return [None if np.isnan(score) else score for score in scores]

    return {
        "actual": np.asarray(actual).tolist(),
        "predicted": np.asarray(predicted).tolist(),
        "classCount": class_count,
        "classNames": names,
        "digits": digits,
        "zeroDivision": zero_division,
        "confusion": confusion_matrix(actual, predicted, labels=range(class_count)).tolist() if class_count < 12 else None,
        "accuracy": numbers["accuracy"],
        "macroAverage": row("macro avg"),
        "weightedAverage": row("weighted avg"),
        "text": classification_report(actual, predicted, digits=digits, **options),
    }


def random_labels(rng, class_count, count, accuracy):
    """Returns actual and predicted labels. Some classes are rare. Others are missing in one of the two lists, or in
    both."""
    actual = rng.choice(class_count, size=count, p=rng.dirichlet(np.full(class_count, rng.choice([0.3, 1, 20]))))
    guesses = rng.choice(class_count, size=count, p=rng.dirichlet(np.full(class_count, rng.choice([0.3, 1, 20]))))
    return actual, np.where(rng.random(count) < accuracy, actual, guesses)


def random_names(rng, class_count):
    letters = list("abcdefghij XYZ-é字")
    return ["".join(rng.choice(letters, size=rng.integers(1, 21))) + f"#{label}" for label in range(class_count)]


def random_report(rng, class_counts=(1, 2, 3, 5, 10), largest=60):
    class_count = int(rng.choice(class_counts))
    labels = random_labels(rng, class_count, int(rng.integers(1, largest)), rng.choice([0, 0.5, 0.9, 1]))
    names = random_names(rng, class_count) if rng.random() < 0.3 else None
    return report_case(*labels, class_count, int(rng.integers(0, 6)), str(rng.choice(["zero", "one", "nan"])), names)


def reports():
    rng = np.random.default_rng(3)
    for position in range(48):
        yield random_report(rng, (47,), 400) if position % 12 == 11 else random_report(rng)
    yield report_case([0, 0], [1, 1], 2, 2, "nan")  # no prediction is correct: scikit-learn prints the supports as 2.0 and 0.0
    yield report_case([0, 0], [1, 1], 2, 2, "one")
    yield report_case([4], [4], 6, 2, "zero")
    yield report_case([0, 1, 3], [1, 2, 3], 4, 14, "nan")  # more digits than the longest heading has letters


def write(name, **content):
    """Writes a JSON file with one line for each case, so that the file can be read and compared line by line."""
    FIXTURES.mkdir(parents=True, exist_ok=True)
    lines = [f'"scikit-learn": {json.dumps(sklearn.__version__)}']
    for key, cases in content.items():
        body = ",\n".join(json.dumps(case, separators=(",", ":"), ensure_ascii=False) for case in cases)
        lines.append(f'"{key}": [\n{body}\n]')
    (FIXTURES / name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    warnings.simplefilter("ignore")
    write("scalers.json", cases=scalers())
    write("splits.json", plain=plain_splits(), stratified=stratified_splits())
    write("folds.json", plain=fold_cases(KFold), stratified=fold_cases(StratifiedKFold))
    write("reports.json", cases=reports())


if __name__ == "__main__":
    main()
