"""What kernels of linear layers refuse: the status names the parameter, and nothing
is written.

  layer_statuses.py CPU OTHER_CPU"""
import ctypes
import sys

from kernels import SENTINEL, Library
from row_block_graphs import graph

BAD_SIZE, IS_NULL, OVERLAP, BAD_PACK = 1, 2, 3, 4
ROWS = 70
# Layers of other shapes, layouts and types than that of @gated, which is 70x40xf32.
OTHERS = {"narrow": ("69x40", "f32", ""), "shorter": ("70x39", "f32", ""), "turned": ("40x70", "f32", ""),
          "in_out": ("40x70", "f32", " layout in_out"), "bf16": ("70x40", "bf16", "")}


def other(name):
    shape, element, layout = OTHERS[name]
    a, b = shape.split("x")
    out, into = (b, a) if layout else (a, b)
    x, w, y = ("tensor<%sx%s>" % (s, element) for s in ["?x" + into, shape, "?x" + out])
    return """func.func @%s(%%x: %s, %%w: %s) -> %s {
  %%y = norm.linear %%x weight %%w%s : (%s, %s) -> %s
  return %%y : %s
}
""" % (name, x, w, y, layout, x, w, y, y)


class Kernel:
    """A kernel that is called with one parameter replaced."""

    def __init__(self, library, name, entry="", more=()):
        self.library, self.name, self.entry = library, name, entry
        self.parameters = library.pack(name, library.random_arguments(name, ROWS))
        self.results = library.results(name, ROWS)
        sizes = library.sizes(name, ROWS)
        self.first_result = len(self.parameters)
        workspace = ctypes.create_string_buffer(library.bytes_of(name + "_workspace", *sizes))
        self.parameters += self.results + [ctypes.c_int64(n) for n in sizes + list(more)] + [workspace]

    def call(self, changes):
        parameters = [changes.get(i, parameter) for i, parameter in enumerate(self.parameters)]
        return getattr(self.library.library, self.name + self.entry)(*parameters)

    def expect(self, status, argument, changes, what):
        found = self.call(changes)
        if found != status | argument << 8:
            raise SystemExit("%s%s, %s: status %#x" % (self.name, self.entry, what, found))
        if any(set(result.raw) != {SENTINEL} for result in self.results):
            raise SystemExit("%s%s, %s: wrote" % (self.name, self.entry, what))

    def check_memory(self):
        workspace = len(self.parameters) - 1
        # By what a status calls them: results follow arguments, then the workspace.
        place = self.first_result + len(self.results)
        self.expect(IS_NULL, place, {workspace: None}, "no workspace")
        for i in range(self.first_result + len(self.results)):
            self.expect(IS_NULL, i, {i: None}, "null")
        for i, result in enumerate(self.results):
            y = self.first_result + i
            for j in range(self.first_result):
                self.expect(OVERLAP, y, {j: result}, "parameter %d is a result" % j)
            # By one byte.
            last = ctypes.byref(result, len(result) - 1)
            self.expect(OVERLAP, y, {0: last}, "the argument begins in the result")
        if len(self.results) > 1:
            self.expect(OVERLAP, self.first_result + 1, {self.first_result + 1: self.results[0]}, "results are one")

    def check_packed(self, libraries):
        """Weights that other functions packed, and damaged ones."""
        for library in libraries:
            for name in OTHERS:
                foreign = library.pack(name, library.random_arguments(name, 1))[1]
                room = ctypes.create_string_buffer(foreign.raw, max(len(foreign), len(self.parameters[2])))
                self.expect(BAD_PACK, 2, {2: room}, "packed by @" + name)
        damaged = ctypes.create_string_buffer(self.parameters[2].raw)
        for i in range(8):
            damaged[i] = bytes([damaged.raw[i] ^ 0x10])
            self.expect(BAD_PACK, 2, {2: damaged}, "byte %d of the header" % i)
            damaged[i] = self.parameters[2].raw[i]
        # Data that nobody packed.
        self.expect(BAD_PACK, 2, {2: ctypes.create_string_buffer(len(damaged))}, "zeros")


cpus = sys.argv[1:]
text = graph("gated", "f32") + "\n" + graph("residual", "f32") + "\n" + graph("dynamic", "f32") + "\n"
here, there = (Library(text + "".join(map(other, OTHERS)), "--mcpu=" + cpu) for cpu in cpus)
gated = Kernel(here, "gated")
gated.check_memory()
gated.check_packed([here, there])
for kernel in [Kernel(here, "gated", "_rows", (3, 8))]:
    kernel.check_memory()
    kernel.check_packed([here, there])
# The same function for another CPU.
packed = there.pack("gated", there.random_arguments("gated", 1))
for i in [2, 3, 4]:
    gated.expect(BAD_PACK, i, {i: ctypes.create_string_buffer(packed[i].raw, 1 << 16)}, "packed for another CPU")
Kernel(here, "residual").check_memory()

# Sizes that do not fit, known at run time only: x is MxK, w NxK, g N.
dynamic = Kernel(here, "dynamic")
x_d0, x_d1, w_d0, w_d1, g_d0 = range(4, 9)
size = ctypes.c_int64
for i, argument, what in [(w_d1, 1, "K of the weight"), (g_d0, 2, "N of the norm"), (x_d1, 1, "K of x")]:
    dynamic.expect(BAD_SIZE, argument, {i: size(ROWS - 1)}, what)
dynamic.expect(BAD_SIZE, 0, {x_d0: size(-1)}, "rows")

# Nothing was wrong with what they were given.
for kernel in [gated, dynamic]:
    if kernel.call({}) != 0 or any(set(result.raw) == {SENTINEL} for result in kernel.results):
        raise SystemExit("%s does nothing" % kernel.name)
