//===- SplitNests.cpp - One nest of loops for each generic ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericParts.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::norm {
#define GEN_PASS_DEF_SPLITNESTS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

using llvm::SmallBitVector;
using utils::IteratorType;

namespace {

/// A generic that may need more than one nest of loops.
class NestSplitter {
public:
  NestSplitter(GenericOp op, bool wholeRows)
      : op(op), wholeRows(wholeRows), body(op.getBodyBlock()), varying(op) {}

  /// Makes a part of the op a generic of its own; adds both to `ops`. Fails if
  /// one nest of loops computes the op.
  LogicalResult split(SmallVectorImpl<GenericOp> &ops);

private:
  Operation *findCrossing();
  Operation *findTooFarInside(unsigned output);
  Operation *findPartial();
  std::optional<unsigned> findOutputOfFewerRows();
  std::optional<std::pair<unsigned, unsigned>> findOutputInside();
  Operation *findReductionOver(unsigned output, unsigned dim);

  /// The dims that a reduction is over.
  SmallBitVector getOver(Operation *reduction) const;
  SmallBitVector getOutputDims(unsigned output);
  /// What `value` is computed from, itself included.
  llvm::SetVector<Value> getSlice(Value value) const;
  /// A generic that writes to `init`, whose dims are the loops `dims`, what
  /// `emit` makes of the slice of `value`.
  GenericOp makePart(Value value, ArrayRef<unsigned> dims, Value init,
                     function_ref<Value(OpBuilder &, IRMapping &)> emit);
  /// An input of which nothing but the sizes, those of the loops `dims`, is
  /// used.
  Value makeSizes(OpBuilder &builder, ArrayRef<unsigned> dims) {
    return makeEmptyOverDims(builder, op, dims, builder.getI8Type());
  }
  void cutReduction(Operation *reduction, SmallVectorImpl<GenericOp> &ops);
  void cutOutput(unsigned output, SmallVectorImpl<GenericOp> &ops);

  GenericOp op;
  bool wholeRows;
  Block *body;
  VaryingDims varying;
};

} // namespace

static bool isReduction(Operation *op) { return isa<ReduceOp, CenterOp>(op); }

/// Erases what nothing uses; no op of a body has effects.
static void eraseUnused(Block &body) {
  for (Operation &nested : llvm::make_early_inc_range(llvm::reverse(body)))
    if (!isa<YieldOp>(nested) && nested.use_empty())
      nested.erase();
}

/// Whether `a` has all that `b` has.
static bool contains(const SmallBitVector &a, SmallBitVector b) {
  return !b.test(a);
}

static SmallVector<unsigned> toVector(const SmallBitVector &dims) {
  SmallVector<unsigned> list;
  for (unsigned dim : dims.set_bits())
    list.push_back(dim);
  return list;
}

SmallBitVector NestSplitter::getOver(Operation *reduction) const {
  GenericOp generic = op;
  SmallBitVector dims(generic.getNumLoops());
  for (int64_t dim : getOverDims(reduction))
    dims.set(dim);
  return dims;
}

SmallBitVector NestSplitter::getOutputDims(unsigned output) {
  SmallBitVector dims(op.getNumLoops());
  for (unsigned dim : op.getOperandDims(op.getInputs().size() + output))
    dims.set(dim);
  return dims;
}

llvm::SetVector<Value> NestSplitter::getSlice(Value value) const {
  llvm::SetVector<Value> slice;
  slice.insert(value);
  for (unsigned i = 0; i < slice.size(); ++i)
    if (Operation *def = slice[i].getDefiningOp();
        def && def->getBlock() == body)
      slice.insert_range(def->getOperands());
  return slice;
}

//===----------------------------------------------------------------------===//
// What does not fit
//===----------------------------------------------------------------------===//

/// The first reduction over dims that another one is over in part only and that
/// are not all of its dims either.
Operation *NestSplitter::findCrossing() {
  for (Operation &a : *body)
    for (Operation &b : *body)
      if (isReduction(&a) && isReduction(&b) &&
          !contains(getOver(&a), getOver(&b)) &&
          !contains(getOver(&b), getOver(&a)))
        return &a;
  return nullptr;
}

