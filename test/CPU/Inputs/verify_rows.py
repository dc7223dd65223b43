"""Kernels against the reference interpreter at the edges of the row lowering."""
import sys

from rows import norm_run, tensor

# The vectors, pipelines and groups of rows end at such sizes.
LENGTHS = [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129, 255, 257, 768, 1537, 3073, 8193]
COUNTS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33]


def run(program, cpu, sizes={}):
    norm_run(program, ["--verify", "--mcpu=" + cpu] + [
        flag for name, size in sizes.items() for flag in ("--size", "%s=%d" % (name, size))])


def layer_norm(shape, axes, element, parameter, name=""):
    """A function on a residual, with all results."""
    rows = tensor(shape, element)
    row = tensor([shape[axis] for axis in axes], parameter)
    statistics = tensor([n for axis, n in enumerate(shape) if axis not in axes], "f64" if element == "f64" else "f32")
    return """func.func @f(%x: {0}, %r: {0}, %g: {1}, %b: {1}) -> ({0}, {0}, {2}, {2}) {{
  %s = arith.addf %x, %r : {0}
  %y, %mean, %rstd = norm.layer_norm %s scale %g shift %b axes {3} : ({0}, {1}, {1}) -> ({0}, {2}, {2})
  return %y, %s, %mean, %rstd : {0}, {0}, {2}, {2}
}}
""".format(rows, row, statistics, list(axes))


def rms_norms(shapes, element):
    """Norms of several arguments in one function."""
    types = [tensor(shape, element) for shape in shapes]
    rows = [tensor(shape[1:], element) for shape in shapes]
    lines = ["  %%y%d = norm.rms_norm %%x%d scale %%g%d axes [1] : (%s, %s) -> %s" % (i, i, i, t, r, t)
             for i, (t, r) in enumerate(zip(types, rows))]
    return "func.func @f(%s) -> (%s) {\n%s\n  return %s : %s\n}\n" % (
        ", ".join("%%x%d: %s, %%g%d: %s" % (i, t, i, r) for i, (t, r) in enumerate(zip(types, rows))),
        ", ".join(types), "\n".join(lines), ", ".join("%%y%d" % i for i in range(len(types))), ", ".join(types))


def channel_norm(kind, shape, channel, element, attributes=""):
    rows, row = tensor(shape, element), tensor([shape[channel]], element)
    statistic = tensor([shape[channel]], "f64" if element == "f64" else "f32")
    training = kind == "batch_norm_training"
    results = [rows] + ([statistic] * 2 if training else [])
    names = ["%%y#%d" % i for i in range(3)] if training else ["%y"]
    inference = kind == "batch_norm"
    return """func.func @f(%x: {0}, %g: {1}, %b: {1}{2}) -> ({3}) {{
  {4} = norm.{5} %x scale %g shift %b{6} {7} channel_axis {8} : ({0}, {1}, {1}{9}) -> {10}
  return {11} : {3}
}}
""".format(rows, row, ", %m: {0}, %v: {0}".format(statistic) if inference else "", ", ".join(results),
           "%y:3" if training else "%y", kind, " mean %m variance %v" if inference else "", attributes, channel,
           ", {0}, {0}".format(statistic) if inference else "",
           "(%s)" % ", ".join(results) if training else rows, ", ".join(names))


def check_lengths():
    """Each length in each of the plans that depend on types and on what is known."""
    targets = ["native", "x86-64-v4", "x86-64-v3", "x86-64"]
    targets = [target for target in targets if target in sys.argv[2:]]
    elements = [("f32", "f32"), ("bf16", "bf16"), ("f16", "f32"), ("f64", "f64")]
    for i, length in enumerate(LENGTHS):
        element, parameter = elements[i % 4]
        # Next to none: a pipeline is full, and does not fill.
        count = COUNTS[(i * 5) % len(COUNTS)] if length < 3000 else 3
        cpu = targets[i % len(targets)]
        run(layer_norm([None, None if i % 3 == 2 else length], [1], element, parameter), cpu,
            {"x_d0": count, "x_d1": length} if i % 3 == 2 else {"x_d0": count})


def check_counts():
    """Each number of rows, static and dynamic, in pipelines of one row and groups."""
    for length, element, cpu in [(96, "f32", 0), (300, "bf16", 1), (33, "bf16", 0), (1600, "f32", 1)]:
        cpu = sys.argv[2:][cpu % len(sys.argv[2:])]
        run(rms_norms([[count, length] for count in COUNTS], element), cpu)
        run(layer_norm([None, length], [1], element, element), cpu, {"x_d0": 17})
        run(layer_norm([None, length], [1], element, element), cpu, {"x_d0": 5})
        # Rows that share their inputs go through the vectors by four.
        run(channel_norm("batch_norm", [None, length], 1, element), cpu, {"x_d0": 3})
        run(channel_norm("batch_norm", [None, length], 1, element), cpu, {"x_d0": 10})


def check_tiny():
    """Rows of a few elements: vectors of rows, and those that fill none."""
    cpu = sys.argv[2]
    for length in range(2, 10):
        run(layer_norm([None, length], [1], "f32", "f32"), cpu, {"x_d0": 53})
        run(rms_norms([[count, length] for count in (15, 16, 33)], ["f32", "f16"][length % 2]), cpu)
    run(layer_norm([3, 35, 6], [2], "bf16", "f32"), cpu)
    run(channel_norm("group_norm", [40, 12, 1, 1], 1, "f32", "groups 3"), cpu)
    run(channel_norm("instance_norm", [5, 24, 2, 2], 1, "f32"), cpu)


def check_axes():
    """Axes first, in the middle, several, all; channels first and last."""
    cpus = sys.argv[2:]
    programs = [layer_norm([17, 33], [0], "f32", "f32"), layer_norm([5, 9, 17], [1], "bf16", "f32"),
                layer_norm([5, 9, 17], [0, 2], "f16", "f16"), layer_norm([3, 5, 7], [0, 1, 2], "f32", "f32"),
                layer_norm([0, 5], [0], "f32", "f32"), layer_norm([65, 2], [1], "bf16", "bf16")]
    for kind in ["instance_norm", "batch_norm", "batch_norm_training"]:
        programs += [channel_norm(kind, [3, 19, 5, 7], 1, "f32"), channel_norm(kind, [3, 5, 7, 19], 3, "bf16"),
                     channel_norm(kind, [2, 65], 1, "bf16")]
    for element in ["f32", "bf16"]:
        programs += [channel_norm("group_norm", [2, 40, 3, 5], 1, element, "groups 4"),
                     channel_norm("group_norm", [2, 3, 5, 40], 3, element, "groups 4")]
    # Long sums across vectors.
    programs += [channel_norm("batch_norm_training", [8, 9, 17, 7], 3, "f32"),
                 channel_norm("batch_norm_training", [4100, 5], 1, "f64")]
    for i, program in enumerate(programs):
        run(program, cpus[i % len(cpus)])


def check_long():
    """Chunks of long rows, stores that bypass the caches."""
    cpus = sys.argv[2:]
    run(layer_norm([3, 40000], [1], "f32", "f32"), cpus[0])
    run(layer_norm([None, None], [1], "bf16", "bf16"), cpus[-1], {"x_d0": 2, "x_d1": 70001})
    run(rms_norms([[2200, 1024]], "f32"), cpus[0])
    run(rms_norms([[2200, 1025]], "f32"), cpus[-1])


{"lengths": check_lengths, "counts": check_counts, "tiny": check_tiny, "axes": check_axes, "long": check_long}[sys.argv[1]]()
