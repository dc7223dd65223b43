"""Rows whose statistics are not exact in f32 against the reference interpreter."""
import os
import random
import struct
import sys
import tempfile

from rows import encode, norm_run, tensor, write_npy


def normal(length, mean=0.0, deviation=1.0):
    source = random.Random(length)
    return [source.gauss(mean, deviation) for _ in range(length)]


def outlier(length):
    """The first elements far from all others."""
    values = normal(length)
    values[:2] = [3e5] * min(2, length)
    return values


VALUES = {
    "far": lambda length: normal(length, mean=1e5),
    "huge": lambda length: normal(length, mean=1e30, deviation=1e25),
    "tiny": lambda length: normal(length, mean=1e-30, deviation=1e-35),
    "large": lambda length: normal(length, deviation=1e20),
    "small": lambda length: normal(length, deviation=1e-22),
    "outlier": outlier,
}


def layer_norm(shape, axes, results=1, epsilon=1e-5):
    row = tensor(shape, "f32")
    types = [row] + [tensor([n for i, n in enumerate(shape) if i not in axes], "f32")] * 2
    names = ", ".join("%%r%d" % i for i in range(results))
    listed = ", ".join(types[:results])
    return "func.func @f(%%x: %s) -> (%s) {\n  %s = norm.layer_norm %%x axes %s epsilon %.1e : (%s) -> (%s)\n" \
           "  return %s : %s\n}\n" % (row, listed, names, list(axes), epsilon, row, listed, names, listed)


def group_norm(shape, channel, groups):
    row = tensor(shape, "f32")
    return "func.func @f(%%x: %s) -> %s {\n  %%y = norm.group_norm %%x groups %d channel_axis %d : (%s) -> %s\n" \
           "  return %%y : %s\n}\n" % (row, row, groups, channel, row, row, row)


def nested(shape):
    """A norm of the last dim, normalized again over the last two."""
    row = tensor(shape, "f32")
    return "func.func @f(%%x: %s) -> %s {\n  %%a = norm.rms_norm %%x axes [2] epsilon 0.0 : (%s) -> %s\n" \
           "  %%y = norm.layer_norm %%a axes [1, 2] : (%s) -> %s\n  return %%y : %s\n}\n" % ((row,) * 7)


def check_nans(path, cpus):
    """NaNs whose bits are all ones, which rounding to bf16 must not carry away."""
    program = layer_norm([9, 100], [1]).replace("f32", "bf16")
    data = bytearray(encode(normal(900), "bf16"))
    for row, bits in enumerate([0x7fff, 0xffff, 0x7f81, 0xff80]):
        data[(200 * row + 2 * row):(200 * row + 2 * row + 2)] = bits.to_bytes(2, "little")
    write_npy(path, [9, 100], "bf16", bytes(data))
    for cpu in cpus:
        norm_run(program, ["--verify", "--mcpu=" + cpu, "--arg", "x=" + path])


def check_plans(path, cpus):
    """Pipelines, rows that do not fit, groups of rows, pairs of bf16, f64."""
    plans = [([5, 3000], "f32"), ([2, 20000], "f32"), ([40, 33], "f32"),
             ([9, 200], "bf16"), ([3, 3001], "bf16"), ([9, 200], "f64")]
    for i, (sizes, element) in enumerate(plans):
        epsilon = 1e-5 if element == "bf16" else 0.0
        program = layer_norm(sizes, [1], epsilon=epsilon).replace("f32", element)
        for make in VALUES.values():
            write_npy(path, sizes, element, encode(make(sizes[0] * sizes[1]), element))
            norm_run(program, ["--verify", "--mcpu=" + cpus[i % len(cpus)], "--arg", "x=" + path])


def check_grids(path, cpus):
    """Long rows of values with few bits, whose sums would be rounded in one direction."""
    def of_f16(length):
        return [struct.unpack("<e", struct.pack("<e", value))[0] for value in normal(length, mean=10.0)]

    def integers(length):
        source = random.Random(length)
        return [float(source.randrange(256)) for _ in range(length)]

    for rows, length in [(12, 8192), (4, 24576)]:
        program = layer_norm([rows, length], [1])
        for make in [of_f16, integers]:
            write_npy(path, [rows, length], "f32", encode(make(rows * length), "f32"))
            for cpu in cpus:
                norm_run(program, ["--verify", "--mcpu=" + cpu, "--arg", "x=" + path])


def check_borders(path, cpus):
    """Channels that begin far from their mean, as images with borders do."""
    sizes = [2, 9, 17, 48]
    program = group_norm(sizes, 3, 16)
    for distance in [2.0, 5.0, 12.0, 25.0, 1e20]:
        values = normal(2 * 9 * 17 * 48)
        for image in range(2):
            begin = image * 9 * 17 * 48
            for i in range(8 * 48):
                values[begin + i] += distance
        write_npy(path, sizes, "f32", encode(values, "f32"))
        for cpu in cpus:
            norm_run(program, ["--verify", "--mcpu=" + cpu, "--arg", "x=" + path])


def main():
    cpus = sys.argv[1:]
    shape = [6, 7, 40]
    programs = [(layer_norm(shape, axes, epsilon=epsilon), shape)
                for axes in [[0], [1], [2], [0, 2], [1, 2], [0, 1, 2]] for epsilon in [1e-5, 0.0]]
    programs += [
        # Results that groups of channels do not have, and a row of one vector.
        (layer_norm(shape, [0, 2], results=3), shape), (layer_norm([3, 16], [1]), [3, 16]),
        (group_norm([2, 9, 11, 40], 3, 4), [2, 9, 11, 40]), (group_norm([2, 40, 9, 11], 1, 4), [2, 40, 9, 11]),
        (group_norm([2, None, 11, 20], 3, 2), [2, 90, 11, 20]), (nested(shape), shape),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.npy")
        check_nans(path, cpus)
        for i, (program, sizes) in enumerate(programs):
            for name, make in VALUES.items():
                length = 1
                for size in sizes:
                    length *= size
                write_npy(path, sizes, "f32", encode(make(length), "f32"))
                norm_run(program, ["--verify", "--mcpu=" + cpus[i % len(cpus)], "--arg", "x=" + path])
        check_plans(path, cpus)
        check_grids(path, cpus + ["x86-64"])
        check_borders(path, cpus)


main()
