//===- HoistShared.cpp - What rows share, computed once -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericParts.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_HOISTSHARED
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

using utils::IteratorType;

namespace {

/// The values of a generic's body that are the same in many rows and cost more
/// than a load.
class SharedValues {
public:
  SharedValues(GenericOp op, int64_t minRows, bool onlyF64)
      : op(op), varying(op), minRows(minRows), onlyF64(onlyF64) {}

  /// The shared values that others than shared ones use.
  SmallVector<Value> find();
  /// Whether `values`, all that are shared, are worth it at run time: null if
  /// that is known, or if a row would have other bits.
  Value emitHasManyRows(OpBuilder &builder, ArrayRef<Value> values);
  /// Computes `value` in a generic of its own, and has the op read it. Returns
  /// the op in its place.
  GenericOp hoist(Value value);

private:
  void visit(Operation &nested);
  bool isRepeated(Value value);
  bool needsConversion(BlockArgument argument);
  bool isConverted(Value value);

  GenericOp op;
  VaryingDims varying;
  int64_t minRows;
  bool onlyF64;
  /// Values that no reduction or index comes into, and whether they cost.
  DenseMap<Value, bool> costs;
};

} // namespace

/// Whether computing this for a vector takes longer than loading the result.
static bool isExpensive(Operation &op) {
  if (isa<arith::DivFOp>(op))
    return true;
  return isa<math::MathDialect>(op.getDialect()) &&
         !isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::CopySignOp,
              math::FloorOp, math::FmaOp, math::RoundEvenOp, math::TruncOp>(op);
}

/// Conversions of f16 take a unit that vectors have one of; bf16 is a shift.
bool SharedValues::needsConversion(BlockArgument argument) {
  if (onlyF64)
    return false;
  Value input = op.getInputs()[argument.getArgNumber()];
  return getElementTypeOrSelf(input).isF16() && !argument.getType().isF16();
}

/// Whether `value` is a vector that `minRows` rows or more have in common.
bool SharedValues::isRepeated(Value value) {
  // A scalar in the loop over the contiguous dim is computed once before it.
  SmallVector<unsigned> dims = op.getOperandDims(op.getInputs().size());
  if (dims.empty() || !varying.varies(value, dims.back()))
    return false;
  int64_t rows = 1;
  for (auto [dim, size] : llvm::enumerate(op.getStaticLoopSizes())) {
    if (varying.varies(value, dim))
      continue;
    if (ShapedType::isDynamic(size) || size >= minRows)
      return true;
    rows *= size;
  }
  return rows >= minRows;
}

/// Whether `value` is an input's element of f16 as f32.
bool SharedValues::isConverted(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return needsConversion(argument);
  auto extend = value.getDefiningOp<arith::ExtFOp>();
  return extend && isa<BlockArgument>(extend.getIn());
}

Value SharedValues::emitHasManyRows(OpBuilder &builder,
                                    ArrayRef<Value> values) {
  // In loops rows are those of a block, and many.
  if (op->getParentOfType<LoopLikeOpInterface>())
    return nullptr;
  // Rows are planned the same with and without such values only.
  bool isF16 = getElementTypeOrSelf(op.getOutputs().front()).isF16();
  if (!isF16 || !llvm::all_of(values, [&](Value v) { return isConverted(v); }))
    return nullptr;
  int64_t known = 1;
  SmallVector<unsigned> unknown;
  for (auto [dim, size] : llvm::enumerate(op.getStaticLoopSizes())) {
    if (varying.varies(values.front(), dim))
      continue;
    if (ShapedType::isDynamic(size))
      unknown.push_back(dim);
    else
      known *= size;
  }
  if (unknown.empty() || known >= minRows)
    return nullptr;
  Location loc = op.getLoc();
  Value rows = arith::ConstantIndexOp::create(builder, loc, known);
  for (unsigned dim : unknown)
    rows = arith::MulIOp::create(builder, loc, rows,
                                 makeLoopSize(builder, op, dim));
  return arith::CmpIOp::create(
      builder, loc, arith::CmpIPredicate::uge, rows,
      arith::ConstantIndexOp::create(builder, loc, minRows));
}

