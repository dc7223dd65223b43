//===- SizeRules.cpp - What each op says of sizes -------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SizeSolver.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Normalizations and linear layers
//===----------------------------------------------------------------------===//

/// The scale, shift and statistics of a normalization over axes.
template <typename OpTy>
static LogicalResult addRowNorm(OpTy op, SizeSolver &solver) {
  Value input = op.getInput();
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  SmallVector<int64_t> axes = normalizeAxes(op.getAxes(), rank), others;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!llvm::is_contained(axes, dim))
      others.push_back(dim);
  auto equateDims = [&](Value value, ArrayRef<int64_t> dims) {
    for (auto [i, dim] : llvm::enumerate(dims))
      if (failed(solver.equate(op, solver.getDim(value, i),
                               solver.getDim(input, dim))))
        return failure();
    return success();
  };
  for (Value affine : {op.getScale(), op.getShift()})
    if (affine && failed(equateDims(affine, axes)))
      return failure();
  for (Value statistic : op.getStatistics())
    if (failed(equateDims(statistic, others)))
      return failure();
  return solver.equateShapes(op, op.getResult(), input);
}

/// A normalization whose other operands and results have the shape [C].
static LogicalResult addChannelNorm(Operation *op, int64_t channelAxis,
                                    SizeSolver &solver) {
  Value input = op->getOperand(0);
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  unsigned channel = channelAxis < 0 ? channelAxis + rank : channelAxis;
  auto equateChannels = [&](Value value) {
    return solver.equate(op, solver.getDim(value, 0),
                         solver.getDim(input, channel));
  };
  for (Value operand : op->getOperands().drop_front())
    if (failed(equateChannels(operand)))
      return failure();
  for (Value result : op->getResults().drop_front())
    if (failed(equateChannels(result)))
      return failure();
  return solver.equateShapes(op, op->getResult(0), input);
}

static LogicalResult addLinear(LinearOp op, SizeSolver &solver) {
  Value input = op.getInput(), weight = op.getWeight(), result = op.getResult();
  unsigned last = cast<RankedTensorType>(input.getType()).getRank() - 1;
  unsigned in = op.getLayout() == WeightLayout::OutIn ? 1 : 0;
  unsigned out = solver.getDim(weight, 1 - in);
  for (unsigned dim = 0; dim < last; ++dim)
    if (failed(solver.equate(op, solver.getDim(result, dim),
                             solver.getDim(input, dim))))
      return failure();
  if (op.getBias() &&
      failed(solver.equate(op, out, solver.getDim(op.getBias(), 0))))
    return failure();
  return failure(failed(solver.equate(op, solver.getDim(weight, in),
                                      solver.getDim(input, last))) ||
                 failed(solver.equate(op, solver.getDim(result, last), out)));
}

//===----------------------------------------------------------------------===//
// Structured and elementwise ops
//===----------------------------------------------------------------------===//

/// Operands that the same loop dim indexes have the same size there.
static LogicalResult addIndexingMaps(Operation *op, OperandRange operands,
                                     ArrayRef<AffineMap> maps,
                                     SizeSolver &solver) {
  SmallVector<std::optional<unsigned>> loops(
      maps.empty() ? 0 : maps.front().getNumDims());
  for (auto [operand, map] : llvm::zip_first(operands, maps)) {
    if (!isa<RankedTensorType>(operand.getType()))
      continue;
    for (auto [position, expr] : llvm::enumerate(map.getResults())) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      if (!dim)
        continue;
      unsigned node = solver.getDim(operand, position);
      std::optional<unsigned> &loop = loops[dim.getPosition()];
      if (loop && failed(solver.equate(op, *loop, node)))
        return failure();
      loop = node;
    }
  }
  return success();
}

/// A result has the shape of its init.
static LogicalResult addDestinations(DestinationStyleOpInterface op,
                                     SizeSolver &solver) {
  for (OpResult result : op->getResults())
    if (isa<RankedTensorType>(result.getType()) &&
        failed(solver.equateShapes(op, result,
                                   op.getTiedOpOperand(result)->get())))
      return failure();
  return success();
}

