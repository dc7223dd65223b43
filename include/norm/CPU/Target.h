//===- Target.h - What code generation asks of a CPU ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_TARGET_H
#define NORM_CPU_TARGET_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/TargetParser/Triple.h"
#include <cstdint>

namespace mlir::norm {

/// The properties of a CPU that the planner and the lowering depend on.
struct CPUTarget {
  /// Bits of the native vector register.
  unsigned vectorBits = 256;
  /// Vector registers that code may use.
  unsigned numVectorRegisters = 16;
  /// Whether lanes can be masked for free (AVX-512, SVE).
  bool hasMasks = false;
  /// Whether f32 pairs convert to bf16 in one instruction (AVX512_BF16).
  bool hasBf16Convert = false;
  /// Whether there are tile registers, and instructions that multiply tiles of
  /// bf16 (AMX), and Linux, of which kernels can ask the registers.
  bool hasBf16Tiles = false;
  /// Whether f16 converts to f32 in one instruction (F16C, AArch64).
  bool hasF16Convert = true;
  /// Whether multiply-add is one instruction (FMA3, AArch64).
  bool hasFma = true;
  /// Whether rounding to integers is one instruction (SSE4.1, AArch64).
  bool hasRounding = true;
  /// From how many rows on software fetches a layer's weights sooner than the
  /// hardware does; 0: never.
  unsigned prefetchRows = 0;
  /// Whether the target is x86-64.
  bool isX86 = true;

  /// Lanes of a native vector of elements of `bits` bits.
  unsigned getLanes(unsigned bits) const { return vectorBits / bits; }

  /// The target that LLVM's `features` ("+avx2,-avx512f,...", complete, as a
  /// subtarget reports them) describe on `triple`.
  static CPUTarget get(const llvm::Triple &triple, llvm::StringRef features);

  /// The target of the module that holds `op`; x86-64-v3 if it names none.
  static CPUTarget get(Operation *op);
};

/// The value of `norm.cpu_target` for a triple (that of the host if empty), a
/// CPU name or "native", and more features. `error` says what is unknown.
FailureOr<DictionaryAttr> makeCPUTargetAttr(MLIRContext *context,
                                            llvm::StringRef triple,
                                            llvm::StringRef cpu,
                                            llvm::StringRef features,
                                            std::string &error);

/// Makes the targets known that LLVM generates code for. It may be called often
/// and by several threads, as LLVM's own functions may not.
void initializeTargets();

} // namespace mlir::norm

#endif // NORM_CPU_TARGET_H
