"""What the drivers of the tests that run row programs share: tensors as bytes,
.npy files without numpy, norm-run."""
import array
import os
import random
import struct
import subprocess
import tempfile

SIZES = {"f64": 8, "f32": 4, "f16": 2, "bf16": 2}
DESCR = {"f64": "<f8", "f32": "<f4", "f16": "<f2", "bf16": "|V2"}


def tensor(shape, element):
    """The MLIR type; a size of None is dynamic."""
    return "tensor<%s%s>" % ("".join("?x" if n is None else "%dx" % n for n in shape), element)


def encode(values, element):
    """The bytes of `values`; those of bf16 are cut, not rounded."""
    if element == "f64":
        return array.array("d", values).tobytes()
    if element == "f16":
        return struct.pack("<%de" % len(values), *values)
    data = array.array("f", values).tobytes()
    if element == "f32":
        return data
    return b"".join(data[i + 2:i + 4] for i in range(0, len(data), 4))


def random_row(length, element, seed, mean=0.0, deviation=1.0):
    """The bytes of `length` random values."""
    source = random.Random(seed)
    return encode([source.uniform(-2, 2) * deviation + mean for _ in range(length)], element)


def write_npy(path, shape, element, data):
    header = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }" % (
        DESCR[element], "".join("%d," % n for n in shape))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


def read_npy(path):
    """The bytes of the elements."""
    with open(path, "rb") as file:
        content = file.read()
    return content[10 + struct.unpack("<H", content[8:10])[0]:]


def norm_run(program, options):
    """Runs `program`; exits with what norm-run says if that fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.mlir")
        with open(path, "w") as file:
            file.write(program)
        command = ["norm-run", path] + options
        process = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if process.returncode != 0:
            raise SystemExit("%s\n%s%s: exit status %d" % (
                program, process.stderr[:4000], " ".join(command), process.returncode))


def evaluate(program, arguments, results, options=[]):
    """The bytes of the first `results` results; an argument is (shape, element
    type, bytes)."""
    with tempfile.TemporaryDirectory() as folder:
        flags = list(options)
        for i, argument in enumerate(arguments):
            path = os.path.join(folder, "argument%d.npy" % i)
            write_npy(path, *argument)
            flags += ["--arg", "%d=%s" % (i, path)]
        paths = [os.path.join(folder, "result%d.npy" % i) for i in range(results)]
        for i, path in enumerate(paths):
            flags += ["--out", "%d=%s" % (i, path)]
        norm_run(program, flags)
        return [read_npy(path) for path in paths]
