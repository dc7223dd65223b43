//===- SplitGroups.cpp - Statistics of channels before those of groups ----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericParts.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "norm/CPU/BodyRewrites.h"
#include "norm/CPU/Passes.h"
#include "norm/CPU/Reductions.h"
#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_SPLITGROUPS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

using utils::IteratorType;

namespace {

/// A generic whose rows are groups of a few channels that lie side by side, and
/// what replaces it.
class GroupSplitter {
public:
  GroupSplitter(GenericOp op, int64_t lanes)
      : op(op), varying(op), lanes(lanes), builder(op) {}

  /// Whether the op is of this kind.
  bool matches();
  /// Replaces the op by three.
  void split();

private:
  bool isReducedOver(Operation &nested) const;
  bool isUniform(Value value) const {
    return !varying.get(value).anyCommon(reduced);
  }
  SmallVector<Value> makeChannels();
  SmallVector<Value> makeStatistics(ValueRange channels);
  void makeElements(ValueRange statistics);

  Value makeEmpty(Type element) {
    return makeEmptyOverDims(builder, op, kept, element);
  }
  Type getF64() { return builder.getF64Type(); }

  GenericOp op;
  VaryingDims varying;
  int64_t lanes;
  OpBuilder builder;

  llvm::SmallBitVector reduced;
  /// The channel within a group: the innermost dim.
  unsigned channel = 0;
  /// The parallel dims, then the channel: what statistics are kept for.
  SmallVector<unsigned> kept;
  /// The other reduced dims.
  SmallVector<unsigned> spatial;
  CenterOp center;
  ReduceOp moment;
  /// What is uniform in a group and used by what is not.
  SmallVector<Value> uniform;
};

} // namespace

/// The dims in `over` of an op are exactly the reduced ones.
bool GroupSplitter::isReducedOver(Operation &nested) const {
  ArrayRef<int64_t> dims = getOverDims(&nested);
  if (auto extent = dyn_cast<ExtentOp>(nested))
    dims = extent.getDims();
  return dims.size() == reduced.count() &&
         llvm::all_of(dims, [&](int64_t dim) { return reduced.test(dim); });
}

bool GroupSplitter::matches() {
  if (op.hasBufferSemantics() || op.getNumLoops() == 0)
    return false;
  reduced.resize(op.getNumLoops());
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
    if (op.isReductionDim(dim))
      reduced.set(dim);

  // One mean and variance over all reduced dims, and nothing else.
  for (Operation &nested : *op.getBodyBlock()) {
    if (isa<IndexOp>(nested))
      return false;
    if (isa<ExtentOp>(nested) &&
        (!isReducedOver(nested) ||
         !isa<FloatType>(nested.getResult(0).getType())))
      return false;
    if (!isa<CenterOp, ReduceOp>(nested))
      continue;
    if (!isReducedOver(nested) || !nested.getOperand(0).getType().isF32())
      return false;
    if (auto found = dyn_cast<CenterOp>(nested)) {
      if (center)
        return false;
      center = found;
      continue;
    }
    auto reduce = cast<ReduceOp>(nested);
    auto square = reduce.getValue().getDefiningOp<arith::MulFOp>();
    if (moment || !center || reduce.getKind() != ReduceKind::Add || !square ||
        square.getLhs() != center.getCentered() ||
        square.getRhs() != center.getCentered())
      return false;
    moment = reduce;
  }
  if (!center || !moment)
    return false;

  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i)
    if (op.getOutputMap(i).getNumResults() != op.getNumLoops())
      return false;

  // The innermost dim of the outputs is reduced and short, the one around it is
  // parallel: together they are long pieces of memory.
  SmallVector<unsigned> dims = op.getOperandDims(op.getInputs().size());
  if (dims.size() != op.getNumLoops() || dims.size() < 2)
    return false;
  channel = dims.back();
  unsigned group = dims[dims.size() - 2];
  int64_t size = op.getStaticLoopSizes()[channel];
  if (!reduced.test(channel) || reduced.test(group) ||
      ShapedType::isDynamic(size) || size > 4 * lanes)
    return false;
  for (unsigned dim : dims) {
    if (!reduced.test(dim))
      kept.push_back(dim);
    else if (dim != channel)
      spatial.push_back(dim);
  }
  kept.push_back(channel);
  return !spatial.empty();
}

