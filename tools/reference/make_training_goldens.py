"""Writes the results of PyTorch's optimizers, losses and learning rate schedules to Fixtures/training/*.json.

    python tools/reference/make_training_goldens.py

The script needs the package in requirements-torch.txt.
"""

import argparse
import json
import pathlib
import random
import warnings

import torch
import torch.nn.functional as F

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Fixtures" / "training"

FEATURES, CLASSES, BATCH_SIZE, EPOCHS = 6, 4, 4, 2
SMALL, DEEP = [FEATURES, 5, CLASSES], [FEATURES, 7, 5, CLASSES]
SAMPLE_COUNT = 12

ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
LOSSES = ["squared-error", "binary-cross-entropy", "categorical-cross-entropy"]

# These dictionaries have the JSON form of Swift's `Optimizer` and `LearningRateSchedule`.
ADAM = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
SGD = {"name": "sgd"}
OPTIMIZERS = [
    SGD, {"name": "momentum", "momentum": 0.9}, {"name": "nesterov", "momentum": 0.9},
    {"name": "adam"} | ADAM, {"name": "adamw"} | ADAM,
]  # fmt: skip
CONSTANT = {"name": "constant"}
RATES = {"sgd": 0.5, "momentum": 0.1, "nesterov": 0.1, "adam": 0.05, "adamw": 0.05}


def inputs():
    """Returns the samples, the labels and the initial weights.

    All numbers have only a few decimal digits, so the text in the JSON file represents them exactly.
    """
    source = random.Random(1)
    values = [0.0 if source.random() < 0.25 else round(source.random(), 2) for _ in range(SAMPLE_COUNT * FEATURES)]
    samples = [values[start : start + FEATURES] for start in range(0, len(values), FEATURES)]
    labels = [source.randrange(CLASSES) for _ in range(SAMPLE_COUNT)]
    weights = {}
    for node_counts in (SMALL, DEEP):
        weights[",".join(map(str, node_counts))] = [
            [[round(source.gauss(0, 0.7), 3) for _ in range(columns)] for _ in range(rows + 1)]
            for rows, columns in zip(node_counts, node_counts[1:])
        ]
    return samples, labels, weights


SAMPLES, LABELS, FIRST_WEIGHTS = inputs()


def make_optimizer(optimizer, parameters, rate, weight_decay):
    settings = {"lr": rate, "weight_decay": weight_decay}
    if "beta1" in optimizer:
        settings |= {"betas": (optimizer["beta1"], optimizer["beta2"]), "eps": optimizer["epsilon"]}
        return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[optimizer["name"]](parameters, **settings)
    momentum = optimizer.get("momentum", 0)
    return torch.optim.SGD(parameters, momentum=momentum, nesterov=optimizer["name"] == "nesterov", **settings)


def make_schedule(schedule, optimizer, updates_per_epoch, epochs):
    """Returns PyTorch's scheduler, and the number of weight updates between two steps of the scheduler."""
    updates = updates_per_epoch * epochs
    match schedule["name"]:
        case "constant":
            return torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1), 1
        case "step":
            every, factor = schedule["everyEpochs"], schedule["factor"]
            return torch.optim.lr_scheduler.StepLR(optimizer, every, factor), updates_per_epoch
        case "cosine":
            return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, updates), 1
        case "one-cycle":
            return torch.optim.lr_scheduler.OneCycleLR(
                optimizer, max_lr=optimizer.param_groups[0]["lr"], total_steps=updates, pct_start=schedule["warmUp"],
                anneal_strategy="cos", three_phase=False, div_factor=25, final_div_factor=1e4, cycle_momentum=False,
            ), 1  # fmt: skip


def cost(loss, sums, labels, smoothing):
    """Returns the mean cost of a batch. `sums` are the output units' weighted sums before the activation, [samples,
    classes]."""
    if loss == "categorical-cross-entropy":
        return F.cross_entropy(sums, labels, label_smoothing=smoothing)
    targets = F.one_hot(labels, CLASSES).to(sums.dtype) * (1 - smoothing) + smoothing / CLASSES
    if loss == "squared-error":
        return F.mse_loss(torch.sigmoid(sums), targets, reduction="sum") / len(labels)
    return F.binary_cross_entropy_with_logits(sums, targets, reduction="sum") / len(labels)


def train(case, dtype=torch.float64):
    """Trains a network. Returns the weights after each update, the mean cost of each epoch, and a margin.

    The margin is the smallest absolute value of any input of an activation function. It shows how close these inputs
    come to 0, where the derivative of ReLU is not continuous.
    """
    matrices = FIRST_WEIGHTS[",".join(map(str, case["nodeCounts"]))]
    weights = [torch.tensor(matrix, dtype=dtype, requires_grad=True) for matrix in matrices]
    samples = torch.tensor(SAMPLES, dtype=dtype)[: case["sampleCount"]]
    labels = torch.tensor(LABELS)[: case["sampleCount"]]
    optimizer = make_optimizer(case["optimizer"], weights, case["learningRate"], case["weightDecay"])
    batches = range(0, len(samples), BATCH_SIZE)
    schedule, interval = make_schedule(case["schedule"], optimizer, len(batches), EPOCHS)
    after, costs, margin = [], [], float("inf")
    for _ in range(EPOCHS):
        total = 0.0
        for start in batches:
            values, wanted = samples[start : start + BATCH_SIZE], labels[start : start + BATCH_SIZE]
            for matrix in weights[:-1]:
                sums = values @ matrix[:-1] + matrix[-1]
                margin = min(margin, float(sums.detach().abs().min()))
                values = ACTIVATIONS[case["activation"]](sums)
            batch_cost = cost(case["loss"], values @ weights[-1][:-1] + weights[-1][-1], wanted, case["labelSmoothing"])
            total += batch_cost.item() * len(wanted)
            optimizer.zero_grad()
            batch_cost.backward()
            optimizer.step()
            after.append([matrix.detach().clone() for matrix in weights])
            if len(after) % interval == 0 and len(after) < len(batches) * EPOCHS:
                schedule.step()
        costs.append(total / len(samples))
    return after, costs, margin


