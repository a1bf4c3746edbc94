"""Runs the article's script: trains a neural network in NumPy on handwritten digits and prints its results.

    python article.py                        scikit-learn's 8x8 digits, the article's settings
    python article.py --dataset full --data-dir FOLDER --architecture 784,16,12,10 --epochs 2

The network has sigmoid units in all layers. It is trained with plain gradient descent, one sample at a time. The
function `run` returns the printed numbers, for other scripts. The script needs the packages in requirements.txt.
"""

import argparse
import gzip
import json
import pathlib
import time
from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import accuracy_score, classification_report
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelBinarizer


def sigmoid(z):
    with np.errstate(over="ignore"):  # exp(-z) can be infinite; then 1 / infinity is 0, which is correct
        return 1.0 / (1.0 + np.exp(-z))


class NeuralNetwork:
    """A neural network with two or more layers.

    A constant 1 is appended to the input. Each hidden layer has one additional unit, which works like the other units.
    For the architecture 64,16,12,10, the shapes of the weights are [65, 17], [17, 13] and [13, 10].
    """

    def __init__(self, architecture, learning_rate, initializer="standard-normal"):
        self.architecture = architecture
        self.learning_rate = learning_rate
        self.weights = []
        last = len(architecture) - 1
        for layer in range(last):
            rows = architecture[layer] + 1
            columns = architecture[layer + 1] + (1 if layer + 1 < last else 0)
            weights = np.random.randn(rows, columns)
            if initializer == "xavier":
                weights = weights * np.sqrt(1.0 / rows)
            self.weights.append(weights)

    def forward(self, sample):
        """Returns the activations of all layers for samples [samples, features + 1]. The first array is the input."""
        activations = [sample]
        for weights in self.weights:
            activations.append(sigmoid(activations[-1].dot(weights)))
        return activations

    def step(self, sample, target):
        """Trains on one sample. Returns the sum of the squared output errors that the sample had before the update."""
        activations = self.forward(sample)
        error = activations[-1] - target
        deltas = [error]
        for layer in range(len(self.weights) - 1, 0, -1):
            activation = activations[layer]
            deltas.append(deltas[-1].dot(self.weights[layer].T) * activation * (1 - activation))
        deltas.reverse()
        for layer, weights in enumerate(self.weights):
            weights -= self.learning_rate * activations[layer].T.dot(deltas[layer])
        return np.sum(error**2)

    def fit(self, samples, targets, epochs):
        """Trains on the samples and returns the cost of each epoch. The order of the samples is the same in every
        epoch."""
        samples = np.hstack([samples, np.ones((len(samples), 1))])
        costs = []
        for _ in range(epochs):
            cost = 0.0
            for index in range(len(samples)):
                cost += self.step(samples[index : index + 1], targets[index : index + 1])
            costs.append(cost / len(samples))
        return costs

    def outputs(self, samples):
        """Returns the outputs [samples, classes] for samples [samples, features]."""
        return self.forward(np.hstack([samples, np.ones((len(samples), 1))]))[-1]