/// For every channel the mean over the spatial dims and the sum of the squares
/// around it, in f64.
SmallVector<Value> GroupSplitter::makeChannels() {
  SmallVector<AffineMap> maps = op.getMaps();
  maps.resize(op.getInputs().size());
  maps.append(2, makeDimsMap(builder.getContext(), kept, op.getNumLoops()));
  SmallVector<IteratorType> iterators(op.getNumLoops(), IteratorType::parallel);
  for (unsigned dim : spatial)
    iterators[dim] = IteratorType::reduction;
  SmallVector<Value> empties{makeEmpty(getF64()), makeEmpty(getF64())};
  SmallVector<int64_t> over(spatial.begin(), spatial.end());
  auto channels =
      GenericOp::create(builder, op.getLoc(), op.getInputs(), empties, maps,
                        iterators, [](OpBuilder &, Location, ValueRange) {});
  channels->setAttr(kF32StatisticsAttrName, builder.getUnitAttr());
  if (toleratesUnderflow(moment.getResult()))
    channels->setAttr(kF32SumsAttrName, builder.getUnitAttr());
  Block *body = channels.getBodyBlock();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(body);
  IRMapping mapping = mapArguments(op, *body);
  Location loc = op.getLoc();
  Value element =
      copySlice(builder, center.getValue(), mapping, op.getBodyBlock());
  Value wide = arith::ExtFOp::create(builder, loc, getF64(), element);
  auto centered = CenterOp::create(builder, loc, wide, over);
  Value square = arith::MulFOp::create(builder, loc, centered.getCentered(),
                                       centered.getCentered());
  Value squares = ReduceOp::create(builder, loc, ReduceKind::Add, square, over);
  YieldOp::create(builder, loc, ValueRange{centered.getMean(), squares});
  return SmallVector<Value>(channels.getResults());
}

/// For every channel of a group the two floats of the group's mean and what of
/// the body is uniform in a group.
SmallVector<Value> GroupSplitter::makeStatistics(ValueRange channels) {
  Location loc = op.getLoc();
  // The number of elements a channel has.
  Value count = arith::ConstantIndexOp::create(builder, loc, 1);
  for (unsigned dim : spatial)
    count = arith::MulIOp::create(builder, loc, count,
                                  makeLoopSize(builder, op, dim));
  count = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), count);
  count = arith::SIToFPOp::create(builder, loc, getF64(), count);

  for (Operation &nested : *op.getBodyBlock()) {
    bool needsElements = !llvm::all_of(
        nested.getResults(), [&](Value result) { return isUniform(result); });
    if (!needsElements && !isa<YieldOp>(nested))
      continue;
    for (Value operand : nested.getOperands()) {
      Operation *def = operand.getDefiningOp();
      if (def && def->getBlock() == op.getBodyBlock() && isUniform(operand) &&
          !def->hasTrait<OpTrait::ConstantLike>() &&
          !llvm::is_contained(uniform, operand))
        uniform.push_back(operand);
    }
  }

  unsigned numKept = kept.size();
  SmallVector<unsigned> all = llvm::to_vector(llvm::seq(0u, numKept));
  SmallVector<AffineMap> maps(2,
                              makeDimsMap(builder.getContext(), all, numKept));
  SmallVector<Value> inputs(channels), empties;
  // Inputs that uniform values are computed from: those that only the parallel
  // dims index.
  SmallVector<BlockArgument> arguments;
  for (BlockArgument argument : op.getBodyBlock()->getArguments()) {
    if (!isUniform(argument))
      continue;
    SmallVector<unsigned> dims;
    for (unsigned dim : op.getOperandDims(argument.getArgNumber()))
      dims.push_back(llvm::find(kept, dim) - kept.begin());
    maps.push_back(makeDimsMap(builder.getContext(), dims, numKept));
    inputs.push_back(op.getInputs()[argument.getArgNumber()]);
    arguments.push_back(argument);
  }
  SmallVector<Type> types(2, builder.getF32Type());
  for (Value value : uniform)
    types.push_back(value.getType());
  for (Type type : types) {
    empties.push_back(makeEmpty(type));
    maps.push_back(makeDimsMap(builder.getContext(), all, numKept));
  }
  SmallVector<IteratorType> iterators(numKept, IteratorType::parallel);
  iterators.back() = IteratorType::reduction;
  auto statistics =
      GenericOp::create(builder, loc, inputs, empties, maps, iterators,
                        [](OpBuilder &, Location, ValueRange) {});
  Block *body = statistics.getBodyBlock();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(body);
  // In f64 sums of squares of what an f32 holds neither overflow nor underflow.
  Widener widener(builder);
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    Type type = argument.getType();
    body->getArgument(2 + i).setType(type.isF32() ? getF64() : type);
    widener.map(argument, body->getArgument(2 + i));
  }
  SmallVector<int64_t> over{int64_t(numKept) - 1};
  auto f32 = builder.getF32Type();
  auto sum = [&](Value value) -> Value {
    return ReduceOp::create(builder, loc, ReduceKind::Add, value, over);
  };
  // Channels have equally many elements: the sum of squares of all is that of
  // the channels and that of their means (Chan et al., "Updating formulae and a
  // pairwise algorithm for computing sample variances").
  auto means = CenterOp::create(builder, loc, body->getArgument(0), over);
  Value mean = means.getMean();
  Value square = arith::MulFOp::create(builder, loc, means.getCentered(),
                                       means.getCentered());
  Value between = arith::MulFOp::create(builder, loc, sum(square), count);
  widener.map(
      moment.getResult(),
      arith::AddFOp::create(builder, loc, sum(body->getArgument(1)), between));
  widener.map(center.getMean(), mean);
  Value extent = arith::MulFOp::create(
      builder, loc, ExtentOp::create(builder, loc, getF64(), over), count);
  for (auto nested : op.getBody().getOps<ExtentOp>()) {
    Type type = nested.getType();
    widener.map(nested.getResult(),
                type.isF32() || type.isF64()
                    ? extent
                    : arith::TruncFOp::create(builder, loc, type, extent));
  }
  Value high = arith::TruncFOp::create(builder, loc, f32, mean);
  Value rest = arith::SubFOp::create(
      builder, loc, mean, arith::ExtFOp::create(builder, loc, getF64(), high));
  Value low = arith::TruncFOp::create(builder, loc, f32, rest);
  SmallVector<Value> yielded{high, low};
  for (Value value : uniform) {
    Value copy = widener.copySlice(value, op.getBodyBlock());
    if (value.getType().isF32())
      copy = arith::TruncFOp::create(builder, loc, f32, copy);
    yielded.push_back(copy);
  }
  YieldOp::create(builder, loc, yielded);
  return SmallVector<Value>(statistics.getResults());
}

