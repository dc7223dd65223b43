"""Runs the ```sh blocks of Markdown files as a reader would run them, and compares
what they print with the block that follows, if that has no language.

usage: run_shell_blocks.py FOLDER SOURCE BUILD FILE.md...

FOLDER gets links `docs`, `test` and `tools` to the source tree and `build` to the build
folder, and is where the commands run. A line that begins with tools/dev.sh is
not run, because it installs, builds and tests everything; its command must be
one that tools/dev.sh explains. In what is printed, a line `...` stands for any lines
and `...` in a line for any text.
"""
import os
import re
import shutil
import subprocess
import sys


def blocks(path):
    """Each ```sh block of a page, with the text that it prints or None."""
    with open(path, encoding="utf-8") as file:
        found = re.findall(r"^```(\w*)\n(.*?)^```$", file.read(), re.S | re.M)
    for (language, block), (following, text) in zip(found, [*found[1:], ("sh", "")]):
        if language == "sh":
            yield block, None if following else text


def prints(output, expected):
    """Whether the text is in the output, as whole lines."""
    lines = []
    for line in expected.splitlines():
        if line.strip() == "...":
            lines.append(r"(?:.*\n)*?")
        else:
            lines.append(".*".join(map(re.escape, line.split("..."))) + r"\n")
    return re.search("^" + "".join(lines), output, re.M) is not None


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
        for block, expected in blocks(path):
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
            done = subprocess.run(["bash", "-exo", "pipefail", "-c", script],
                                  cwd=folder, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, text=True)
            print(done.stdout, flush=True)
            if done.returncode:
                sys.exit(f"{path}: a command failed")
            if expected and not prints(done.stdout, expected):
                sys.exit(f"{path}: this is not printed:\n{expected}")
            count += 1
    print(f"{count} blocks ran")


main()
