//===- RowIndependence.cpp - Whether rows of results depend on each other -===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Dialect/Norm/Analysis/RowIndependence.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;

bool mlir::norm::readsPlace(GenericOp op, unsigned dim) {
  return llvm::any_of(*op.getBodyBlock(), [&](Operation &nested) {
    auto index = dyn_cast<IndexOp>(nested);
    auto extent = dyn_cast<ExtentOp>(nested);
    return (index && index.getDim() == dim) ||
           (extent && llvm::is_contained(extent.getDims(), dim));
  });
}

/// Whether `part` occurs in `expr`.
static bool contains(AffineExpr expr, AffineExpr part) {
  return expr
      .walk([&](AffineExpr other) {
        return other == part ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

bool RowIndependence::hasRows(Value value) const {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getRank() > 0 && sizes.getSize(value, 0) == rows;
}

bool RowIndependence::misplaces(Value value) const {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return false;
  for (unsigned dim = hasRows(value) ? 1 : 0; dim < type.getRank(); ++dim) {
    AffineExpr size = sizes.getSize(value, dim);
    if (!size || contains(size, rows))
      return true;
  }
  return false;
}

/// Whether operands with rows have them along one loop, which is parallel.
bool RowIndependence::keepsRows(Operation *op, OperandRange operands,
                                ArrayRef<AffineMap> maps,
                                function_ref<bool(unsigned)> isParallel,
                                std::optional<unsigned> &loop) const {
  for (auto [operand, map] : llvm::zip_first(operands, maps)) {
    if (!hasRows(operand))
      continue;
    auto dim = dyn_cast<AffineDimExpr>(map.getResult(0));
    if (!dim || !isParallel(dim.getPosition()) ||
        (loop && *loop != dim.getPosition()))
      return false;
    loop = dim.getPosition();
  }
  return true;
}

/// Whether `value` may be computed from the number of rows.
static bool mayCountRows(Value value) {
  Operation *op = value.getDefiningOp();
  return value.getType().isIndex() &&
         !(op && op->hasTrait<OpTrait::ConstantLike>());
}

/// Whether `op` makes something else of a size than a size or a shape.
static bool readsSizes(Operation *op) {
  return !isa<tensor::EmptyOp, tensor::ExpandShapeOp>(op) &&
         llvm::any_of(op->getOperands(), mayCountRows) &&
         !llvm::all_of(op->getResultTypes(),
                       [](Type type) { return type.isIndex(); });
}

/// Whether an op inside `body` reads an index from outside.
static bool capturesIndex(Block &body) {
  return body
      .walk([&](Operation *nested) {
        bool captures = llvm::any_of(nested->getOperands(), [&](Value operand) {
          return operand.getParentBlock() != &body && mayCountRows(operand);
        });
        return captures ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Whether the body of `op` computes the same in every iteration of `loop`: it
/// neither asks where it is nor reads an index, which may count rows.
static bool isUniform(GenericOp op, std::optional<unsigned> loop) {
  return !capturesIndex(*op.getBodyBlock()) && !(loop && readsPlace(op, *loop));
}

bool RowIndependence::keepsRows(Operation *op) const {
  if (llvm::any_of(op->getResults(),
                   [&](Value result) { return misplaces(result); }))
    return false;
  // Where only sizes are computed no row is read. A number that is computed
  // from a size may be the number of rows.
  if (isa<tensor::EmptyOp, tensor::DimOp, affine::AffineApplyOp,
          func::ReturnOp>(op) ||
      op->hasTrait<OpTrait::ConstantLike>())
    return true;
  if (readsSizes(op))
    return false;
  bool touchesRows =
      llvm::any_of(op->getOperands(),
                   [&](Value operand) { return hasRows(operand); }) ||
      llvm::any_of(op->getResults(),
                   [&](Value result) { return hasRows(result); });
  std::optional<unsigned> loop;
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](GenericOp generic) {
        return keepsRows(
                   op, op->getOperands(), generic.getMaps(),
                   [&](unsigned dim) { return !generic.isReductionDim(dim); },
                   loop) &&
               isUniform(generic, loop);
      })
      .Case([&](linalg::LinalgOp linalg) {
        SmallVector<utils::IteratorType> iterators =
            linalg.getIteratorTypesArray();
        return !linalg.hasIndexSemantics() &&
               !capturesIndex(op->getRegion(0).front()) &&
               keepsRows(
                   op, op->getOperands(), linalg.getIndexingMapsArray(),
                   [&](unsigned dim) {
                     return iterators[dim] == utils::IteratorType::parallel;
                   },
                   loop);
      })
      .Default([&](Operation *) {
        if (!touchesRows)
          return op->getNumRegions() == 0;
        return llvm::TypeSwitch<Operation *, bool>(op)
            .Case<LayerNormOp, RmsNormOp, L2NormOp>([&](auto norm) {
              int64_t rank =
                  cast<RankedTensorType>(norm.getInput().getType()).getRank();
              return !llvm::is_contained(normalizeAxes(norm.getAxes(), rank),
                                         0);
            })
            .Case<GroupNormOp, InstanceNormOp, BatchNormOp>(
                [](auto) { return true; })
            .Case([&](LinearOp linear) {
              auto type = cast<RankedTensorType>(linear.getInput().getType());
              return type.getRank() > 1 && !hasRows(linear.getWeight()) &&
                     !(linear.getBias() && hasRows(linear.getBias()));
            })
            .Case<ActivationOp, tensor::CastOp, tensor::ExpandShapeOp,
                  tensor::CollapseShapeOp>([](auto) { return true; })
            .Default([](Operation *other) {
              return other->hasTrait<OpTrait::Elementwise>();
            });
      });
}

RowIndependence::RowIndependence(func::FuncOp function,
                                 const SizeAnalysis &sizes)
    : sizes(sizes) {
  Block &body = function.getBody().front();
  ValueRange results = body.getTerminator()->getOperands();
  if (results.empty())
    return;
  auto type = dyn_cast<RankedTensorType>(results.front().getType());
  if (!type || type.getRank() == 0)
    return;
  rows = sizes.getSize(results.front(), 0);
  if (!isa_and_nonnull<AffineSymbolExpr>(rows))
    return;
  for (Value result : results)
    if (!hasRows(result) || misplaces(result))
      return;
  for (BlockArgument argument : function.getArguments())
    if (misplaces(argument))
      return;
  for (ArrayRef<AffineExpr> needs : {sizes.getConstraints(), sizes.getBounds()})
    for (AffineExpr need : needs)
      if (contains(need, rows))
        return;
  // Of an assertion that does not hold no part of the rows can tell.
  if (body.walk([](cf::AssertOp) { return WalkResult::interrupt(); })
          .wasInterrupted())
    return;
  for (Operation &op : body)
    if (!keepsRows(&op))
      return;
  independent = true;
}
