#!/usr/bin/env python3
"""Runs norm-bench and reports the times as ratios.

Every case is one run of the program, in which Google Benchmark alternates the
contenders in random order over many short repetitions; a time is the median of
them, in processor time of the process, pinned to one CPU. docs/performance.md
says how to read the tables.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

import kernels
import plots
from tables import exactness_tables, speed_tables

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.normpath(os.path.join(HERE, "../../docs/performance.md"))
MARKS = ("<!-- report.py: begin -->", "<!-- report.py: end -->")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", help="the build folder")
    parser.add_argument("--filter", default=".", metavar="REGEX",
                        help="only cases whose name matches in part")
    parser.add_argument("--quick", action="store_true",
                        help="fewer and shorter repetitions")
    parser.add_argument("--repetitions", type=int, metavar="N",
                        help="repetitions a contender (31; quick: 7)")
    parser.add_argument("--exactness", action="store_true",
                        help="only the table of errors")
    parser.add_argument("--no-exactness", action="store_true",
                        help="without the table of errors")
    parser.add_argument("--torch", action="store_true",
                        help="also PyTorch eager, which must be installed in "
                        "this Python")
    parser.add_argument("--markdown", action="store_true",
                        help="put the tables into docs/performance.md")
    parser.add_argument("--output", metavar="DIR",
                        help="folder of results.json and the plot "
                        "(BUILD/benchmark)")
    parser.add_argument("--cpu", type=int, help="the CPU to run on")
    return parser.parse_args()


def cpu_model():
    model, flags = "an unknown CPU", ""
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
            elif line.startswith("cpu family"):
                family = line.split(":", 1)[1].strip()
            elif line.startswith("model\t"):
                number = line.split(":", 1)[1].strip()
            elif line.startswith("flags"):
                flags = line.split()
                break
    known = {"25": "Zen 3 or 4", "26": "Zen 5"}
    name = f"{model} (family {family}, model {number}"
    if "AMD" in model and family in known:
        name += f": {known[family]}"
    features = [f for f in ("avx2", "avx512f", "avx512_bf16", "avx512_fp16",
                            "amx_bf16") if f in flags]
    return f"{name}; {', '.join(features)})"


class Program:
    """norm-bench, with the environment that its libraries need."""

    def __init__(self, arguments):
        self.path = os.path.join(arguments.build, "bin", "norm-bench")
        self.options = []
        if arguments.cpu is not None:
            self.options.append(f"--cpu={arguments.cpu}")
        self.environment = dict(os.environ)
        # PyPI's oneDNN 3 finds its run-time libraries and the OpenCL driver of
        # the CPU only when told where they are.
        library = os.path.join(sys.prefix, "lib")
        driver = os.path.join(library, "libintelocl.so")
        if os.path.exists(driver):
            self.environment["OCL_ICD_FILENAMES"] = driver
            self.environment["LD_LIBRARY_PATH"] = library
        self.environment["ONEDNN_VERBOSE"] = "0"
        if not os.path.exists(self.path):
            sys.exit(f"report.py: {self.path} is not built "
                     "(tools/dev.sh bench builds it)")

    def run(self, *arguments):
        done = subprocess.run([self.path, *self.options, *arguments],
                              env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for line in done.stderr.splitlines():
            if line.startswith("norm-bench:"):
                progress(line, keep=True)
        if done.returncode != 0:
            progress(f"norm-bench ended with status {done.returncode} for "
                     f"{' '.join(arguments[:1])}", keep=True)
        return done.stdout


shown = set()


def progress(text, keep=False):
    """A line on stderr: overwritten by the next one, or kept and shown once."""
    terminal = sys.stderr.isatty()
    if keep:
        if text not in shown:
            shown.add(text)
            sys.stderr.write(("\r\033[K" if terminal else "") + text + "\n")
    elif terminal:
        sys.stderr.write("\r\033[K" + text)
    sys.stderr.flush()


def measure(program, case, repetitions, seconds):
    """The median time of every contender, in microseconds."""
    output = program.run(f"^{case}$", "--benchmark_format=json",
                         "--benchmark_enable_random_interleaving=true",
                         f"--benchmark_repetitions={repetitions}",
                         f"--benchmark_min_time={seconds}")
    if not output.strip():
        return {}, {}
    times, errors = {}, {}
    for run in json.loads(output)["benchmarks"]:
        if run.get("run_type") != "iteration":
            continue
        contender = run["run_name"].split("/")[1]
        if run.get("error_occurred"):
            errors[contender] = run["error_message"]
        else:
            times.setdefault(contender, []).append(run["cpu_time"])
    return {name: statistics.median(all) for name, all in times.items()}, errors


def measure_torch(cases, repetitions):
    """PyTorch's times. In a process of its own, so not alternating."""
    done = subprocess.run([sys.executable,
                           os.path.join(HERE, "torch_baseline.py"),
                           str(repetitions), *cases],
                          text=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def text_bytes(path):
    """The size of the code and constants of an object; 0 for one left out."""
    done = subprocess.run(["size", path], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    lines = done.stdout.splitlines()
    return int(lines[1].split()[0]) if len(lines) > 1 else 0


def object_sizes(build):
    folder = os.path.join(build, "test", "benchmark", "kernels")
    return {kernel.name: text_bytes(os.path.join(folder, kernel.name + ".o"))
            for kernel in kernels.kernels()}


COMPILED = ["ln_f32_128x768", "ln_f32_dxd", "ln_bf16_dxd", "rms_f32_dxN768",
            "gn_f32_1x320x64x64_nhwc", "lnres_f32_128x768", "simple_f32_3x5"]


def compile_times(build):
    """Median processor seconds of normc for some kernels."""
    output = os.path.join(build, "benchmark-compiled.o")
    normc = os.path.join(build, "bin", "normc")
    folder = os.path.join(build, "test", "benchmark", "kernels")
    times = {}
    if not os.path.exists(normc):
        return times
    for name in COMPILED:
        spent = []
        for _ in range(5):
            before = os.times()
            done = subprocess.run(
                [normc, os.path.join(folder, name + ".mlir"), "-o", output,
                 "--mcpu=native"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            after = os.times()
            if done.returncode == 0:
                spent.append(after.children_user - before.children_user +
                             after.children_system - before.children_system)
        if spent:
            times[name] = statistics.median(spent)
    if os.path.exists(output):
        os.remove(output)
    return times


def run_all(arguments, program):
    names = [name for name in program.run("--list").split()
             if re.search(arguments.filter, name)]
    repetitions = arguments.repetitions or (7 if arguments.quick else 31)
    seconds = 0.002 if arguments.quick else 0.005
    results, begin = {}, time.time()
    for index, name in enumerate(names):
        progress(f"{index + 1}/{len(names)} {name} "
                 f"({time.time() - begin:.0f} s)")
        times, errors = measure(program, name, repetitions, seconds)
        results[name] = {"microseconds": times, "errors": errors}
    if arguments.torch:
        for name, value in measure_torch(names, repetitions).items():
            results[name]["microseconds"]["torch"] = value
    progress("")
    return results


def run_exactness(program):
    progress("errors of LayerNorm")
    lines = [json.loads(line)
             for line in program.run("--exactness").splitlines()]
    progress("")
    return lines


def put_into_page(text):
    with open(PAGE) as page:
        old = page.read()
    begin, end = (old.index(mark) for mark in MARKS)
    with open(PAGE, "w") as page:
        page.write(old[:begin + len(MARKS[0])] + "\n" + text + old[end:])
    progress(f"tables: {PAGE}", keep=True)


def main():
    arguments = parse_arguments()
    program = Program(arguments)
    output = arguments.output or os.path.join(arguments.build, "benchmark")
    os.makedirs(output, exist_ok=True)
    report = {"cpu": cpu_model(), "date": time.strftime("%Y-%m-%d")}
    text = f"Measured on {report['cpu']}, one core, {report['date']}.\n"
    if not arguments.exactness:
        report["cases"] = run_all(arguments, program)
        report["object_bytes"] = object_sizes(arguments.build)
        report["compile_seconds"] = compile_times(arguments.build)
        text += speed_tables(report)
        for name in plots.draw(report["cases"], output):
            progress(f"plot: {os.path.join(output, name)}", keep=True)
            if arguments.markdown:
                shutil.copy(os.path.join(output, name), os.path.dirname(PAGE))
                text += f"\n![{plots.TITLES[name]}]({name})\n"
    if not arguments.no_exactness:
        report["exactness"] = run_exactness(program)
        text += exactness_tables(report["exactness"])
    with open(os.path.join(output, "results.json"), "w") as file:
        json.dump(report, file, indent=1)
    progress(f"numbers: {os.path.join(output, 'results.json')}", keep=True)
    print(text)
    if arguments.markdown:
        put_into_page(text)


if __name__ == "__main__":
    main()
