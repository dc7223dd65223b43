"""Prints a batch normalization after which every value is the product of three
roundings of the one before: COUNT steps make 3^COUNT factors of x.

shared_factors.py COUNT
"""

import sys

print("""#all = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>
func.func @products(%x: tensor<4x16xf16>, %v: tensor<16xf16>) -> tensor<4x16xf16> {
  %eps = arith.constant 1.0e-5 : f64
  %e = tensor.empty() : tensor<4x16xf16>
  %y = linalg.generic {indexing_maps = [#all, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %v : tensor<4x16xf16>, tensor<16xf16>) outs(%e : tensor<4x16xf16>) {
  ^bb0(%in: f16, %variance: f16, %out: f16):
    %wide = arith.extf %in : f16 to f64
    %w = arith.extf %variance : f16 to f64
    %s = arith.addf %w, %eps : f64
    %r = math.rsqrt %s : f64
    %y0 = arith.mulf %wide, %r : f64""")
count = int(sys.argv[1])
for i in range(count):
    for type in ("f32", "f16", "bf16"):
        print(f"    %{type}r{i} = arith.truncf %y{i} : f64 to {type}")
        print(f"    %{type}w{i} = arith.extf %{type}r{i} : {type} to f64")
    print(f"    %p{i} = arith.mulf %f32w{i}, %f16w{i} : f64")
    print(f"    %q{i} = arith.mulf %p{i}, %bf16w{i} : f64")
    print(f"    %y{i + 1} = arith.mulf %q{i}, %r : f64")
print(f"""    %result = arith.truncf %y{count} : f64 to f16
    linalg.yield %result : f16
  }} -> tensor<4x16xf16>
  return %y : tensor<4x16xf16>
}}""")
