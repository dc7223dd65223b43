//===- TestWrongPasses.cpp - Passes that --norm-verify-passes must catch --===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
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

/// Runs a pipeline and then damages what it made of linear layers: without
/// damage it is as right as the pipeline is.
struct TestDamaged : PassWrapper<TestDamaged, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestDamaged)
  TestDamaged() = default;
  TestDamaged(const TestDamaged &other) : PassWrapper(other) {}
  StringRef getArgument() const final { return "test-damaged"; }
  StringRef getDescription() const final { return "A pass with a mistake."; }

  Option<std::string> pipeline{*this, "pipeline",
                               llvm::cl::desc("Passes to run")};
  Option<bool> bias{*this, "bias", llvm::cl::desc("Double every bias")};
  Option<bool> weight{*this, "weight",
                      llvm::cl::desc("Change one weight by a thousandth")};

  void runOnOperation() final {
    OpPassManager manager(ModuleOp::getOperationName());
    if (failed(parsePassPipeline(pipeline, manager)) ||
        failed(runPipeline(manager, getOperation())))
      return signalPassFailure();
    getOperation()->walk([&](Operation *op) {
      if (op->getName().getStringRef() != "norm.linear")
        return;
      if (weight)
        scale(op->getOperand(1), 1, 1.001);
      if (bias && op->getNumOperands() == 3)
        scale(op->getOperand(2), -1, 2.0);
    });
  }

private:
  /// Multiplies the first `count` elements of a constant, or all, by `factor`.
  static void scale(Value constant, int64_t count, double factor) {
    DenseElementsAttr elements;
    if (!matchPattern(constant, m_Constant(&elements)))
      return;
    SmallVector<APFloat> values(elements.getValues<APFloat>());
    for (APFloat &value :
         MutableArrayRef(values).take_front(count < 0 ? values.size() : count))
      value = FloatAttr::get(elements.getElementType(),
                             value.convertToDouble() * factor)
                  .getValue();
    constant.getDefiningOp()->setAttr(
        "value", DenseElementsAttr::get(elements.getType(), values));
  }
};

} // namespace

extern "C" ::mlir::PassPluginLibraryInfo LLVM_ATTRIBUTE_WEAK
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "NormTestPasses", LLVM_VERSION_STRING, []() {
            PassRegistration<TestDropEpsilon>();
            PassRegistration<TestSwapOperands>();
            PassRegistration<TestDamaged>();
          }};
}
