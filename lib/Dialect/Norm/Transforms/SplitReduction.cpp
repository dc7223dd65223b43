//===- SplitReduction.cpp - Reduce long rows in chunks
//-------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// The reductions of the first stage become partial ones over chunks of fixed
// size and a combination of the partial results; what is left of the program
// reads the results. Then those of the next stage are reductions of the first.
// A mean and the sum of squares about it are combined by the formula of Chan,
// Golub and LeVeque
// ("Updating formulae and a pairwise algorithm for computing sample variances",
// 1979), in f64, as there are few partial results.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/Analysis/RowProgram.h"
#include "norm/Dialect/Norm/Transforms/BodyBuilder.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_SPLITREDUCTION
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The dims in `over` of a reduction.
static ArrayRef<int64_t> getOver(Operation *reduction) {
  if (auto reduce = dyn_cast<ReduceOp>(reduction))
    return reduce.getDims();
  return cast<CenterOp>(reduction).getDims();
}

/// The sums of squares of the centred values of `center`.
static SmallVector<ReduceOp> getMoments(CenterOp center) {
  SmallVector<ReduceOp> moments;
  for (Operation *user : center.getCentered().getUsers()) {
    auto square = dyn_cast<arith::MulFOp>(user);
    if (!square || square.getLhs() != square.getRhs() ||
        llvm::any_of(moments, [&](ReduceOp moment) {
          return moment.getValue() == square;
        }))
      continue;
    for (Operation *squareUser : square->getUsers())
      if (auto reduce = dyn_cast<ReduceOp>(squareUser);
          reduce && reduce.getKind() == ReduceKind::Add &&
          reduce.getDims() == center.getDims())
        moments.push_back(reduce);
  }
  return moments;
}

namespace {

/// The numbers of elements that are reduced to one, in f64.
struct Counts {
  Value inChunk, inTail, inAll;
};

/// A part of the split dim: chunks of equal size, or what remains behind them.
struct Part {
  OpFoldResult offset, length;
  /// The number of chunks; none for the remainder.
  std::optional<OpFoldResult> numChunks;
};

/// Splits the first-stage reductions of one generic over one dim.
class ReductionSplitter {
public:
  ReductionSplitter(RewriterBase &rewriter, GenericOp op, unsigned dim,
                    int64_t chunk)
      : rewriter(rewriter), op(op), loc(op.getLoc()), program(op), dim(dim),
        chunk(chunk), kept(op.getNumLoops()), space(op.getNumLoops()) {}

  /// The generic that is left; null if there was nothing to split.
  GenericOp run();

private:
  /// Collects the reductions that are split together.
  void collect();
  /// Computes the sizes of the parts.
  SmallVector<Part> getParts();
  /// The part `part` of operand `i`, which may not have the dim.
  Value getView(unsigned i, const Part &part);
  /// The partial results over `part`.
  SmallVector<Value> reducePart(const Part &part);
  /// The results of all parts.
  SmallVector<Value> combineParts(ArrayRef<Part> parts,
                                  ArrayRef<SmallVector<Value>> partials);
  /// The body of that: the results of the partial results of one reduction.
  void combineReduction(OpBuilder &builder, Operation *reduction,
                        const Counts &counts, ArrayRef<ValueRange> partials,
                        unsigned chunkDim, SmallVectorImpl<Value> &results);
  /// The op that reads the results instead of reducing.
  GenericOp makeRest(ValueRange results);

  /// The type in which `type` is accumulated.
  Type getSumType(Type type) {
    return isa<FloatType>(type) ? getAccumulationType(type, std::nullopt)
                                : type;
  }
  /// An empty tensor over `dims`, behind them the chunks of `part`.
  Value makeEmpty(const llvm::SmallBitVector &dims,
                  std::optional<OpFoldResult> numChunks, Type type);
  /// The size of dim `d`.
  OpFoldResult getSize(unsigned d) {
    auto [value, position] = op.getDimSource(d);
    int64_t size = op.getStaticLoopSizes()[d];
    if (!ShapedType::isDynamic(size))
      return rewriter.getIndexAttr(size);
    return tensor::getMixedSize(rewriter, loc, value, position);
  }