def read_idx(path):
    """Reads an IDX file of unsigned bytes and returns its array. If the file does not exist, the file with .gz is read.
    """
    path = pathlib.Path(path)
    zipped = path.with_name(path.name + ".gz")
    content = path.read_bytes() if path.exists() else gzip.decompress(zipped.read_bytes())
    rank = content[3]
    dimensions = np.frombuffer(content, ">i4", rank, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(dimensions)


def load(dataset, data_dir=None):
    """Returns the images [samples, features] and the labels [samples] of a data set.

    If the data set is a folder with MNIST's files, the test part follows the training part.
    """
    if dataset == "digits":
        digits = load_digits()
        return digits.data, digits.target
    folder = pathlib.Path(data_dir)
    folder = folder / dataset if (folder / dataset).is_dir() else folder
    images = [read_idx(folder / f"{part}-images-idx3-ubyte") for part in ("train", "t10k")]
    labels = [read_idx(folder / f"{part}-labels-idx1-ubyte") for part in ("train", "t10k")]
    images, labels = np.concatenate(images), np.concatenate(labels)
    return images.reshape(len(images), -1), labels


@dataclass
class Result:
    """The numbers that a run prints."""

    sample_count: int
    feature_count: int
    costs: list
    accuracy: float
    report: str
    errors: list  # [index in the data set, actual, predicted], in the order of the test set
    training_seconds: float
    outputs: np.ndarray
    weights: list


def run(
    images, labels, seed=0, architecture=(64, 16, 12, 10), epochs=100, learning_rate=0.1, test_size=0.25,
    initializer="standard-normal", reverse_sums=False,
):
    """Runs the article's script, from the raw images to the list of errors, and returns a `Result`.

    If `reverse_sums` is true, the features and the units are in reverse order. The mathematics stays the same, but
    every sum is rounded in another order. The difference between both results shows the effect of rounding alone.
    """
    np.random.seed(seed)
    samples = images.astype("float64")
    samples = (samples - samples.min()) / (samples.max() - samples.min())

    indices = np.arange(len(samples))
    train_x, test_x, train_y, test_y, _, test_indices = train_test_split(
        samples, labels, indices, test_size=test_size
    )
    targets = LabelBinarizer().fit(labels).transform(train_y).astype("float64")

    network = NeuralNetwork(list(architecture), learning_rate, initializer)
    if reverse_sums:
        train_x, test_x = train_x[:, ::-1], test_x[:, ::-1]
        for layer, weights in enumerate(network.weights):
            if layer == 0:
                weights[:-1] = weights[:-1][::-1].copy()
            else:
                weights[:] = weights[::-1].copy()
            if layer < len(network.weights) - 1:
                weights[:] = weights[:, ::-1].copy()
    start = time.perf_counter()
    costs = network.fit(train_x, targets, epochs)
    seconds = time.perf_counter() - start

    outputs = network.outputs(test_x)
    predicted = outputs.argmax(axis=1)
    wrong = np.flatnonzero(predicted != test_y)
    return Result(
        sample_count=samples.shape[0],
        feature_count=samples.shape[1],
        costs=[float(cost) for cost in costs],
        accuracy=float(accuracy_score(test_y, predicted)),
        report=classification_report(test_y, predicted, zero_division=0.0),
        errors=[[int(test_indices[i]), int(test_y[i]), int(predicted[i])] for i in wrong],
        training_seconds=seconds,
        outputs=outputs,
        weights=network.weights,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", default="digits", help="digits, or the name of a folder in the data folder")
    parser.add_argument("--data-dir", help="the data folder, or the folder with the four IDX files")
    parser.add_argument("--architecture", default="64,16,12,10", help="the number of nodes in each layer")
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--initializer", choices=["standard-normal", "xavier"], default="standard-normal")
    parser.add_argument("--test-size", default="0.25", help="a fraction, or a number of samples")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", help="also write the numbers to this file")
    arguments = parser.parse_args()

    images, labels = load(arguments.dataset, arguments.data_dir)
    test_size = arguments.test_size
    result = run(
        images,
        labels,
        seed=arguments.seed,
        architecture=[int(count) for count in arguments.architecture.split(",")],
        epochs=arguments.epochs,
        learning_rate=arguments.learning_rate,
        test_size=int(test_size) if test_size.isdigit() else float(test_size),
        initializer=arguments.initializer,
    )
    print(f"samples: {result.sample_count}, dimension: {result.feature_count}")
    for epoch, cost in enumerate(result.costs, 1):
        print(f"epoch {epoch}: cost {cost!r}")
    print(f"training: {result.training_seconds:.3f} s")
    print(result.report)
    print(f"accuracy: {result.accuracy!r}")
    for _, actual, predicted in result.errors:
        print(f"Actual: {actual} Predicted: {predicted}")
    if arguments.json:
        numbers = {name: getattr(result, name) for name in Result.__dataclass_fields__}
        del numbers["outputs"], numbers["weights"]
        pathlib.Path(arguments.json).write_text(json.dumps(numbers, indent=1) + "\n")


if __name__ == "__main__":
    main()
