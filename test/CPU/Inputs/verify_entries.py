"""Every entry of a kernel gives the same bits: f, f_rows, f_parallel, f_strided.

  verify_entries.py CC CPU SEED...

Makes a module of random graphs for each seed and a C program that calls all
entries of each."""
import os
import random
import subprocess
import sys
import tempfile

from rows import tensor

FUNCTIONS = 10
C_TYPES = {"f32": "float", "bf16": "uint16_t"}


class Graph:
    """A function of ops that keep its rows, the leading dim, apart."""

    def __init__(self, name, source):
        self.name, self.source = name, source
        self.arguments, self.lines = [], []
        self.element = source.choice(["f32", "f32", "bf16"])
        self.rows = source.choice([2, 3, 7, 8, 9, 16, 17, 33])
        # Lengths around those of vectors and pipelines; few channels and many.
        self.row = source.choice([[40], [5], [768], [1027], [3, 8], [4, 20], [6, 5, 7], [32, 4], [7, 64]])
        self.is_dynamic = source.random() < 0.5
        value = self.argument([self.rows] + self.row)
        for _ in range(source.randint(1, 4)):
            value = self.add_op(value)
        results = [value]
        if source.random() < 0.4:
            results.append(self.add_op(value))
        self.results = results

    def type(self, shape):
        """A tensor; leading rows may be dynamic."""
        return tensor([None] + shape[1:] if self.is_dynamic and shape[:1] == [self.rows] and len(shape) > 1
                      else shape, self.element)

    def argument(self, shape, packed=False):
        name = "a%d" % len(self.arguments)
        self.arguments.append((name, shape, packed))
        return name, shape

    def emit(self, op, operands, shape):
        name = "v%d" % len(self.lines)
        self.lines.append("  %%%s = %s : (%s) -> %s" % (
            name, op, ", ".join(self.type(s) for _, s in operands), self.type(shape)))
        return name, shape

    def add_op(self, value):
        name, shape = value
        kind = self.source.choice(["norm", "norm", "add", "activation", "channels", "linear"])
        if kind == "add":
            other, _ = self.argument(shape)
            result = "v%d" % len(self.lines)
            self.lines.append("  %%%s = arith.addf %%%s, %%%s : %s" % (result, name, other, self.type(shape)))
            return result, shape
        if kind == "activation":
            return self.emit("norm.activation %s %%%s" % (self.source.choice(["silu", "gelu_erf"]), name),
                             [value], shape)
        if kind == "linear":
            features = self.source.choice([4, 24, 50])
            weight = self.argument([features, shape[-1]], packed=True)
            return self.emit("norm.linear %%%s weight %%%s" % (name, weight[0]),
                             [value, weight], shape[:-1] + [features])
        if kind == "channels" and len(shape) > 2:
            scale = self.argument([shape[1]])
            return self.emit("norm.instance_norm %%%s scale %%%s channel_axis 1" % (name, scale[0]),
                             [value, scale], shape)
        axes = sorted(self.source.sample(range(1, len(shape)), self.source.randint(1, len(shape) - 1)))
        op = self.source.choice(["layer_norm", "rms_norm", "l2_norm"])
        operands = [value]
        if op != "l2_norm":
            operands.append(self.argument([shape[axis] for axis in axes]))
        return self.emit("norm.%s %%%s%s axes %s" % (
            op, name, "".join(" scale %" + o[0] for o in operands[1:]), axes), operands, shape)

    def print(self):
        return "func.func @%s(%s) -> (%s) {\n%s\n  return %s : %s\n}\n" % (
            self.name, ", ".join("%%%s: %s" % (n, self.type(s)) for n, s, _ in self.arguments),
            ", ".join(self.type(s) for _, s in self.results), "\n".join(self.lines),
            ", ".join("%" + n for n, _ in self.results), ", ".join(self.type(s) for _, s in self.results))


