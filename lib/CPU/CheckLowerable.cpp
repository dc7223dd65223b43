//===- CheckLowerable.cpp - Refuse what nothing lowers --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {
#define GEN_PASS_DEF_CHECKLOWERABLE
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Whether `op` is control flow that bufferization keeps in the memory that
/// there is in front of it.
static bool isControlFlow(Operation *op) {
  if (auto execute = dyn_cast<scf::ExecuteRegionOp>(op))
    return execute.getRegion().hasOneBlock();
  return isa<scf::ForOp, scf::IfOp, scf::IndexSwitchOp, scf::YieldOp>(op);
}

/// Whether `op`, which has tensors among its operands or results, is lowered.
static bool isLowered(Operation *op) {
  // Computed by this project's passes, moved by bufferization, or loops.
  return isa<GenericOp, PackedLinearOp, PackWeightOp, arith::ConstantOp,
             tensor::CastOp, tensor::CollapseShapeOp, tensor::ConcatOp,
             tensor::DimOp, tensor::EmptyOp, tensor::ExpandShapeOp,
             tensor::ExtractOp, tensor::ExtractSliceOp, tensor::FromElementsOp,
             tensor::InsertOp, tensor::InsertSliceOp,
             tensor::ParallelInsertSliceOp, tensor::ReshapeOp, func::ReturnOp>(
             op) ||
         isControlFlow(op) || isa<linalg::LinalgOp>(op);
}

/// The same for a GPU: what the host would compute elements of is not.
static bool isLoweredForGPU(Operation *op) {
  return isLowered(op) && !isa<linalg::LinalgOp>(op) &&
         !isa<PackedLinearOp, PackWeightOp, tensor::ExtractOp, tensor::InsertOp,
              tensor::FromElementsOp, tensor::ReshapeOp>(op) &&
         !isControlFlow(op);
}

/// Whether `op` is a linear layer or another contraction.
static bool isLinear(Operation *op) {
  auto structured = dyn_cast<linalg::LinalgOp>(op);
  return isa<LinearOp, PackedLinearOp>(op) ||
         (structured && linalg::isaContractionOpInterface(structured));
}

/// Whether `op` ends no program: a division of integers does where it is by
/// zero, and by -1 where the quotient is too large. (Upstream calls remainders
/// speculatable.)
static bool isSafe(Operation *op) {
  bool isUnsigned = isa<arith::DivUIOp, arith::RemUIOp, arith::CeilDivUIOp>(op);
  if (!isUnsigned && !isa<arith::DivSIOp, arith::RemSIOp, arith::FloorDivSIOp,
                          arith::CeilDivSIOp>(op))
    return true;
  APInt divisor;
  return matchPattern(op->getOperand(1), m_ConstantInt(&divisor)) &&
         !divisor.isZero() && (isUnsigned || !divisor.isAllOnes());
}

namespace {
struct CheckLowerable : norm::impl::CheckLowerableBase<CheckLowerable> {
  using CheckLowerableBase::CheckLowerableBase;

  void runOnOperation() final {
    auto isTensor = [](Type type) { return isa<TensorType>(type); };
    // What stands in a generic is its own affair.
    WalkResult walk = getOperation().walk<WalkOrder::PreOrder>(
        [&](Operation *op) -> WalkResult {
          if (op == getOperation())
            return WalkResult::advance();
          bool onTensors = llvm::any_of(op->getOperandTypes(), isTensor) ||
                           llvm::any_of(op->getResultTypes(), isTensor);
          if (gpu && isa<cf::AssertOp>(op))
            return op->emitOpError("is not supported: nothing lowers it for a "
                                   "GPU");
          // In loops of upstream's nothing keeps a division from being tried.
          if (op->getParentOfType<linalg::LinalgOp>() && !isSafe(op))
            return op->emitOpError("in the body of an op on tensors may divide "
                                   "by zero, which would end the program");
          if (gpu && isLinear(op))
            return op->emitOpError("is not available for GPUs: linear layers "
                                   "have kernels for CPUs only");
          if (onTensors && !(gpu ? isLoweredForGPU(op) : isLowered(op)))
            return op->emitOpError("on tensors is not supported: nothing "
                                   "lowers it for a ")
                   << (gpu ? "GPU" : "CPU");
          return isa<GenericOp>(op) ? WalkResult::skip()
                                    : WalkResult::advance();
        });
    if (walk.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
