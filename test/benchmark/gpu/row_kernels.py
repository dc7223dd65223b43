"""Kernels of rows as text for normc: what norm-gpu-bench times and what ptxas is asked about.

Each function returns the arguments, the results and the body of a function, for
elements of type `t` and rows of `n` elements, which may be "?".
"""


def rms(t, n):
    return (f"%x: tensor<?x{n}x{t}>, %g: tensor<{n}x{t}>", f"tensor<?x{n}x{t}>", f"""
  %y = norm.rms_norm %x scale %g axes [1] : (tensor<?x{n}x{t}>, tensor<{n}x{t}>) -> tensor<?x{n}x{t}>
  return %y : tensor<?x{n}x{t}>""")


def layer(t, n, weights=None):
    """With scale and shift of type `weights`, if that is another one."""
    w = weights or t
    return (f"%x: tensor<?x{n}x{t}>, %g: tensor<{n}x{w}>, %b: tensor<{n}x{w}>", f"tensor<?x{n}x{t}>", f"""
  %y = norm.layer_norm %x scale %g shift %b axes [1] : (tensor<?x{n}x{t}>, tensor<{n}x{w}>, tensor<{n}x{w}>) -> tensor<?x{n}x{t}>
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


def write(name, kernel):
    """The kernel as a function of that name."""
    arguments, results, body = kernel
    return f"func.func @{name}({arguments}) -> {results} {{{body}\n}}\n"
