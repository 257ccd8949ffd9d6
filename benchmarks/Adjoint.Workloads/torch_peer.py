"""PyTorch's side of Adjoint.Workloads.

usage: torch_peer.py WORKLOAD THREADS FILE

The workload is written with all its sizes, as Workload.Parse makes it. FILE is an npz archive with the weights p0, p1, ... (in the order of
torch's parameters()), the inputs x and the targets y. Then one command a line on stdin, and one JSON object a line on stdout:

  check STEPS PATH   takes steps from the weights given, and writes what they make to an npz archive: the losses, or values and gradients
  time SECONDS       measures for so long: {"us": median microseconds, "peak_mib": greatest resident memory so far}
"""
import json
import math
import resource
import signal
import sys
import time

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F


def perceptron(sizes, activation):
    layers = []
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layers += [activation()] if i > 0 else []
        layers.append(nn.Linear(inputs, outputs))
    return nn.Sequential(*layers)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        self.queries_keys_values = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width)
        self.dense_norm = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 4 * width)
        self.contract = nn.Linear(4 * width, width)

    def forward(self, x, mask):
        batch, context, width = x.shape
        size = width // self.heads
        q, k, v = (part.view(batch, context, self.heads, size).transpose(1, 2) for part in self.queries_keys_values(self.attention_norm(x)).split(width, 2))
        scores = ((q @ k.transpose(-2, -1)) * (1 / math.sqrt(size))).masked_fill(mask, float("-inf"))
        seen = (F.softmax(scores, -1) @ v).transpose(1, 2).contiguous().view(batch, context, width)
        x = x + self.projection(seen)
        return x + self.contract(F.gelu(self.expand(self.dense_norm(x))))


class Gpt(nn.Module):
    def __init__(self, layers, heads, width, context, vocabulary):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(context, width)
        self.blocks = nn.ModuleList([Block(width, heads) for _ in range(layers)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.mask = torch.triu(torch.ones(context, context, dtype=torch.bool), 1)
        self.position = torch.arange(context)

    def forward(self, x):
        x = self.tokens(x) + self.places(self.position)
        for block in self.blocks:
            x = block(x, self.mask)
        return self.head(self.norm(x)).flatten(0, 1)


class Recurrent(nn.Module):
    def __init__(self, kind, inputs, size, classes):
        super().__init__()
        self.recurrence = kind(inputs, size)
        self.output = nn.Linear(size, classes)

    def forward(self, x):
        return self.output(self.recurrence(x)[0][-1])


def network(kind, sizes):
    if kind == "tiny":
        return perceptron(sizes, nn.Tanh), F.mse_loss
    if kind == "mlp":
        return perceptron(sizes, nn.ReLU), F.cross_entropy
    if kind == "cnn":
        side, first, second, window, classes = sizes
        rest = ((side - window + 1) // 2 - window + 1) // 2
        return nn.Sequential(
            nn.Conv2d(1, first, window), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(first, second, window), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(second * rest * rest, classes)), F.cross_entropy
    if kind in ("lstm", "gru"):
        return Recurrent(nn.LSTM if kind == "lstm" else nn.GRU, *sizes[1:]), F.cross_entropy
    if kind == "gpt":
        return Gpt(*sizes), lambda logits, labels: F.cross_entropy(logits, labels.flatten())
    raise ValueError(f"unknown workload {kind}")


def training(kind, optimizer, sizes, given):
    model, loss = network(kind, sizes)
    parameters = list(model.parameters())
    with torch.no_grad():
        for i, parameter in enumerate(parameters):
            value = given[f"p{i}"]
            if value.shape != parameter.shape:
                raise ValueError(f"p{i} has shape {tuple(value.shape)}; the parameter has {tuple(parameter.shape)}")
            parameter.copy_(value)
    if f"p{len(parameters)}" in given:
        raise ValueError(f"more weights were given than the {len(parameters)} of the model")
    rule = torch.optim.SGD(parameters, lr=0.01) if optimizer == "sgd" else torch.optim.Adam(parameters, lr=1e-3)
    x, y = given["x"], given["y"]

    def step():
        rule.zero_grad()
        error = loss(model(x), y)
        error.backward()
        rule.step()
        return error

    return step, lambda steps: {"losses": torch.stack([step().detach() for _ in range(steps)])}


def chain(given):
    x, w, b = (given[name].requires_grad_() for name in ("x", "w", "b"))
    cotangent = given["g"]

    def step():
        x.grad = w.grad = b.grad = None
        y = torch.tanh(x * w + b) * torch.sigmoid(x)
        y.backward(cotangent)
        return y

    return step, lambda _: {"y": step().detach(), "dx": x.grad, "dw": w.grad, "db": b.grad}


def rosenbrock(given):
    x = given["x"].requires_grad_()

    def step():
        x.grad = None
        y = (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
        y.backward()
        return y

    return step, lambda _: {"y": step().detach(), "dx": x.grad}


def measure(step, seconds, clock):
    for _ in range(5):
        step()
    start = time.perf_counter()
    step()
    step()
    each = max(1e-7, (time.perf_counter() - start) / 2)
    repeat, samples, start = max(1, int(0.02 / each)), [], time.perf_counter()
    while time.perf_counter() - start < seconds or len(samples) < 5:
        begin = clock()
        for _ in range(repeat):
            step()
        samples.append((clock() - begin) / repeat)
    return sorted(samples)[len(samples) // 2] * 1e6


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this ends it, by closing its input
    workload, threads, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    torch.set_num_threads(threads)
    with numpy.load(path) as archive:
        given = {name: torch.from_numpy(archive[name]) for name in archive.files}
    kind, *rest = workload.split(":")
    if kind == "chain":
        step, check = chain(given)
    elif kind == "rosen":
        step, check = rosenbrock(given)
    else:
        step, check = training(kind, rest[1], [int(size) for size in rest[2].split("-")], given)
    clock = time.process_time if threads == 1 else time.perf_counter
    print(json.dumps({"peer": f"PyTorch {torch.__version__}"}), flush=True)
    for line in sys.stdin:
        command, *arguments = line.split(maxsplit=2)
        if command == "check":
            numpy.savez(arguments[1].strip(), **{name: value.numpy() for name, value in check(int(arguments[0])).items()})
            print("{}", flush=True)
        elif command == "time":
            microseconds = measure(step, float(arguments[0]), clock)
            print(json.dumps({"us": microseconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)
        else:
            raise ValueError(f"unknown command {command}")


main()
