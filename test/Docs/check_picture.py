#!/usr/bin/env python3
"""check_picture.py PICTURE.dot PICTURE.svg: whether all text of the source is in
the picture that was made of it. Versions of Graphviz place it differently."""

import html
import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    labels = re.findall(r'label="([^"]*)"', file.read())
with open(sys.argv[2], encoding="utf-8") as file:
    drawn = [html.unescape(text) for text in
             re.findall(r"<text[^>]*>([^<]*)</text>", file.read())]
lines = [line.strip() for label in labels
         for line in re.split(r"\\[nlr]", label) if line.strip()]
drawn = [text.replace("\u00a0", " ").strip() for text in drawn]
if sorted(lines) != sorted(drawn):
    sys.exit("%s is not what %s draws: %s" % (
        sys.argv[2], sys.argv[1], sorted(set(lines) ^ set(drawn))))
print(len(lines), "lines of text")
