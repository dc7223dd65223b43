import ctypes.util
import os
import shutil
import sys

import lit.formats

config.name = "norm-mlir"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "unit", "benchmark", "python", "consumer", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)

config.environment["PATH"] = os.pathsep.join(
    [config.norm_tools_dir, config.llvm_tools_dir, config.environment["PATH"]])
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%cc", config.host_cc))
config.substitutions.append(("%cxx", config.host_cxx))
# A tool that refuses its input, or another exit status: see the script.
config.substitutions.append(("%refused", "%s %s" % (
    sys.executable, os.path.join(config.test_source_root, "Tools", "Inputs", "refused.py"))))
config.substitutions.append(("%test_passes", os.path.join(config.norm_lib_dir, "NormTestPasses.so")))
# The shared library in C, as programs are linked with it where it was built.
config.substitutions.append(("%norm_c", "-L%s -lnorm -Wl,-rpath,%s" % (
    config.norm_lib_dir, config.norm_lib_dir)))
config.substitutions.append(("%norm_library", os.path.join(config.norm_lib_dir, "libnorm.so")))
# MLIR's own API in C, on the shared libMLIR.
config.substitutions.append(("%mlir_c", (
    "-I{0}/include -L{0}/lib -lMLIRCAPIIR -lMLIR -lLLVM -lstdc++ -Wl,-rpath,{0}/lib").format(
        config.llvm_prefix)))
config.substitutions.append(("%llvm_libs", os.path.join(config.llvm_prefix, "lib")))
config.substitutions.append(("%llvm_library", os.path.join(config.llvm_prefix, "lib", "libLLVM.so")))
config.substitutions.append(("%plugin", os.path.join(config.norm_lib_dir, "libNormPlugin.so")))
config.substitutions.append(("%source", config.norm_source_dir))
config.substitutions.append(("%build", os.path.dirname(config.norm_tools_dir)))
config.substitutions.append(("%examples", os.path.join(config.norm_source_dir, "docs", "examples")))

# Programs without sanitizers load none of our libraries that need theirs.
if not config.norm_sanitize:
    config.available_features.add("unsanitized")
if ctypes.util.find_library("LLVM-15"):
    config.available_features.add("llvm-15")

# What only some CPUs can run; everything else must pass on any x86-64-v3.
try:
    with open("/proc/cpuinfo") as cpuinfo:
        flags = set(next((line for line in cpuinfo if line.startswith("flags")), "").split())
except OSError:
    flags = set()
if {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= flags:
    config.available_features.add("cpu-avx512")
if "avx512_bf16" in flags:
    config.available_features.add("cpu-avx512bf16")

# Programs of a CUDA toolkit, found as normc finds them.
cuda = [os.path.join(os.environ[v], "bin") for v in ("CUDA_PATH", "CUDA_HOME") if v in os.environ]
cuda.append(config.environment["PATH"])
ptxas = shutil.which("ptxas", path=os.pathsep.join(cuda))
if ptxas and shutil.which("fatbinary", path=os.pathsep.join(cuda)):
    config.available_features.add("ptxas")
    config.substitutions.append(("%ptxas", ptxas))
    for variable in ("CUDA_PATH", "CUDA_HOME"):
        if variable in os.environ:
            config.environment[variable] = os.environ[variable]
