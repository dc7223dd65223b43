#!/usr/bin/env python3
"""The table of benchmark cases and of the kernels that compute them.

  kernels.py generate DIR       writes into DIR one .mlir file a kernel,
                                kernels.cmake (one norm_add_kernel a kernel) and
                                Kernels.cpp (cases, calls of the kernels)
  kernels.py compile NORMC SOURCE OBJECT HEADER -- OPTION...
                                compiles one kernel; one that normc refuses
                                leaves an empty object, no header and a warning,
                                so that the other kernels can still be measured

Adding a case or a kernel is adding a line to `cases` or `kernels` below.
"""

import os
import subprocess
import sys
from dataclasses import dataclass, field

EPSILON = "1.0e-5"
MLIR_TYPE = {"f32": "f32", "bf16": "bf16", "f16": "f16"}

ROW_SHAPES = [(1, 768), (1, 4096), (128, 64), (128, 768), (128, 1024),
              (8, 4096), (512, 4096), (4096, 4096)]
LENGTHS = sorted({length for _, length in ROW_SHAPES})
ROW_OPS = ["ln", "rms"]
TYPES = ["f32", "bf16", "f16"]

# Shapes of the channel ops: batch, channels, height, width, groups.
CHANNEL_CASES = [("gn", (1, 320, 64, 64), 32), ("gn", (8, 512, 16, 16), 32),
                 ("bn", (8, 64, 56, 56), 1)]


@dataclass
class Case:
    """One thing to compute; every contender that can do it is timed on it."""
    op: str
    type: str
    rows: int = 0
    length: int = 0
    dims: tuple = ()
    groups: int = 1
    layout: str = ""

    @property
    def name(self):
        shape = "x".join(map(str, self.dims or (self.rows, self.length)))
        return "_".join(filter(None, [self.op, self.type, shape, self.layout]))

    def initializer(self):
        ops = {"ln": "LayerNorm", "rms": "RMSNorm", "gn": "GroupNorm",
               "bn": "BatchNorm", "softmax": "Softmax",
               "lnres": "ResidualLayerNorm", "simple": "SimpleModel"}
        batch, channels, height, width = self.dims or (0, 0, 0, 0)
        return (f'{{"{self.name}", Op::{ops[self.op]}, '
                f'Type::{self.type.upper()}, {self.rows}, {self.length}, '
                f'{batch}, {channels}, {height * width}, {self.groups}, '
                f'{str(self.layout == "nhwc").lower()}}}')


@dataclass
class Kernel:
    """One function compiled by normc, and the cases on which it is called."""
    name: str
    source: str
    arguments: list     # (member of Data, its sizes: numbers or C expressions)
    type: str
    cases: list
    contender: str = "norm"
    options: list = field(default_factory=list)

    def dynamic_sizes(self):
        return [size for _, sizes in self.arguments for size in sizes
                if isinstance(size, str)]


def cases():
    for type in TYPES:
        for op in ROW_OPS:
            for rows, length in ROW_SHAPES:
                yield Case(op, type, rows, length)
    for rows, length in [(128, 768), (512, 4096)]:
        yield Case("softmax", "f32", rows, length)
        yield Case("lnres", "f32", rows, length)
    yield Case("lnres", "bf16", 128, 768)
    for op, dims, groups in CHANNEL_CASES:
        for layout in ["nchw", "nhwc"]:
            yield Case(op, "f32", dims=dims, groups=groups, layout=layout)
    yield Case("simple", "f32", 3, 5)


def tensor(type, sizes):
    """The MLIR type; a size that is a string is dynamic."""
    return "tensor<" + "".join("?x" if isinstance(size, str) else f"{size}x"
                               for size in sizes) + MLIR_TYPE[type] + ">"


def function(type, arguments, results, body):
    """The text of a file with one function; {name} in the body is a type."""
    names = {member: tensor(type, sizes) for member, sizes in arguments}
    names["result"] = ", ".join(tensor(type, sizes) for sizes in results)
    parameters = ", ".join(f"%{member}: {names[member]}"
                           for member, _ in arguments)
    return (f"func.func @f({parameters}) -> ({names['result']}) {{\n"
            f"{body.format(**names)}}}\n")


