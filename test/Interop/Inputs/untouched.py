"""usage: untouched.py FILE: no pass of norm-opt changes a function of FILE, in which
nothing is ours."""
import re
import subprocess
import sys

# They say for which machine a module is, make C functions of all its functions, or
# lower functions of math for that machine, whosever they are.
OF_MODULES = {"norm-attach-cpu-target", "norm-gpu-attach-target", "norm-record-signature",
              "norm-check-lowerable", "norm-destination-passing", "norm-add-strided",
              "norm-c-abi", "norm-lower-math", "norm-gpu-lower-math", "norm-gpu-lower-rows"}


def run(*passes):
    return subprocess.run(["norm-opt", sys.argv[1], *passes], check=True,
                          capture_output=True, text=True).stdout


listed = subprocess.run(["norm-opt", "--help"], check=True, capture_output=True,
                        text=True).stdout
names = {name for name in re.findall(r"^ +--(norm-[a-z-]+)", listed, re.M)
         if not name.endswith("-pipeline") and name != "norm-verify-passes"}
missing = OF_MODULES - names
if missing:
    sys.exit("there is no %s" % sorted(missing))
passes = ["--" + name for name in sorted(names - OF_MODULES)]
before = run()
changing = [name for name in passes if run(name) != before]
if changing or run(*passes) != before:
    sys.exit("changed by %s" % (changing or "all together"))
print(len(passes), "passes change nothing")