void SharedValues::visit(Operation &nested) {
  if (isa<ReduceOp, CenterOp, ExtentOp, IndexOp, YieldOp>(nested))
    return;
  bool cost = isExpensive(nested) &&
              (!onlyF64 || nested.getResult(0).getType().isF64());
  for (Value operand : nested.getOperands()) {
    if (operand.getParentBlock() != op.getBodyBlock())
      continue;
    auto known = costs.find(operand);
    if (known == costs.end())
      return;
    cost |= known->second;
  }
  if (auto extend = dyn_cast<arith::ExtFOp>(nested))
    cost |= !onlyF64 && extend.getIn().getType().isF16();
  for (Value result : nested.getResults())
    costs[result] = cost;
}

SmallVector<Value> SharedValues::find() {
  Block *body = op.getBodyBlock();
  for (BlockArgument argument : body->getArguments())
    costs[argument] = needsConversion(argument);
  for (Operation &nested : *body)
    visit(nested);

  auto isShared = [&](Value value) {
    auto cost = costs.find(value);
    Operation *def = value.getDefiningOp();
    return cost != costs.end() && cost->second && isRepeated(value) &&
           (!def || def->getNumResults() == 1);
  };
  auto isUsedByOthers = [&](Value value) {
    return llvm::any_of(value.getUsers(), [&](Operation *user) {
      return user->getNumResults() == 0 ||
             !llvm::all_of(user->getResults(), isShared);
    });
  };
  SmallVector<Value> found;
  auto add = [&](Value value) {
    if (isShared(value) && isUsedByOthers(value))
      found.push_back(value);
  };
  llvm::for_each(body->getArguments(), add);
  for (Operation &nested : *body)
    llvm::for_each(nested.getResults(), add);
  return found;
}

