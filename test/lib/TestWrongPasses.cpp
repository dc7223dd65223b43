//===- TestWrongPasses.cpp - Passes that --norm-verify-passes must catch --===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "llvm/Config/llvm-config.h"

using namespace mlir;

namespace {

/// Sets the epsilon of every op that has one to 0.
struct TestDropEpsilon : PassWrapper<TestDropEpsilon, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestDropEpsilon)
  StringRef getArgument() const final { return "test-drop-epsilon"; }
  StringRef getDescription() const final { return "A wrong pass."; }
  void runOnOperation() final {
    getOperation()->walk([](Operation *op) {
      if (op->getAttrOfType<FloatAttr>("epsilon"))
        op->setAttr("epsilon", Builder(op).getF64FloatAttr(0.0));
    });
  }
};

/// Swaps the operands of every op on tensors that has two of one type.
struct TestSwapOperands : PassWrapper<TestSwapOperands, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestSwapOperands)
  StringRef getArgument() const final { return "test-swap-operands"; }
  StringRef getDescription() const final {
    return "A pass that is wrong unless all ops commute.";
  }
  void runOnOperation() final {
    getOperation()->walk([](Operation *op) {
      if (op->getNumOperands() == 2 &&
          op->getOperand(0).getType() == op->getOperand(1).getType()) {
        Value first = op->getOperand(0);
        op->setOperand(0, op->getOperand(1));
        op->setOperand(1, first);
      }
    });
  }
};

} // namespace

extern "C" ::mlir::PassPluginLibraryInfo LLVM_ATTRIBUTE_WEAK
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "NormTestPasses", LLVM_VERSION_STRING, []() {
            PassRegistration<TestDropEpsilon>();
            PassRegistration<TestSwapOperands>();
          }};
}