  RewriterBase &rewriter;
  GenericOp op;
  Location loc;
  RowProgram program;
  unsigned dim;
  int64_t chunk;
  SmallVector<Operation *> reductions;
  /// The dims of the results and of what is reduced.
  llvm::SmallBitVector kept, space;
};

/// Splits the long reductions of all generics.
struct SplitReduction : norm::impl::SplitReductionBase<SplitReduction> {
  using SplitReductionBase::SplitReductionBase;

  void runOnOperation() override {
    SmallVector<GenericOp> ops;
    getOperation()->walk([&](GenericOp op) {
      if (!op.hasBufferSemantics())
        ops.push_back(op);
    });
    if (chunk < 1) {
      getOperation()->emitError("chunks need at least one element");
      return signalPassFailure();
    }
    IRRewriter rewriter(&getContext());
    for (GenericOp op : ops)
      for (unsigned dim = 0; dim < op.getNumLoops(); ++dim) {
        int64_t size = op.getStaticLoopSizes()[dim];
        if (!op.isReductionDim(dim) ||
            (ShapedType::isDynamic(size) ? !splitDynamic
                                         : size <= threshold || size <= chunk))
          continue;
        rewriter.setInsertionPoint(op);
        while (GenericOp rest =
                   ReductionSplitter(rewriter, op, dim, chunk).run()) {
          op = rest;
          ++numSplit;
          rewriter.setInsertionPoint(op);
        }
      }
  }
};

} // namespace

void ReductionSplitter::collect() {
  for (Operation *reduction : program.getReductions(0)) {
    Value value = reduction->getOperand(0);
    if (!llvm::is_contained(getOver(reduction), dim))
      continue;
    llvm::SmallBitVector itsKept = program.getVaryingDims(value);
    llvm::SmallBitVector itsSpace = itsKept;
    for (int64_t d : getOver(reduction)) {
      itsSpace.set(d);
      itsKept.reset(d);
    }
    // An input has to tell the size of every dim that is reduced over.
    llvm::SmallBitVector covered = itsKept;
    for (unsigned i : program.getInputsRead({value}))
      for (unsigned d : op.getOperandDims(i))
        covered.set(d);
    llvm::SmallBitVector uncovered = itsSpace;
    uncovered.reset(covered);
    if (uncovered.any())
      continue;
    if (reductions.empty()) {
      kept = itsKept;
      space = itsSpace;
    }
    if (kept == itsKept && space == itsSpace)
      reductions.push_back(reduction);
  }
}

SmallVector<Part> ReductionSplitter::getParts() {
  OpFoldResult size = getSize(dim);
  if (std::optional<int64_t> length = getConstantIntValue(size)) {
    int64_t whole = *length / chunk * chunk;
    SmallVector<Part> parts;
    parts.push_back({rewriter.getIndexAttr(0), rewriter.getIndexAttr(whole),
                     OpFoldResult(rewriter.getIndexAttr(*length / chunk))});
    if (whole != *length)
      parts.push_back({rewriter.getIndexAttr(whole),
                       rewriter.getIndexAttr(*length - whole), std::nullopt});
    return parts;
  }
  Value length = cast<Value>(size);
  Value step = arith::ConstantIndexOp::create(rewriter, loc, chunk);
  Value count = arith::DivUIOp::create(rewriter, loc, length, step);
  Value whole = arith::MulIOp::create(rewriter, loc, count, step);
  Value remainder = arith::SubIOp::create(rewriter, loc, length, whole);
  return {Part{rewriter.getIndexAttr(0), whole, OpFoldResult(count)},
          Part{whole, remainder, std::nullopt}};
}

