"""Writes the lstm and gru cases of ops.json anew: outputs, vjp and second derivatives in 60-digit decimal arithmetic, derivatives as central differences with a step of 1e-18.

python3 recurrent.py ops.json
"""
import json
import sys
from decimal import Decimal as D, getcontext

getcontext().prec = 60
STEP = D(10) ** -18


def sigmoid(x):
    return 1 / (1 + (-x).exp())


def tanh(x):
    e = (-2 * x).exp()
    return (1 - e) / (1 + e)


def affine(weights, x, bias):
    return [sum((w * v for w, v in zip(row, x)), b) for row, b in zip(weights, bias)]


def lstm(n, gates, hidden, recur):
    total = [a + b for a, b in zip(gates, recur)]
    i, f, g, o = rows(total, n)
    cell = [sigmoid(f[k]) * hidden[1][k] + sigmoid(i[k]) * tanh(g[k]) for k in range(n)]
    return [sigmoid(o[k]) * tanh(cell[k]) for k in range(n)], cell


def gru(n, gates, hidden, recur):
    r = [sigmoid(gates[k] + recur[k]) for k in range(n)]
    z = [sigmoid(gates[n + k] + recur[n + k]) for k in range(n)]
    new = [tanh(gates[2 * n + k] + r[k] * recur[2 * n + k]) for k in range(n)]
    return [(1 - z[k]) * new[k] + z[k] * hidden[0][k] for k in range(n)], None


def rows(flat, width):
    return [flat[k:k + width] for k in range(0, len(flat), width)]


def outputs(cell, shape, n, x, w_ih, w_hh, b_ih, b_hh):
    batch, steps, features = shape
    result = []
    for sequence in rows(rows(x, features), steps):
        hidden = ([D(0)] * n, [D(0)] * n)
        for row in sequence:
            hidden = cell(n, affine(rows(w_ih, features), row, b_ih), hidden, affine(rows(w_hh, n), hidden[0], b_hh))
            result += hidden[0]
    return result


def correct(case):
    cell, n = {"lstm": lstm, "gru": gru}[case["op"]], case["attrs"]["hidden"]
    at = [[D(v) for v in a["data"]] for a in case["inputs"]]
    direction = [[D(v) for v in a["data"]] for a in case["direction"]]
    cotangent = [D(v) for v in case["cotangents"][0]["data"]]
    shape = case["inputs"][0]["shape"]

    def loss(x):
        return sum(a * b for a, b in zip(outputs(cell, shape, n, *x), cotangent))

    def gradient(x):
        def moved(i, k, by):
            return [[v + by if (a, b) == (i, k) else v for b, v in enumerate(values)] for a, values in enumerate(x)]
        return [[(loss(moved(i, k, STEP)) - loss(moved(i, k, -STEP))) / (2 * STEP) for k in range(len(values))] for i, values in enumerate(x)]

    def along(by):
        return [[v + by * d for v, d in zip(values, ds)] for values, ds in zip(at, direction)]

    case["outputs"][0]["data"] = [float(v) for v in outputs(cell, shape, n, *at)]
    first, ahead, behind = gradient(at), gradient(along(STEP)), gradient(along(-STEP))
    for i, values in enumerate(first):
        case["vjp"][i]["data"] = [float(v) for v in values]
        case["second"][i]["data"] = [float((a - b) / (2 * STEP)) for a, b in zip(ahead[i], behind[i])]


with open(sys.argv[1]) as file:
    cases = json.load(file)
for one in cases:
    if one["op"] in ("lstm", "gru"):
        correct(one)
with open(sys.argv[1], "w") as file:
    json.dump(cases, file)
