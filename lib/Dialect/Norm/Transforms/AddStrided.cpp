//===- AddStrided.cpp - Functions on tensors with strides -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_ADDSTRIDED
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
struct AddStrided : norm::impl::AddStridedBase<AddStrided> {
  void runOnOperation() final {
    SymbolTable symbols(getOperation());
    SmallVector<func::FuncOp> functions;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal() && function.isPublic() &&
          !function->hasAttr(kPackOfAttrName) &&
          !function->hasAttr(kStridedAttrName))
        functions.push_back(function);
    for (func::FuncOp function : functions) {
      func::FuncOp strided = function.clone();
      strided->setAttr(kStridedAttrName, function.getSymNameAttr());
      strided.setName((function.getName() + "_strided").str());
      symbols.insert(strided, ++Block::iterator(function));
    }
  }
};
} // namespace
