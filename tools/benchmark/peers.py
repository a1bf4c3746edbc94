"""Measures one work in PyTorch or scikit-learn and prints the result as JSON.

The environment must limit the threads of the libraries before the process starts. benchmark.py does this.
"""

import argparse
import json
import pathlib
import statistics
import time
import warnings

import numpy as np

import mnist


def train_torch(arguments):
    """Trains a ReLU network with PyTorch and returns the seconds and the cost of each epoch, and the accuracy.

    The training loop is that of PyTorch's tutorials, but all samples are tensors in memory.
    """
    import torch
    from torch import nn

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)

    def tensors(part):
        images, labels = mnist.load(arguments.data_dir, part)
        return torch.from_numpy(images).float().div_(255), torch.from_numpy(labels).long()

    samples, classes = tensors("train")
    counts = [int(count) for count in arguments.architecture.split(",")]
    layers = []
    for inputs, outputs in zip(counts, counts[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    kind = {arguments.implementation: True}
    if arguments.optimizer == "momentum":
        optimizer = torch.optim.SGD(model.parameters(), lr=arguments.learning_rate, momentum=0.9, **kind)
    else:
        optimizer = torch.optim.Adam(model.parameters(), lr=arguments.learning_rate, **kind)
    loss_function = nn.CrossEntropyLoss()

    seconds, costs, training_accuracies = [], [], []
    for _ in range(arguments.epochs):
        start = time.perf_counter()
        # The sums are tensors that are read only at the end of the epoch, because reading a value takes time.
        cost = torch.zeros(())
        right = torch.zeros((), dtype=torch.long)
        order = torch.randperm(len(samples))
        for first in range(0, len(samples), arguments.batch_size):
            batch = order[first : first + arguments.batch_size]
            targets = classes[batch]
            outputs = model(samples[batch])
            loss = loss_function(outputs, targets)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            cost += loss.detach() * len(batch)
            right += (outputs.detach().argmax(1) == targets).sum()
        costs.append(cost.item() / len(samples))
        training_accuracies.append(right.item() / len(samples))
        seconds.append(time.perf_counter() - start)

    test_samples, test_classes = tensors("t10k")
    with torch.inference_mode():
        accuracy = (model(test_samples).argmax(1) == test_classes).double().mean().item()
    return {"seconds": seconds, "costs": costs, "trainingAccuracies": training_accuracies, "accuracy": accuracy}


def train_sklearn(arguments):
    """Trains scikit-learn's network and returns the seconds and the cost of each epoch, and the accuracy.

    The samples are float32, because scikit-learn is slower with float64.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    # The warning says that a few epochs are not enough to converge. Here they are intended.
    warnings.simplefilter("ignore", ConvergenceWarning)
    marks = []

    class Marked(MLPClassifier):
        """A classifier that records the time at the end of each epoch.

        `fit` has no callback, but it calls the overridden method at the end of each epoch.
        """

        def _update_no_improvement_count(self, *positional, **named):
            super()._update_no_improvement_count(*positional, **named)
            marks.append(time.perf_counter())

    def arrays(part):
        images, labels = mnist.load(arguments.data_dir, part)
        return images.astype(np.float32) / np.float32(255), labels

    counts = [int(count) for count in arguments.architecture.split(",")]
    model = Marked(
        hidden_layer_sizes=tuple(counts[1:-1]), solver="sgd", momentum=0.9, nesterovs_momentum=False, alpha=0,
        batch_size=arguments.batch_size, learning_rate_init=arguments.learning_rate, early_stopping=False,
        max_iter=arguments.epochs, n_iter_no_change=arguments.epochs, random_state=arguments.seed)
    model.fit(*arrays("train"))
    samples, classes = arrays("t10k")
    # The start of the first epoch is unknown, so this epoch is not measured.
    seconds = [end - start for start, end in zip(marks, marks[1:])]
    accuracy = float((model.predict(samples) == classes).mean())
    return {"seconds": seconds, "costs": model.loss_curve_, "accuracy": accuracy}


def read_safetensors(path):
    """Returns the tensors and the metadata of a safetensors file."""
    content = pathlib.Path(path).read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, tensor in header.items():
        first, end = tensor["data_offsets"]
        element = {"F32": "<f4", "F64": "<f8"}[tensor["dtype"]]
        data = np.frombuffer(content[8 + length + first : 8 + length + end], element)
        tensors[name] = data.reshape(tensor["shape"])
    return tensors, metadata


def predict_torch(arguments):
    """Measures the prediction of the test images by the saved network in PyTorch.

    The pixels are scaled to float32 before the measurement.
    """
    import torch
    from torch import nn

    torch.set_num_threads(arguments.threads)
    tensors, metadata = read_safetensors(arguments.model)
    layers = []
    width = 784
    for index in range(len(tensors)):
        weights = torch.from_numpy(tensors[f"weights.{index}"].astype(np.float32))
        # The last row is the bias. In the article's networks only the first layer has this row; the next layers have
        # an additional unit instead.
        has_bias = len(weights) == width + 1
        layer = nn.Linear(width, weights.shape[1], bias=has_bias)
        with torch.no_grad():
            layer.weight.copy_(weights[:width].T)
            if has_bias:
                layer.bias.copy_(weights[width])
        layers += [layer, {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}[metadata["activation"]]()]
        width = weights.shape[1]
    model = nn.Sequential(*layers[:-1])

    images, labels = mnist.load(arguments.data_dir, "t10k")
    samples = torch.from_numpy(images).float().div_(255)
    seconds = []
    with torch.inference_mode():
        for _ in range(arguments.calls // 5):
            model(samples).argmax(1)
        for _ in range(arguments.calls):
            start = time.perf_counter()
            classes = model(samples).argmax(1)
            seconds.append(time.perf_counter() - start)
    ours = np.fromfile(arguments.classes, np.uint8)
    return {
        "seconds": seconds,
        "median": statistics.median(seconds),
        "accuracy": float((classes.numpy() == labels).mean()),
        "oursAccuracy": float((ours == labels).mean()),
        "different": int((classes.numpy() != ours).sum()),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    functions = {"train-torch": train_torch, "train-sklearn": train_sklearn, "predict-torch": predict_torch}
    for name, function in functions.items():
        command = commands.add_parser(name)
        command.set_defaults(function=function)
        command.add_argument("--data-dir", required=True)
        command.add_argument("--threads", type=int, required=True)
        if function is predict_torch:
            command.add_argument("--model", required=True)
            command.add_argument("--classes", required=True, help="the classes that the Swift program predicted, a byte each")
            command.add_argument("--calls", type=int, default=200)
        else:
            command.add_argument("--architecture", required=True)
            command.add_argument("--batch-size", type=int, required=True)
            command.add_argument("--learning-rate", type=float, required=True)
            command.add_argument("--epochs", type=int, required=True)
            command.add_argument("--seed", type=int, default=0)
        if function is train_torch:
            command.add_argument("--optimizer", choices=["momentum", "adam"], required=True)
            command.add_argument("--implementation", choices=["fused", "foreach"], required=True)
    arguments = parser.parse_args()
    print(json.dumps(arguments.function(arguments)))


if __name__ == "__main__":
    main()
