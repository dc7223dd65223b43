//===- Source.cpp - Tensors for expressions -------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Source.h"

#include "../GenericBuilder.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

/// `sizes` without those that are 1.
static SmallVector<int64_t> dropUnits(ArrayRef<int64_t> sizes) {
  return llvm::filter_to_vector(sizes, [](int64_t size) { return size != 1; });
}

/// The tensor of a load that reads its elements in order: dims of size 1 apart,
/// its dims are 0, 1 and so on.
static Value asWholeTensor(Expr expr, ArrayRef<int64_t> shape) {
  if (!expr->is(Kind::Load))
    return {};
  auto type = dyn_cast<RankedTensorType>(expr->source.getType());
  if (!type || dropUnits(type.getShape()) != dropUnits(shape))
    return {};
  int64_t next = 0;
  auto skipUnits = [&] {
    while (next < static_cast<int64_t>(shape.size()) && shape[next] == 1)
      ++next;
  };
  for (auto [index, size] : llvm::zip(expr->indices, type.getShape())) {
    if (size == 1)
      continue;
    skipUnits();
    auto dim = dyn_cast<AffineDimExpr>(index);
    if (!dim || dim.getPosition() != next++)
      return {};
  }
  return expr->source;
}

/// Whether `value` is there before `op`.
static bool isBefore(Value value, Operation *op) {
  Operation *definition = value.getDefiningOp();
  return !definition || (definition->getBlock() == op->getBlock() &&
                         definition->isBeforeInBlock(op));
}

Source mlir::norm::raise::findSource(Program &program, const Place &place,
                                     Expr expr, ArrayRef<int64_t> dims,
                                     Type type) {
  Source source;
  source.elementType = type;
  for (int64_t dim : dims)
    source.shape.push_back(place.sizes[dim]);
  Operation *op = place.getOp();
  if (!isa<FloatType>(expr->type) || !holdsExactly(type, expr->type))
    return source;
  // What no one has written is no operand.
  if (expr->is(Kind::Load) && expr->source.getDefiningOp<tensor::EmptyOp>())
    return source;

  if (expr->is(Kind::Constant)) {
    if (!llvm::is_contained(source.shape, ShapedType::kDynamic))
      source.constant = expr->value;
    return source;
  }
  ExpressionContext &expressions = program.expressions;
  // Where the operand's dims are dims `offset` and up of a tensor whose dims
  // below are of size 1.
  for (unsigned offset = 0; offset < 4; ++offset) {
    SmallVector<AffineExpr> renamed(kFirstBound);
    for (auto [i, dim] : llvm::enumerate(dims))
      renamed[dim] = expressions.dim(offset + i);
    Expr moved = expressions.substitute(expr, renamed);
    if (!moved)
      break;
    SmallVector<int64_t> shape(offset, 1);
    llvm::append_range(shape, source.shape);
    if ((source.tensor = program.findTensor(moved, shape, type, op)))
      return source;
    if (offset != 0)
      continue;
    Value whole = asWholeTensor(moved, source.shape);
    if (whole && isBefore(whole, op)) {
      source.tensor = whole;
      return source;
    }
  }
  if (auto scalar = program.findScalar(expr, place.sizes, op)) {
    ArrayRef<int64_t> varying = scalar->second;
    for (int64_t dim : dims) {
      auto *it = llvm::find(varying, dim);
      source.loops.push_back(
          it == varying.end() ? -1 : scalar->first.loops[it - varying.begin()]);
    }
    if (llvm::all_of(varying, [&](int64_t dim) {
          return llvm::is_contained(dims, dim);
        }))
      source.scalar = scalar->first;
  }
  return source;
}

//===----------------------------------------------------------------------===//
// Making
//===----------------------------------------------------------------------===//

Value mlir::norm::raise::reshapeUnits(RewriterBase &rewriter, Location loc,
                                      Value tensor, ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.getShape() == shape)
    return tensor;
  auto resultType = type.clone(shape);
  if (shape.size() < type.getShape().size()) {
    auto groups = getReassociationIndicesForReshape(type, resultType);
    if (groups)
      return tensor::CollapseShapeOp::create(rewriter, loc, resultType, tensor,
                                             *groups);
  }
  if (shape.size() > type.getShape().size()) {
    auto groups = getReassociationIndicesForReshape(type, resultType);
    SmallVector<OpFoldResult> sizes;
    int64_t next = 0;
    for (int64_t size : shape) {
      if (size == 1) {
        sizes.push_back(rewriter.getIndexAttr(1));
        continue;
      }
      while (type.getDimSize(next) == 1)
        ++next;
      sizes.push_back(tensor::getMixedSize(rewriter, loc, tensor, next++));
    }
    if (groups)
      return tensor::ExpandShapeOp::create(rewriter, loc, resultType, tensor,
                                           *groups, sizes);
  }
  // Through the tensor without dims of size 1.
  SmallVector<int64_t> plain = dropUnits(shape);
  if (type.getShape() == ArrayRef(plain) || shape == ArrayRef(plain))
    return {};
  Value middle = reshapeUnits(rewriter, loc, tensor, plain);
  return middle ? reshapeUnits(rewriter, loc, middle, shape) : Value();
}

