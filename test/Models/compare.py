#!/usr/bin/env python3
"""Compiles whole models, weights included, and compares them with ONNX Runtime.

compare.py FOLDER [NAME...] [--tools=build/bin] [--length=N] [--layers=2]

Each model of test/Raise/make_graphs.py becomes one object by normc. The same
token ids go through it and through ONNX Runtime, one thread each, in turns; a
table tells the largest difference and the times. Exits with 1 if a model does
not compile or a difference is larger than 2e-4. Needs the packages that
make_graphs.py needs, onnxruntime, and a C compiler.
"""

import argparse
import ctypes
import pathlib
import re
import statistics
import subprocess
import sys
import time

import numpy
import onnxruntime
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Raise"))
import make_graphs  # noqa: E402

LIMIT = 2e-4
ROUNDS = 21


class Kernel:
    """The function of an object that takes token ids and returns floats."""

    def __init__(self, library, header, shape):
        text = header.read_text()
        name = re.search(r"^int (\w+)\(const int64_t \*", text, re.M)[1]
        self.library = ctypes.CDLL(str(library))
        self.function = getattr(self.library, name)
        workspace = getattr(self.library, name + "_workspace")
        workspace.restype = ctypes.c_size_t
        self.bytes = workspace()
        self.workspace = numpy.empty(self.bytes, numpy.uint8)
        self.result = numpy.empty(shape, numpy.float32)

    def __call__(self, ids):
        status = self.function(
            ids.ctypes.data_as(ctypes.c_void_p),
            self.result.ctypes.data_as(ctypes.c_void_p),
            self.workspace.ctypes.data_as(ctypes.c_void_p))
        if status != 0:
            raise RuntimeError(f"the kernel returned {status}")
        return self.result


def run(command):
    begin = time.perf_counter()
    subprocess.run([str(part) for part in command], check=True)
    return time.perf_counter() - begin


def compile_model(graph, tools):
    """Makes an object of the graph; its file, and the seconds that took."""
    raised = graph.with_suffix(".raised.mlir")
    run([tools / "norm-opt", graph, "--norm-raise", "-o", raised])
    counts = {op: raised.read_text().count(f"norm.{op} ")
              for op in ("layer_norm", "rms_norm", "linear", "activation")}
    target = graph.with_suffix(".o")
    seconds = run([tools / "normc", graph, "-o", target, "--mcpu=native",
                   "--header", graph.with_suffix(".h"), "--weights",
                   graph.with_suffix(".safetensors")])
    library = graph.with_suffix(".so")
    run(["cc", "-shared", target, "-o", library, "-lm"])
    return target, library, seconds, counts


def measure(functions):
    """The median seconds of a call of each, called in turns."""
    times = {name: [] for name in functions}
    for _ in range(ROUNDS):
        for name, function in functions.items():
            function()
            begin = time.perf_counter()
            function()
            times[name].append(time.perf_counter() - begin)
    return {name: statistics.median(values) for name, values in times.items()}


def compare(name, options):
    graph, exported, model = make_graphs.make(name, options.folder, 1,
                                              options.length)
    vocabulary = model.model.config.vocab_size
    ids = numpy.random.default_rng(0).integers(
        0, vocabulary, (1, options.length), dtype=numpy.int64)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(exported, settings)
    feed = {session.get_inputs()[0].name: ids}
    expected = session.run(None, feed)[0]
    target, library, seconds, counts = compile_model(graph, options.tools)
    kernel = Kernel(library, graph.with_suffix(".h"), expected.shape)
    difference = float(numpy.abs(kernel(ids) - expected).max())
    functions = {"norm": lambda: kernel(ids),
                 "onnxruntime": lambda: session.run(None, feed)}
    tensor = torch.from_numpy(ids)
    torch.set_num_threads(1)
    with torch.inference_mode():
        if options.torch:
            from torch._inductor import config
            config.freezing = True
            functions["torch"] = lambda: model(tensor)
            compiled = torch.compile(model, mode="max-autotune")
            functions["inductor"] = lambda: compiled(tensor)
        if options.openvino:
            import openvino
            core = openvino.Core()
            network = core.compile_model(str(exported), "CPU", {
                "INFERENCE_NUM_THREADS": 1,
                "INFERENCE_PRECISION_HINT": "f32"})
            functions["openvino"] = lambda: network([ids])
        times = measure(functions)
    norms = counts["layer_norm"] + counts["rms_norm"]
    others = " ".join(f"{other} {times[other] * 1e3:.2f}"
                      for other in times if other != "norm")
    print(f"{name:8} {norms:5} {counts['linear']:7} {seconds:9.1f} "
          f"{target.stat().st_size / 1e6:9.1f} {kernel.bytes / 1e6:9.2f} "
          f"{difference:9.1e} {times['norm'] * 1e3:8.2f} "
          f"{times['norm'] / times['onnxruntime']:6.2f}   {others}", flush=True)
    return difference <= LIMIT


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="name",
                        default=list(make_graphs.MODELS))
    parser.add_argument("--tools", type=pathlib.Path, default="build/bin")
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--torch", action="store_true",
                        help="also time PyTorch, eager and compiled")
    parser.add_argument("--openvino", action="store_true",
                        help="also time OpenVINO")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    print("model    norms linears compile/s object/MB workspace difference "
          "time/ms  / ORT   the others/ms")
    ok = True
    for name in options.names:
        ok &= compare(name, options)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