/// All tensors of the op have one shape.
static LogicalResult addElementwise(Operation *op, SizeSolver &solver) {
  Value first;
  auto add = [&](Value value) {
    if (!isa<RankedTensorType>(value.getType()))
      return success();
    if (first)
      return solver.equateShapes(op, value, first);
    first = value;
    return success();
  };
  for (Value value : op->getOperands())
    if (failed(add(value)))
      return failure();
  for (Value value : op->getResults())
    if (failed(add(value)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Reshapes and slices
//===----------------------------------------------------------------------===//

static LogicalResult addCollapse(tensor::CollapseShapeOp op,
                                 SizeSolver &solver) {
  for (auto [dim, group] : llvm::enumerate(op.getReassociationIndices())) {
    AffineExpr product = getAffineConstantExpr(1, op.getContext());
    for (int64_t source : group)
      product = product * solver.getSymbol(solver.getDim(op.getSrc(), source));
    if (failed(solver.equate(op, solver.getDim(op.getResult(), dim),
                             solver.getExpr(product))))
      return failure();
  }
  return success();
}

static LogicalResult addExpand(tensor::ExpandShapeOp op, SizeSolver &solver) {
  RankedTensorType type = op.getResultType();
  SmallVector<OpFoldResult> shape = op.getMixedOutputShape();
  for (auto [dim, group] : llvm::enumerate(op.getReassociationIndices())) {
    AffineExpr whole = solver.getSymbol(solver.getDim(op.getSrc(), dim));
    // One unknown size of the group is the rest of the division; the others
    // are what the op says.
    std::optional<int64_t> rest;
    AffineExpr product = getAffineConstantExpr(1, op.getContext());
    for (int64_t target : group) {
      if (!rest && type.isDynamicDim(target)) {
        rest = target;
        continue;
      }
      unsigned node = solver.getDim(op.getResult(), target);
      if (failed(solver.equate(op, node, solver.getMixed(shape[target]))))
        return failure();
      product = product * solver.getSymbol(node);
    }
    if (!rest) {
      if (failed(solver.equate(op, solver.getDim(op.getSrc(), dim),
                               solver.getExpr(product))))
        return failure();
      continue;
    }
    unsigned node = solver.getDim(op.getResult(), *rest);
    if (failed(
            solver.equate(op, node, solver.getExpr(whole.floorDiv(product)))))
      return failure();
    if (product != 1 &&
        failed(solver.equate(op, solver.getDim(op.getSrc(), dim),
                             solver.getExpr(solver.getSymbol(node) * product))))
      return failure();
  }
  return success();
}

static LogicalResult addSlice(tensor::ExtractSliceOp op, SizeSolver &solver) {
  llvm::SmallBitVector dropped = op.getDroppedDims();
  unsigned dim = 0;
  for (auto [source, size] : llvm::enumerate(op.getMixedSizes()))
    if (!dropped.test(source) &&
        failed(solver.equate(op, solver.getDim(op.getResult(), dim++),
                             solver.getMixed(size))))
      return failure();
  return success();
}

static LogicalResult addConcat(tensor::ConcatOp op, SizeSolver &solver) {
  AffineExpr sum = getAffineConstantExpr(0, op.getContext());
  for (Value input : op.getInputs())
    sum = sum + solver.getSymbol(solver.getDim(input, op.getDim()));
  for (unsigned dim = 0, e = op.getResultType().getRank(); dim < e; ++dim) {
    unsigned node = solver.getDim(op.getResult(), dim);
    if (dim == op.getDim()) {
      if (failed(solver.equate(op, node, solver.getExpr(sum))))
        return failure();
      continue;
    }
    for (Value input : op.getInputs())
      if (failed(solver.equate(op, node, solver.getDim(input, dim))))
        return failure();
  }
  return success();
}

/// An op whose operands are the sizes of its result.
template <typename OpTy>
static LogicalResult addSizesOfResult(OpTy op, SizeSolver &solver) {
  Builder builder(op.getContext());
  for (auto [dim, size] : llvm::enumerate(getMixedValues(
           op.getType().getShape(), op.getDynamicSizes(), builder)))
    if (failed(solver.equate(op, solver.getDim(op.getResult(), dim),
                             solver.getMixed(size))))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Index arithmetic
//===----------------------------------------------------------------------===//

static LogicalResult addDimOp(tensor::DimOp op, SizeSolver &solver) {
  auto type = dyn_cast<RankedTensorType>(op.getSource().getType());
  std::optional<int64_t> dim = op.getConstantIndex();
  if (!type || !dim || *dim < 0 || *dim >= type.getRank())
    return success();
  return solver.equate(op, solver.getIndex(op.getResult()),
                       solver.getDim(op.getSource(), *dim));
}

/// An op of index arithmetic whose result is an expression of its operands.
static LogicalResult addArithmetic(Operation *op, SizeSolver &solver) {
  auto operand = [&](unsigned i) {
    return solver.getSymbol(solver.getIndex(op->getOperand(i)));
  };
  AffineExpr expr =
      llvm::TypeSwitch<Operation *, AffineExpr>(op)
          .Case([&](arith::AddIOp) { return operand(0) + operand(1); })
          .Case([&](arith::SubIOp) { return operand(0) - operand(1); })
          .Case([&](arith::MulIOp) { return operand(0) * operand(1); })
          .Case([&](arith::IndexCastOp) { return operand(0); })
          .Case<arith::DivUIOp, arith::DivSIOp, arith::FloorDivSIOp>(
              [&](auto) { return operand(0).floorDiv(operand(1)); })
          .Case<arith::CeilDivUIOp, arith::CeilDivSIOp>(
              [&](auto) { return operand(0).ceilDiv(operand(1)); })
          .Case([&](affine::AffineApplyOp apply) {
            AffineMap map = apply.getAffineMap();
            SmallVector<AffineExpr> operands;
            for (unsigned i = 0; i < map.getNumInputs(); ++i)
              operands.push_back(operand(i));
            ArrayRef<AffineExpr> all(operands);
            return map.getResult(0).replaceDimsAndSymbols(
                all.take_front(map.getNumDims()),
                all.drop_front(map.getNumDims()));
          })
          .Default([](Operation *) { return AffineExpr(); });
  if (!expr)
    return success();
  return solver.equate(op, solver.getIndex(op->getResult(0)),
                       solver.getExpr(expr));
}

LogicalResult mlir::norm::addSizesOf(Operation *op, SizeSolver &solver) {
  if (op->getNumResults() == 1 && op->getResult(0).getType().isIndex()) {
    if (auto dim = dyn_cast<tensor::DimOp>(op))
      return addDimOp(dim, solver);
    return addArithmetic(op, solver);
  }
  // On buffers an op has no sizes to follow.
  if (!llvm::any_of(op->getResultTypes(),
                    [](Type type) { return isa<RankedTensorType>(type); }))
    return success();
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<LayerNormOp, RmsNormOp>(
          [&](auto norm) { return addRowNorm(norm, solver); })
      .Case<GroupNormOp, InstanceNormOp, BatchNormOp, BatchNormTrainingOp>(
          [&](auto norm) {
            return addChannelNorm(norm, norm.getChannelAxis(), solver);
          })
      .Case<L2NormOp, ActivationOp>([&](auto norm) {
        return solver.equateShapes(norm, norm.getResult(), norm.getInput());
      })
      .Case([&](LinearOp linear) { return addLinear(linear, solver); })
      .Case([&](GenericOp generic) {
        return failure(failed(addIndexingMaps(generic, generic->getOperands(),
                                              generic.getMaps(), solver)) ||
                       failed(addDestinations(generic, solver)));
      })
      .Case([&](linalg::LinalgOp linalg) {
        return failure(
            failed(addIndexingMaps(linalg, linalg->getOperands(),
                                   linalg.getIndexingMapsArray(), solver)) ||
            failed(addDestinations(
                cast<DestinationStyleOpInterface>(linalg.getOperation()),
                solver)));
      })
      .Case([&](tensor::CollapseShapeOp collapse) {
        return addCollapse(collapse, solver);
      })
      .Case([&](tensor::ExpandShapeOp expand) {
        return addExpand(expand, solver);
      })
      .Case(
          [&](tensor::ExtractSliceOp slice) { return addSlice(slice, solver); })
      .Case<tensor::EmptyOp, tensor::SplatOp>(
          [&](auto sized) { return addSizesOfResult(sized, solver); })
      .Case([&](tensor::ConcatOp concat) { return addConcat(concat, solver); })
      .Case([&](tensor::CastOp cast) {
        if (!isa<RankedTensorType>(cast.getSource().getType()) ||
            !isa<RankedTensorType>(cast.getType()))
          return success();
        return solver.equateShapes(cast, cast.getResult(), cast.getSource());
      })
      .Case([&](DestinationStyleOpInterface dps) {
        return addDestinations(dps, solver);
      })
      .Default([&](Operation *other) {
        if (other->hasTrait<OpTrait::Elementwise>() ||
            other->hasTrait<OpTrait::SameOperandsAndResultShape>())
          return addElementwise(other, solver);
        return success();
      });
}