Value ReductionSplitter::getView(unsigned i, const Part &part) {
  Value operand = op->getOperand(i);
  SmallVector<unsigned> dims = op.getOperandDims(i);
  auto it = llvm::find(dims, dim);
  if (it == dims.end())
    return operand;
  unsigned position = it - dims.begin();
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, loc, operand);
  if (!isEqualConstantIntOrValue(sizes[position], part.length)) {
    SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(sizes.size(), rewriter.getIndexAttr(1));
    offsets[position] = part.offset;
    sizes[position] = part.length;
    operand = tensor::ExtractSliceOp::create(rewriter, loc, operand, offsets,
                                             sizes, strides);
  }
  if (!part.numChunks)
    return operand;
  SmallVector<ReassociationIndices> reassociation;
  SmallVector<OpFoldResult> shape;
  for (auto [p, size] : llvm::enumerate(sizes)) {
    ReassociationIndices &group = reassociation.emplace_back();
    group.push_back(shape.size());
    shape.push_back(p == position ? *part.numChunks : size);
    if (p != position)
      continue;
    group.push_back(shape.size());
    shape.push_back(rewriter.getIndexAttr(chunk));
  }
  SmallVector<int64_t> staticShape;
  SmallVector<Value> dynamicSizes;
  dispatchIndexOpFoldResults(shape, dynamicSizes, staticShape);
  auto type = RankedTensorType::get(staticShape, getElementTypeOrSelf(operand));
  return tensor::ExpandShapeOp::create(rewriter, loc, type, operand,
                                       reassociation, shape);
}

Value ReductionSplitter::makeEmpty(const llvm::SmallBitVector &dims,
                                   std::optional<OpFoldResult> numChunks,
                                   Type type) {
  SmallVector<OpFoldResult> sizes;
  for (unsigned d : dims.set_bits())
    sizes.push_back(getSize(d));
  if (numChunks)
    sizes.push_back(*numChunks);
  return tensor::EmptyOp::create(rewriter, loc, sizes, type);
}

