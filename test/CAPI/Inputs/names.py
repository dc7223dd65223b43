"""usage: names.py NORM.H < HELP: prints the names of the options in the help of normc,
without those that say which files are written and what is printed. The header
explains each: in the list of a comment, at the beginning of a line."""
import re
import sys

names = set(re.findall(r"^  --?([a-z][a-z-]*)", sys.stdin.read(), re.M))
names -= {"o", "header", "emit", "print-plan", "timing", "help", "help-list", "version"}
with open(sys.argv[1], encoding="utf-8") as file:
    lines = re.findall(r"^ \*   ([a-z][a-z, -]*)", file.read(), re.M)
explained = {name for line in lines for name in re.split(r",? +", line)}
if not names <= explained:
    sys.exit("not in the header: %s" % sorted(names - explained))
print(*sorted(names))