/// A reduction that would be computed inside of loops that `output` lacks, and
/// that is not all that the op computes.
Operation *NestSplitter::findTooFarInside(unsigned output) {
  SmallBitVector dims = getOutputDims(output);
  SmallVector<Value> worklist{op.getYield().getValues()[output]};
  llvm::SmallPtrSet<Operation *, 8> seen;
  while (!worklist.empty()) {
    Operation *def = worklist.pop_back_val().getDefiningOp();
    if (!def || def->getBlock() != body || !seen.insert(def).second)
      continue;
    if (isReduction(def)) {
      SmallBitVector over = getOver(def), around = getIteratedDims(op);
      around.reset(over);
      bool isAll = op.getOutputs().size() == 1 &&
                   op.getYield().getValues()[0].getDefiningOp() == def;
      if (!contains(dims, around) && !over.anyCommon(dims)) {
        // Not itself alone if an earlier one needs the loops as well.
        for (Value member : getSlice(def->getOperand(0)))
          if (Operation *inner = member.getDefiningOp();
              inner && isReduction(inner) && !contains(over, getOver(inner)))
            return inner;
        if (!isAll)
          return def;
      }
    }
    if (!isa<ReduceOp>(def))
      llvm::append_range(worklist, def->getOperands());
  }
  return nullptr;
}

/// If there is a reduction over some of the reduction dims only, the first of
/// all: nothing that it is computed from is reduced.
Operation *NestSplitter::findPartial() {
  SmallBitVector row = getIteratedDims(op);
  for (unsigned dim : row.set_bits())
    if (!op.isReductionDim(dim))
      row.reset(dim);
  Operation *first = nullptr;
  bool isPartial = false;
  for (Operation &nested : *body) {
    if (!isReduction(&nested))
      continue;
    if (!first)
      first = &nested;
    isPartial |= getOver(&nested) != row;
  }
  return isPartial ? first : nullptr;
}

/// An output that lacks a parallel dim: inside of its loop nothing is stored if
/// that has no elements.
std::optional<unsigned> NestSplitter::findOutputOfFewerRows() {
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i) {
    SmallBitVector dims = getOutputDims(i);
    for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
      if (!op.isReductionDim(dim) && !dims.test(dim))
        return i;
  }
  return std::nullopt;
}

/// An output that would be stored inside of the loop over a reduction dim that
/// it lacks, which may have no elements, and that dim: loops over dims that
/// more reductions are over lie further inside.
std::optional<std::pair<unsigned, unsigned>> NestSplitter::findOutputInside() {
  SmallVector<unsigned> counts(op.getNumLoops(), 0);
  for (Operation &nested : *body)
    for (int64_t dim : getOverDims(&nested))
      ++counts[dim];
  SmallBitVector iterated = getIteratedDims(op);
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i) {
    SmallBitVector dims = getOutputDims(i);
    for (unsigned dim : iterated.set_bits())
      if (op.isReductionDim(dim) && !dims.test(dim) &&
          llvm::any_of(dims.set_bits(), [&](unsigned own) {
            return op.isReductionDim(own) && counts[own] >= counts[dim];
          }))
        return std::pair(i, dim);
  }
  return std::nullopt;
}

/// A reduction over `dim` that `output` needs.
Operation *NestSplitter::findReductionOver(unsigned output, unsigned dim) {
  for (Value member : getSlice(op.getYield().getValues()[output]))
    if (Operation *def = member.getDefiningOp();
        def && isReduction(def) && getOver(def).test(dim))
      return def;
  return nullptr;
}

LogicalResult NestSplitter::split(SmallVectorImpl<GenericOp> &ops) {
  eraseUnused(*body);
  if (std::optional<unsigned> output = findOutputOfFewerRows()) {
    cutOutput(*output, ops);
    return success();
  }
  Operation *reduction = findCrossing();
  for (unsigned i = 0, e = op.getOutputs().size(); !reduction && i < e; ++i)
    reduction = findTooFarInside(i);
  if (!reduction)
    if (auto inside = findOutputInside()) {
      auto [output, dim] = *inside;
      reduction = findReductionOver(output, dim);
      if (!reduction) {
        cutOutput(output, ops);
        return success();
      }
    }
  if (!reduction && wholeRows)
    reduction = findPartial();
  if (!reduction)
    return failure();
  cutReduction(reduction, ops);
  return success();
}

