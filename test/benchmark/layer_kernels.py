"""The benchmark's linear layers, alone and with what is fused with them."""

from kernel_text import EPSILON, Case, Kernel, function, tensor

# Linear layers and what is fused with them: rows, inputs, outputs of the first.
LAYER_CASES = [Case(*case) for case in (
    [("linear", type, *sizes) for type in ("f32", "bf16") for sizes in
     [(128, 768, 768), (128, 768, 3072), (128, 3072, 768), (512, 1024, 1024),
      (512, 1024, 4096), (4096, 768, 768), (1, 4096, 4096), (8, 4096, 4096)]] +
    [("linearnorm", type, *sizes) for type in ("f32", "bf16") for sizes in
     [(128, 384, 384), (128, 768, 768), (128, 3072, 768), (512, 1024, 1024),
      (4096, 768, 768)]] +
    [("normlinear", type, *sizes) for type in ("f32", "bf16") for sizes in
     [(128, 768, 3072), (512, 1024, 1024), (4096, 768, 768)]] +
    [("rmslinear", "f32", 1, 4096, 11008)] +
    [("mlp", type, rows, 768, 3072)
     for type in ("f32", "bf16") for rows in (1, 128)] +
    [("swiglu", "f32", rows, 4096, 11008) for rows in (1, 8, 128)] +
    [("ffn", "f32", rows, 384, 1536) for rows in (128, 512)])]

LINEAR = """\
  %y = norm.linear %x weight %weight bias %bias
      : ({x}, {weight}, {bias}) -> {result}
  return %y : {result}
"""
LINEAR_NO_BIAS = """\
  %y = norm.linear %x weight %weight : ({x}, {weight}) -> {result}
  return %y : {result}
"""
LINEAR_GELU = """\
  %h = norm.linear %x weight %weight bias %bias
      : ({x}, {weight}, {bias}) -> {result}
  %y = norm.activation gelu_erf %h : ({result}) -> {result}
  return %y : {result}
"""
LINEAR_NORM = """\
  %h = norm.linear %x weight %weight bias %bias
      : ({x}, {weight}, {bias}) -> {result}
  %s = arith.addf %h, %residual : {result}
  %y = norm.layer_norm %s scale %scale shift %shift axes [1] epsilon EPS
      : ({result}, {scale}, {shift}) -> {result}
  return %y : {result}
"""
NORM_LINEAR = """\
  %n = norm.layer_norm %x scale %scale shift %shift axes [1] epsilon EPS
      : ({x}, {scale}, {shift}) -> {x}
  %h = norm.linear %n weight %weight bias %bias
      : ({x}, {weight}, {bias}) -> {result}
  %y = norm.activation gelu_erf %h : ({result}) -> {result}
  return %y : {result}
"""
RMS_LINEAR = """\
  %n = norm.rms_norm %x scale %scale axes [1] epsilon EPS
      : ({x}, {scale}) -> {x}
  %y = norm.linear %n weight %weight : ({x}, {weight}) -> {result}
  return %y : {result}
"""
MLP = """\
  %n = norm.layer_norm %x scale %scale shift %shift axes [1] epsilon EPS
      : ({x}, {scale}, {shift}) -> {x}
  %h = norm.linear %n weight %weight bias %bias
      : ({x}, {weight}, {bias}) -> {hidden}
  %a = norm.activation gelu_erf %h : ({hidden}) -> {hidden}
  %o = norm.linear %a weight %weight2 bias %bias2
      : ({hidden}, {weight2}, {bias2}) -> {x}
  %y = arith.addf %o, %x : {x}
  return %y : {x}
"""
SWIGLU = """\
  %n = norm.rms_norm %x scale %scale axes [1] epsilon EPS
      : ({x}, {scale}) -> {x}
  %g = norm.linear %n weight %weight : ({x}, {weight}) -> {hidden}
  %u = norm.linear %n weight %weight2 : ({x}, {weight2}) -> {hidden}
  %a = norm.activation silu %g : ({hidden}) -> {hidden}
  %h = arith.mulf %a, %u : {hidden}
  %o = norm.linear %h weight %weight3 : ({hidden}, {weight3}) -> {x}
  %y = arith.addf %o, %x : {x}
  return %y : {x}
"""
FEED_FORWARD = """\
  %h = norm.linear %x weight %weight bias %bias
      : ({x}, {weight}, {bias}) -> {hidden}
  %a = norm.activation gelu_erf %h : ({hidden}) -> {hidden}
  %o = norm.linear %a weight %weight2 bias %bias2
      : ({hidden}, {weight2}, {bias2}) -> {x}
  %s = arith.addf %o, %x : {x}
  %y = norm.layer_norm %s scale %scale shift %shift axes [1] epsilon EPS
      : ({x}, {scale}, {shift}) -> {x}
  return %y : {x}
"""


