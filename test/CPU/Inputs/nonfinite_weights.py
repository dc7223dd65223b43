"""Weights that are NaN or infinite spoil the features that they are of, and no
others.

  nonfinite_weights.py CPU..."""
import array
import math
import struct
import sys

from kernels import Library
from rows import encode

ROWS, IN, OUT = 19, 40, 70
# Output feature, input feature, value.
BAD = [(5, 3, math.nan), (17, 0, math.inf), (17, 39, -math.inf), (48, 20, -math.inf), (69, 39, math.nan)]
GRAPH = """func.func @f(%x: X%ARGUMENTS) -> Y {
  %CONSTANTS
  %n = norm.layer_norm %x scale %g shift %s axes [1] : (X, K, K) -> X
  %l = norm.linear %n weight %w bias %b : (X, W, N) -> Y
  %y = norm.activation silu %l : (Y) -> Y
  return %y : Y
}
"""


def make_graph(element, constants):
    types = {"X": "?x%dx" % IN, "Y": "?x%dx" % OUT, "K": "%dx" % IN, "N": "%dx" % OUT, "W": "%dx%dx" % (OUT, IN)}
    weights = [("g", "K"), ("s", "K"), ("w", "W"), ("b", "N")]
    text = GRAPH.replace("%ARGUMENTS", "" if constants else "".join(", %%%s: %s" % pair for pair in weights))
    text = text.replace("%CONSTANTS", "" if constants is None else "\n  ".join(
        '%%%s = arith.constant dense<"0x%s"> : %s' % (name, data.hex().upper(), type)
        for (name, type), data in zip(weights, constants)))
    for letter, shape in types.items():
        for before in [": ", "(", ", ", "> "]:
            for behind in [",", ")", " ", "\n"]:
                text = text.replace(before + letter + behind, "%stensor<%s%s>%s" % (before, shape, element, behind))
    return text


def wave(count, step):
    return [math.sin(i * step) for i in range(count)]


def decode(data, element):
    if element == "f32":
        return array.array("f", data)
    return [struct.unpack("<f", b"\0\0" + data[i:i + 2])[0] for i in range(0, len(data), 2)]


def check(cpu, element, accuracy, constant):
    def compute(w):
        weights = [encode(values, element) for values in [
            [1 + v / 4 for v in wave(IN, 1.3)], wave(IN, 0.7), w, wave(OUT, 2.1)]]
        library = Library(make_graph(element, weights if constant else None), "--mcpu=" + cpu,
                          "--accuracy=" + accuracy)
        x = encode(wave(ROWS * IN, 0.37), element)
        return library.compute("f", library.pack("f", [x] + ([] if constant else weights)), ROWS)[0]

    clean = wave(OUT * IN, 0.91)
    bad = list(clean)
    for out, into, value in BAD:
        bad[out * IN + into] = value
    expected, found = compute(clean), compute(bad)
    spoiled = {out for out, _, _ in BAD}
    values, wanted = decode(found, element), decode(expected, element)
    # Into a weight that is not finite nothing is folded, and the rest is rounded
    # in other places.
    slack = (2e-6 if element == "f32" else 2e-2) if constant else 0
    for i in range(ROWS * OUT):
        if i % OUT in spoiled:
            # silu makes zero of minus infinity, at most.
            right = not math.isfinite(values[i]) or i % OUT == 48 and values[i] == 0
        else:
            right = abs(values[i] - wanted[i]) <= slack * (1 + abs(wanted[i]))
        if not right:
            raise SystemExit("%s, %s, %s, %s: element %d, %d is %s" % (
                cpu, element, accuracy, "constants" if constant else "arguments", i // OUT, i % OUT, values[i]))


for cpu in sys.argv[1:]:
    for element in ["f32", "bf16"]:
        check(cpu, element, "exact", False)
        check(cpu, element, "exact", True)
        check(cpu, element, "relaxed", True)
