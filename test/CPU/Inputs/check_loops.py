"""check_loops.py WIDTH: reads assembly and checks its innermost loops.

Those of kernels' bodies that multiply and add have nothing on the stack, and do
so in registers of full WIDTH (zmm, ymm, or 4s) only: no accumulator is spilled,
and no rest of a row is computed one element after the other."""
import re
import sys

MULTIPLY_ADD = re.compile(r"(vfn?m(add|sub)|vdpbf16|fml[as]|fn?m(add|sub))")
BRANCH = re.compile(r"(j[a-z]+|b(\.[a-z]+)?|cbn?z|tbn?z)\s.*?(\.L\w+)$")


def innermost_loops(lines):
    """The function and the instructions of each loop of a single block."""
    function, label, block = None, None, []
    for line in lines:
        line = re.split(r"\s+(#|//)", line.rstrip())[0]
        named = re.match(r'"?([\w.]+)"?:', line)
        if named:
            label, block = named.group(1), []
            if not label.startswith(".L"):
                function = label
        elif re.match(r"\s+[a-z]", line):
            block.append(line.strip())
            branch = BRANCH.match(block[-1])
            if branch and branch.group(3) == label:
                yield function, block
                label, block = None, []


width = sys.argv[1]
checked = 0
for function, loop in innermost_loops(sys.stdin):
    adds = [instruction for instruction in loop if MULTIPLY_ADD.match(instruction)]
    if not function.endswith(".body") or not adds:
        continue
    checked += len(adds) >= 4
    for instruction in loop:
        if re.search(r"%rsp|\bsp\b", instruction):
            sys.exit("%s: on the stack: %s" % (function, instruction))
    for instruction in adds:
        if width not in instruction:
            sys.exit("%s: not of full width: %s" % (function, instruction))
if not checked:
    sys.exit("no loop multiplies and adds")