//===----------------------------------------------------------------------===//
// Cutting
//===----------------------------------------------------------------------===//

GenericOp
NestSplitter::makePart(Value value, ArrayRef<unsigned> dims, Value init,
                       function_ref<Value(OpBuilder &, IRMapping &)> emit) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  SmallBitVector reduced(op.getNumLoops()), needed(op.getNumLoops());
  SmallVector<BlockArgument> arguments;
  for (unsigned dim : dims)
    needed.set(dim);
  for (Value member : getSlice(value)) {
    needed |= varying.get(member);
    if (auto argument = dyn_cast<BlockArgument>(member);
        argument && argument.getOwner() == body)
      arguments.push_back(argument);
    Operation *def = member.getDefiningOp();
    if (!def || def->getBlock() != body)
      continue;
    reduced |= getOver(def);
    if (auto extent = dyn_cast<ExtentOp>(def))
      for (int64_t dim : extent.getDims())
        needed.set(dim);
  }
  needed |= reduced;
  SmallBitVector covered(op.getNumLoops());
  for (unsigned dim : dims)
    covered.set(dim);
  for (BlockArgument argument : arguments)
    for (unsigned dim : op.getOperandDims(argument.getArgNumber())) {
      covered.set(dim);
      needed.set(dim);
    }

  SmallVector<unsigned> loops = toVector(needed);
  auto getPosition = [&](unsigned dim) -> unsigned {
    return llvm::find(loops, dim) - loops.begin();
  };
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  auto addMap = [&](ArrayRef<unsigned> operandDims) {
    SmallVector<unsigned> positions =
        llvm::map_to_vector(operandDims, getPosition);
    maps.push_back(makeDimsMap(op.getContext(), positions, loops.size()));
  };
  for (BlockArgument argument : arguments) {
    inputs.push_back(op.getInputs()[argument.getArgNumber()]);
    addMap(op.getOperandDims(argument.getArgNumber()));
  }
  SmallVector<unsigned> missing = toVector(needed.reset(covered));
  if (!missing.empty()) {
    inputs.push_back(makeSizes(builder, missing));
    addMap(missing);
  }
  addMap(dims);
  SmallVector<IteratorType> iterators;
  for (unsigned dim : loops)
    iterators.push_back(llvm::is_contained(dims, dim) && !reduced.test(dim)
                            ? IteratorType::parallel
                            : IteratorType::reduction);
  auto part = GenericOp::create(builder, loc, inputs, init, maps, iterators,
                                [](OpBuilder &, Location, ValueRange) {});
  Block *partBody = part.getBodyBlock();
  builder.setInsertionPointToStart(partBody);
  IRMapping mapping;
  for (auto [argument, to] : llvm::zip(arguments, partBody->getArguments())) {
    to.setType(argument.getType());
    mapping.map(argument, to);
  }
  YieldOp::create(builder, loc, emit(builder, mapping));
  renumberDims(*partBody, [&](int64_t dim) {
    return SmallVector<int64_t>{int64_t(getPosition(dim))};
  });
  return part;
}

