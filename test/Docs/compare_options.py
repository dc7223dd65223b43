"""usage: compare_options.py PAGE < HELP: PAGE names every option that HELP has, and
no other."""
import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    page = set(re.findall(r"`(--?[a-z][a-z-]*)", file.read()))
listed = set(re.findall(r"^  (--?[a-z][a-z-]*)", sys.stdin.read(), re.M))
# What every tool of LLVM has.
generic = {"--help", "--help-list", "--version"}
missing, unknown = listed - page - generic, page - listed - generic
if missing or unknown:
    sys.exit("missing: %s, unknown: %s" % (sorted(missing), sorted(unknown)))
