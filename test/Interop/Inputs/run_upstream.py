"""Compiles graphs by tools that are not ours, and compares with the interpreter.

usage: run_upstream.py FOLDER FILE.mlir [PASS...]

For every public function of FILE: norm-opt (or, with passes, stock mlir-opt
with the plugin, `%plugin` in $NORM_PLUGIN) makes plain linalg of it; stock mlir-opt
makes LLVM IR of that; mlir-runner runs it on random arguments, which stand as
constants in a main function; and the results are those of norm-run --interpret
on the same arguments, to a few units of their element type.
"""
import ast
import os
import random
import re
import struct
import subprocess
import sys

# Dims whose size is not known.
SIZE = 6
STOCK = """builtin.module(
  convert-elementwise-to-linalg, one-shot-bufferize{bufferize-function-boundaries},
  func.func(convert-linalg-to-loops), expand-strided-metadata, lower-affine,
  convert-scf-to-cf, arith-expand{include-bf16=true}, convert-math-to-llvm,
  convert-math-to-libm, convert-arith-to-llvm, convert-index-to-llvm,
  finalize-memref-to-llvm, convert-cf-to-llvm, convert-func-to-llvm,
  reconcile-unrealized-casts)"""
# Of an element: its bytes in a file, and how far off a result may be. That of a float
# is relative to the greater of its size and 1; f64 is printed as f32.
ELEMENTS = {"f32": ("f", "<f4", 2e-5), "bf16": ("H", "<u2", 2**-7),
            "f64": ("d", "<f8", 2e-5), "i8": ("b", "|i1", 1)}


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        sys.exit("%s:\n%s" % (" ".join(command), done.stderr))
    return done.stdout


class Tensor:
    """A type as `6x8xf32`, the dynamic dims with a size, and its values."""

    def __init__(self, type_):
        *dims, self.element = type_.split("x")
        self.type = "tensor<%s>" % type_
        self.shape = tuple(SIZE if dim == "?" else int(dim) for dim in dims)
        self.static = "tensor<%s>" % "x".join([*map(str, self.shape), self.element])
        self.count = 1
        for size in self.shape:
            self.count *= size

    def fill(self):
        values = [random.gauss(0.5, 1.5) for _ in range(self.count)]
        if self.element == "bf16":
            values = [struct.unpack("<I", struct.pack("<f", v))[0] >> 16 for v in values]
        self.bytes = struct.pack("<%d%s" % (self.count, ELEMENTS[self.element][0]), *values)

    def write(self, path):
        header = repr({"descr": ELEMENTS[self.element][1], "fortran_order": False,
                       "shape": self.shape})
        header += " " * (-(len(header) + 11) % 64) + "\n"
        with open(path, "wb") as file:
            file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) +
                       header.encode() + self.bytes)

    def read(self, path):
        with open(path, "rb") as file:
            data = file.read()
        start = 10 + struct.unpack("<H", data[8:10])[0]
        assert ast.literal_eval(data[10:start].decode())["shape"] == self.shape
        values = struct.unpack("<%d%s" % (self.count, ELEMENTS[self.element][0]), data[start:])
        if self.element == "bf16":
            values = [struct.unpack("<f", struct.pack("<I", v << 16))[0] for v in values]
        return values


def make_main(name, arguments, results):
    """A function that calls `name` on the arguments and prints the results as f32."""
    lines, operands = [], []
    for i, argument in enumerate(arguments):
        lines.append('%%c%d = arith.constant dense<"0x%s"> : %s'
                     % (i, argument.bytes.hex(), argument.static))
        operands.append("%%c%d" % i)
        if argument.type != argument.static:
            lines.append("%%a%d = tensor.cast %%c%d : %s to %s"
                         % (i, i, argument.static, argument.type))
            operands[-1] = "%%a%d" % i
    lines.append("%%r:%d = func.call @%s(%s) : (%s) -> (%s)" % (
        len(results), name, ", ".join(operands), ", ".join(a.type for a in arguments),
        ", ".join(r.type for r in results)))
    for i, result in enumerate(results):
        value = "%%r#%d" % i
        to_f32 = {"bf16": "arith.extf", "f64": "arith.truncf", "i8": "arith.sitofp"}
        type_ = result.type
        if result.element in to_f32:
            as_f32 = type_.replace("x%s>" % result.element, "xf32>")
            lines.append("%%f%d = %s %s : %s to %s"
                         % (i, to_f32[result.element], value, type_, as_f32))
            value, type_ = "%%f%d" % i, as_f32
        lines.append("%%u%d = tensor.cast %s : %s to tensor<*xf32>" % (i, value, type_))
        lines.append("func.call @printMemrefF32(%%u%d) : (tensor<*xf32>) -> ()" % i)
    return ("func.func private @printMemrefF32(tensor<*xf32>) attributes {llvm.emit_c_interface}\n"
            "func.func @main() {\n%s\nreturn\n}\n" % "\n".join(lines))


def check(folder, source, module, match):
    name = match.group(1)
    arguments = [Tensor(t) for t in re.findall(r"%\w+: tensor<([^>]*)>", match.group(2))]
    results = [Tensor(t) for t in re.findall(r"tensor<([^>]*)>", match.group(3))]
    interpret = ["norm-run", source, "--entry=" + name, "--interpret"]
    for i, argument in enumerate(arguments):
        argument.fill()
        path = os.path.join(folder, "arg%d.npy" % i)
        argument.write(path)
        interpret += ["--arg", "%d=%s" % (i, path)]
    outputs = [os.path.join(folder, "out%d.npy" % i) for i in range(len(results))]
    for i, path in enumerate(outputs):
        interpret += ["--out", "%d=%s" % (i, path)]
    run(*interpret)

    text = module[:module.rindex("}")] + make_main(name, arguments, results) + "}\n"
    lowered = run("mlir-opt", "--pass-pipeline=" + STOCK.replace("\n", ""), text=text)
    libraries = ",".join(os.path.join(os.environ["LLVM_LIBS"], library) for library in
                         ("libmlir_runner_utils.so", "libmlir_c_runner_utils.so"))
    printed = run("mlir-runner", "-e", "main", "-entry-point-result=void",
                  "-shared-libs=" + libraries, text=lowered)
    parts = printed.split("data =")[1:]
    assert len(parts) == len(results), printed
    for i, (part, result, path) in enumerate(zip(parts, results, outputs)):
        part = part.split("Unranked")[0]
        got = [float(v) for v in re.findall(r"-?(?:\d[\d.]*(?:e[-+]?\d+)?|nan|inf)", part)]
        wanted = result.read(path)
        assert len(got) == len(wanted) > 0, part
        limit = ELEMENTS[result.element][2]
        wrong = [(a, b) for a, b in zip(got, wanted) if not abs(a - b) <= limit * (
            1 if result.element == "i8" else max(1, abs(b)))]
        print("@%s result %d: %d elements of %s %s" % (
            name, i, len(got), result.element, "DIFFER: %s" % wrong[:3] if wrong else "agree"))


def main():
    folder, source, *passes = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    random.seed(7)
    if passes:
        plugin = os.environ["NORM_PLUGIN"]
        module = run("mlir-opt", "--load-dialect-plugin=" + plugin,
                     "--load-pass-plugin=" + plugin, *passes, source)
    else:
        module = run("norm-opt", source, "--norm-generalize", "--norm-fuse",
                     "--norm-decompose", "--canonicalize", "--cse")
    if "norm." in module:
        sys.exit("there is something of ours left:\n" + module)
    for match in re.finditer(r"func\.func @(\w+)\((.*)\) -> (.*) \{", module):
        check(folder, source, module, match)


main()