void NestSplitter::cutReduction(Operation *reduction,
                                SmallVectorImpl<GenericOp> &ops) {
  Location loc = op.getLoc();
  auto center = dyn_cast<CenterOp>(reduction);
  Value value = center ? Value(center.getMean()) : reduction->getResult(0);
  SmallVector<unsigned> dims = toVector(varying.get(value));
  OpBuilder builder(op);
  // A mean in f64, so that what is centred loses nothing.
  Type element = center ? builder.getF64Type() : value.getType();
  auto widen = [&](OpBuilder &b, Value narrow) -> Value {
    if (narrow.getType().isF64())
      return narrow;
    return arith::ExtFOp::create(b, loc, b.getF64Type(), narrow);
  };
  auto narrow = [&](OpBuilder &b, Value wide, Type type) -> Value {
    if (type.isF64())
      return wide;
    return arith::TruncFOp::create(b, loc, type, wide);
  };
  GenericOp part = makePart(
      value, dims, makeEmptyOverDims(builder, op, dims, element),
      [&](OpBuilder &b, IRMapping &mapping) -> Value {
        if (!center)
          return copySlice(b, value, mapping, body);
        Value elements =
            widen(b, copySlice(b, center.getValue(), mapping, body));
        return CenterOp::create(b, loc, elements, center.getDims()).getMean();
      });

  // The op with one more input.
  unsigned numInputs = op.getInputs().size();
  SmallVector<AffineMap> maps = op.getMaps();
  maps.insert(maps.begin() + numInputs,
              makeDimsMap(op.getContext(), dims, op.getNumLoops()));
  SmallVector<Value> inputs(op.getInputs());
  inputs.push_back(part.getResult(0));
  auto reader = GenericOp::create(builder, loc, inputs, op.getOutputs(), maps,
                                  op.getLoopIteratorTypes(),
                                  [](OpBuilder &, Location, ValueRange) {});
  reader->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  Block *readerBody = reader.getBodyBlock();
  IRMapping mapping = mapArguments(op, *readerBody);
  BlockArgument read = readerBody->getArgument(numInputs);
  read.setType(element);
  builder.setInsertionPointToStart(readerBody);
  for (Operation &nested : *body) {
    if (&nested != reduction) {
      builder.clone(nested, mapping);
      continue;
    }
    if (!center) {
      mapping.map(value, read);
      continue;
    }
    Type type = value.getType();
    Value elements = widen(builder, mapping.lookupOrDefault(center.getValue()));
    mapping.map(center.getCentered(),
                narrow(builder,
                       arith::SubFOp::create(builder, loc, elements, read),
                       type));
    mapping.map(value, narrow(builder, read, type));
  }
  eraseUnused(*readerBody);
  op.replaceAllUsesWith(reader.getResults());
  op.erase();
  ops.append({part, reader});
}

void NestSplitter::cutOutput(unsigned output, SmallVectorImpl<GenericOp> &ops) {
  Value value = op.getYield().getValues()[output];
  GenericOp part =
      makePart(value, op.getOperandDims(op.getInputs().size() + output),
               op.getOutputs()[output], [&](OpBuilder &b, IRMapping &mapping) {
                 return copySlice(b, value, mapping, body);
               });
  op.getResult(output).replaceAllUsesWith(part.getResult(0));
  ops.push_back(part);

  // The op without the output.
  unsigned numInputs = op.getInputs().size();
  SmallVector<AffineMap> maps = op.getMaps();
  maps.erase(maps.begin() + numInputs + output);
  SmallVector<Value> outputs(op.getOutputs());
  outputs.erase(outputs.begin() + output);
  if (!outputs.empty()) {
    OpBuilder builder(op);
    SmallBitVector missing(op.getNumLoops(), true);
    for (AffineMap map : maps)
      for (AffineExpr expr : map.getResults())
        missing.reset(cast<AffineDimExpr>(expr).getPosition());
    SmallVector<Value> inputs(op.getInputs());
    if (missing.any()) {
      SmallVector<unsigned> lost = toVector(missing);
      inputs.push_back(makeSizes(builder, lost));
      maps.insert(maps.begin() + numInputs,
                  makeDimsMap(op.getContext(), lost, op.getNumLoops()));
      body->addArgument(builder.getI8Type(), op.getLoc());
    }
    auto rest = GenericOp::create(builder, op.getLoc(), inputs, outputs, maps,
                                  op.getLoopIteratorTypes(),
                                  /*body=*/nullptr);
    rest->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    rest.getBody().takeBody(op.getBody());
    rest.getYield().getValuesMutable().erase(output);
    eraseUnused(*rest.getBodyBlock());
    SmallVector<Value> results(op.getResults());
    results.erase(results.begin() + output);
    for (auto [from, to] : llvm::zip(results, rest.getResults()))
      from.replaceAllUsesWith(to);
    ops.push_back(rest);
  }
  op.erase();
}

namespace {
struct SplitNests : norm::impl::SplitNestsBase<SplitNests> {
  using SplitNestsBase::SplitNestsBase;

  void runOnOperation() final {
    SmallVector<GenericOp> ops;
    getOperation()->walk([&](GenericOp op) {
      if (!op.hasBufferSemantics())
        ops.push_back(op);
    });
    while (!ops.empty())
      if (succeeded(NestSplitter(ops.pop_back_val(), wholeRows).split(ops)))
        ++numSplit;
  }
};
} // namespace
