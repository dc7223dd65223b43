"""usage: listings.py PAGE.md FOLDER: the listings in C, C++ and CMake of the page are
parts of files in the folder, and those in Python run."""
import os
import re
import subprocess
import sys

page, folder = sys.argv[1:]
with open(page, encoding="utf-8") as file:
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", file.read(), re.S | re.M)
texts = []
for name in os.listdir(folder):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        texts.append(file.read())
for language, block in blocks:
    if language in ("c", "cpp", "cmake") and not any(block in text for text in texts):
        sys.exit("%s: in no file of %s:\n%s" % (page, folder, block))
    if language == "python":
        print(subprocess.run([sys.executable, "-c", block], check=True,
                             capture_output=True, text=True).stdout)
print(len(blocks), "listings")
