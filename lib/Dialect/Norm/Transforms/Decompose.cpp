//===- Decompose.cpp - norm.generic -> linalg -----------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reduction becomes a linalg.generic whose result is a tensor over the dims
// that the reduced value still varies over; so does what is computed of it
// alone, so that it is computed once a row. Element-wise work is repeated in
// every loop that needs it. A mean in one float is not exact enough to be
// subtracted from elements far from zero, so it is corrected by the mean of
// what remains.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/Analysis/RowProgram.h"
#include "norm/Dialect/Norm/Transforms/BodyBuilder.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include "norm/Dialect/Norm/Transforms/Transforms.h"

namespace mlir::norm {
#define GEN_PASS_DEF_DECOMPOSE
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Rewrites one generic on tensors.
class Decomposer {
public:
  Decomposer(RewriterBase &rewriter, GenericOp op)
      : rewriter(rewriter), op(op), loc(op.getLoc()), program(op) {}

  void run();

private:
  using Dims = llvm::SmallBitVector;
  /// Makes of the wanted values (and the previous output elements) what a loop
  /// yields.
  using Finish = function_ref<SmallVector<Value>(OpBuilder &, ValueRange wanted,
                                                 ValueRange previous)>;

  /// A tensor of `value`, a value of the body, over the dims that it varies
  /// over.
  Value getTensor(Value value);
  /// The tensor of a reduction of `value` over `dims`.
  Value reduce(ReduceKind kind, Value value, ArrayRef<int64_t> dims);
  /// The mean of `value`, over the dims of `center`.
  Value makeMean(CenterOp center, Value value);
  /// A tensor of what the mean of `center` lacks.
  Value getCorrection(CenterOp center);
  /// A loop over `dims` that computes `wanted` per element.
  linalg::GenericOp buildLoop(const Dims &dims, ArrayRef<Value> wanted,
                              ValueRange inits, ArrayRef<AffineMap> initMaps,
                              Finish finish);
  /// Whether a loop over `dims` reads `value` from a tensor.
  bool isRead(Value value, const Dims &dims) const;
  /// The number of elements of `dims` in `type`.
  Value getExtent(ArrayRef<int64_t> dims, Type type);
  /// The size of dim `dim`.
  OpFoldResult getSize(unsigned dim);
  /// An empty tensor over `dims`.
  Value makeEmpty(const Dims &dims, Type type);
  /// The map from a loop over `dims` to a tensor over the subset `subset` of
  /// them.
  AffineMap getMap(const Dims &dims, const Dims &subset);
  /// `map` of the generic as a map from a loop over `dims`.
  AffineMap getMap(const Dims &dims, AffineMap map);
  /// The dims of `map`.
  Dims getDims(AffineMap map) const;

  RewriterBase &rewriter;
  GenericOp op;
  Location loc;
  RowProgram program;
  DenseMap<Value, Value> tensors;
  /// The corrections of means; null while they are computed.
  DenseMap<Operation *, Value> corrections;
};

/// Rewrites generics and linear layers as linalg ops.
struct Decompose : norm::impl::DecomposeBase<Decompose> {
  using DecomposeBase::DecomposeBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    for (GenericOp op : getTensorGenerics(getOperation())) {
      rewriter.setInsertionPoint(op);
      Decomposer(rewriter, op).run();
    }
    getOperation()->walk([&](LinearOp op) { decomposeLinear(rewriter, op); });
  }
};

} // namespace

llvm::SmallBitVector Decomposer::getDims(AffineMap map) const {
  Dims dims(map.getNumDims());
  for (AffineExpr expr : map.getResults())
    dims.set(cast<AffineDimExpr>(expr).getPosition());
  return dims;
}

AffineMap Decomposer::getMap(const Dims &dims, AffineMap map) {
  SmallVector<unsigned> positions(dims.size());
  unsigned next = 0;
  for (unsigned dim : dims.set_bits())
    positions[dim] = next++;
  SmallVector<unsigned> targets =
      llvm::map_to_vector(map.getResults(), [&](AffineExpr expr) {
        return positions[cast<AffineDimExpr>(expr).getPosition()];
      });
  return AffineMap::getMultiDimMapWithTargets(next, targets,
                                              rewriter.getContext());
}

AffineMap Decomposer::getMap(const Dims &dims, const Dims &subset) {
  SmallVector<unsigned> targets(subset.set_bits());
  return getMap(dims, AffineMap::getMultiDimMapWithTargets(
                          dims.size(), targets, rewriter.getContext()));
}

OpFoldResult Decomposer::getSize(unsigned dim) {
  int64_t size = op.getStaticLoopSizes()[dim];
  if (!ShapedType::isDynamic(size))
    return rewriter.getIndexAttr(size);
  auto [value, position] = op.getDimSource(dim);
  return tensor::getMixedSize(rewriter, loc, value, position);
}

Value Decomposer::makeEmpty(const Dims &dims, Type type) {
  SmallVector<OpFoldResult> sizes;
  for (unsigned dim : dims.set_bits())
    sizes.push_back(getSize(dim));
  return tensor::EmptyOp::create(rewriter, loc, sizes, type);
}

