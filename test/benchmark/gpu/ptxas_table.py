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
    """What --print-plan says of the kernels in a file, by name; only of those for
    aligned addresses, if there are such."""
    command = [normc, source, "-o", os.devnull, "--emit=ptx", "--target=nvptx", "--gpu-arch=" + arch, "--print-plan"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = {}
    for match in LINE.finditer(text):
        if match["estimated"]:
            sys.exit("ptxas_table.py: there is no ptxas")
        if match["rest"] == "_unaligned" and (match["name"], match["number"]) in found:
            continue
        found[match["name"], match["number"]] = match
    return found


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    normc, wanted = sys.argv[1], sys.argv[2:]
    print("| kernel | warps a block | registers, sm_80 / 90 / 100 | bytes spilled | instructions, sm_90 | occupancy, sm_90 | of the bandwidth, A100 / H200 / B200 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        families = [family for family in kernels.main(folder) if family != "empty"]
        for family in wanted or families:
            found = [read_kernels(normc, os.path.join(folder, family + ".mlir"), arch) for arch in ARCHS]
            for key, first in found[0].items():
                rows = [one[key] for one in found]
                part = " part " + key[1] if (key[0], "1") in found[0] else ""
                print(f"| {key[0]}{part} | {first['warps']} | {' / '.join(row['registers'] for row in rows)} "
                      f"| {sum(int(row['spilled'] or 0) for row in rows)} | {rows[1]['instructions'] or '-'} "
                      f"| {rows[1]['occupancy']} | {' / '.join(row['fraction'] for row in rows)} |", flush=True)


if __name__ == "__main__":
    main()