SmallVector<Value> ReductionSplitter::reducePart(const Part &part) {
  // The dims of the partial op: those of the space, the split one as chunk (if
  // there are chunks) and position in it.
  SmallVector<int64_t> newDims(op.getNumLoops(), -1);
  SmallVector<utils::IteratorType> iterators;
  int64_t chunkDim = -1;
  for (unsigned d : space.set_bits()) {
    if (d == dim && part.numChunks) {
      chunkDim = iterators.size();
      iterators.push_back(utils::IteratorType::parallel);
    }
    newDims[d] = iterators.size();
    iterators.push_back(op.isReductionDim(d) ? utils::IteratorType::reduction
                                             : utils::IteratorType::parallel);
  }
  SmallVector<Value> wanted = llvm::map_to_vector(
      reductions, [](Operation *r) { return r->getOperand(0); });

  // Everything that the operands need, in body order.
  DenseSet<Value> needed(wanted.begin(), wanted.end());
  SmallVector<Operation *> ops;
  Block *block = op.getBodyBlock();
  for (Operation &nested : llvm::reverse(block->without_terminator()))
    if (llvm::any_of(nested.getResults(),
                     [&](Value r) { return needed.contains(r); })) {
      ops.push_back(&nested);
      needed.insert(nested.operand_begin(), nested.operand_end());
    }
  std::reverse(ops.begin(), ops.end());

  SmallVector<Value> inputs, outputs;
  SmallVector<AffineMap> maps;
  SmallVector<BlockArgument> arguments;
  for (BlockArgument argument : block->getArguments()) {
    if (!needed.contains(argument))
      continue;
    unsigned i = argument.getArgNumber();
    SmallVector<unsigned> targets;
    for (unsigned d : op.getOperandDims(i)) {
      if (d == dim && chunkDim >= 0)
        targets.push_back(chunkDim);
      targets.push_back(newDims[d]);
    }
    arguments.push_back(argument);
    inputs.push_back(getView(i, part));
    maps.push_back(AffineMap::getMultiDimMapWithTargets(
        iterators.size(), targets, rewriter.getContext()));
  }
  SmallVector<unsigned> keptDims;
  for (unsigned d : kept.set_bits())
    keptDims.push_back(newDims[d]);
  if (chunkDim >= 0)
    keptDims.push_back(chunkDim);
  AffineMap outputMap = AffineMap::getMultiDimMapWithTargets(
      iterators.size(), keptDims, rewriter.getContext());
  auto addOutput = [&](Type type) {
    outputs.push_back(makeEmpty(kept, part.numChunks, type));
    maps.push_back(outputMap);
  };
  for (Operation *reduction : reductions) {
    Type type = getSumType(reduction->getOperand(0).getType());
    if (auto center = dyn_cast<CenterOp>(reduction)) {
      addOutput(rewriter.getF64Type());
      if (!getMoments(center).empty())
        addOutput(type);
    } else {
      addOutput(type);
    }
  }
  DenseMap<Operation *, Value> extents;
  for (Operation *nested : ops)
    if (auto extent = dyn_cast<ExtentOp>(nested)) {
      SmallVector<OpFoldResult> sizes = llvm::map_to_vector(
          extent.getDims(), [&](int64_t d) { return getSize(d); });
      extents[nested] = makeCount(rewriter, loc, sizes, extent.getType());
    }
  Value offset = getValueOrCreateConstantIndexOp(rewriter, loc, part.offset);
  Value step = arith::ConstantIndexOp::create(rewriter, loc, chunk);

  auto partial = GenericOp::create(rewriter, loc, inputs, outputs, maps,
                                   iterators, nullptr);
  OpBuilder::InsertionGuard guard(rewriter);
  SmallVector<Type> types = llvm::map_to_vector(
      arguments, [](BlockArgument a) { return a.getType(); });
  SmallVector<Location> locations(types.size(), loc);
  Block *body = rewriter.createBlock(&partial.getBody(), {}, types, locations);
  IRMapping mapping;
  for (auto [old, argument] : llvm::zip(arguments, body->getArguments()))
    mapping.map(old, argument);
  for (Operation *nested : ops) {
    if (auto it = extents.find(nested); it != extents.end()) {
      mapping.map(nested->getResult(0), it->second);
      continue;
    }
    auto index = dyn_cast<IndexOp>(nested);
    if (!index) {
      rewriter.clone(*nested, mapping);
      continue;
    }
    Type indexType = index.getType();
    Value value =
        IndexOp::create(rewriter, loc, indexType, newDims[index.getDim()]);
    if (index.getDim() == dim) {
      if (chunkDim >= 0) {
        Value first = arith::MulIOp::create(
            rewriter, loc, IndexOp::create(rewriter, loc, indexType, chunkDim),
            step);
        value = arith::AddIOp::create(rewriter, loc, value, first);
      }
      value = arith::AddIOp::create(rewriter, loc, value, offset);
    }
    mapping.map(index.getResult(), value);
  }
  SmallVector<Value> yields;
  for (Operation *reduction : reductions) {
    SmallVector<int64_t> over = llvm::map_to_vector(
        getOver(reduction), [&](int64_t d) { return newDims[d]; });
    Value value = mapping.lookupOrDefault(reduction->getOperand(0));
    Type type = getSumType(value.getType());
    value = convertFloat(rewriter, loc, value, type);
    if (auto reduce = dyn_cast<ReduceOp>(reduction)) {
      yields.push_back(
          ReduceOp::create(rewriter, loc, type, reduce.getKind(), value, over));
      continue;
    }
    // The mean in two floats, which is exact where its values are far from 0.
    auto center =
        CenterOp::create(rewriter, loc, TypeRange{type, type}, value, over);
    Value rest = arith::SubFOp::create(rewriter, loc, value, center.getMean());
    Value sum =
        ReduceOp::create(rewriter, loc, type, ReduceKind::Add, rest, over);
    Value count = ExtentOp::create(rewriter, loc, type, over);
    Value low = arith::DivFOp::create(rewriter, loc, sum, count);
    Type f64 = rewriter.getF64Type();
    yields.push_back(arith::AddFOp::create(
        rewriter, loc, convertFloat(rewriter, loc, center.getMean(), f64),
        convertFloat(rewriter, loc, low, f64)));
    if (getMoments(cast<CenterOp>(reduction)).empty())
      continue;
    Value square = arith::MulFOp::create(rewriter, loc, center.getCentered(),
                                         center.getCentered());
    yields.push_back(
        ReduceOp::create(rewriter, loc, type, ReduceKind::Add, square, over));
  }
  YieldOp::create(rewriter, loc, yields);
  return llvm::to_vector(ValueRange(partial->getResults()));
}

