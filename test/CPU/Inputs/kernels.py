"""Kernels compiled into a shared library and called from Python, as their header
says, without numpy."""
import ctypes
import os
import re
import subprocess
import tempfile

from rows import SIZES, random_row

BYTES = dict(SIZES, i8=1)
OK = 0
SENTINEL = 0x5A
PARALLEL_FOR = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_int64,
    ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int),
    ctypes.c_void_p, ctypes.c_int)


@PARALLEL_FOR
def run_backwards(context, count, task, data, workers):
    """Runs the tasks one by one, the last first."""
    for i in reversed(range(count)):
        task(data, i, i % workers)


def parse_tensor(text):
    """The sizes, None where they are dynamic, and the element type."""
    *sizes, element = re.fullmatch(r"tensor<(.*)>", text).group(1).split("x")
    return [None if n == "?" else int(n) for n in sizes], element


def count_bytes(type, rows):
    """The bytes of a tensor; its dynamic sizes are `rows`."""
    total = BYTES[type[1]]
    for size in type[0]:
        total *= rows if size is None else size
    return total


class Library:
    """The kernels of a module. Functions are called with bytes."""

    def __init__(self, text, *options):
        self.functions = {}
        for name, arguments, results in re.findall(r"func\.func @(\w+)\((.*?)\) -> \(?(.*?)\)? \{\n", text):
            self.functions[name] = (
                [(n, parse_tensor(t)) for n, t in re.findall(r"%(\w+): (tensor<[^>]*>)", arguments)],
                [parse_tensor(t) for t in re.findall(r"tensor<[^>]*>", results)])
        with tempfile.TemporaryDirectory() as folder:
            path = lambda name: os.path.join(folder, name)
            with open(path("kernels.mlir"), "w") as file:
                file.write(text)
            command = ["normc", path("kernels.mlir"), "-o", path("kernels.so"), "--header", path("kernels.h"),
                       *options]
            process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if process.returncode != 0:
                raise SystemExit("%s\n%s: %s" % (text, " ".join(command), process.stdout[:4000]))
            self.library = ctypes.CDLL(path("kernels.so"))
            with open(path("kernels.h")) as file:
                self.header = file.read()

    def has(self, symbol):
        return symbol + "(" in self.header

    def random_arguments(self, name, rows, seed=1):
        return [random_row(count_bytes(type, rows) // BYTES[type[1]], type[1], seed + i)
                for i, (_, type) in enumerate(self.functions[name][0])]

    def bytes_of(self, symbol, *sizes):
        function = getattr(self.library, symbol)
        function.restype = ctypes.c_size_t
        return function(*map(ctypes.c_int64, sizes))

    def pack(self, name, arguments):
        """The arguments as the kernel takes them."""
        taken = []
        for (argument, _), data in zip(self.functions[name][0], arguments):
            if self.has("%s_pack_%s" % (name, argument)):
                packed = ctypes.create_string_buffer(self.bytes_of("%s_packed_size_%s" % (name, argument)))
                status = getattr(self.library, "%s_pack_%s" % (name, argument))(data, packed)
                assert status == OK, status
                data = packed
            taken.append(data)
        return taken

    def sizes(self, name, rows):
        return [rows for _, type in self.functions[name][0] for size in type[0] if size is None]

    def results(self, name, rows):
        """Room for the results, filled with what nobody computes."""
        return [ctypes.create_string_buffer(bytes([SENTINEL]) * count_bytes(type, rows), count_bytes(type, rows))
                for type in self.functions[name][1]]

    def call(self, name, taken, rows, results=None, entry="", more=(), workers=None):
        """Calls an entry; the status and the bytes of all results."""
        results = self.results(name, rows) if results is None else results
        sizes = self.sizes(name, rows)
        if workers is None:
            room = self.bytes_of(name + "_workspace", *sizes)
        else:
            function = getattr(self.library, name + "_parallel_workspace")
            function.restype = ctypes.c_size_t
            room = function(*map(ctypes.c_int64, sizes), ctypes.c_int(workers))
        workspace = ctypes.create_string_buffer(room or 1)
        status = getattr(self.library, name + entry)(
            *taken, *results, *map(ctypes.c_int64, sizes), *map(ctypes.c_int64, more),
            workspace, *(() if workers is None else (run_backwards, None, ctypes.c_int(workers))))
        return status, [result.raw for result in results]

    def compute(self, name, taken, rows, **options):
        status, results = self.call(name, taken, rows, **options)
        if status != OK:
            raise SystemExit("%s of %d rows: status %d" % (name, rows, status))
        return results
