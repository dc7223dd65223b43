"""The benchmark's plots: files of SVG, a row a case."""

import os
import sys

from tables import LAYERS, yardstick

TITLES = {
    "times.svg": "Times of normalizations over those of hand-written kernels",
    "layers.svg": "Times of linear layers and what is fused with them over those "
                  "of oneDNN",
}

# The contenders of each plot: key, label, marker, colour.
ROWS = [("copy", "copy", "x", "0.5"),
        ("onednn2", "oneDNN 2", "s", "tab:orange"),
        ("onednn3", "oneDNN 3", "D", "tab:red"),
        ("norm", "norm-mlir", "o", "tab:blue"),
        ("norm-dynamic", "norm-mlir, dynamic", "|", "tab:cyan")]
LAYER = [("norm-linears", "norm-mlir, the layers alone", "x", "0.5"),
         ("norm", "norm-mlir", "o", "tab:blue"),
         ("norm-rows", "norm-mlir, dynamic rows", "|", "tab:cyan")]


def scatter(results, path, contenders, base, label):
    """Writes the plot of the times of `contenders` over `base` of a case's
    times; False if no case has that."""
    from matplotlib import pyplot
    cases = [name for name, result in results.items()
             if base(result["microseconds"])]
    if not cases:
        return False
    figure, axes = pyplot.subplots(figsize=(9, 1.5 + 0.22 * len(cases)))
    for key, name, marker, colour in contenders:
        points = [(results[case]["microseconds"][key] /
                   base(results[case]["microseconds"]), row)
                  for row, case in enumerate(cases)
                  if key in results[case]["microseconds"]]
        if points:
            axes.scatter(*zip(*points), label=name, marker=marker, color=colour,
                         s=24)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xticks([0.25, 0.5, 1, 2, 4, 8], ["¼", "½", "1", "2", "4", "8"])
    axes.set_yticks(range(len(cases)), cases, fontsize=7)
    axes.invert_yaxis()
    axes.grid(axis="x", alpha=0.3)
    axes.set_xlabel(label)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path)
    pyplot.close(figure)
    return True


def draw(results, folder):
    """Writes the plots into the folder; the names of the files."""
    try:
        import matplotlib
    except ImportError:
        print("no plot: matplotlib is not installed", file=sys.stderr)
        return []
    matplotlib.use("Agg")
    # The same numbers make the same file.
    matplotlib.rcParams["svg.hashsalt"] = "norm-mlir"
    is_layer = {name: name.startswith(LAYERS) for name in results}
    plots = [
        ("times.svg", False, ROWS, yardstick,
         "time / hand-written AVX-512 (log scale)"),
        ("layers.svg", True, LAYER, lambda times: times.get("onednn3"),
         "time / oneDNN 3 (log scale)"),
    ]
    names = []
    for name, wants_layers, contenders, base, label in plots:
        shown = {case: result for case, result in results.items()
                 if is_layer[case] == wants_layers}
        if scatter(shown, os.path.join(folder, name), contenders, base, label):
            names.append(name)
    return names
