"""Writes the kernels that norm-gpu-bench times.

usage: kernels.py FOLDER

Of each family, NAME.mlir for normc, and for all Table.inc, which has an entry of
the benchmark's table for each kernel.
"""
import os
import sys

from row_kernels import addrms, layer, rms, rmsfp8, write

LENGTHS = [64, 256, 1024, 3072, 4096, 4097, 8192, 16384, 32768, 65536, 131072, 262144]
TYPES = ["f32", "bf16"]
GROUPS = [(2, 320, 64, 64), (1, 128, 512, 512)]


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
            for name, kernel in functions:
                file.write(write(name, kernel))
    with open(os.path.join(folder, "Headers.inc"), "w", encoding="utf-8") as file:
        file.write(headers)
    with open(os.path.join(folder, "Table.inc"), "w", encoding="utf-8") as file:
        file.write(table)
    return list(families)


if __name__ == "__main__":
    print(";".join(main(sys.argv[1])), end="")