def optimizer_case(
    name, optimizer=SGD, activation="relu", loss="categorical-cross-entropy", node_counts=SMALL, weight_decay=0.0,
    smoothing=0.0, schedule=CONSTANT, sample_count=SAMPLE_COUNT,
):  # fmt: skip
    case = {
        "name": name,
        "nodeCounts": node_counts,
        "activation": activation,
        "loss": loss,
        "optimizer": optimizer,
        "learningRate": RATES[optimizer["name"]],
        "schedule": schedule,
        "weightDecay": weight_decay,
        "labelSmoothing": smoothing,
        "sampleCount": sample_count,
    }
    after, costs, margin = train(case)
    rough, rough_costs, _ = train(case, torch.float32)
    moved = max(float((a - b).abs().max()) for a, b in zip(rough[-1], after[-1]))
    moved = max([moved] + [abs(a / b - 1) for a, b in zip(rough_costs, costs)])
    print(f"{name}: float32 differs by {moved:.1e}, sums come within {margin:.1e} of 0, costs {costs}")
    assert moved < 2e-5 and (activation != "relu" or margin > 1e-4), "an input is too close to 0 for a stable result with ReLU; choose other numbers"
    # A schedule depends on the number of epochs, so a shorter training run has other learning rates. Only the final
    # weights can be compared.
    kept = after[:3] if schedule == CONSTANT else []
    flat = [[matrix.flatten().tolist() for matrix in weights] for weights in [*kept, after[-1]]]
    return case | {"firstUpdates": flat[:-1], "end": flat[-1], "costs": costs}


def optimizer_cases():
    for activation in ACTIVATIONS:
        for loss in LOSSES:
            yield optimizer_case(f"sgd, {activation}, {loss}", activation=activation, loss=loss)
    for optimizer in OPTIMIZERS[1:]:
        yield optimizer_case(f"{optimizer['name']}, relu", optimizer)
    for optimizer in OPTIMIZERS:
        yield optimizer_case(f"{optimizer['name']}, weight decay", optimizer, weight_decay=0.01)
    for loss in LOSSES[1:]:
        yield optimizer_case(f"label smoothing, {loss}", loss=loss, smoothing=0.1)
    yield optimizer_case("two hidden layers", OPTIMIZERS[1], "tanh", node_counts=DEEP)
    yield optimizer_case("a smaller last batch", OPTIMIZERS[1], sample_count=10)
    yield optimizer_case("step", OPTIMIZERS[1], schedule={"name": "step", "everyEpochs": 1, "factor": 0.5})
    yield optimizer_case("cosine", OPTIMIZERS[1], schedule={"name": "cosine"})
    yield optimizer_case("one cycle", OPTIMIZERS[4], schedule={"name": "one-cycle", "warmUp": 0.3}, weight_decay=0.01)


def schedule_case(schedule, updates_per_epoch, epochs):
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=1.0)
    scheduler, interval = make_schedule(schedule, optimizer, updates_per_epoch, epochs)
    factors = []
    for update in range(1, updates_per_epoch * epochs + 1):
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if update % interval == 0 and update < updates_per_epoch * epochs:
            scheduler.step()
    return {"schedule": schedule, "updatesPerEpoch": updates_per_epoch, "epochs": epochs, "factors": factors}


def schedule_cases():
    for updates_per_epoch, epochs in [(1, 1), (1, 2), (1, 7), (3, 4), (5, 8), (17, 5)]:
        for schedule in [
            CONSTANT,
            {"name": "step", "everyEpochs": 1, "factor": 0.5}, {"name": "step", "everyEpochs": 3, "factor": 0.1},
            {"name": "cosine"}, {"name": "one-cycle", "warmUp": 0.3}, {"name": "one-cycle", "warmUp": 0.1},
        ]:  # fmt: skip
            yield schedule_case(schedule, updates_per_epoch, epochs)


def write(name, **content):
    """Writes a JSON file with one line for each case, so that the file can be read and compared line by line."""
    FIXTURES.mkdir(parents=True, exist_ok=True)
    facts = {"generator": f"tools/reference/{pathlib.Path(__file__).name}", "torch": torch.__version__.split("+")[0]}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in facts.items()]
    for key, value in content.items():
        if key == "cases":
            body = ",\n".join(json.dumps(case, separators=(",", ":")) for case in value)
            lines.append(f'"cases": [\n{body}\n]')
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}")
    (FIXTURES / name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    warnings.simplefilter("error")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    write(
        "optimizers.json", batchSize=BATCH_SIZE, epochs=EPOCHS, samples=SAMPLES, labels=LABELS,
        firstWeights=FIRST_WEIGHTS, cases=optimizer_cases(),
    )  # fmt: skip
    write("schedules.json", cases=schedule_cases())


if __name__ == "__main__":
    main()