/// The op itself, with the statistics as further inputs: every dim is parallel.
void GroupSplitter::makeElements(ValueRange statistics) {
  Location loc = op.getLoc();
  unsigned numInputs = op.getInputs().size();
  SmallVector<Value> inputs(op.getInputs());
  llvm::append_range(inputs, statistics);
  SmallVector<AffineMap> all = op.getMaps();
  SmallVector<AffineMap> maps(all.begin(), all.begin() + numInputs);
  maps.append(statistics.size(),
              makeDimsMap(builder.getContext(), kept, op.getNumLoops()));
  maps.append(all.begin() + numInputs, all.end());
  SmallVector<IteratorType> iterators(op.getNumLoops(), IteratorType::parallel);
  auto elements =
      GenericOp::create(builder, loc, inputs, op.getOutputs(), maps, iterators,
                        [](OpBuilder &, Location, ValueRange) {});
  elements->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  Block *body = elements.getBodyBlock();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(body);
  IRMapping mapping = mapArguments(op, *body);
  Value element =
      copySlice(builder, center.getValue(), mapping, op.getBodyBlock());
  Value high = body->getArgument(numInputs);
  Value low = body->getArgument(numInputs + 1);
  Value shifted = arith::SubFOp::create(builder, loc, element, high);
  mapping.map(center.getCentered(),
              arith::SubFOp::create(builder, loc, shifted, low));
  for (auto [i, value] : llvm::enumerate(uniform))
    mapping.map(value, body->getArgument(numInputs + 2 + i));
  SmallVector<Value> yielded;
  for (Value value : op.getYield().getValues())
    yielded.push_back(copySlice(builder, value, mapping, op.getBodyBlock()));
  YieldOp::create(builder, loc, yielded);
  op.replaceAllUsesWith(elements.getResults());
  op.erase();
}

void GroupSplitter::split() { makeElements(makeStatistics(makeChannels())); }

namespace {
struct SplitGroups : norm::impl::SplitGroupsBase<SplitGroups> {
  void runOnOperation() final {
    SmallVector<GenericOp> ops;
    getOperation()->walk([&](GenericOp op) { ops.push_back(op); });
    for (GenericOp op : ops) {
      GroupSplitter splitter(op, CPUTarget::get(op).getLanes(32));
      if (!splitter.matches())
        continue;
      splitter.split();
      ++numSplit;
    }
  }
};
} // namespace
