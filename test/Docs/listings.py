"""usage: listings.py PAGE.md FOLDER...: the listings in C, C++, CMake, MLIR and TableGen
of the page are parts of files in the folders, without what their lines `...` stand
for, and those in Python run."""
import os
import re
import subprocess
import sys

page, *folders = sys.argv[1:]
with open(page, encoding="utf-8") as file:
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", file.read(), re.S | re.M)
texts = []
for folder in folders:
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                with open(os.path.join(path, name), encoding="utf-8") as file:
                    texts.append(file.read())
            except UnicodeDecodeError:
                pass  # No text.


def holds(text, block):
    """Whether the parts of the block follow each other in the text."""
    position = 0
    for part in re.split(r"^ *\.\.\.\n", block, flags=re.M):
        position = text.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return True


for language, block in blocks:
    if (language in ("c", "cpp", "cmake", "mlir", "tablegen")
            and not any(holds(text, block) for text in texts)):
        sys.exit("%s: in no file of %s:\n%s" % (page, " ".join(folders), block))
    if language == "python":
        print(subprocess.run([sys.executable, "-c", block], check=True,
                             capture_output=True, text=True).stdout)
print(len(blocks), "listings")
