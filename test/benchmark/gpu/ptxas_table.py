"""Prints what ptxas makes of the kernels of norm-gpu-bench, and what the model of
--print-plan expects of them, as the table in docs/performance.md.

usage: ptxas_table.py NORMC [FAMILY...]

A family is one of those of kernels.py: rms_bf16, layer_f32, ... Needs ptxas.
"""
import os
import re
import subprocess
import sys
import tempfile

import kernels

ARCHS = ["sm_80", "sm_90", "sm_100"]
LINE = re.compile(
    r"kernel (?P<name>\w+?)_cuda_body_(?P<number>\d+)(?P<rest>\w*): (?P<warps>\d+) warps a block, (?P<registers>\d+) registers"
    r"(?P<estimated> \(estimated\))?(?: and (?P<spilled>\d+) bytes spilled)?(?:, (?P<instructions>\d+) instructions)?"
    r", (?P<blocks>\d+) blocks a multiprocessor, occupancy (?P<occupancy>[\d.]+); .*?, (?P<us>[\d.e+]+) us, (?P<fraction>[\d.]+) of")


def read_kernels(normc, source, arch):
    """What --print-plan says of the kernels of each function in a file; only of those
    for aligned addresses, if there are such."""
    command = [normc, source, "-o", os.devnull, "--emit=ptx", "--target=nvptx", "--gpu-arch=" + arch, "--print-plan"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    functions = {}
    for match in LINE.finditer(text):
        if match["estimated"]:
            sys.exit("ptxas_table.py: there is no ptxas")
        functions.setdefault(match["name"], {}).setdefault(match["number"], match)
    return {name: list(found.values()) for name, found in functions.items()}


def join(found, key):
    """An entry of each kernel of a function."""
    return " + ".join(kernel[key] or "loops" for kernel in found)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    normc, wanted = sys.argv[1], sys.argv[2:]
    print("| function | warps a block, sm_90 | registers, sm_80 / 90 / 100 | bytes spilled | instructions, sm_90 "
          "| occupancy, sm_90 | of the bandwidth, A100 / H200 / B200 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        families = [family for family in kernels.main(folder) if family != "empty"]
        for family in wanted or families:
            found = [read_kernels(normc, os.path.join(folder, family + ".mlir"), arch) for arch in ARCHS]
            for name in found[0]:
                archs = [one[name] for one in found]
                spilled = sum(int(kernel["spilled"] or 0) for one in archs for kernel in one)
                print(f"| {name} | {join(archs[1], 'warps')} | {' / '.join(join(one, 'registers') for one in archs)} | {spilled} "
                      f"| {join(archs[1], 'instructions')} | {join(archs[1], 'occupancy')} "
                      f"| {' / '.join(join(one, 'fraction') for one in archs)} |", flush=True)


if __name__ == "__main__":
    main()
