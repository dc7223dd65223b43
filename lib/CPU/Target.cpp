//===- Target.cpp - What code generation asks of a CPU --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/IR/Norm.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/Threading.h"

using namespace mlir::norm;

CPUTarget CPUTarget::get(const llvm::Triple &triple, llvm::StringRef features) {
  llvm::StringSet<> enabled;
  llvm::SmallVector<llvm::StringRef> parts;
  features.split(parts, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef part : parts)
    if (part.consume_front("+"))
      enabled.insert(part);
  CPUTarget target;
  target.isX86 = triple.isX86();
  if (!target.isX86) {
    target.vectorBits = 128;
    target.numVectorRegisters = 32;
    return target;
  }
  target.hasF16Convert = enabled.contains("f16c");
  target.hasRounding = enabled.contains("sse4.1");
  target.hasFma = enabled.contains("fma");
  target.hasMasks = enabled.contains("avx512vl") &&
                    enabled.contains("avx512bw") &&
                    enabled.contains("avx512dq");
  target.hasBf16Convert = target.hasMasks && enabled.contains("avx512bf16");
  // The system is asked for the registers, which the runtime does on Linux.
  target.hasBf16Tiles = target.hasBf16Convert && triple.isOSLinux() &&
                        enabled.contains("amx-tile") &&
                        enabled.contains("amx-bf16");
  if (target.hasMasks) {
    target.vectorBits = 512;
    target.numVectorRegisters = 32;
  } else if (!enabled.contains("avx2")) {
    target.vectorBits = 128;
  }
  return target;
}

CPUTarget CPUTarget::get(mlir::Operation *op) {
  auto module = mlir::isa<mlir::ModuleOp>(op)
                    ? mlir::cast<mlir::ModuleOp>(op)
                    : op->getParentOfType<mlir::ModuleOp>();
  auto attribute =
      module ? module->getAttrOfType<mlir::DictionaryAttr>(kCPUTargetAttrName)
             : mlir::DictionaryAttr();
  auto triple = attribute ? attribute.getAs<mlir::StringAttr>("triple")
                          : mlir::StringAttr();
  auto features = attribute ? attribute.getAs<mlir::StringAttr>("features")
                            : mlir::StringAttr();
  if (!triple || !features)
    return CPUTarget();
  CPUTarget target = get(llvm::Triple(triple.getValue()), features.getValue());
  // Measured for a weight of 4096 x 4096 in f32. With a prefetch, 8 rows take
  // 0.5 to 0.7 of the time on Granite Rapids, 2 rows 0.5 to 0.9 with AVX2 and
  // the same with AVX-512; 8 rows 0.7 on Zen 5, and 1 row more. On Zen 4 8 rows
  // take 1.0 to 1.25 times as long at any distance.
  auto cpu = attribute.getAs<mlir::StringAttr>("cpu");
  llvm::StringRef name = cpu ? cpu.getValue() : "";
  if (target.isX86)
    target.prefetchRows = name == "znver4" ? 0 : name == "znver5" ? 4 : 1;
  return target;
}

void mlir::norm::initializeTargets() {
  static llvm::once_flag once;
  llvm::call_once(once, [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmParsers();
    llvm::InitializeAllAsmPrinters();
  });
}
