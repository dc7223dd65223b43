"""Writes the weights of constants.test, and an argument, into a folder, without
numpy: one file of all, and one .npy file of each."""
import json
import os
import random
import struct
import sys

folder = sys.argv[1]
random.seed(1)


def floats(count):
    return [random.uniform(-2, 2) for _ in range(count)]


def f32(count):
    return struct.pack(f"<{count}f", *floats(count))


def f16(count):
    return struct.pack(f"<{count}e", *floats(count))


def bf16(count):
    # The upper halves.
    data = f32(count)
    return b"".join(data[i + 2:i + 4] for i in range(0, len(data), 4))


def i8(count):
    return bytes(random.randrange(256) for _ in range(count))


def truth(count):
    return bytes(random.randrange(2) for _ in range(count))


def fp8(count):
    # No NaNs.
    return bytes(random.randrange(0x7E) for _ in range(count))


# name: name of the type in a safetensors file, in a .npy file, shape, data.
WEIGHTS = {
    "scale": ("F32", "<f4", [768], f32(768)),
    "shift": ("F32", "<f4", [768], f32(768)),
    "half": ("F16", "<f2", [1024], f16(1024)),
    "brain": ("BF16", "<u2", [1024], bf16(1024)),
    "bytes": ("I8", "|i1", [96], i8(96)),
    "mask": ("BOOL", "|b1", [96], truth(96)),
    "fp8": ("F8_E4M3", "|u1", [96], fp8(96)),
    "long": ("F32", "<f4", [40000], f32(40000)),
    "table": ("F32", "<f4", [16, 64], f32(16 * 64)),
    # Sums of squares overflow.
    "huge": ("F32", "<f4", [2, 768], struct.pack("<1536f", *(x * 1e30 for x in floats(1536)))),
    "odd": ("F32", "<f4", [4, 65], f32(4 * 65)),
}

header, contents = {}, b""
for name, (dtype, descr, shape, data) in WEIGHTS.items():
    header[name] = {"dtype": dtype, "shape": shape,
                    "data_offsets": [len(contents), len(contents) + len(data)]}
    contents += data
    text = "{'descr': '%s', 'fortran_order': False, 'shape': %r, }" % (descr, tuple(shape))
    text += " " * (-(len(text) + 11) % 64) + "\n"
    with open(os.path.join(folder, name + ".npy"), "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + data)
text = json.dumps(header).encode()
with open(os.path.join(folder, "weights.safetensors"), "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + contents)
