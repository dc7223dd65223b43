"""Prints a module with a function for each configuration that kernels are made for.

The lengths are those at which the planner changes its mind, and their neighbours;
the bodies are those that differ in what they keep in registers.
"""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../benchmark/gpu"))
from row_kernels import addrms, layer, rms, rmsfp8, write

LENGTHS = [17, 64, 256, 768, 1000, 1024, 3072, 4095, 4096, 8192, 16384, 16385, 24576, 32768, 65537, 100000, 196608]


def softmax(t, n):
    return f"%x: tensor<?x{n}x{t}>", f"tensor<?x{n}x{t}>", f"""
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x{n}x{t}>
  %e = tensor.empty(%d) : tensor<?x{n}x{t}>
  %y = norm.generic ins(%x : tensor<?x{n}x{t}>) outs(%e : tensor<?x{n}x{t}>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {{
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %d1 = arith.subf %v, %m : f32
    %p = math.exp %d1 : f32
    %s = norm.reduce add %p over [1] : f32
    %q = arith.divf %p, %s : f32
    norm.yield %q : f32
  }}
  return %y : tensor<?x{n}x{t}>"""


def dynamic(t):
    return f"%x: tensor<?x?x{t}>, %g: tensor<?xf32>", f"tensor<?x?x{t}>", f"""
  %y = norm.layer_norm %x scale %g axes [1] : (tensor<?x?x{t}>, tensor<?xf32>) -> tensor<?x?x{t}>
  return %y : tensor<?x?x{t}>"""


def across(t, n):
    return f"%x: tensor<?x{n}x320x{t}>", f"tensor<?x{n}x320x{t}>", f"""
  %y = norm.layer_norm %x axes [1] : (tensor<?x{n}x320x{t}>) -> tensor<?x{n}x320x{t}>
  return %y : tensor<?x{n}x320x{t}>"""


def narrow(t, n, w):
    return f"%x: tensor<?x{n}x{w}x{t}>", f"tensor<?x{n}x{w}x{t}>", f"""
  %y = norm.layer_norm %x axes [1] : (tensor<?x{n}x{w}x{t}>) -> tensor<?x{n}x{w}x{t}>
  return %y : tensor<?x{n}x{w}x{t}>"""


def many(n):
    return f"%x: tensor<?x{n}xf32>", f"(tensor<?x{n}xf32>, tensor<?x{n}xbf16>, tensor<?xf32>, tensor<?xf32>)", f"""
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %d0 = tensor.dim %x, %c0 : tensor<?x{n}xf32>
  %d1 = tensor.dim %x, %c1 : tensor<?x{n}xf32>
  %e = tensor.empty({"%d0, %d1" if n == "?" else "%d0"}) : tensor<?x{n}xf32>
  %b = tensor.empty({"%d0, %d1" if n == "?" else "%d0"}) : tensor<?x{n}xbf16>
  %f = tensor.empty(%d0) : tensor<?xf32>
  %y:4 = norm.generic ins(%x : tensor<?x{n}xf32>) outs(%e, %b, %f, %f : tensor<?x{n}xf32>, tensor<?x{n}xbf16>, tensor<?xf32>, tensor<?xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0)] {{
  ^bb0(%v: f32):
    %c, %mean = norm.center %v over [1] : f32
    %q = arith.mulf %c, %c : f32
    %s = norm.reduce add %q over [1] : f32
    %high = norm.reduce max %v over [1] : f32
    %low = norm.reduce min %v over [1] : f32
    %n = norm.extent over [1] : f32
    %w = arith.divf %s, %n : f32
    %t = math.sqrt %w : f32
    %o = arith.divf %c, %t : f32
    %p = arith.subf %high, %v : f32
    norm.yield %o, %p, %mean, %low : f32, f32, f32, f32
  }}
  return %y#0, %y#1, %y#2, %y#3 : tensor<?x{n}xf32>, tensor<?x{n}xbf16>, tensor<?xf32>, tensor<?xf32>"""


def emit(name, kernel):
    print(write(name, kernel), end="")


for t in ("f32", "bf16"):
    for n in LENGTHS:
        emit(f"rms_{t}_{n}", rms(t, n))
        emit(f"layer_{t}_{n}", layer(t, n, weights="f32"))
for n in (256, 1024, 4096, 8192, 16384, 24576):
    for make in (addrms, rmsfp8, softmax):
        emit(f"{make.__name__}_bf16_{n}", make("bf16", n))
for t in ("f32", "bf16"):
    for n in (4, 32, 100, 256, 768, 4096):
        emit(f"across_{t}_{n}", across(t, n))
for t in ("f32", "f16"):
    emit(f"dynamic_{t}", dynamic(t))
for t in ("f32", "bf16"):
    for n in (8, 200, 1000, 8192):
        for w in (2, 3, 12):
            emit(f"narrow_{t}_{n}_{w}", narrow(t, n, w))
for n in (8192, 16384):
    emit(f"many_{n}", many(n))