void ReductionSplitter::combineReduction(OpBuilder &builder,
                                         Operation *reduction,
                                         const Counts &counts,
                                         ArrayRef<ValueRange> partials,
                                         unsigned chunkDim,
                                         SmallVectorImpl<Value> &results) {
  int64_t over = chunkDim;
  auto sum = [&](ReduceKind kind, Value value) -> Value {
    return ReduceOp::create(builder, loc, value.getType(), kind, value, over);
  };
  if (auto reduce = dyn_cast<ReduceOp>(reduction)) {
    Value total = sum(reduce.getKind(), partials[0][0]);
    if (partials.size() > 1)
      total = combine(builder, loc, reduce.getKind(), total, partials[1][0]);
    results.push_back(total);
    return;
  }
  // With n values of mean m and sum of squares s about it in every chunk, the
  // mean is sum(n m) / sum(n), the sum of squares sum(s) + sum(n (m - mean)^2).
  Type f64 = builder.getF64Type();
  Value mean = partials[0][0];
  Value total = arith::MulFOp::create(builder, loc, sum(ReduceKind::Add, mean),
                                      counts.inChunk);
  Value tailMean;
  if (partials.size() > 1) {
    // The mean of no elements is no number.
    Value zero = makeNeutral(builder, loc, ReduceKind::Add, f64);
    Value isEmpty = arith::CmpFOp::create(
        builder, loc, arith::CmpFPredicate::OEQ, counts.inTail, zero);
    tailMean =
        arith::SelectOp::create(builder, loc, isEmpty, zero, partials[1][0]);
    Value weighted =
        arith::MulFOp::create(builder, loc, tailMean, counts.inTail);
    total = arith::AddFOp::create(builder, loc, total, weighted);
  }
  Value all = arith::DivFOp::create(builder, loc, total, counts.inAll);
  Type type = getSumType(reduction->getOperand(0).getType());
  Value high = convertFloat(builder, loc, all, type);
  Value low = arith::SubFOp::create(builder, loc, all,
                                    convertFloat(builder, loc, high, f64));
  results.push_back(high);
  results.push_back(convertFloat(builder, loc, low, type));
  if (partials[0].size() == 1)
    return;
  auto moment = [&](Value mean, Value squares, Value number) -> Value {
    Value delta = arith::SubFOp::create(builder, loc, mean, all);
    Value square = arith::MulFOp::create(builder, loc, delta, delta);
    return arith::AddFOp::create(
        builder, loc, arith::MulFOp::create(builder, loc, square, number),
        convertFloat(builder, loc, squares, f64));
  };
  Value squares =
      sum(ReduceKind::Add, moment(mean, partials[0][1], counts.inChunk));
  if (partials.size() > 1)
    squares = arith::AddFOp::create(
        builder, loc, squares, moment(tailMean, partials[1][1], counts.inTail));
  results.push_back(convertFloat(builder, loc, squares, type));
}