PROLOGUE = """#include "graph.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAD = 3 };
static uint32_t state = 1;

/* An allocation of n elements, some before and behind, of random values. */
static void *make(int64_t n, int bytes) {
  char *data = malloc((size_t)(n + 1) * (size_t)bytes);
  for (int64_t i = 0; i <= n; ++i) {
    state = state * 1664525u + 1013904223u;
    float value = (float)(state >> 8) / 8388608.0f - 0.9f;
    uint32_t bits;
    memcpy(&bits, &value, 4);
    uint16_t high = (uint16_t)(bits >> 16);
    memcpy(data + i * bytes, bytes == 4 ? (void *)&value : (void *)&high, (size_t)bytes);
  }
  return data;
}

/* Strides with gaps behind each dim; returns the elements of all. */
static int64_t spread(int rank, const int64_t *size, int64_t *stride) {
  int64_t next = 1;
  for (int d = rank; d-- > 0;) {
    stride[d] = next;
    next = next * size[d] + PAD;
  }
  return next;
}
static int64_t count(int rank, const int64_t *size) {
  int64_t n = 1;
  for (int d = 0; d < rank; ++d)
    n *= size[d];
  return n;
}
/* Copies between an array with gaps and one without. */
static void move(int rank, const int64_t *size, const int64_t *stride, int bytes, char *gaps, char *plain, int gather) {
  int64_t n = count(rank, size);
  for (int64_t i = 0; i < n; ++i) {
    int64_t rest = i, at = 0;
    for (int d = rank; d-- > 0; rest /= size[d])
      at += rest % size[d] * stride[d];
    if (gather)
      memcpy(plain + i * bytes, gaps + at * bytes, (size_t)bytes);
    else
      memcpy(gaps + at * bytes, plain + i * bytes, (size_t)bytes);
  }
}

/* Runs the tasks last first. */
static void run(void *context, int64_t n, void (*task)(void *data, int64_t i, int worker), void *data, int workers) {
  (void)context;
  for (int64_t i = n; i-- > 0;)
    task(data, i, (int)(i % workers));
}

static void same(const char *what, const void *a, const void *b, int64_t bytes) {
  if (memcmp(a, b, (size_t)bytes) == 0)
    return;
  printf("%s: other bits\\n", what);
  exit(1);
}
#define OK(CALL)                                                               \\
  do {                                                                         \\
    int status = CALL;                                                         \\
    if (status != NORM_OK) {                                                   \\
      printf(#CALL ": %d\\n", status);                                         \\
      exit(1);                                                                 \\
    }                                                                          \\
  } while (0)
"""


