"""Says which C++ sources do not have their title in one line.

usage: check_headers.py FILE_OR_FOLDER...

The first line of a source is `//===- NAME - TITLE ---===//`, 80 columns wide.
clang-format makes two lines of a longer one, which then stay.
"""
import pathlib
import re
import sys

SUFFIXES = {".h", ".cpp"}


def sources(arguments):
    for argument in map(pathlib.Path, arguments):
        paths = sorted(argument.rglob("*")) if argument.is_dir() else [argument]
        yield from (path for path in paths if path.suffix in SUFFIXES)


def is_title(line, name):
    match = re.fullmatch(r"//===- (\S+) - .*[^-\s] -*(\*- C\+\+ -\*-)?===//", line)
    return match is not None and match.group(1) == name and len(line) == 80


def main():
    paths = list(sources(sys.argv[1:]))
    if not paths:
        sys.exit("usage: check_headers.py FILE_OR_FOLDER...")
    bad = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            line = file.readline().rstrip("\n")
        if not is_title(line, path.name):
            bad += 1
            print(f"{path}:1: error: not '//===- {path.name} - TITLE ---===//' in one line of 80 columns")
    sys.exit(bad != 0)


main()
