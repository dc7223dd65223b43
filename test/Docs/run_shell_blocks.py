"""Runs the ```sh blocks of Markdown files as a reader would run them.

usage: run_shell_blocks.py FOLDER SOURCE BUILD FILE.md...

FOLDER gets links `docs`, `test` and `tools` to the source tree and `build` to the build
folder, and is where the commands run. A line that begins with tools/dev.sh is
not run, because it installs, builds and tests everything; its command must be
one that tools/dev.sh explains.
"""
import os
import re
import shutil
import subprocess
import sys


def blocks(path):
    with open(path, encoding="utf-8") as file:
        return re.findall(r"^```sh\n(.*?)^```$", file.read(), re.S | re.M)


def main():
    folder, source, build, *files = sys.argv[1:]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name in ("docs", "test", "tools"):
        os.symlink(os.path.join(source, name), os.path.join(folder, name))
    os.symlink(build, os.path.join(folder, "build"))
    usage = subprocess.run(["bash", "tools/dev.sh"], cwd=folder,
                           capture_output=True, text=True, check=True).stdout
    count = 0
    for path in files:
        for block in blocks(path):
            kept = []
            for line in block.splitlines():
                if line.startswith("tools/dev.sh "):
                    command = line.split()[1]
                    if not re.search(rf"^  {command}\b", usage, re.M):
                        sys.exit(f"{path}: tools/dev.sh has no '{command}'")
                else:
                    kept.append(line)
            script = "\n".join(kept)
            print(f"{os.path.basename(path)}:\n{script}", flush=True)
            # -x names the line that failed.
            if subprocess.run(["bash", "-exo", "pipefail", "-c", script],
                              cwd=folder, stdin=subprocess.DEVNULL).returncode:
                sys.exit(f"{path}: a command failed")
            count += 1
    print(f"{count} blocks ran")


main()
