"""Writes f32 values at which rounding to 8-bit floats changes, and compares results.

usage: make_boundaries.py make OUT.npy
       make_boundaries.py same e4m3|e5m2|f32 A.npy B.npy

The values are those of each 8-bit float of both formats, what lies in the middle of
two, their neighbours in f32, and what is special. Results are the same if all bits
but those of NaNs are.
"""
import ast
import struct
import sys

# Bytes, and the largest magnitude that is no NaN.
TYPES = {"e4m3": (1, 0x7E), "e5m2": (1, 0x7C), "f32": (4, 0x7F800000)}


def to_bits(value):
    return struct.unpack("<I", struct.pack("<f", value))[0]


def magnitudes(mantissa_bits, bias, count):
    """Those whose bits are 0 to count - 1."""
    values = []
    for bits in range(count):
        exponent, mantissa = divmod(bits, 1 << mantissa_bits)
        lead = 1 << mantissa_bits if exponent > 0 else 0
        values.append((lead + mantissa) * 2.0 ** (max(exponent, 1) - bias - mantissa_bits))
    return values


def make(name):
    # The smallest subnormal and normal f32, the largest, an infinity, a NaN.
    bits = [0x00000001, 0x00800000, 0x7F7FFFFF, 0x7F800000, 0x7FC00000]
    # Up to the first numbers above the finite ones.
    for numbers in (magnitudes(3, 7, 0x7F + 1), magnitudes(2, 15, 0x7C + 1)):
        middles = [(a + b) / 2 for a, b in zip(numbers, numbers[1:])]
        for value in map(to_bits, numbers + middles):
            bits += [value, value + 1] + ([value - 1] if value > 0 else [])
    bits += [value | 0x80000000 for value in bits]
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({len(bits)},), }}"
    header = header.ljust(64 * 2 - 11) + "\n"
    with open(name, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode("ascii"))
        file.write(struct.pack(f"<{len(bits)}I", *bits))


def read(name, size):
    with open(name, "rb") as file:
        data = file.read()
    end = 10 + struct.unpack("<H", data[8:10])[0]
    count = ast.literal_eval(data[10:end].decode("ascii"))["shape"][0]
    if count < 1000 or len(data) != end + count * size:
        sys.exit(f"{name}: {count} values, {len(data) - end} bytes")
    return [int.from_bytes(data[i:i + size], "little") for i in range(end, len(data), size)]


def same(kind, names):
    size, most = TYPES[kind]
    first, second = (read(name, size) for name in names)
    if len(first) != len(second):
        sys.exit(f"{len(first)} and {len(second)} values")
    sign = 1 << (8 * size - 1)
    for i, (a, b) in enumerate(zip(first, second)):
        if a != b and min(a & ~sign, b & ~sign) <= most:
            sys.exit(f"value {i} is {a:#x} and {b:#x}")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    else:
        same(sys.argv[2], sys.argv[3:])