def layer_kernel(case, rows, name, **options):
    """The kernel of a layer op; rows is a number or a C expression."""
    k, n = case.length, case.features
    x, hidden = ("x", [rows, k]), ("hidden", [rows, n])
    weight, bias = ("weight", [n, k]), ("bias", [n])
    scale, shift = ("scale", [k]), ("shift", [k])
    second = [("weight2", [k, n]), ("bias2", [k])]
    arguments, result, body = {
        "linear": ([x, weight, bias], [rows, n], LINEAR),
        "linearnorm": ([x, weight, bias, ("residual", [rows, n]),
                        ("scale", [n]), ("shift", [n])], [rows, n],
                       LINEAR_NORM),
        "normlinear": ([x, scale, shift, weight, bias], [rows, n],
                       NORM_LINEAR),
        "rmslinear": ([x, scale, weight], [rows, n], RMS_LINEAR),
        "mlp": ([x, scale, shift, weight, bias, *second], [rows, k], MLP),
        "swiglu": ([x, scale, weight, ("weight2", [n, k]),
                    ("weight3", [k, n])], [rows, k], SWIGLU),
        "ffn": ([x, weight, bias, *second, scale, shift], [rows, k],
                FEED_FORWARD),
    }[case.op]
    text = function(case.type, arguments, [result], body.replace("EPS", EPSILON),
                    {"hidden": tensor(case.type, hidden[1])})
    kernel = Kernel(name, text, arguments, case.type, [case.name], **options)
    kernel.outputs = [("y", result)]
    return kernel


def linear_steps(case):
    """The linear layers of a layer op, with their GELUs: the text, source, weight,
    bias, result and sizes of each."""
    k, n = case.length, case.features
    first = (LINEAR, "x", "weight", "bias", "hidden", k, n)
    with_gelu = (LINEAR_GELU, *first[1:])
    last = (LINEAR, "hidden", "weight2", "bias2", "y", n, k)
    return {
        "linear": [],
        "linearnorm": [first], "normlinear": [with_gelu],
        "rmslinear": [(LINEAR_NO_BIAS, "x", "weight", None, "hidden", k, n)],
        "mlp": [with_gelu, last], "ffn": [with_gelu, last],
        "swiglu": [(LINEAR_NO_BIAS, "x", "weight", None, "hidden", k, n),
                   (LINEAR_NO_BIAS, "x", "weight2", None, "hidden2", k, n),
                   (LINEAR_NO_BIAS, "hidden", "weight3", None, "y", n, k)],
    }[case.op]


def linear_kernels():
    """What linear_steps call, each once."""
    made = set()
    for case in LAYER_CASES:
        for text, _, _, bias, _, k, n in linear_steps(case):
            name = linear_name(case, text, k, n)
            if name in made:
                continue
            made.add(name)
            x, result = [case.rows, k], [case.rows, n]
            arguments = [("x", x), ("weight", [n, k])]
            arguments += [("bias", [n])] if bias else []
            kernel = Kernel(name, function(case.type, arguments, [result], text),
                            arguments, case.type, [])
            kernel.outputs = [("y", result)]
            yield kernel


def linear_name(case, text, k, n):
    suffix = {LINEAR: "", LINEAR_GELU: "_gelu", LINEAR_NO_BIAS: "_nobias"}[text]
    return f"step_{case.type}_{case.rows}x{k}x{n}{suffix}"
