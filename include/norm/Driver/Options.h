//===- Options.h - What can be chosen of a compilation ----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_OPTIONS_H
#define NORM_DRIVER_OPTIONS_H

#include <string>

namespace mlir::norm {

/// Where values are rounded to their storage type.
enum class Rounding {
  /// Only where a value is stored: at least as exact as between ops.
  Excess,
  /// At the boundary of every op, as frameworks do.
  Storage,
};

/// What passes may do to numbers that are exact enough.
enum class Accuracy {
  /// Results stay within the table of norm/Interpreter/Tolerance.h.
  Exact,
  /// Constant weights may be rounded anew, means folded into them, and
  /// normalizations applied to the results of linear layers.
  Relaxed,
};

/// Options of the passes on tensors.
struct GraphOptions {
  Rounding rounding = Rounding::Excess;
  Accuracy accuracy = Accuracy::Exact;
  /// Whether normalizations, linear layers and activations that are written in
  /// linalg, arith and math become ops of the dialect.
  bool raise = true;
  /// Whether norm.linear becomes norm.packed_linear, which CPUs compute.
  bool packLinear = true;
};

/// Options of the passes from tensors to vectors and C functions.
struct CPUOptions {
  /// Stands before the name of every C function.
  std::string symbolPrefix;
  /// The threads that kernels use by themselves: none if empty, else "pool" (of
  /// the program's own) or "openmp".
  std::string threads;
  /// Whether every kernel gets an entry for tensors with strides.
  bool strided = false;
  /// Whether every kernel gets an entry that takes its arguments as an array of
  /// pointers, for callers that do not know its type when they are compiled.
  bool invoke = false;
  /// The most rows that go through neighbouring linear layers and norms
  /// together; as many as caches hold if 0.
  unsigned rowBlock = 0;
};

/// Options of the way from vectors to LLVM's dialect.
struct LLVMOptions {
  /// Whether instructions carry the lines of the source.
  bool debugInfo = false;
};

/// The CPU that code is generated for.
struct TargetOptions {
  /// That of the host if empty.
  std::string triple;
  /// A name as of LLVM's -mcpu, or "native".
  std::string cpu = "native";
  /// More features, as of LLVM's -mattr.
  std::string features;
};

/// What kernels run on.
enum class Device {
  CPU,
  /// A GPU, by CUDA.
  CUDA,
  /// This machine, which computes what the threads of a GPU would.
  Emulated,
};

/// The GPU that code is generated for.
struct GPUOptions {
  Device device = Device::CPU;
  /// A name as of LLVM's -mcpu, sm_80 if empty; several, with commas in
  /// between, for a fat binary.
  std::string arch;

  std::string getArch() const { return arch.empty() ? "sm_80" : arch; }
  bool isGPU() const { return device != Device::CPU; }
};

/// All of a compilation.
struct CompileOptions {
  GraphOptions graph;
  CPUOptions cpu;
  LLVMOptions llvm;
  TargetOptions target;
  GPUOptions gpu;
  /// Whether to report on stderr how long each pass takes.
  bool timing = false;
};

} // namespace mlir::norm

#endif // NORM_DRIVER_OPTIONS_H