Value Decomposer::getExtent(ArrayRef<int64_t> dims, Type type) {
  SmallVector<OpFoldResult> sizes =
      llvm::map_to_vector(dims, [&](int64_t dim) { return getSize(dim); });
  return makeCount(rewriter, loc, sizes, type);
}

bool Decomposer::isRead(Value value, const Dims &dims) const {
  Operation *def = value.getDefiningOp();
  if (!def)
    return true;
  if (isa<ReduceOp>(def))
    return true;
  if (auto center = dyn_cast<CenterOp>(def);
      center && value == center.getMean())
    return true;
  return program.getStage(value) > 0 && program.getVaryingDims(value) != dims;
}

linalg::GenericOp Decomposer::buildLoop(const Dims &dims,
                                        ArrayRef<Value> wanted,
                                        ValueRange inits,
                                        ArrayRef<AffineMap> initMaps,
                                        Finish finish) {
  // What the loop reads and what it computes, in body order.
  Block *body = op.getBodyBlock();
  DenseSet<Value> needed(wanted.begin(), wanted.end());
  SmallVector<Operation *> ops;
  for (Operation &nested : llvm::reverse(body->without_terminator())) {
    if (llvm::none_of(nested.getResults(), [&](Value result) {
          return needed.contains(result) && !isRead(result, dims);
        }))
      continue;
    ops.push_back(&nested);
    needed.insert(nested.operand_begin(), nested.operand_end());
    if (auto center = dyn_cast<CenterOp>(nested))
      needed.insert(center.getMean());
  }
  std::reverse(ops.begin(), ops.end());

  SmallVector<Value> read, inputs;
  SmallVector<AffineMap> maps;
  Dims covered(dims.size());
  auto addInput = [&](Value value, Value tensor, AffineMap map) {
    read.push_back(value);
    inputs.push_back(tensor);
    maps.push_back(getMap(dims, map));
    covered |= getDims(map);
  };
  for (BlockArgument argument : body->getArguments())
    if (needed.contains(argument)) {
      unsigned i = argument.getArgNumber();
      addInput(argument, op.getInputs()[i], op.getMap(i));
    }
  for (Operation &nested : body->without_terminator())
    for (Value result : nested.getResults())
      if (needed.contains(result) && isRead(result, dims)) {
        Value tensor = getTensor(result);
        SmallVector<unsigned> targets(
            program.getVaryingDims(result).set_bits());
        addInput(result, tensor,
                 AffineMap::getMultiDimMapWithTargets(dims.size(), targets,
                                                      rewriter.getContext()));
      }
  DenseMap<Operation *, unsigned> corrected;
  for (Operation *nested : ops)
    if (auto center = dyn_cast<CenterOp>(nested))
      if (Value correction = getCorrection(center)) {
        corrected[nested] = read.size();
        SmallVector<unsigned> targets(
            program.getVaryingDims(center.getMean()).set_bits());
        addInput(Value(), correction,
                 AffineMap::getMultiDimMapWithTargets(dims.size(), targets,
                                                      rewriter.getContext()));
      }
  DenseMap<Operation *, Value> extents;
  for (Operation *nested : ops)
    if (auto extent = dyn_cast<ExtentOp>(nested))
      extents[nested] = getExtent(extent.getDims(), extent.getType());
  // linalg knows the size of a dim from an operand alone.
  for (AffineMap map : initMaps)
    covered |= getDims(map);
  Dims uncovered = dims;
  uncovered.reset(covered);
  if (uncovered.any()) {
    Type type = rewriter.getI1Type();
    Value zero = makeNeutral(rewriter, loc, ReduceKind::Add, type);
    inputs.push_back(
        linalg::FillOp::create(rewriter, loc, zero, makeEmpty(uncovered, type))
            .getResult(0));
    maps.push_back(getMap(dims, uncovered));
  }

  SmallVector<utils::IteratorType> iterators;
  for (unsigned dim : dims.set_bits())
    iterators.push_back(
        llvm::all_of(initMaps,
                     [&](AffineMap map) { return getDims(map).test(dim); })
            ? utils::IteratorType::parallel
            : utils::IteratorType::reduction);
  for (AffineMap map : initMaps)
    maps.push_back(getMap(dims, map));

  auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) {
    IRMapping mapping;
    for (auto [value, argument] : llvm::zip(read, arguments))
      if (value)
        mapping.map(value,
                    convertFloat(builder, loc, argument, value.getType()));
    for (Operation *nested : ops) {
      if (auto it = extents.find(nested); it != extents.end()) {
        mapping.map(nested->getResult(0), it->second);
      } else if (auto index = dyn_cast<IndexOp>(nested)) {
        unsigned position = 0;
        for (unsigned dim : dims.set_bits())
          position += dim < index.getDim();
        mapping.map(index.getResult(),
                    linalg::IndexOp::create(builder, loc, position));
      } else if (auto center = dyn_cast<CenterOp>(nested)) {
        Value centered = arith::SubFOp::create(
            builder, loc, mapping.lookup(center.getValue()),
            mapping.lookup(center.getMean()));
        if (auto it = corrected.find(nested); it != corrected.end())
          centered = arith::SubFOp::create(builder, loc, centered,
                                           convertFloat(builder, loc,
                                                        arguments[it->second],
                                                        centered.getType()));
        mapping.map(center.getCentered(), centered);
      } else {
        builder.clone(*nested, mapping);
      }
    }
    SmallVector<Value> values = llvm::map_to_vector(
        wanted, [&](Value value) { return mapping.lookupOrDefault(value); });
    linalg::YieldOp::create(
        builder, loc,
        finish(builder, values, arguments.take_back(inits.size())));
  };
  return linalg::GenericOp::create(rewriter, loc, inits.getTypes(), inputs,
                                   inits, maps, iterators, build);
}

