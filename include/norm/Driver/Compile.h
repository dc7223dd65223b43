//===- Compile.h - A module to a file's contents ----------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_COMPILE_H
#define NORM_DRIVER_COMPILE_H

#include "mlir/IR/BuiltinOps.h"
#include "norm/Driver/Options.h"
#include "norm/Driver/Progress.h"
#include <functional>
#include <optional>

namespace mlir::norm {

/// What a compilation gives.
enum class EmitKind {
  /// The graph after fusion.
  MLIR,
  /// What the passes for the CPU make of it.
  VectorMLIR,
  /// For a GPU, that of the kernels.
  LLVM,
  Assembly,
  Object,
  /// A static archive of the object.
  Library,
  /// A shared library, by the system's C compiler.
  Shared,
  /// The kernels for a GPU as text.
  PTX,
  /// The same as machine code, by ptxas.
  Cubin,
  /// That for several GPUs in one file.
  FatBinary,
};

/// Whether a file holds nothing but kernels for a GPU.
bool isKernelsAlone(EmitKind kind);

/// What the extension of a file name stands for.
std::optional<EmitKind> getEmitKind(StringRef filename);
/// The kind that --emit calls `name`.
std::optional<EmitKind> parseEmitKind(StringRef name);
/// The names of all kinds, for people.
std::string getEmitKindNames();

/// Is told the plan of every norm.generic op, once.
using PlanCallback = std::function<void(Operation *, Attribute)>;

/// Is told, in a line, what is expected of every kernel for a GPU.
using KernelCallback = std::function<void(StringRef)>;

/// Who is told what happens during a compilation; any may be absent.
struct CompileObserver {
  PlanCallback onPlan;
  KernelCallback onKernel;
  PhaseCallback onPhase;
};

/// A plan as one line: where the op is, and what was decided.
std::string describePlan(Operation *op, Attribute plan);

/// Attaches the CPU to `module`, or several that `options` names with commas in
/// between, and says what is wrong with them. The object has code for each, and
/// uses at run time what is best there.
LogicalResult attachTarget(ModuleOp module, const TargetOptions &options);

/// The names of the CPUs of `module`.
std::string getCPUNames(ModuleOp module);

/// Compiles a module that has a target, and appends the contents of the file to
/// `output`. The module is what has been made of it afterwards. Errors are
/// diagnostics.
LogicalResult compile(ModuleOp module, EmitKind kind,
                      const CompileOptions &options,
                      SmallVectorImpl<char> &output,
                      const CompileObserver &observer = {});

} // namespace mlir::norm

#endif // NORM_DRIVER_COMPILE_H
