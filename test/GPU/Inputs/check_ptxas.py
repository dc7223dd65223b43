"""Assembles PTX files by ptxas, and fails on spills or stack frames.

usage: check_ptxas.py PTXAS ARCH FILE...
"""
import os
import re
import subprocess
import sys

ptxas, arch = sys.argv[1:3]
for name in sys.argv[3:]:
    run = subprocess.run([ptxas, "-v", "-arch=" + arch, name, "-o", os.devnull],
                         capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(name + ": ptxas refuses it: " + run.stderr)
    frames = re.findall(r"properties for (\S+)\s+(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads",
                        run.stderr)
    bad = [frame for frame in frames if set(frame[1:]) != {"0"}]
    if not frames or bad:
        sys.exit(name + ": stack, spill stores and loads: " + str(bad))
