//===- KernelFunctions.cpp - Which functions are compiled -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelFunctions.h"

#include "norm/Dialect/Norm/IR/Norm.h"

using namespace mlir;
using namespace mlir::norm;

bool mlir::norm::hasSignature(func::FuncOp function) {
  for (unsigned i = 0, e = function.getNumArguments(); i < e; ++i)
    if (function.getArgAttr(i, kSizesAttrName))
      return true;
  return false;
}

bool mlir::norm::isKernel(func::FuncOp function) {
  return hasSignature(function) ||
         function
             .walk([](Operation *op) {
               return isa_and_nonnull<NormDialect>(op->getDialect())
                          ? WalkResult::interrupt()
                          : WalkResult::advance();
             })
             .wasInterrupted();
}
