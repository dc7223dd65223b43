"""Verifies graphs of linear layers and norms, in several types and of several numbers
of rows, and leaves them in a folder.

  verify_row_blocks.py FOLDER"""
import os
import subprocess
import sys

from row_block_graphs import TEMPLATES, graph


def verify(name, element, rows, cpu="native"):
    path = os.path.join(sys.argv[1], "%s_%s.mlir" % (name, element))
    with open(path, "w") as file:
        file.write(graph(name, element))
    sizes = ["--size", "x_d0=%d" % rows]
    if name == "dynamic":
        sizes += ["--size", "x_d1=33", "--size", "w_d0=51"]
    subprocess.run(["norm-run", path, "--verify", "--mcpu=" + cpu] + sizes, check=True,
                   stdout=subprocess.DEVNULL)


for name in TEMPLATES:
    for element, rows in [("f32", 257), ("bf16", 129), ("f16", 7)]:
        verify(name, element, rows)
for rows in [0, 1, 2, 127, 128, 256]:
    verify("residual", "f32", rows)
verify("gated", "f32", 130, "x86-64-v3")
verify("quantized", "bf16", 130, "x86-64-v3")
