"""The bits of linear layers and norms do not depend on how many rows are computed
together: in blocks of any size, op by op, from `begin` to `end`, by workers.

  row_block_bits.py CPU ELEMENT"""
import random
import sys

from kernels import OK, SENTINEL, Library, count_bytes
from row_block_graphs import graph

NAMES = ["residual", "attention", "feed_forward", "gated", "softmax", "quantized", "quantized_input", "batch"]
BLOCKS = [3, 17]
# One row, those of register tiles and around them, several blocks.
COUNTS = [1, 2, 3, 5, 8, 9, 16, 17, 18, 33, 50]
MOST = 33


def expect(same, *what):
    if not same:
        raise SystemExit(" ".join(map(str, (cpu, element) + what)))


def compile(rows=None, **options):
    return Library("".join(graph(name, element, rows) for name in NAMES), "--mcpu=" + cpu,
                   *("--%s=%s" % (o.replace("_", "-"), value) for o, value in options.items()))


def check_rows(library, name, taken, whole, source):
    """Pieces of the rows, the last first; nothing else is written."""
    types = library.functions[name][1]
    cuts = sorted({0, MOST} | {source.randint(0, MOST) for _ in range(4)})
    results = library.results(name, MOST)
    for begin, end in reversed(list(zip(cuts, cuts[1:]))):
        before = [result.raw for result in results]
        status, after = library.call(name, taken, MOST, results, "_rows", (begin, end))
        expect(status == OK, name, "rows", begin, end, "status", status)
        for type, old, new, right in zip(types, before, after, whole):
            row = count_bytes(type, MOST) // MOST
            expect(new == old[:begin * row] + right[begin * row:end * row] + old[end * row:],
                   name, "rows", begin, end)


cpu, element = sys.argv[1:]
source = random.Random(1)
# All rows are one block.
base = compile(row_block=100000)
arguments = {name: base.random_arguments(name, max(COUNTS)) for name in NAMES}


def of_rows(name, rows):
    """The first `rows` rows of what has rows."""
    return [data[:count_bytes(type, rows)] for (_, type), data in zip(base.functions[name][0], arguments[name])]


expected = {}
for name in NAMES:
    for rows in COUNTS:
        results = base.compute(name, base.pack(name, of_rows(name, rows)), rows)
        expected[name, rows] = results
        for type, result, most in zip(base.functions[name][1], results, expected[name, COUNTS[0]]):
            # Else equal bits would tell nothing.
            expect(result.count(SENTINEL) < len(result) / 2 and len(set(result)) > 2, name, "computes nothing")
            # A row is what it is among others.
            expect(result[:len(most)] == most, name, rows, "rows")

for block in BLOCKS + [None]:
    library = compile(row_block=block) if block else compile()
    for name in NAMES:
        for rows in COUNTS:
            results = library.compute(name, library.pack(name, of_rows(name, rows)), rows)
            expect(results == expected[name, rows], name, rows, "rows in blocks of", block)
        taken = library.pack(name, of_rows(name, MOST))
        check_rows(library, name, taken, expected[name, MOST], source)
        for workers in range(1, 9):
            results = library.compute(name, taken, MOST, entry="_parallel", workers=workers)
            expect(results == expected[name, MOST], name, workers, "workers, blocks of", block)

# As many rows as a block has: each op computes all rows.
apart = compile(rows=MOST, row_block=MOST)
for name in NAMES:
    results = apart.compute(name, apart.pack(name, of_rows(name, MOST)), MOST)
    expect(results == expected[name, MOST], name, "op by op")
