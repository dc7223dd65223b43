"""Sums of bf16, which f32 holds exactly, must be rounded to nearest, ties to even:
  round_pairs.py CPU..."""
import struct
import sys

from rows import evaluate, tensor

PROGRAM = """
func.func @f(%%x: %(t)s, %%g: %(t)s) -> %(t)s {
  %%c0 = arith.constant 0 : index
  %%n = tensor.dim %%x, %%c0 : %(t)s
  %%e = tensor.empty(%%n) : %(t)s
  %%y = norm.generic ins(%%x, %%g : %(t)s, %(t)s) outs(%%e : %(t)s)
      iterators [parallel, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%%a: f32, %%b: f32):
    %%s = arith.addf %%a, %%b : f32
    norm.yield %%s : f32
  }
  return %%y : %(t)s
}
""" % {"t": tensor([None, 45], "bf16")}


def value(bits):
    return struct.unpack("<f", struct.pack("<I", bits << 16))[0]


def rounded(x):
    bits = struct.unpack("<I", struct.pack("<f", x))[0]
    return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16


# Every last place up or down by half of it, a little more and a little less,
# and by nothing; numbers that become infinite, infinities, NaN and subnormals.
pairs = []
for mantissa in range(128):
    for sign in (0, 0x8000):
        x = sign | 0x3F80 | mantissa
        for other in (0x3B80, 0x3B81, 0x3B7F, 0x3B00, 0x3BC0, 0x3C40, 0x3F80, 0x0001, 0):
            pairs += [(x, other), (x, other | 0x8000)]
pairs += [(0x7F7F, 0x7B00), (0x7F7F, 0x7AFF), (0xFF7F, 0xFB00), (0x7F80, 0x3F80),
          (0xFF80, 0x3F80), (0x7F80, 0xFF80), (0x7FC0, 0x3F80), (0xFFC0, 0x3F80),
          (0, 0), (0x8000, 0x8000), (0x0080, 0x8000)]
pairs += [(0, 0)] * (-len(pairs) % 45)
rows = len(pairs) // 45
arguments = [([rows, 45], "bf16", struct.pack("<%dH" % len(pairs), *(p[i] for p in pairs)))
             for i in (0, 1)]
for cpu in sys.argv[1:]:
    data = evaluate(PROGRAM, arguments, 1, ["--mcpu=" + cpu])[0]
    for (x, other), got in zip(pairs, struct.unpack("<%dH" % len(pairs), data)):
        total = value(x) + value(other)
        good = (got & 0x7FFF) > 0x7F80 if total != total else got == rounded(total)
        if not good:
            sys.exit("%s: %04x + %04x is %04x" % (cpu, x, other, got))
