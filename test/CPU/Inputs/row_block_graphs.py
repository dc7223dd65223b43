"""Graphs of linear layers and norms that are computed by row block, in any element
type: `graph("gated", "bf16")`."""

TEMPLATES = {
    # Post-norm, with the sum returned as well.
    "residual": """
func.func @residual(%x: X, %w: W, %wb: N, %r: Y, %g: F, %b: F) -> (Y, Y) {
  %l = norm.linear %x weight %w bias %wb : (X, W, N) -> Y
  %s = arith.addf %l, %r : Y
  %y = norm.layer_norm %s scale %g shift %b axes [1] : (Y, F, F) -> Y
  return %y, %s : Y, Y
}""",
    # Three layers share a norm.
    "attention": """
func.func @attention(%x: X, %g: K, %q: W, %k: W, %v: W) -> (Y, Y, Y) {
  %n = norm.rms_norm %x scale %g axes [1] : (X, K) -> X
  %a = norm.linear %n weight %q : (X, W) -> Y
  %b = norm.linear %n weight %k : (X, W) -> Y
  %c = norm.linear %n weight %v : (X, W) -> Y
  return %a, %b, %c : Y, Y, Y
}""",
    "feed_forward": """
func.func @feed_forward(%x: X, %g: K, %b: K, %w: W, %wb: N, %v: V, %vb: K) -> X {
  %n = norm.layer_norm %x scale %g shift %b axes [1] : (X, K, K) -> X
  %h = norm.linear %n weight %w bias %wb : (X, W, N) -> Y
  %a = norm.activation gelu_tanh %h : (Y) -> Y
  %l = norm.linear %a weight %v bias %vb : (Y, V, K) -> X
  %y = arith.addf %x, %l : X
  return %y : X
}""",
    "gated": """
func.func @gated(%x: X, %g: K, %w: W, %u: W, %v: V) -> X {
  %n = norm.rms_norm %x scale %g axes [1] : (X, K) -> X
  %h = norm.linear %n weight %w : (X, W) -> Y
  %p = norm.linear %n weight %u : (X, W) -> Y
  %a = norm.activation silu %h : (Y) -> Y
  %m = arith.mulf %a, %p : Y
  %l = norm.linear %m weight %v : (Y, V) -> X
  %y = arith.addf %x, %l : X
  return %y : X
}""",
    "softmax": """
func.func @softmax(%x: X, %w: W) -> Y {
  %l = norm.linear %x weight %w : (X, W) -> Y
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : X
  %e = tensor.empty(%m) : Y
  %y = norm.generic ins(%l : Y) outs(%e : Y) iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %max = norm.reduce max %v over [1] : f32
    %d = arith.subf %v, %max : f32
    %p = math.exp %d : f32
    %s = norm.reduce add %p over [1] : f32
    %q = arith.divf %p, %s : f32
    norm.yield %q : f32
  }
  return %y : Y
}""",
    "quantized": """
func.func @quantized(%x: X, %w: W) -> (tensor<?x70xi8>, tensor<?xf32>) {
  %l = norm.linear %x weight %w : (X, W) -> Y
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : X
  %e = tensor.empty(%m) : tensor<?x70xi8>
  %f = tensor.empty(%m) : tensor<?xf32>
  %y:2 = norm.generic ins(%l : Y) outs(%e, %f : tensor<?x70xi8>, tensor<?xf32>) iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%v: f32):
    %c127 = arith.constant 127.0 : f32
    %a = math.absf %v : f32
    %max = norm.reduce max %a over [1] : f32
    %scale = arith.divf %max, %c127 : f32
    %d = arith.divf %v, %scale : f32
    %n = math.roundeven %d : f32
    %q = arith.fptosi %n : f32 to i8
    norm.yield %q, %scale : i8, f32
  }
  return %y#0, %y#1 : tensor<?x70xi8>, tensor<?xf32>
}""",
    # A batch of sequences.
    "batch": """
func.func @batch(%x: B, %g: K, %w: W, %v: V) -> B {
  %n = norm.rms_norm %x scale %g axes [2] : (B, K) -> B
  %h = norm.linear %n weight %w : (B, W) -> H
  %a = norm.activation silu %h : (H) -> H
  %l = norm.linear %a weight %v : (H, V) -> B
  %y = arith.addf %x, %l : B
  return %y : B
}""",
    # Both dims of the batch are dynamic.
    "sequences": """
func.func @sequences(%x: S, %w: W, %v: V) -> S {
  %h = norm.linear %x weight %w : (S, W) -> T
  %y = norm.linear %h weight %v : (T, V) -> S
  return %y : S
}""",
    # Weights of dynamic size, packed at every call.
    "dynamic": """
func.func @dynamic(%x: D, %w: D, %g: E) -> D {
  %l = norm.linear %x weight %w : (D, D) -> D
  %y = norm.rms_norm %l scale %g axes [1] : (D, E) -> D
  return %y : D
}""",
    # The norm's rows are quantized, and the layer reads what they stand for.
    "quantized_input": """
func.func @quantized_input(%x: X, %g: K, %w: W) -> (tensor<?x40xi8>, tensor<?xf32>, Y) {
  %n = norm.rms_norm %x scale %g axes [1] : (X, K) -> X
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : X
  %e = tensor.empty(%m) : tensor<?x40xi8>
  %f = tensor.empty(%m) : tensor<?xf32>
  %h = tensor.empty(%m) : X
  %y:3 = norm.generic ins(%n : X) outs(%e, %f, %h : tensor<?x40xi8>, tensor<?xf32>, X) iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c127 = arith.constant 127.0 : f32
    %a = math.absf %v : f32
    %max = norm.reduce max %a over [1] : f32
    %scale = arith.divf %max, %c127 : f32
    %d = arith.divf %v, %scale : f32
    %r = math.roundeven %d : f32
    %q = arith.fptosi %r : f32 to i8
    %o = arith.mulf %r, %scale : f32
    norm.yield %q, %scale, %o : i8, f32, f32
  }
  %l = norm.linear %y#2 weight %w : (X, W) -> Y
  return %y#0, %y#1, %l : tensor<?x40xi8>, tensor<?xf32>, Y
}""",
}

SHAPES = {
    "X": "?x40x", "Y": "?x70x", "W": "70x40x", "V": "40x70x", "K": "40x", "N": "70x", "D": "?x?x", "E": "?x",
    "B": "?x3x40x", "H": "?x3x70x", "S": "?x?x40x", "T": "?x?x70x",
    # Parameters in f32 whatever the type of the data is.
    "F": "70xf32"}


def graph(name, element, rows=None):
    """The text of a function; `rows` makes the number of rows static."""
    text = TEMPLATES[name]
    for letter, shape in SHAPES.items():
        type = "tensor<%s>" % (shape if letter == "F" else shape + element)
        for before in " (":
            text = text.replace(before + letter + ",", before + type + ",")
            text = text.replace(before + letter + ")", before + type + ")")
            text = text.replace(before + letter + "\n", before + type + "\n")
            text = text.replace(before + letter + " ", before + type + " ")
    return text if rows is None else text.replace("<?x", "<%dx" % rows).replace("(%m)", "()")