Value Decomposer::reduce(ReduceKind kind, Value value, ArrayRef<int64_t> over) {
  Dims dims = program.getVaryingDims(value);
  Dims kept = dims;
  for (int64_t dim : over) {
    dims.set(dim);
    kept.reset(dim);
  }
  Type type = value.getType();
  if (isa<FloatType>(type))
    type = getAccumulationType(type, std::nullopt);
  Value neutral = makeNeutral(rewriter, loc, kind, type);
  Value init =
      linalg::FillOp::create(rewriter, loc, neutral, makeEmpty(kept, type))
          .getResult(0);
  SmallVector<unsigned> targets(kept.set_bits());
  AffineMap map = AffineMap::getMultiDimMapWithTargets(dims.size(), targets,
                                                       rewriter.getContext());
  return buildLoop(
             dims, {value}, {init}, {map},
             [&](OpBuilder &builder, ValueRange wanted,
                 ValueRange previous) -> SmallVector<Value> {
               Value element = convertFloat(builder, loc, wanted.front(), type);
               return {combine(builder, loc, kind, previous.front(), element)};
             })
      .getResult(0);
}

Value Decomposer::makeMean(CenterOp center, Value value) {
  Value sum = reduce(ReduceKind::Add, value, center.getDims());
  Type type = getElementTypeOrSelf(sum);
  Value count = getExtent(center.getDims(), type);
  const Dims &dims = program.getVaryingDims(center.getMean());
  SmallVector<AffineMap> maps(2, getMap(dims, dims));
  SmallVector<utils::IteratorType> iterators(dims.count(),
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             rewriter, loc, sum.getType(), sum, makeEmpty(dims, type), maps,
             iterators,
             [&](OpBuilder &builder, Location loc, ValueRange elements) {
               Value mean =
                   arith::DivFOp::create(builder, loc, elements.front(), count);
               linalg::YieldOp::create(builder, loc, mean);
             })
      .getResult(0);
}

Value Decomposer::getCorrection(CenterOp center) {
  auto [it, isNew] = corrections.try_emplace(center, Value());
  if (!isNew)
    return it->second;
  Value correction = makeMean(center, center.getCentered());
  return corrections[center] = correction;
}

Value Decomposer::getTensor(Value value) {
  if (Value tensor = tensors.lookup(value))
    return tensor;
  if (auto op = value.getDefiningOp<ReduceOp>())
    return tensors[value] = reduce(op.getKind(), op.getValue(), op.getDims());

  const Dims &dims = program.getVaryingDims(value);
  SmallVector<unsigned> targets(dims.set_bits());
  AffineMap map = AffineMap::getMultiDimMapWithTargets(dims.size(), targets,
                                                       rewriter.getContext());
  auto center = value.getDefiningOp<CenterOp>();
  if (center && value == center.getMean())
    return tensors[value] = makeMean(center, center.getValue());
  return tensors[value] =
             buildLoop(dims, {value}, makeEmpty(dims, value.getType()), {map},
                       [](OpBuilder &, ValueRange wanted, ValueRange) {
                         return llvm::to_vector(wanted);
                       })
                 .getResult(0);
}

void Decomposer::run() {
  // Outputs with the same map are stored by one loop.
  llvm::MapVector<AffineMap, SmallVector<unsigned>> groups;
  for (unsigned i = 0; i < op.getOutputs().size(); ++i)
    groups[op.getOutputMap(i)].push_back(i);
  SmallVector<Value> replacements(op.getOutputs().size());
  for (auto &[map, outputs] : groups) {
    SmallVector<Value> wanted, inits;
    for (unsigned i : outputs) {
      wanted.push_back(op.getYield().getValues()[i]);
      inits.push_back(op.getOutputs()[i]);
    }
    SmallVector<AffineMap> maps(outputs.size(), map);
    linalg::GenericOp loop = buildLoop(
        getDims(map), wanted, inits, maps,
        [&](OpBuilder &builder, ValueRange values, ValueRange previous) {
          SmallVector<Value> rounded;
          for (auto [value, old] : llvm::zip(values, previous))
            rounded.push_back(
                roundToStorage(builder, loc, value, old.getType()));
          return rounded;
        });
    for (auto [result, i] : llvm::zip(loop.getResults(), outputs))
      replacements[i] = result;
  }
  rewriter.replaceOp(op, replacements);
}