GenericOp SharedValues::hoist(Value value) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  Block *body = op.getBodyBlock();
  SmallVector<unsigned> dims;
  for (unsigned dim : varying.get(value).set_bits())
    dims.push_back(dim);

  // The inputs that the value is computed from.
  SetVector<Value> slice;
  slice.insert(value);
  for (unsigned i = 0; i < slice.size(); ++i)
    if (Operation *def = slice[i].getDefiningOp();
        def && def->getBlock() == body)
      slice.insert_range(def->getOperands());
  SmallVector<BlockArgument> arguments;
  for (Value member : slice)
    if (auto argument = dyn_cast<BlockArgument>(member);
        argument && argument.getOwner() == body)
      arguments.push_back(argument);

  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  auto addMap = [&](ArrayRef<unsigned> operandDims) {
    SmallVector<unsigned> positions;
    for (unsigned dim : operandDims)
      positions.push_back(llvm::find(dims, dim) - dims.begin());
    maps.push_back(makeDimsMap(op.getContext(), positions, dims.size()));
  };
  for (BlockArgument argument : arguments) {
    inputs.push_back(op.getInputs()[argument.getArgNumber()]);
    addMap(op.getOperandDims(argument.getArgNumber()));
  }
  addMap(dims);
  // Loops compute it once, and its memory is there before them.
  auto isOutside = [](LoopLikeOpInterface loop, ArrayRef<Value> values) {
    return llvm::all_of(
        values, [&](Value v) { return loop.isDefinedOutsideOfLoop(v); });
  };
  for (auto loop = op->getParentOfType<LoopLikeOpInterface>();
       loop && isOutside(loop, inputs);
       loop = loop->getParentOfType<LoopLikeOpInterface>())
    builder.setInsertionPoint(loop);
  SmallVector<OpFoldResult> sizes(dims.size());
  for (BlockArgument argument : arguments) {
    Value input = op.getInputs()[argument.getArgNumber()];
    for (auto [position, dim] :
         llvm::enumerate(op.getOperandDims(argument.getArgNumber())))
      sizes[llvm::find(dims, dim) - dims.begin()] =
          tensor::getMixedSize(builder, loc, input, position);
  }
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, value.getType());
  SmallVector<IteratorType> iterators(dims.size(), IteratorType::parallel);
  auto shared = GenericOp::create(builder, loc, inputs, empty, maps, iterators,
                                  [](OpBuilder &, Location, ValueRange) {});
  {
    OpBuilder::InsertionGuard guard(builder);
    Block *sharedBody = shared.getBodyBlock();
    builder.setInsertionPointToStart(sharedBody);
    IRMapping mapping;
    for (auto [argument, to] :
         llvm::zip(arguments, sharedBody->getArguments())) {
      to.setType(argument.getType());
      mapping.map(argument, to);
    }
    YieldOp::create(builder, loc, copySlice(builder, value, mapping, body));
  }

  // The op with one more input.
  SmallVector<AffineMap> allMaps = op.getMaps();
  unsigned numInputs = op.getInputs().size();
  allMaps.insert(allMaps.begin() + numInputs,
                 makeDimsMap(op.getContext(), dims, op.getNumLoops()));
  SmallVector<Value> allInputs(op.getInputs());
  allInputs.push_back(shared.getResult(0));
  builder.setInsertionPoint(op);
  auto reader = GenericOp::create(builder, loc, allInputs, op.getOutputs(),
                                  allMaps, op.getLoopIteratorTypes(),
                                  [](OpBuilder &, Location, ValueRange) {});
  reader->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  Block *readerBody = reader.getBodyBlock();
  IRMapping mapping = mapArguments(op, *readerBody);
  BlockArgument read = readerBody->getArgument(numInputs);
  read.setType(value.getType());
  mapping.map(value, read);
  builder.setInsertionPointToStart(readerBody);
  for (Operation &nested : *body)
    if (nested.getNumResults() != 1 || nested.getResult(0) != value)
      builder.clone(nested, mapping);
  op.replaceAllUsesWith(reader.getResults());
  op.erase();
  return reader;
}

namespace {
struct HoistShared : norm::impl::HoistSharedBase<HoistShared> {
  using HoistSharedBase::HoistSharedBase;

  void runOnOperation() final {
    for (GenericOp op : getTensorGenerics(getOperation())) {
      SharedValues values(op, minRows, onlyF64);
      SmallVector<Value> found = values.find();
      if (found.empty())
        continue;
      OpBuilder builder(op);
      if (Value isMany = values.emitHasManyRows(builder, found))
        op = makeVersions(op, isMany);
      hoistAll(op);
    }
  }

private:
  /// Puts `op` into a branch for many rows and a copy of it into one for few.
  /// Returns the first.
  static GenericOp makeVersions(GenericOp op, Value isMany) {
    OpBuilder builder(op);
    Location loc = op.getLoc();
    auto branch = scf::IfOp::create(builder, loc, op.getResultTypes(), isMany,
                                    /*withElseRegion=*/true);
    op.replaceAllUsesWith(branch.getResults());
    builder.setInsertionPointToStart(branch.elseBlock());
    auto few = cast<GenericOp>(builder.clone(*op));
    few->setAttr(kFewRowsAttrName, builder.getUnitAttr());
    scf::YieldOp::create(builder, loc, few.getResults());
    op->moveBefore(branch.thenBlock(), branch.thenBlock()->end());
    builder.setInsertionPointToEnd(branch.thenBlock());
    scf::YieldOp::create(builder, loc, op.getResults());
    return op;
  }

  void hoistAll(GenericOp op) {
    // A hoisted value is an input afterwards, and costs nothing.
    for (;;) {
      SharedValues values(op, minRows, onlyF64);
      SmallVector<Value> found = values.find();
      if (found.empty())
        return;
      op = values.hoist(found.front());
      ++numHoisted;
    }
  }
};
} // namespace
