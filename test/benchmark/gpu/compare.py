"""Times what PyTorch and Triton have for the kernels of norm-gpu-bench.

usage: compare.py [--bytes N] [--rounds N] [--filter TEXT]

Prints a table like that of norm-gpu-bench for torch eager, torch.compile and, where
Triton is there, a Triton kernel as its tutorials write it. Exit status 4 if there is
no PyTorch or no GPU.
"""
import argparse
import statistics
import sys

from kernels import GROUPS, LENGTHS

NO_DEVICE = 4


def parse_arguments():
    parser = argparse.ArgumentParser(prog="compare.py", description=__doc__.splitlines()[0])
    parser.add_argument("--bytes", type=int, default=256 << 20, help="what a call moves at least")
    parser.add_argument("--rounds", type=int, default=15, help="of which the median counts")
    parser.add_argument("--filter", default="", help="a part of the names of what is timed")
    return parser.parse_args()


def make_triton_rms(torch):
    """RMSNorm of a row in a block, as Triton's tutorial writes LayerNorm; None
    without Triton."""
    try:
        import triton
        import triton.language as tl
    except ImportError:
        return None

    @triton.jit
    def kernel(x, g, y, n, epsilon, block: tl.constexpr):
        row = tl.program_id(0).to(tl.int64)
        columns = tl.arange(0, block)
        mask = columns < n
        v = tl.load(x + row * n + columns, mask=mask, other=0.0).to(tl.float32)
        scale = tl.load(g + columns, mask=mask, other=0.0).to(tl.float32)
        rstd = 1 / tl.sqrt(tl.sum(v * v) / n + epsilon)
        tl.store(y + row * n + columns, v * rstd * scale, mask=mask)

    def run(x, g):
        y = torch.empty_like(x)
        n = x.shape[-1]
        block = triton.next_power_of_2(n)
        # Longer rows than a block of Triton may have.
        if block > 65536:
            raise ValueError("too long")
        kernel[(x.shape[0],)](x, g, y, n, 1e-5, block=block, num_warps=min(16, max(1, block // 256)))
        return y

    return run


def make_ops(torch):
    """Name -> (function, number of row tensors read and written, tensors of a row's
    length that all rows share)."""
    functional = torch.nn.functional

    def rms(x, g):
        return functional.rms_norm(x, (x.shape[-1],), g, 1e-5)

    def layer(x, g, b):
        return functional.layer_norm(x, (x.shape[-1],), g, b, 1e-5)

    def addrms(x, r, g):
        s = x + r
        return rms(s, g), s

    def rmsfp8(x, g):
        y = rms(x, g).float()
        scale = y.abs().amax(dim=-1, keepdim=True) / 448.0
        return (y / scale).to(torch.float8_e4m3fn), scale

    return {"rms": (rms, 1, 1), "layer": (layer, 1, 2), "addrms": (addrms, 2, 1), "rmsfp8": (rmsfp8, 1, 1)}


def measure(torch, function, sets, rounds):
    """The median seconds of a call, on sets of arguments in turns."""
    for arguments in sets[:3]:
        function(*arguments)
    torch.cuda.synchronize()
    count = 1
    times = []
    while len(times) < rounds:
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        for i in range(count):
            function(*sets[i % len(sets)])
        end.record()
        end.synchronize()
        seconds = begin.elapsed_time(end) * 1e-3
        if seconds < 2e-3 and count < 1 << 16 and not times:
            count *= 2
        else:
            times.append(seconds / count)
    return statistics.median(times)


def count_bytes(tensors):
    return sum(t.numel() * t.element_size() for t in tensors)


def run_case(torch, name, implementations, make, copy_rate, options):
    first = make()
    results = implementations["eager"](*first)
    results = results if isinstance(results, tuple) else (results,)
    size = count_bytes(first) + count_bytes(results)
    cache = getattr(torch.cuda.get_device_properties(0), "L2_cache_size", 64 << 20)
    sets = [first] + [make() for _ in range(min(63, 4 * cache // size))]
    for kind, function in implementations.items():
        try:
            seconds = measure(torch, function, sets, options.rounds)
        except Exception as error:  # What one of them cannot do is no reason to stop.
            print(f"| {name:24} | {kind:8} | {type(error).__name__} |")
            continue
        rate = size / seconds
        rows = first[0].shape[0]
        print(f"| {name:24} | {kind:8} | {rows:8} | {seconds * 1e6:9.2f} | {rate * 1e-9:7.0f} | {rate / copy_rate:6.3f} |",
              flush=True)


def main():
    options = parse_arguments()
    try:
        import torch
    except ImportError:
        print("compare.py: there is no PyTorch", file=sys.stderr)
        return NO_DEVICE
    if not torch.cuda.is_available():
        print("compare.py: PyTorch finds no GPU", file=sys.stderr)
        return NO_DEVICE
    torch.manual_seed(1)
    half = options.bytes // 2
    source = torch.zeros(half, dtype=torch.uint8, device="cuda")
    target = torch.empty_like(source)
    copy_rate = 2 * half / measure(torch, lambda: target.copy_(source), [()], options.rounds)
    del source, target
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}. A copy moves {copy_rate * 1e-9:.0f} GB/s.\n")
    print("| kernel                   | by       |     rows |        us |    GB/s | / copy |")
    print("|--------------------------|----------|---------:|----------:|--------:|-------:|")
    types = {"f32": torch.float32, "bf16": torch.bfloat16}
    triton_rms = make_triton_rms(torch)
    for op, (function, num_rows, num_shared) in make_ops(torch).items():
        implementations = {"eager": function, "compile": torch.compile(function, dynamic=False)}
        if op == "rms" and triton_rms:
            implementations["triton"] = triton_rms
        for type_name, dtype in types.items():
            for n in LENGTHS:
                name = f"{op}_{type_name}_{n}"
                if options.filter not in name:
                    continue
                # torch.compile keeps what it has compiled for other shapes.
                torch.compiler.reset()
                many = -(-options.bytes // (2 * num_rows * n * dtype.itemsize))
                for rows in (many, 1, 8, 64):
                    def make(rows=rows, n=n, dtype=dtype):
                        tensors = [torch.randn(rows, n, device="cuda", dtype=dtype) for _ in range(num_rows)]
                        return tensors + [torch.randn(n, device="cuda", dtype=dtype) for _ in range(num_shared)]
                    run_case(torch, name, implementations, make, copy_rate, options)

    def group(x, g, b):
        return torch.nn.functional.group_norm(x, 32, g, b, 1e-5)

    for type_name, dtype in types.items():
        for shape in GROUPS:
            name = f"group_{type_name}_{shape[0]}x{shape[1]}x{shape[2] * shape[3]}"
            if options.filter not in name:
                continue
            torch.compiler.reset()

            def make(shape=shape, dtype=dtype):
                return [torch.randn(shape, device="cuda", dtype=dtype)] + [
                    torch.randn(shape[1], device="cuda", dtype=dtype) for _ in range(2)]
            run_case(torch, name, {"eager": group, "compile": torch.compile(group, dynamic=False)}, make, copy_rate, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
