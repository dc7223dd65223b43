"""usage: make_layers.py f32|bf16 FILE.safetensors: random weights and parameters of
linear layers and norms in that type, without numpy."""
import json
import random
import struct
import sys

SHAPES = {
    # Of accuracy.test, out x in.
    "wide": [96, 64],
    "residual": [96, 64],
    "square": [96, 96],
    "narrow": [24, 96],
    "scale64": [64],
    "shift64": [64],
    "scale96": [96],
    "shift96": [96],
    "bias24": [24],
    "mean96": [96],
    "variance96": [96],
    # Of algebra-errors.test.
    "rows.weight": [512, 512],
    "rows.few": [64, 512],
    "rows.scale": [512],
    "rows.shift": [512],
    "rows.mean": [512],
    "rows.variance": [512],
}

numbers = random.Random(1)


def choose(key, shape):
    """Weights that keep the size of rows, scales around 1, positive variances."""
    if len(shape) == 2:
        return numbers.gauss(0, shape[1] ** -0.5)
    if "scale" in key or "variance" in key:
        return abs(numbers.gauss(1, 0.3))
    return numbers.gauss(0, 0.3)


kind, filename = sys.argv[1:]
header, data = {}, b""
for key, shape in SHAPES.items():
    count = shape[0] * (shape[1] if len(shape) == 2 else 1)
    contents = struct.pack("<%df" % count, *(choose(key, shape) for _ in range(count)))
    if kind == "bf16":
        # The upper halves: how they are rounded does not matter here.
        contents = b"".join(contents[i + 2:i + 4] for i in range(0, len(contents), 4))
    header[key] = {"dtype": kind.upper(), "shape": shape,
                   "data_offsets": [len(data), len(data) + len(contents)]}
    data += contents
text = json.dumps(header).encode()
with open(filename, "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
