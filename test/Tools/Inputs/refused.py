"""Runs a tool that must refuse what it is given.

usage: refused.py [--status=N] TOOL ARGUMENT...

Its exit status must be N (1), it must print exactly one error on stderr and
leave no file where `-o` and `--header` say. Its stderr goes to stdout.
"""
import os
import subprocess
import sys

arguments = sys.argv[1:]
status = 1
if arguments[0].startswith("--status="):
    status = int(arguments.pop(0).split("=")[1])
outputs = [arguments[i + 1] for i, a in enumerate(arguments[:-1]) if a in ("-o", "--header")]
outputs = [path for path in outputs if not os.path.lexists(path)]

run = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                     stderr=subprocess.PIPE, timeout=60)
message = run.stderr.decode(errors="replace")
print(message)

problems = []
if run.returncode != status:
    problems.append("exit status %d, not %d" % (run.returncode, status))
# The command line parser has a form of its own.
if status == 1 and message.count("error: ") != 1:
    problems.append("%d errors, not one" % message.count("error: "))
problems += ["left %s" % path for path in outputs if os.path.lexists(path)]
folders = {os.path.dirname(path) or "." for path in outputs}
problems += ["left %s/%s" % (folder, name) for folder in folders if os.path.isdir(folder)
             for name in os.listdir(folder) if name.endswith(".tmp")]
if problems:
    sys.exit("refused.py: " + "; ".join(problems))
