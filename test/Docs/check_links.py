"""usage: check_links.py FOLDER: what the Markdown files of a source tree link to is there,
headings included."""
import os
import re
import sys

folder = sys.argv[1]
FENCES = re.compile(r"^ *```.*?^ *```$", re.S | re.M)


def read(path):
    with open(path, encoding="utf-8") as file:
        return FENCES.sub("", file.read())


def anchors(path):
    """The names that headings have where Markdown is shown."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)$", read(path), re.M)}


pages = [os.path.join(folder, "README.md")]
for path, _, names in os.walk(os.path.join(folder, "docs")):
    pages += [os.path.join(path, name) for name in names if name.endswith(".md")]
count, broken = 0, []
for page in pages:
    for link in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        if re.match(r"\w+:", link):
            continue
        count += 1
        target, _, anchor = link.partition("#")
        path = os.path.join(os.path.dirname(page), target) if target else page
        if not os.path.exists(path) or (
                anchor and path.endswith(".md") and anchor not in anchors(path)):
            broken.append(f"{page}: {link}")
if broken:
    sys.exit("\n".join(broken))
print(count, "links")
