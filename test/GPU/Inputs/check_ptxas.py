"""Assembles PTX files by ptxas, if there is one, and fails on spills or stack frames.

usage: check_ptxas.py ARCH FILE...
"""
import os
import re
import shutil
import subprocess
import sys

ptxas = shutil.which("ptxas") or shutil.which(
    "ptxas", path=os.path.join(os.environ.get("CUDA_ROOT", "/usr/local/cuda"), "bin"))
if not ptxas:
    print("no ptxas")
    sys.exit(0)
arch = sys.argv[1]
for name in sys.argv[2:]:
    run = subprocess.run([ptxas, "-v", "-arch=" + arch, name, "-o", os.devnull],
                         capture_output=True, text=True, check=False)
    print(run.stderr)
    if run.returncode != 0:
        sys.exit(name + ": ptxas refuses it")
    frames = re.findall(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads",
                        run.stderr)
    if not frames or any(set(frame) != {"0"} for frame in frames):
        sys.exit(name + ": there are spills")
