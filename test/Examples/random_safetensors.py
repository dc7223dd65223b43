"""Writes the weights of one MiniLM layer as a .safetensors file: random, but of
the right keys and shapes.

usage: random_safetensors.py FILE
"""
import array
import json
import random
import struct
import sys

SHAPES = {
    "attention.output.dense.weight": [384, 384],
    "attention.output.dense.bias": [384],
    "attention.output.LayerNorm.weight": [384],
    "attention.output.LayerNorm.bias": [384],
    "intermediate.dense.weight": [1536, 384],
    "intermediate.dense.bias": [1536],
    "output.dense.weight": [384, 1536],
    "output.dense.bias": [384],
    "output.LayerNorm.weight": [384],
    "output.LayerNorm.bias": [384],
}

# A row of no shape has this many elements, so that no two rows are alike.
numbers = random.Random(1)
period = array.array("f", [numbers.gauss(0, 0.05) for _ in range(4099)])

header, data = {}, b""
for key, shape in SHAPES.items():
    count = 1
    for size in shape:
        count *= size
    values = (period * (count // len(period) + 1))[:count]
    if key.endswith("LayerNorm.weight"):
        values = array.array("f", [1 + v for v in values])
    header[f"encoder.layer.0.{key}"] = {
        "dtype": "F32", "shape": shape,
        "data_offsets": [len(data), len(data) + 4 * count]}
    data += values.tobytes()
text = json.dumps(header).encode()
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
