//===- GeneralizeCopies.cpp - Copies of strided buffers -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericParts.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {
#define GEN_PASS_DEF_GENERALIZECOPIES
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Whether the elements are known to lie side by side, so that LLVM's dialect
/// has a memcpy for them.
static bool isContiguous(BaseMemRefType type) {
  auto memref = dyn_cast<MemRefType>(type);
  return memref && (memref.getLayout().isIdentity() ||
                    (memref.hasStaticShape() && memref.getNumElements() > 0 &&
                     memref::isStaticShapeAndContiguousRowMajor(memref)));
}

namespace {
struct GeneralizeCopies : norm::impl::GeneralizeCopiesBase<GeneralizeCopies> {
  using GeneralizeCopiesBase::GeneralizeCopiesBase;

  void runOnOperation() final {
    SmallVector<memref::CopyOp> copies;
    getOperation()->walk([&](memref::CopyOp copy) {
      auto source = cast<BaseMemRefType>(copy.getSource().getType());
      auto target = cast<BaseMemRefType>(copy.getTarget().getType());
      if (isa<MemRefType>(source) && isa<MemRefType>(target) &&
          (all || !(isContiguous(source) && isContiguous(target))))
        copies.push_back(copy);
    });
    for (memref::CopyOp copy : copies) {
      OpBuilder builder(copy);
      makeCopy(builder, copy.getLoc(), copy.getSource(), copy.getTarget());
      copy.erase();
    }
    numGeneralized += copies.size();
  }
};
} // namespace