LAYER_NORM = """\
  %y = norm.layer_norm %x scale %scale shift %shift axes [1] epsilon EPS
      : ({x}, {scale}, {shift}) -> {result}
  return %y : {result}
"""
RMS_NORM = """\
  %y = norm.rms_norm %x scale %scale axes [1] epsilon EPS
      : ({x}, {scale}) -> {result}
  return %y : {result}
"""
RESIDUAL_LAYER_NORM = """\
  %sum = arith.addf %x, %residual : {x}
  %y = norm.layer_norm %sum scale %scale shift %shift axes [1] epsilon EPS
      : ({x}, {scale}, {shift}) -> {x}
  return %y, %sum : {result}
"""
SOFTMAX = """\
  %e = tensor.empty() : {x}
  %y = norm.generic ins(%x : {x}) outs(%e : {x})
      iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {{
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %d = arith.subf %v, %m : f32
    %p = math.exp %d : f32
    %s = norm.reduce add %p over [1] : f32
    %q = arith.divf %p, %s : f32
    norm.yield %q : f32
  }}
  return %y : {x}
"""
SIMPLE_MODEL = """\
  %h = norm.linear %x weight %weight bias %bias
      : ({x}, {weight}, {bias}) -> {result}
  %y = norm.layer_norm %h scale %scale shift %shift axes [1] epsilon EPS
      : ({result}, {scale}, {shift}) -> {result}
  return %y : {result}
"""
GROUP_NORM = """\
  %y = norm.group_norm %x scale %scale shift %shift groups GROUPS
      channel_axis AXIS epsilon EPS : ({x}, {scale}, {shift}) -> {result}
  return %y : {result}
"""
BATCH_NORM = """\
  %y = norm.batch_norm %x scale %scale shift %shift mean %mean
      variance %variance channel_axis AXIS epsilon EPS
      : ({x}, {scale}, {shift}, {mean}, {variance}) -> {result}
  return %y : {result}
"""


def row_kernel(op, type, rows, length, name, on, **options):
    """A kernel over rows; rows and length are numbers or C expressions."""
    x = [rows, length]
    arguments = {
        "ln": [("x", x), ("scale", [length]), ("shift", [length])],
        "rms": [("x", x), ("scale", [length])],
        "softmax": [("x", x)],
        "lnres": [("x", x), ("residual", x), ("scale", [length]),
                  ("shift", [length])],
    }[op]
    body = {"ln": LAYER_NORM, "rms": RMS_NORM, "softmax": SOFTMAX,
            "lnres": RESIDUAL_LAYER_NORM}[op].replace("EPS", EPSILON)
    if isinstance(rows, str) and op == "softmax":
        raise ValueError("softmax is static here")
    results = [x, x] if op == "lnres" else [x]
    outputs = [("y", x), ("sum", x)] if op == "lnres" else [("y", x)]
    kernel = Kernel(name, function(type, arguments, results, body), arguments,
                    type, on, **options)
    kernel.outputs = outputs
    return kernel


def channel_kernel(case):
    batch, channels, height, width = case.dims
    last = case.layout == "nhwc"
    x = [batch, height, width, channels] if last else list(case.dims)
    arguments = [("x", x), ("scale", [channels]), ("shift", [channels])]
    if case.op == "bn":
        arguments += [("mean", [channels]), ("variance", [channels])]
    body = BATCH_NORM if case.op == "bn" else GROUP_NORM
    body = (body.replace("EPS", EPSILON).replace("AXIS", "3" if last else "1")
            .replace("GROUPS", str(case.groups)))
    kernel = Kernel(case.name, function(case.type, arguments, [x], body),
                    arguments, case.type, [case.name])
    kernel.outputs = [("y", x)]
    return kernel


def simple_model_kernel():
    arguments = [("x", [3, 5]), ("weight", [5, 5]), ("bias", [5]),
                 ("scale", [5]), ("shift", [5])]
    kernel = Kernel("simple_f32_3x5",
                    function("f32", arguments, [[3, 5]],
                             SIMPLE_MODEL.replace("EPS", EPSILON)),
                    arguments, "f32", ["simple_f32_3x5"])
    kernel.outputs = [("y", [3, 5])]
    return kernel


def kernels():
    for case in cases():
        if case.op in ("gn", "bn"):
            yield channel_kernel(case)
        elif case.op == "simple":
            yield simple_model_kernel()
        else:
            yield row_kernel(case.op, case.type, case.rows, case.length,
                             case.name, [case.name])
            if case.type != "f16" and case.op in ROW_OPS:
                yield row_kernel(case.op, case.type, case.rows, case.length,
                                 case.name + "_v3", [case.name],
                                 contender="norm-v3",
                                 options=["--mcpu=x86-64-v3"])
    for type in TYPES:
        for op in ROW_OPS:
            of = [case for case in cases() if (case.op, case.type) == (op, type)]
            for length in LENGTHS:
                yield row_kernel(op, type, "c.rows", length,
                                 f"{op}_{type}_dxN{length}",
                                 [c.name for c in of if c.length == length],
                                 contender="norm-rows")
            # Exactness.cpp makes up cases of this last name.
            yield row_kernel(op, type, "c.rows", "c.length", f"{op}_{type}_dxd",
                             [c.name for c in of] + [f"{op}_{type}_exactness"],
                             contender="norm-dynamic")