def emit_checks(graph, header):
    """The C function that calls all entries of `graph`, and how many it found."""
    name, c_type = graph.name, C_TYPES[graph.element]
    bytes = 4 if graph.element == "f32" else 2
    lines = ["static void check_%s(void) {" % name]
    add = lambda text: lines.append("  " + text)
    tensors = []
    for a, shape, packed in graph.arguments:
        packed = packed and "%s_pack_%s(" % (name, a) in header
        tensors.append((a, shape, packed, True))
    for i, (_, shape) in enumerate(graph.results):
        tensors.append(("y%d" % i if len(graph.results) > 1 else "y", shape, False, False))
    for t, shape, packed, is_argument in tensors:
        add("const int64_t n_%s[] = {%s};" % (t, ", ".join(map(str, shape))))
        add("%s *%s = make(count(%d, n_%s), %d), *gaps_%s;" % (c_type, t, len(shape), t, bytes, t))
        add("int64_t s_%s[%d];" % (t, len(shape)))
        add("gaps_%s = make(spread(%d, n_%s, s_%s), %d);" % (t, len(shape), t, t, bytes))
        if packed:
            add("void *packed_%s = malloc(%s_packed_size_%s());" % (t, name, t))
            add("OK(%s_pack_%s(%s, packed_%s));" % (name, t, t, t))
        if is_argument:
            add("move(%d, n_%s, s_%s, %d, (char *)gaps_%s, (char *)%s, 0);" % (len(shape), t, t, bytes, t, t))
        else:
            add("const int64_t bytes_%s = count(%d, n_%s) * %d;" % (t, len(shape), t, bytes))
            add("%s *other_%s = malloc((size_t)bytes_%s);" % (c_type, t, t))
    sizes = ["%d" % s[0] for _, s, _ in graph.arguments if graph.type(s).startswith("tensor<?")]
    results = [t for t, _, _, is_argument in tensors if not is_argument]

    def pointers(result, argument=""):
        return [("packed_" if packed else argument) + t if is_argument else result + t
                for t, _, packed, is_argument in tensors]

    def call(entry, result, more, argument=""):
        add("OK(%s%s(%s));" % (name, entry, ", ".join(pointers(result, argument) + sizes + more)))

    def compare(what):
        for t in results:
            add('same("%s%s", %s, other_%s, bytes_%s);' % (name, what, t, t, t))
            add("memset(other_%s, 0, (size_t)bytes_%s);" % (t, t))

    add("void *workspace = malloc(%s_workspace(%s) + 1);" % (name, ", ".join(sizes)))
    call("", "", ["workspace"])
    found = 0
    if "int %s_rows(" % name in header:
        found += 1
        cuts = sorted({0, graph.rows, 1} | {graph.source.randint(0, graph.rows) for _ in range(2)})
        for begin, end in reversed(list(zip(cuts, cuts[1:]))):
            call("_rows", "other_", [str(begin), str(end), "workspace"])
        compare("_rows")
    for workers in [1, 2, 5]:
        add("{ void *spaces = malloc(%s_parallel_workspace(%s) + 1);" % (name, ", ".join(sizes + [str(workers)])))
        call("_parallel", "other_", ["spaces", "run", "NULL", str(workers)])
        add("free(spaces); }")
        compare("_parallel")
    strides = ["s_%s[%d]" % (t, d) for t, shape, packed, _ in tensors if not packed for d in range(len(shape) - 1)]
    add("void *strided = malloc(%s_strided_workspace(%s) + 1);" % (name, ", ".join(sizes)))
    call("_strided", "gaps_", strides + ["strided"], "gaps_")
    for t, shape, _, is_argument in tensors:
        if not is_argument:
            add("move(%d, n_%s, s_%s, %d, (char *)gaps_%s, (char *)other_%s, 1);" % (len(shape), t, t, bytes, t, t))
    compare("_strided")
    lines.append("}")
    return "\n".join(lines) + "\n", found


def check(cc, cpu, seed, folder):
    source = random.Random(seed)
    graphs = [Graph("f%d" % i, source) for i in range(FUNCTIONS)]
    path = lambda name: os.path.join(folder, name)
    with open(path("graph.mlir"), "w") as file:
        file.writelines(graph.print() for graph in graphs)

    def run(command):
        process = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if process.returncode != 0:
            with open(path("graph.mlir")) as file:
                raise SystemExit("%sseed %s: %s\n%s" % (file.read(), seed, " ".join(command), process.stdout[:4000]))

    run(["normc", "graph.mlir", "-o", "graph.o", "--header", "graph.h", "--strided", "--mcpu=" + cpu])
    with open(path("graph.h")) as file:
        header = file.read()
    found = 0
    with open(path("main.c"), "w") as file:
        file.write(PROLOGUE)
        for graph in graphs:
            text, rows = emit_checks(graph, header)
            file.write(text)
            found += rows
        file.write("int main(void) {\n%s  return 0;\n}\n" % "".join("  check_%s();\n" % g.name for g in graphs))
    # Else this would test nothing.
    if found < FUNCTIONS // 2:
        raise SystemExit("seed %s: %d of %d functions have rows" % (seed, found, FUNCTIONS))
    run([cc, "-std=c11", "-Wall", "-Wextra", "-Werror", "main.c", "graph.o", "-o", "main", "-lm"])
    run([path("main")])


if __name__ == "__main__":
    for seed in sys.argv[3:]:
        with tempfile.TemporaryDirectory() as folder:
            check(sys.argv[1], sys.argv[2], seed, folder)
