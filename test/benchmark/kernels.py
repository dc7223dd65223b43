#!/usr/bin/env python3
"""The table of benchmark cases and of the kernels that compute them.

  kernels.py generate DIR       writes into DIR one .mlir file a kernel,
                                kernels.cmake (one norm_add_kernel a kernel) and
                                Kernels.cpp (cases, calls of the kernels)
  kernels.py compile NORMC SOURCE OBJECT HEADER -- OPTION...
                                compiles one kernel; one that normc refuses
                                leaves an empty object, no header and a warning,
                                so that the other kernels can still be measured

Adding a case or a kernel is adding a line to `cases` or `kernels` below, or to
`LAYER_CASES` in layer_kernels.py.
"""

import os
import subprocess
import sys

from kernel_text import EPSILON, TYPES, Case, Kernel, function
from layer_kernels import (LAYER_CASES, layer_kernel, linear_kernels,
                           linear_name, linear_steps)

ROW_SHAPES = [(1, 768), (1, 4096), (128, 64), (128, 768), (128, 1024),
              (8, 4096), (512, 4096), (4096, 4096)]
LENGTHS = sorted({length for _, length in ROW_SHAPES})
ROW_OPS = ["ln", "rms"]

# Shapes of the channel ops: batch, channels, height, width, groups.
CHANNEL_CASES = [("gn", (1, 320, 64, 64), 32), ("gn", (8, 512, 16, 16), 32),
                 ("bn", (8, 64, 56, 56), 1)]


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
    yield from LAYER_CASES


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
        elif case.features:
            yield layer_kernel(case, case.rows, case.name)
            yield layer_kernel(case, "c.rows", case.name + "_dyn",
                               contender="norm-rows")
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
    yield from linear_kernels()


C_TYPE = {"f32": "float", "bf16": "uint16_t", "f16": "uint16_t"}


def is_packed(member):
    return member.startswith("weight")


def packed_weight(kernel, argument, member):
    """The C++ PackedWeight of an argument that holds a member of Data."""
    p = f"{kernel}_f"
    return (f"{{[] {{ return size_t({p}_packed_size_{argument}()); }},\n"
            f"     [](const Data &d, void *packed) {{ return int("
            f"{p}_pack_{argument}(Any{{d.{member}}}, packed)); }}}}")


def registration(kernel):
    """The C++ entries of a kernel: how it is called with a case's data."""
    p = f"{kernel.name}_f"
    values, weights = [], []
    for member, _ in kernel.arguments + kernel.outputs:
        if is_packed(member):
            values.append(f"packed[{len(weights)}]")
            weights.append(packed_weight(kernel.name, member, member))
        else:
            values.append(f"Any{{d.{member}}}")
    sizes = kernel.dynamic_sizes()
    call = ", ".join(values + sizes + ["workspace"])
    return "\n".join(
        entry([kernel.name], case, kernel.contender, [f"{p}({call})"],
              [f"{p}_workspace({', '.join(sizes)})"], weights)
        for case in kernel.cases)


def entry(kernels, case, contender, calls, workspaces, weights):
    """The C++ entry of calls of kernels, one after another."""
    present = " && ".join(f'__has_include("{name}.h")' for name in kernels)
    steps = "\n".join(f"     if (int status = {call}) return status;"
                      for call in calls)
    return (f"#if {present}\n"
            f'  {{"{case}", "{contender}", "{kernels[0]}",\n'
            f"   [](const Case &c, const Data &d, void *workspace, "
            f"const void *const *packed) {{\n{steps}\n     return 0; }},\n"
            f"   [](const Case &c) {{ return std::max<size_t>("
            f"{{{', '.join(workspaces)}}}); }},\n"
            f"   {{{', '.join(weights)}}}}},\n"
            "#endif")


def linears_registration(case):
    """The entry of the linear layers of a case alone."""
    names, calls, workspaces, weights = [], [], [], []
    for text, source, weight, bias, result, k, n in linear_steps(case):
        name = linear_name(case, text, k, n)
        biases = [f"Any{{d.{bias}}}"] if bias else []
        values = [f"Any{{d.{source}}}", f"packed[{len(weights)}]", *biases,
                  f"Any{{d.{result}}}", "workspace"]
        names.append(name)
        calls.append(f"{name}_f({', '.join(values)})")
        workspaces.append(f"{name}_f_workspace()")
        weights.append(packed_weight(name, "weight", weight))
    return entry(names, case.name, "norm-linears", calls, workspaces, weights)


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
    entries = "\n".join(
        [registration(kernel) for kernel in all_kernels] +
        [linears_registration(case) for case in LAYER_CASES
         if linear_steps(case)])
    write(f"{directory}/Kernels.cpp", f"""\
// Generated by kernels.py.
#include "Contender.h"
{includes}
#include <algorithm>

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