SmallVector<Value>
ReductionSplitter::combineParts(ArrayRef<Part> parts,
                                ArrayRef<SmallVector<Value>> partials) {
  unsigned numKept = kept.count();
  SmallVector<utils::IteratorType> iterators(numKept,
                                             utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  AffineMap whole = rewriter.getMultiDimIdentityMap(numKept + 1);
  AffineMap row = whole.dropResult(numKept);
  SmallVector<Value> inputs, outputs;
  SmallVector<AffineMap> maps;
  for (auto [part, values] : llvm::zip(parts, partials))
    for (Value value : values) {
      inputs.push_back(value);
      maps.push_back(part.numChunks ? whole : row);
    }
  for (Operation *reduction : reductions) {
    Type type = getSumType(reduction->getOperand(0).getType());
    unsigned count = 1;
    if (auto center = dyn_cast<CenterOp>(reduction))
      count = getMoments(center).empty() ? 2 : 3;
    for (unsigned i = 0; i < count; ++i) {
      outputs.push_back(makeEmpty(kept, std::nullopt, type));
      maps.push_back(row);
    }
  }
  // All reductions are over the same dims.
  auto count = [&](OpFoldResult length) {
    SmallVector<OpFoldResult> sizes = {length};
    for (int64_t d : getOver(reductions.front()))
      if (d != static_cast<int64_t>(dim))
        sizes.push_back(getSize(d));
    return makeCount(rewriter, loc, sizes, rewriter.getF64Type());
  };
  Counts counts;
  counts.inChunk = count(rewriter.getIndexAttr(chunk));
  counts.inAll = count(getSize(dim));
  if (parts.size() > 1)
    counts.inTail = count(parts[1].length);
  auto combined = GenericOp::create(
      rewriter, loc, inputs, outputs, maps, iterators,
      [&](OpBuilder &builder, Location loc, ValueRange arguments) {
        SmallVector<Value> results;
        unsigned numPartials = partials[0].size(), next = 0;
        for (Operation *reduction : reductions) {
          unsigned count = 1;
          if (auto center = dyn_cast<CenterOp>(reduction))
            count = getMoments(center).empty() ? 1 : 2;
          SmallVector<ValueRange> values;
          for (unsigned p = 0; p < parts.size(); ++p)
            values.push_back(arguments.slice(p * numPartials + next, count));
          next += count;
          combineReduction(builder, reduction, counts, values, numKept,
                           results);
        }
        YieldOp::create(builder, loc, results);
      });
  return llvm::to_vector(ValueRange(combined->getResults()));
}

GenericOp ReductionSplitter::makeRest(ValueRange results) {
  SmallVector<Value> inputs = op.getInputs();
  SmallVector<AffineMap> maps = op.getMaps();
  SmallVector<unsigned> keptDims(kept.set_bits());
  AffineMap map = AffineMap::getMultiDimMapWithTargets(
      op.getNumLoops(), keptDims, rewriter.getContext());
  maps.insert(maps.begin() + inputs.size(), results.size(), map);
  llvm::append_range(inputs, results);

  Block *body = op.getBodyBlock();
  auto next = results.begin();
  auto addArgument = [&](Type type) -> Value {
    Value argument = body->addArgument(getElementTypeOrSelf(*next), loc);
    ++next;
    rewriter.setInsertionPointToStart(body);
    return convertFloat(rewriter, loc, argument, type);
  };
  OpBuilder::InsertionGuard guard(rewriter);
  for (Operation *reduction : reductions) {
    Type type = reduction->getOperand(0).getType();
    if (isa<ReduceOp>(reduction)) {
      rewriter.replaceOp(reduction, addArgument(type));
      continue;
    }
    auto center = cast<CenterOp>(reduction);
    Value high = addArgument(type), low = addArgument(type);
    SmallVector<ReduceOp> moments = getMoments(center);
    if (!moments.empty()) {
      Value squares = addArgument(type);
      for (ReduceOp moment : moments)
        rewriter.replaceOp(moment, squares);
    }
    rewriter.setInsertionPoint(center);
    Value near = arith::SubFOp::create(rewriter, loc, center.getValue(), high);
    Value centered = arith::SubFOp::create(rewriter, loc, near, low);
    rewriter.replaceOp(center, {centered, high});
  }
  for (Operation &nested : llvm::make_early_inc_range(llvm::reverse(*body)))
    if (isOpTriviallyDead(&nested))
      rewriter.eraseOp(&nested);

  // A dim that nothing is reduced over any more is parallel.
  bool isReduced = false;
  for (Operation &nested : body->without_terminator())
    if (isa<ReduceOp, CenterOp>(nested))
      isReduced |= llvm::is_contained(getOver(&nested), dim);
  for (unsigned i = 0; i < op.getOutputs().size(); ++i)
    isReduced |=
        !llvm::is_contained(op.getOperandDims(op.getInputs().size() + i), dim);
  SmallVector<utils::IteratorType> iterators = op.getLoopIteratorTypes();
  if (!isReduced)
    iterators[dim] = utils::IteratorType::parallel;
  rewriter.setInsertionPoint(op);
  auto rest = GenericOp::create(rewriter, loc, inputs, op.getOutputs(), maps,
                                iterators, nullptr);
  rest->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  rewriter.inlineRegionBefore(op.getBody(), rest.getBody(),
                              rest.getBody().end());
  rewriter.replaceOp(op, rest->getResults());
  return rest;
}

GenericOp ReductionSplitter::run() {
  collect();
  if (reductions.empty())
    return {};
  SmallVector<Part> parts = getParts();
  SmallVector<SmallVector<Value>> partials;
  for (const Part &part : parts)
    partials.push_back(reducePart(part));
  return makeRest(combineParts(parts, partials));
}
