"""Times PyTorch eager on the cases named after the number of repetitions.

Prints a JSON object from case to microseconds. One thread; the median over
repetitions of about 5 ms of processor time each.
"""

import json
import statistics
import sys
import time

import kernels


def work_of(case, torch):
    """A function that computes the case once, None where PyTorch cannot."""
    functional = torch.nn.functional
    type = {"f32": torch.float32, "bf16": torch.bfloat16,
            "f16": torch.float16}[case.type]
    epsilon = float(kernels.EPSILON)
    if case.dims:
        channels = case.dims[1]
        x = torch.randn(case.dims)
        if case.layout == "nhwc":
            x = x.contiguous(memory_format=torch.channels_last)
        scale, shift, mean = (torch.randn(channels) for _ in range(3))
        variance = torch.rand(channels) + 0.5
        if case.op == "gn":
            return lambda: functional.group_norm(x, case.groups, scale, shift,
                                                 epsilon)
        return lambda: functional.batch_norm(x, mean, variance, scale, shift,
                                             False, 0, epsilon)
    x = torch.randn(case.rows, case.length).to(type)
    scale, shift = (torch.randn(case.length).to(type) for _ in range(2))
    shape = (case.length,)
    if case.op == "ln":
        return lambda: functional.layer_norm(x, shape, scale, shift, epsilon)
    if case.op == "rms" and hasattr(functional, "rms_norm"):
        return lambda: functional.rms_norm(x, shape, scale, epsilon)
    if case.op == "softmax":
        return lambda: functional.softmax(x, 1)
    return None


def once(work, count):
    begin = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - begin) / count * 1e6


def main(repetitions, names):
    import torch
    torch.set_num_threads(1)
    times = {}
    with torch.inference_mode():
        for case in kernels.cases():
            work = work_of(case, torch) if case.name in names else None
            if work is None:
                continue
            once(work, 3)
            count = max(1, int(5000 / max(once(work, 3), 0.1)))
            times[case.name] = statistics.median(
                once(work, count) for _ in range(repetitions))
    json.dump(times, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
