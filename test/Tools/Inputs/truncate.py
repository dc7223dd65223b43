"""usage: truncate.py BYTECODE TOOL: TOOL refuses BYTECODE, cut off at any of many
places, with one error."""
import subprocess
import sys

path, tool = sys.argv[1:]
with open(path, "rb") as file:
    good = file.read()


def run(data):
    with open("damaged.mlirbc", "wb") as file:
        file.write(data)
    result = subprocess.run([tool, "damaged.mlirbc", "--emit=mlir", "-o", "-"], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
    return result.returncode, result.stderr.decode(errors="replace")


for length in range(4, len(good), max(1, len(good) // 24)):
    status, message = run(good[:length])
    if status != 1 or message.count("error: ") != 1:
        sys.exit("cut off at %d: status %d\n%s" % (length, status, message))