C_TYPE = {"f32": "float", "bf16": "uint16_t", "f16": "uint16_t"}


def registration(kernel):
    """The C++ entry of a kernel: how it is called with a case's data."""
    p = f"{kernel.name}_f"
    values = [f"Any{{d.{member}}}"
              for member, _ in kernel.arguments + kernel.outputs]
    if kernel.name.startswith("simple"):
        values[1] = "packed"
    sizes = kernel.dynamic_sizes()
    call = ", ".join(values + sizes + ["workspace"])
    lines = [f'#if __has_include("{kernel.name}.h")']
    pack = "nullptr, nullptr"
    if kernel.name.startswith("simple"):
        pack = (f"[] {{ return size_t({p}_packed_size_weight()); }}, "
                f"[](const Data &d, void *packed) "
                f"{{ return int({p}_pack_weight(Any{{d.weight}}, packed)); }}")
    for case in kernel.cases:
        lines.append(
            f'  {{"{case}", "{kernel.contender}", "{kernel.name}",\n'
            f"   [](const Case &c, const Data &d, void *workspace, "
            f"const void *packed) {{ return {p}({call}); }},\n"
            f"   [](const Case &c) {{ return size_t({p}_workspace("
            f"{', '.join(sizes)})); }},\n"
            f"   {pack}}},")
    lines.append("#endif")
    return "\n".join(lines)


def write(path, text):
    """Keeps the time stamp of a file whose text is the same."""
    if os.path.exists(path):
        with open(path) as old:
            if old.read() == text:
                return
    with open(path, "w") as new:
        new.write(text)


def generate(directory):
    os.makedirs(directory, exist_ok=True)
    all_kernels = list(kernels())
    cmake = []
    for kernel in all_kernels:
        write(f"{directory}/{kernel.name}.mlir", kernel.source)
        options = kernel.options or ["--mcpu=native"]
        cmake.append(f'norm_add_kernel({kernel.name} SOURCE '
                     f'"{directory}/{kernel.name}.mlir" '
                     f'OPTIONS {" ".join(options)})\n')
    write(f"{directory}/kernels.cmake", "".join(cmake))
    includes = "\n".join(f'#if __has_include("{k.name}.h")\n'
                         f'#include "{k.name}.h"\n#endif' for k in all_kernels)
    case_list = ",\n".join("      " + case.initializer() for case in cases())
    entries = "\n".join(registration(kernel) for kernel in all_kernels)
    write(f"{directory}/Kernels.cpp", f"""\
// Generated by kernels.py.
#include "Contender.h"
{includes}

using namespace bench;

namespace {{
/// A pointer that goes wherever the kernel's header wants it.
struct Any {{
  void *pointer;
  template <typename T>
  operator T *() const {{
    return static_cast<T *>(pointer);
  }}
}};
}} // namespace

std::vector<Case> bench::allCases() {{
  return {{
{case_list}}};
}}

std::vector<Kernel> bench::allKernels() {{
  return {{
{entries}
  }};
}}
""")


def compile_kernel(normc, source, object_file, header, options):
    command = [normc, source, "-o", object_file, "--header", header, *options]
    try:
        run = subprocess.run(command, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, timeout=120)
        output, status = run.stdout, run.returncode
    except subprocess.TimeoutExpired:
        output, status = "no end after 120 s", -1
    except FileNotFoundError:
        output, status = "normc is not built", -1
    if status == 0 and os.path.exists(object_file) and os.path.exists(header):
        return
    for path in (object_file, header):
        if os.path.exists(path):
            os.remove(path)
    first = [line for line in output.splitlines() if "error" in line][:1]
    print(f"warning: {os.path.basename(source)} is left out (exit status "
          f"{status}): {(first or output.splitlines()[:1] or [''])[0]}")
    subprocess.run(["cc", "-x", "c", "-c", "/dev/null", "-o", object_file],
                   check=True)


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "generate":
        generate(arguments[1])
    elif len(arguments) >= 6 and arguments[0] == "compile":
        compile_kernel(*arguments[1:5], arguments[6:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
