"""Writes the weight files of weights.test into a folder, without numpy."""
import json
import os
import struct
import sys
import zipfile

folder = sys.argv[1]
SCALE = struct.pack("<4f", 1, 2, 3, 4)
# The upper halves of 0.5, 1.0, 1.5 and 2.0.
SHIFT = struct.pack("<4H", 0x3F00, 0x3F80, 0x3FC0, 0x4000)


def npy(descr, shape, data):
    header = "{'descr': '%s', 'fortran_order': False, 'shape': %r, }" % (descr, shape)
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def npz(name, arrays):
    with zipfile.ZipFile(os.path.join(folder, name), "w") as file:
        for key, array in arrays.items():
            file.writestr(key + ".npy", array)


def safetensors(name, tensors):
    header, data = {}, b""
    for key, (dtype, shape, contents) in tensors.items():
        header[key] = {"dtype": dtype, "shape": shape,
                       "data_offsets": [len(data), len(data) + len(contents)]}
        data += contents
    text = json.dumps(header).encode()
    with open(os.path.join(folder, name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


scale, shift = npy("<f4", (4,), SCALE), npy("<u2", (4,), SHIFT)
npz("good.npz", {"ln.weight": scale, "ln.bias": shift})
npz("key.npz", {"ln.weight": scale})
npz("shape.npz", {"ln.weight": npy("<f4", (5,), SCALE + b"\0" * 4), "ln.bias": shift})
npz("type.npz", {"ln.weight": npy("<f8", (4,), SCALE * 2), "ln.bias": shift})
safetensors("good.safetensors", {"ln.weight": ("F32", [4], SCALE), "ln.bias": ("BF16", [4], SHIFT)})
with open(os.path.join(folder, "good.safetensors"), "rb") as file:
    whole = file.read()
with open(os.path.join(folder, "damaged.safetensors"), "wb") as file:
    file.write(whole[:-5])
with open(os.path.join(folder, "good.npz"), "rb") as file:
    whole = file.read()
with open(os.path.join(folder, "damaged.npz"), "wb") as file:
    file.write(whole[:len(whole) // 2])
