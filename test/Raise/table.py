#!/usr/bin/env python3
"""Counts what norm-raise finds in the graphs that make_graphs.py made.

table.py NORM_OPT DIRECTORY [NAME...] [--verify]

For each graph NAME.mlir of the directory, and each norm, linear layer and
activation: how many were raised, and how many there are, as the ONNX graph that
it was made from says; how many roots are left; with --verify whether the
interpreter finds the same results before and after (minutes for MiniLM). The
status is 1 if anything is missing, left or different; what the interpreter cannot
run is said to be so.
"""

import collections
import pathlib
import re
import subprocess
import sys

import onnx

NORMS = ("LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization",
         "GroupNormalization", "InstanceNormalization", "BatchNormalization",
         # Of a decomposed normalization.
         "Sqrt")
ACTIVATIONS = ("Gelu", "Erf", "Tanh", "Sigmoid")


def count_there(path):
    """Norms, linear layers and activations of an ONNX graph."""
    graph = onnx.load(path).graph
    # The first input is data, the others are weights.
    weights = {t.name for t in graph.initializer}
    weights |= {i.name for i in list(graph.input)[1:]}
    there = collections.Counter()
    for node in graph.node:
        if node.op_type == "Transpose" and node.input[0] in weights:
            weights |= set(node.output)
        if node.op_type in NORMS:
            there["norm"] += 1
        elif node.op_type in ("MatMul", "Gemm") and node.input[1] in weights:
            there["linear"] += 1
        elif node.op_type in ACTIVATIONS:
            there["activation"] += 1
    return there


def count_found(text):
    found = collections.Counter()
    # Attributes of arguments begin with norm. as well.
    for op in re.findall(r"norm\.(linear|activation|\w+_norm\w*) ", text):
        if op in ("linear", "activation"):
            found[op] += 1
        else:
            found["norm"] += 1
    return found


def main():
    arguments = [a for a in sys.argv[1:] if a != "--verify"]
    verify = len(arguments) + 1 < len(sys.argv)
    norm_opt, folder = arguments[0], pathlib.Path(arguments[1])
    names = arguments[2:] or sorted(
        f.stem for f in folder.glob("*.mlir") if not f.stem.endswith(".torch"))
    print("| graph | lines | norms | linear layers | activations | roots left |"
          + (" verified |" if verify else ""))
    print("|" + " --- |" * (7 if verify else 6))
    good = True
    for name in names:
        path = folder / (name + ".mlir")
        command = [norm_opt, str(path), "--norm-raise"]
        result = subprocess.run(command, capture_output=True, text=True)
        lines = len(path.read_text().splitlines())
        if result.returncode != 0:
            # Some graphs hold ops of torch-mlir's own dialects.
            reason = result.stderr.splitlines()[0].split("error: ")[-1]
            print(f"| {name} | {lines} | {reason} |")
            continue
        there = count_there(folder / (name + ".onnx"))
        found = count_found(result.stdout)
        roots = len(re.findall(r"math\.r?sqrt", result.stdout))
        cells = [f"{found[k]} / {there[k]}"
                 for k in ("norm", "linear", "activation")]
        good &= found == there and roots == 0
        row = f"| {name} | {lines} | " + " | ".join(cells) + f" | {roots} |"
        if verify:
            check = subprocess.run(command + ["--norm-verify-passes=strict"],
                                   capture_output=True, text=True)
            # Some graphs of dynamic sizes run for few sizes, or for none.
            match = re.search("could not be verified: (.*)", check.stderr)
            good &= check.returncode == 0 or match is not None
            row += (" yes |" if check.returncode == 0 else
                    f" no: {match.group(1)} |" if match else " different |")
        print(row, flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