/// What a body computes on the way to one of its scalars, as a tensor.
static Value computeScalar(const Source &source, RewriterBase &rewriter,
                           Location loc) {
  linalg::LinalgOp op = source.scalar->body;
  Value scalar = source.scalar->value;
  // What of the body is needed.
  llvm::SetVector<Operation *> slice;
  BackwardSliceOptions options;
  options.inclusive = true;
  options.omitBlockArguments = true;
  options.filter = [&](Operation *nested) {
    return nested->getBlock() == op.getBlock();
  };
  // The number of a loop would be another.
  if (failed(getBackwardSlice(scalar, &slice, options)) ||
      llvm::any_of(slice, [](Operation *nested) {
        return isa<linalg::IndexOp>(nested);
      }))
    return {};
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  SmallVector<BlockArgument> arguments;
  for (OpOperand &operand : op->getOpOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(&operand);
    bool isUsed = llvm::any_of(argument.getUsers(), [&](Operation *user) {
      return slice.contains(user);
    });
    if (!isUsed)
      continue;
    inputs.push_back(operand.get());
    maps.push_back(op.getMatchingIndexingMap(&operand));
    arguments.push_back(argument);
  }
  // The loops that the result lacks do not matter to what is computed; those
  // of size 1 may still be named, and are dims of the result where it has them.
  SmallVector<AffineExpr> loops(op.getNumLoops(),
                                rewriter.getAffineConstantExpr(0));
  unsigned rank = source.loops.size();
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  for (auto [i, loop] : llvm::enumerate(source.loops))
    if (loop >= 0)
      loops[loop] = rewriter.getAffineDimExpr(i);
    else if (i < ranges.size() && ranges[i] == 1 && source.shape[i] == 1)
      loops[i] = rewriter.getAffineDimExpr(i);
  for (AffineMap &map : maps)
    map = map.replaceDimsAndSymbols(loops, {}, rank, 0);
  maps.push_back(rewriter.getMultiDimIdentityMap(rank));

  auto type = RankedTensorType::get(source.shape, scalar.getType());
  SmallVector<OpFoldResult> sizes;
  for (auto [i, size] : llvm::enumerate(source.shape)) {
    if (!ShapedType::isDynamic(size)) {
      sizes.push_back(rewriter.getIndexAttr(size));
      continue;
    }
    if (source.loops[i] < 0)
      return {};
    for (OpOperand &operand : op->getOpOperands()) {
      auto dim = rewriter.getAffineDimExpr(source.loops[i]);
      auto position =
          op.getMatchingIndexingMap(&operand).getResultPosition(dim);
      if (!position)
        continue;
      sizes.push_back(
          tensor::getMixedSize(rewriter, loc, operand.get(), *position));
      break;
    }
  }
  Value empty = makeEmpty(rewriter, loc, type, sizes);
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      rewriter, loc, type, inputs, empty, maps, iterators,
      [&](OpBuilder &builder, Location loc, ValueRange values) {
        IRMapping mapping;
        for (auto [argument, value] : llvm::zip(arguments, values))
          mapping.map(argument, value);
        for (Operation &nested : *op.getBlock())
          if (slice.contains(&nested))
            builder.clone(nested, mapping);
        linalg::YieldOp::create(builder, loc, mapping.lookupOrDefault(scalar));
      });
  return generic.getResult(0);
}

Value mlir::norm::raise::materialize(
    const Source &source, RewriterBase &rewriter, Location loc,
    function_ref<Value(const Source &)> makeScalar) {
  auto type = RankedTensorType::get(source.shape, source.elementType);
  if (source.constant) {
    auto number = rewriter.getFloatAttr(source.elementType, *source.constant);
    return arith::ConstantOp::create(rewriter, loc,
                                     DenseElementsAttr::get(type, number));
  }
  Value value;
  if (source.tensor)
    value = reshapeUnits(rewriter, loc, source.tensor, source.shape);
  else if (!(value = makeScalar(source)))
    value = computeScalar(source, rewriter, loc);
  if (!value || value.getType() == type)
    return value;
  // What was widened is found in the wider type too: the elements fit.
  if (getElementTypeOrSelf(value).getIntOrFloatBitWidth() >
      source.elementType.getIntOrFloatBitWidth())
    return arith::TruncFOp::create(rewriter, loc, type, value);
  return arith::ExtFOp::create(rewriter, loc, type, value);
}
