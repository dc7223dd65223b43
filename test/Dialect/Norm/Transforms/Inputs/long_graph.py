"""Prints a chain of layer normalizations with residual adds, an op a step.

long_graph.py COUNT
"""

import sys

T, R, G = "tensor<4x16xf32>", "tensor<4x1xf32>", "tensor<16xf32>"
HEAD = """#all = affine_map<(d0, d1) -> (d0, d1)>
#kept = affine_map<(d0, d1) -> (d0, 0)>
#column = affine_map<(d0, d1) -> (d1)>
func.func @chain(%x0: tensor<4x16xf32>, %g: tensor<16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %e1 = tensor.empty() : tensor<4x1xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4x1xf32>) -> tensor<4x1xf32>"""


def generic(result, inputs, maps, scalar, reduces=False):
    """One op: `scalar` is computed of %a0, %a1, ... and, if it reduces, %o."""
    types = ", ".join({"#all": T, "#kept": R, "#column": G}[m] for m in maps[:-1])
    if result[1] in "mwzr":
        types = ", ".join([R] * len(inputs))
    kept = maps[-1] == "#kept" or result[1] in "mwzr"
    out = R if kept else T
    init = "%init" if reduces else "%e1" if kept else "%e"
    iterators = '"parallel", "reduction"' if reduces else '"parallel", "parallel"'
    arguments = "".join(f"%a{i}: f32, " for i in range(len(inputs)))
    print(f"""  {result} = linalg.generic {{indexing_maps = [{", ".join(maps)}], iterator_types = [{iterators}]}} ins({", ".join(inputs)} : {types}) outs({init} : {out}) {{
  ^bb0({arguments}%o: f32):
    %y = {scalar} : f32
    linalg.yield %y : f32
  }} -> {out}""")


def main():
    print(HEAD)
    count = int(sys.argv[1])
    for i in range(count):
        x = f"%x{i}"
        generic(f"%s{i}", [x], ["#all", "#kept"], "arith.addf %a0, %o", True)
        generic(f"%m{i}", [f"%s{i}"], ["#all", "#all"], "arith.divf %a0, %n")
        generic(f"%d{i}", [x, f"%m{i}"], ["#all", "#kept", "#all"], "arith.subf %a0, %a1")
        generic(f"%q{i}", [f"%d{i}"] * 2, ["#all"] * 3, "arith.mulf %a0, %a1")
        generic(f"%v{i}", [f"%q{i}"], ["#all", "#kept"], "arith.addf %a0, %o", True)
        generic(f"%w{i}", [f"%v{i}"], ["#all", "#all"], "arith.divf %a0, %n")
        generic(f"%z{i}", [f"%w{i}"], ["#all", "#all"], "arith.addf %a0, %eps")
        generic(f"%r{i}", [f"%z{i}"], ["#all", "#all"], "math.rsqrt %a0")
        generic(f"%t{i}", [f"%d{i}", f"%r{i}"], ["#all", "#kept", "#all"], "arith.mulf %a0, %a1")
        generic(f"%u{i}", [f"%t{i}", "%g"], ["#all", "#column", "#all"], "arith.mulf %a0, %a1")
        generic(f"%x{i + 1}", [f"%u{i}", x], ["#all"] * 3, "arith.addf %a0, %a1")
    print(f"  return %x{count} : {T}\n}}")


if __name__ == "__main__":
    main()
