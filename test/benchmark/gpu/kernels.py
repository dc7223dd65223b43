"""Writes the kernels that norm-gpu-bench times.

usage: kernels.py FOLDER

Of each family, NAME.mlir for normc, and for all Table.inc, which has an entry of
the benchmark's table for each kernel.
"""
import os
import sys

LENGTHS = [64, 256, 1024, 3072, 4096, 4097, 8192, 16384, 32768, 65536, 131072, 262144]
TYPES = ["f32", "bf16"]
GROUPS = [(2, 320, 64, 64), (1, 128, 512, 512)]


def rms(t, n):
    return (f"%x: tensor<?x{n}x{t}>, %g: tensor<{n}x{t}>", f"tensor<?x{n}x{t}>", f"""
  %y = norm.rms_norm %x scale %g axes [1] : (tensor<?x{n}x{t}>, tensor<{n}x{t}>) -> tensor<?x{n}x{t}>
  return %y : tensor<?x{n}x{t}>""")


def layer(t, n):
    return (f"%x: tensor<?x{n}x{t}>, %g: tensor<{n}x{t}>, %b: tensor<{n}x{t}>", f"tensor<?x{n}x{t}>", f"""
  %y = norm.layer_norm %x scale %g shift %b axes [1] : (tensor<?x{n}x{t}>, tensor<{n}x{t}>, tensor<{n}x{t}>) -> tensor<?x{n}x{t}>
  return %y : tensor<?x{n}x{t}>""")


def addrms(t, n):
    return (f"%x: tensor<?x{n}x{t}>, %r: tensor<?x{n}x{t}>, %g: tensor<{n}x{t}>", f"(tensor<?x{n}x{t}>, tensor<?x{n}x{t}>)", f"""
  %s = arith.addf %x, %r : tensor<?x{n}x{t}>
  %y = norm.rms_norm %s scale %g axes [1] : (tensor<?x{n}x{t}>, tensor<{n}x{t}>) -> tensor<?x{n}x{t}>
  return %y, %s : tensor<?x{n}x{t}>, tensor<?x{n}x{t}>""")


def rmsfp8(t, n):
    return (f"%x: tensor<?x{n}x{t}>, %g: tensor<{n}x{t}>", f"(tensor<?x{n}xf8E4M3FN>, tensor<?xf32>)", f"""
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x{n}x{t}>
  %n = norm.rms_norm %x scale %g axes [1] : (tensor<?x{n}x{t}>, tensor<{n}x{t}>) -> tensor<?x{n}x{t}>
  %eq = tensor.empty(%d) : tensor<?x{n}xf8E4M3FN>
  %es = tensor.empty(%d) : tensor<?xf32>
  %y:2 = norm.generic ins(%n : tensor<?x{n}x{t}>) outs(%eq, %es : tensor<?x{n}xf8E4M3FN>, tensor<?xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {{
  ^bb0(%v: f32):
    %most = arith.constant 448.0 : f32
    %a = math.absf %v : f32
    %m = norm.reduce max %a over [1] : f32
    %s = arith.divf %m, %most : f32
    %q = arith.divf %v, %s : f32
    norm.yield %q, %s : f32, f32
  }}
  return %y#0, %y#1 : tensor<?x{n}xf8E4M3FN>, tensor<?xf32>""")


def group(t, shape):
    x = "tensor<" + "x".join(map(str, shape)) + f"x{t}>"
    c = f"tensor<{shape[1]}x{t}>"
    return (f"%x: {x}, %g: {c}, %b: {c}", x, f"""
  %y = norm.group_norm %x scale %g shift %b groups 32 channel_axis 1 : ({x}, {c}, {c}) -> {x}
  return %y : {x}""")


def empty():
    return "%x: tensor<1xf32>", "tensor<1xf32>", """
  %y = arith.negf %x : tensor<1xf32>
  return %y : tensor<1xf32>"""


# The kernels' tensors: arguments, then results.
NUM_TENSORS = {"rms": 3, "layer": 4, "addrms": 5, "rmsfp8": 4, "group": 4, "empty": 2}


def entry(name, op, type_, shape, is_dynamic):
    pointers = "".join(f"t[{i}], " for i in range(NUM_TENSORS[op]))
    rows = ("rows, rows" if op == "addrms" else "rows") if is_dynamic else ""
    batch, channels, length = shape
    return (f'{{"{op}", "{type_}", {batch}, {channels}, {length},\n'
            f" [](const Pointer *t, [[maybe_unused]] int64_t rows, void *w) {{\n"
            f"   return {name}_cuda({pointers}{rows}{', ' if rows else ''}w, nullptr); }},\n"
            f" []([[maybe_unused]] int64_t rows) {{ return {name}_cuda_workspace({rows}); }}}},\n")


def main(folder):
    os.makedirs(folder, exist_ok=True)
    table = ""
    headers = ""
    families = {}
    for op in (rms, layer, addrms, rmsfp8):
        for t in TYPES:
            functions = families[f"{op.__name__}_{t}"] = []
            for n in LENGTHS:
                name = f"{op.__name__}_{t}_{n}"
                functions.append((name, op(t, n)))
                table += entry(name, op.__name__, t, (0, 1, n), True)
    for t in TYPES:
        functions = families[f"group_{t}"] = []
        for shape in GROUPS:
            name = f"group_{t}_" + "x".join(map(str, shape))
            functions.append((name, group(t, shape)))
            table += entry(name, "group", t, (shape[0], shape[1], shape[2] * shape[3]), False)
    families["empty"] = [("empty", empty())]
    table += entry("empty", "empty", "f32", (1, 1, 1), False)

    for family, functions in families.items():
        headers += f'#include "{family}.h"\n'
        with open(os.path.join(folder, family + ".mlir"), "w", encoding="utf-8") as file:
            for name, (arguments, results, body) in functions:
                file.write(f"func.func @{name}({arguments}) -> {results} {{{body}\n}}\n")
    with open(os.path.join(folder, "Headers.inc"), "w", encoding="utf-8") as file:
        file.write(headers)
    with open(os.path.join(folder, "Table.inc"), "w", encoding="utf-8") as file:
        file.write(table)
    return list(families)


if __name__ == "__main__":
    print(";".join(main(sys.argv[1])), end="")
