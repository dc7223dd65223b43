"""usage: every_pass.py PLUGIN: stock mlir-opt with the plugin has every pass and
every pipeline of norm-opt."""
import re
import subprocess
import sys

plugin = sys.argv[1]
text = subprocess.run(["norm-opt", "--help"], check=True, capture_output=True,
                      text=True).stdout
names = sorted(set(re.findall(r"^ +--(norm-[a-z-]+)", text, re.M)) -
               {"norm-verify-passes"})
if len(names) < 20:
    sys.exit("norm-opt --help lists only %s" % names)
wrong = []
for name in names:
    # Of the ops that passes are on, one is right.
    runs = [subprocess.run(
        ["mlir-opt", "--load-dialect-plugin=" + plugin, "--load-pass-plugin=" + plugin,
         "--pass-pipeline=builtin.module(%s)" % (nest % name)],
        input="module {}", capture_output=True, text=True)
        for nest in ("%s", "func.func(%s)", "gpu.module(%s)")]
    if all(run.returncode for run in runs):
        wrong += [name] + [run.stderr for run in runs]
if wrong:
    sys.exit("\n".join(wrong))
print(len(names), "passes and pipelines")
