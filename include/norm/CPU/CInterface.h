//===- CInterface.h - The C functions that norm-c-abi makes ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_CINTERFACE_H
#define NORM_CPU_CINTERFACE_H

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"
#include <optional>
#include <string>

namespace mlir::norm {

/// Function attribute: what the C function is, as CFunction reads it.
constexpr llvm::StringLiteral kCFunctionAttrName = "norm.c_function";

/// Unit attribute of the body of a kernel that returns a status, since it has
/// assertions.
constexpr llvm::StringLiteral kReturnsStatusAttrName = "norm.returns_status";

/// What a C function does for the function of the source.
enum class CFunctionKind {
  /// Computes it.
  Kernel,
  /// The bytes of its workspace.
  Workspace,
  /// Computes some of its rows.
  Rows,
  /// Computes it by several workers.
  Parallel,
  /// The bytes of the workspace of all workers.
  ParallelWorkspace,
  /// Packs an argument.
  Pack,
  /// The bytes of a packed argument.
  PackedSize,
  /// Computes it on tensors with strides.
  Strided,
  /// Computes it, given an array of pointers to its parameters' values.
  Invoke,
};

/// What a parameter of a C function is.
enum class CParameterRole {
  /// A tensor that is read.
  Input,
  /// A tensor that is read, packed.
  Packed,
  /// A scalar, by value.
  Scalar,
  /// A tensor that is written.
  Result,
  /// Packed data that is written.
  PackedResult,
  /// The size of a dynamic dim.
  Size,
  /// The elements from one index of a dim to the next.
  Stride,
  /// The first row, and the row after the last one.
  Begin,
  End,
  /// Memory for temporaries.
  Workspace,
  /// How tasks are run: a norm_parallel_for, its context, its workers.
  ParallelFor,
  Context,
  Workers,
  /// An array of pointers to the values of the kernel's parameters.
  Values,
  /// The CUDA stream that work is put in; null is the default one.
  Stream,
};

/// A parameter of a C function.
struct CParameter {
  std::string name;
  CParameterRole role = CParameterRole::Input;
  /// The tensor type of the source, or the type of the scalar. Of what is
  /// packed, the type before packing. Absent for other roles.
  Type type;
  /// The sizes over the function's symbols, for tensors.
  AffineMap sizes;
  /// The position of the tensor or scalar among arguments and results; of the
  /// tensor that a size belongs to.
  unsigned argument = 0;
  /// The dim that a size or stride belongs to.
  unsigned dim = 0;
};

/// A function that C programs may call.
struct CFunction {
  CFunctionKind kind = CFunctionKind::Kernel;
  /// The function's name in C.
  std::string name;
  /// The name of the source's function.
  std::string source;
  /// The C name of the kernel that it belongs to.
  std::string kernel;
  /// In the order of the C declaration.
  SmallVector<CParameter> parameters;
  /// The value that it always returns, for functions that return bytes.
  std::optional<int64_t> constant;
  /// What it never returns more of, but for the code of too many bytes.
  std::optional<int64_t> most;

  /// Reads the attribute of `function`, a func.func or llvm.func.
  static std::optional<CFunction> get(Operation *function);
  /// Writes it.
  void set(Operation *function) const;
};

/// `name` as a C identifier: other characters become underscores, keywords and
/// macros get one behind.
std::string makeCIdentifier(StringRef name);

/// Whether a C program's function `name` is `main`, or the C library's: a
/// kernel of that name would take its place.
bool isCLibraryName(StringRef name);

/// Gives out names that are not taken; what is taken gets underscores behind.
class CNames {
public:
  std::string getUnique(StringRef name);

private:
  SmallVector<std::string> taken;
};

} // namespace mlir::norm

#endif // NORM_CPU_CINTERFACE_H
