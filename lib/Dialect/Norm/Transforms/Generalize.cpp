//===- Generalize.cpp - Rewrite named and elementwise ops as norm.generic -===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include "norm/Dialect/Norm/Transforms/Transforms.h"

namespace mlir::norm {
#define GEN_PASS_DEF_GENERALIZE
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
struct Generalize : norm::impl::GeneralizeBase<Generalize> {
  using GeneralizeBase::GeneralizeBase;

  void runOnOperation() final {
    RewritePatternSet patterns(&getContext());
    populateGeneralizeNormalizationPatterns(patterns);
    populateGeneralizeActivationPatterns(patterns);
    populateGeneralizeElementwisePatterns(patterns);
    populateGeneralizeLinalgPatterns(patterns);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
