"""The tables of report.py, as Markdown."""

import statistics

# Below this a call of PyPI's oneDNN 3, a SYCL build, is mostly its 5 us of
# overhead; Debian's oneDNN 2.6 is compared there.
ONEDNN3_FROM_US = 100.0


def yardstick(times):
    """The fastest hand-written kernel's time, None where there is none."""
    found = [t for name, t in times.items() if name.startswith("yardstick")]
    return min(found, default=None)


def copy(times):
    return min((t for name, t in times.items() if name.startswith("copy")),
               default=None)


def onednn(times):
    """The time of the oneDNN that is a fair comparison, and its version."""
    scale = yardstick(times) or times.get("norm") or 0
    if scale >= ONEDNN3_FROM_US and "onednn3" in times:
        return times["onednn3"], "3"
    if "onednn2" in times:
        return times["onednn2"], "2.6"
    return None, ""


def ratio(a, b):
    return a / b if a and b else None


def number(value, digits=2):
    return "-" if value is None else f"{value:.{digits}f}"


def microseconds(value):
    if value is None:
        return "-"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def table(header, rows):
    """A Markdown table with aligned columns: readable as it is, too."""
    rows = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    def line(row):
        return "| " + " | ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths))) + " |"
    rule = "|" + "|".join("-" * (width + 2) if i == 0 else
                          "-" * (width + 1) + ":"
                          for i, width in enumerate(widths)) + "|"
    return "\n".join([line(rows[0]), rule, *map(line, rows[1:])]) + "\n"


# What the names of the layer cases begin with.
LAYERS = ("linear", "normlinear", "rmslinear", "mlp", "swiglu", "ffn")


def speed_table(report):
    rows = []
    for name, case in report["cases"].items():
        if name.startswith(LAYERS):
            continue
        times = case["microseconds"]
        yard, ours = yardstick(times), times.get("norm")
        library, version = onednn(times)
        rows.append([
            name, microseconds(ours), microseconds(yard),
            number(ratio(ours, yard)),
            number(ratio(times.get("norm-rows"), ours)),
            number(ratio(times.get("norm-dynamic"), ours)),
            number(ratio(times.get("norm-v3"), ours)),
            number(ratio(ours or yard, copy(times))),
            number(ratio(library, ours or yard)), version,
            report["object_bytes"].get(name) or "-"])
        if any("torch" in c["microseconds"] for c in report["cases"].values()):
            rows[-1].insert(-1, number(ratio(times.get("torch"), ours)))
    header = ["case", "us", "yardstick us", "/ yardstick", "dynamic rows",
              "dynamic N", "v3", "/ copy", "oneDNN /", "version", "bytes"]
    if rows and len(rows[0]) > len(header):
        header.insert(-1, "torch /")
    return table(header, rows)


def layer_table(report):
    rows = []
    for name, case in report["cases"].items():
        if not name.startswith(LAYERS):
            continue
        times = case["microseconds"]
        ours = times.get("norm")
        library, version = onednn(times)
        rows.append([name, microseconds(ours),
                     number(ratio(ours, times.get("norm-linears"))),
                     number(ratio(times.get("norm-rows"), ours)),
                     number(ratio(ours, times.get("read"))),
                     number(ratio(library, ours)), version,
                     report["object_bytes"].get(name) or "-"])
    return rows and table(["case", "us", "/ layers alone", "dynamic rows",
                           "/ reading", "oneDNN /", "version", "bytes"], rows)


def summary_rows(report, label, value, prefixes):
    values = {}
    for name, case in report["cases"].items():
        if name.startswith(prefixes):
            found = value(case["microseconds"])
            if found is not None:
                values[name] = found
    if not values:
        return []
    worst = max(values, key=values.get)
    return [[label, len(values), number(statistics.median(values.values())),
             number(values[worst]), worst]]


def summary_table(report):
    rows = []
    def norm_over(key):
        return lambda times: ratio(times.get(key), times.get("norm"))
    def over_yardstick(times):
        return ratio(times.get("norm"), yardstick(times))
    main = ("ln_f32", "ln_bf16", "rms_f32", "rms_bf16")
    for prefix in main:
        rows += summary_rows(report, f"{prefix} / yardstick", over_yardstick,
                             (prefix,))
    rows += summary_rows(report, "all four / yardstick", over_yardstick, main)
    rows += summary_rows(report, "dynamic rows / static",
                         norm_over("norm-rows"), main)
    rows += summary_rows(report, "dynamic N / static",
                         norm_over("norm-dynamic"), main)
    rows += summary_rows(report, "x86-64-v3 / AVX-512", norm_over("norm-v3"),
                         main)
    rows += summary_rows(
        report, "batch norm / copy",
        lambda times: ratio(times.get("norm"), copy(times)), ("bn",))
    f16 = []
    for name, case in report["cases"].items():
        other = report["cases"].get(name.replace("_f16_", "_bf16_"))
        if "_f16_" in name and other:
            value = ratio(case["microseconds"].get("norm"),
                          other["microseconds"].get("norm"))
            if value:
                f16.append((value, name))
    if f16:
        rows.append(["f16 / bf16", len(f16),
                     number(statistics.median(v for v, _ in f16)),
                     number(max(f16)[0]), max(f16)[1]])
    return table(["ratio", "cases", "median", "worst", "where"], rows)


def speed_tables(report):
    text = "\n" + speed_table(report)
    if layers := layer_table(report):
        text += "\n" + layers
    summary = summary_table(report)
    if summary.count("\n") > 2:
        text += "\n" + summary
    if report["compile_seconds"]:
        text += "\n" + table(
            ["graph", "normc seconds"],
            [[name, number(seconds, 3)]
             for name, seconds in report["compile_seconds"].items()])
    wrong = [[f"{name}/{contender}", message]
             for name, case in report["cases"].items()
             for contender, message in case["errors"].items()]
    if wrong:
        text += "\n" + table(["wrong result", ""], wrong)
    return text


def exactness_tables(lines):
    """Two tables: f32 in units of 2^-23; 16 bits by rounding and ulps."""
    contenders = list(dict.fromkeys(line["contender"] for line in lines))
    single, half = {}, {}
    for line in lines:
        if line["type"] == "f32":
            values = f"{line['ratio']:g}" + (
                " (values of f16)" if line["coarse"] else "")
            key = (line["length"], values)
            single.setdefault(key, {})[line["contender"]] = (
                f"{line['units']:.3g}")
        else:
            key = (line["type"], line["length"], line["ratio"])
            share = 100 * line["correctly_rounded"] / line["elements"]
            half.setdefault(key, {})[line["contender"]] = (
                f"{share:.3f}% / {line['ulps']:.3g}")
    text = ("\nLayerNorm f32, largest error in units of 2^-23 (scale 1, shift "
            "0):\n\n")
    text += table(["N", "mean/std", *contenders],
                  [[n, values, *(row.get(c, "-") for c in contenders)]
                   for (n, values), row in single.items()])
    used = [c for c in contenders if any(c in row for row in half.values())]
    text += ("\nLayerNorm in 16 bits, share of elements that are correctly "
             "rounded / largest error in ulps at max(|y|, 1/64):\n\n")
    text += table(["type", "N", "mean/std", *used],
                  [[t, n, f"{r:g}", *(row.get(c, "-") for c in used)]
                   for (t, n, r), row in half.items()])
    return text
