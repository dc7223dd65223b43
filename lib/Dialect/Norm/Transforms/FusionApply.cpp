//===- FusionApply.cpp - Inlining one generic's body into another ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fusion.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// The inputs of the fused op: each tensor once per map.
class InputList {
public:
  /// The position of `value` read through `map` as `type`; it is read in the
  /// narrower type if it is there in another.
  unsigned add(Value value, AffineMap map, Type type) {
    auto [it, isNew] = positions.try_emplace({value, map}, values.size());
    if (isNew) {
      values.push_back(value);
      maps.push_back(map);
      types.push_back(type);
    } else if (holdsExactly(types[it->second], type)) {
      types[it->second] = type;
    } else if (!holdsExactly(type, types[it->second])) {
      types[it->second] = getElementTypeOrSelf(value);
    }
    return it->second;
  }

  SmallVector<Value> values;
  SmallVector<AffineMap> maps;
  SmallVector<Type> types;

private:
  DenseMap<std::pair<Value, AffineMap>, unsigned> positions;
};

} // namespace

/// `map` in the fused space, where its dims are `dims`.
static AffineMap renumber(AffineMap map, ArrayRef<unsigned> dims,
                          unsigned numDims) {
  SmallVector<unsigned> targets =
      llvm::map_to_vector(map.getResults(), [&](AffineExpr expr) {
        return dims[cast<AffineDimExpr>(expr).getPosition()];
      });
  return AffineMap::getMultiDimMapWithTargets(numDims, targets,
                                              map.getContext());
}

/// `value` in float type `type`, exactly if that is wider.
static Value convert(OpBuilder &builder, Location loc, Value value, Type type) {
  if (value.getType() == type)
    return value;
  if (holdsExactly(type, value.getType()))
    return arith::ExtFOp::create(builder, loc, type, value);
  return arith::TruncFOp::create(builder, loc, type, value);
}

/// What the consumer reads in `type` of the yielded `value`, which storage
/// would hold as `element`.
static Value crossBoundary(OpBuilder &builder, Location loc, Value value,
                           Type element, Type type, FusionRounding rounding) {
  Type from = value.getType();
  if (from == type && from == element)
    return value;
  // Rounding to 8 bits and less is quantization, which is meant; excess
  // precision is only that of arithmetic.
  bool round = rounding == FusionRounding::Storage ||
               element.getIntOrFloatBitWidth() < 16 ||
               (!holdsExactly(type, from) && !holdsExactly(from, type));
  if (round)
    value = convert(builder, loc, value, element);
  return convert(builder, loc, value, type);
}

/// Inlines the body of `op` at the end of `body`; what it yielded.
static SmallVector<Value> inlineBody(RewriterBase &rewriter, GenericOp op,
                                     Block *body, ArrayRef<unsigned> dims,
                                     ValueRange arguments) {
  renumberDims(*op.getBodyBlock(),
               [&](int64_t dim) { return SmallVector<int64_t>{dims[dim]}; });
  YieldOp yield = op.getYield();
  rewriter.inlineBlockBefore(op.getBodyBlock(), body, body->end(), arguments);
  SmallVector<Value> values = yield.getValues();
  rewriter.eraseOp(yield);
  return values;
}

GenericOp mlir::norm::applyFusion(RewriterBase &rewriter,
                                  const FusionPlan &plan,
                                  FusionRounding rounding) {
  GenericOp first = plan.first, second = plan.second;
  Operation *last = second;
  for (Operation *op : plan.dependents) {
    rewriter.moveOpAfter(op, last);
    last = op;
  }

  // Operands.
  unsigned numDims = plan.iterators.size();
  InputList inputs;
  SmallVector<int> firstInputs, secondInputs;
  auto addInput = [&](GenericOp op, unsigned i, ArrayRef<unsigned> dims) {
    return inputs.add(op.getInputs()[i], renumber(op.getMap(i), dims, numDims),
                      op.getBodyBlock()->getArgument(i).getType());
  };
  for (unsigned i = 0; i < first.getInputs().size(); ++i)
    firstInputs.push_back(addInput(first, i, plan.firstDims));
  for (auto [i, input] : llvm::enumerate(second.getInputs()))
    secondInputs.push_back(input.getDefiningOp() == first.getOperation()
                               ? -1
                               : addInput(second, i, plan.secondDims));
  SmallVector<Value> outputs;
  SmallVector<AffineMap> maps = inputs.maps;
  SmallVector<unsigned> kept;
  for (OpResult result : first->getResults()) {
    unsigned i = result.getResultNumber();
    if (llvm::all_of(result.getUsers(), [&](Operation *user) {
          return user == second.getOperation();
        }))
      continue;
    kept.push_back(i);
    outputs.push_back(first.getOutputs()[i]);
    maps.push_back(renumber(first.getOutputMap(i), plan.firstDims, numDims));
  }
  for (unsigned i = 0; i < second.getOutputs().size(); ++i) {
    outputs.push_back(second.getOutputs()[i]);
    maps.push_back(renumber(second.getOutputMap(i), plan.secondDims, numDims));
  }

  rewriter.setInsertionPoint(second);
  auto fused = GenericOp::create(
      rewriter, rewriter.getFusedLoc({first.getLoc(), second.getLoc()}),
      inputs.values, outputs, maps, plan.iterators, nullptr);
  fused->setDiscardableAttrs(first->getDiscardableAttrDictionary());
  for (NamedAttribute attribute : second->getDiscardableAttrs())
    fused->setDiscardableAttr(attribute.getName(), attribute.getValue());

  // The body: the first's, then the second's, which reads the first's values.
  SmallVector<Location> locations(inputs.types.size(), fused.getLoc());
  Block *body =
      rewriter.createBlock(&fused.getBody(), {}, inputs.types, locations);
  auto getArguments = [&](GenericOp op, ArrayRef<int> positions,
                          ValueRange yielded) {
    SmallVector<Value> arguments;
    rewriter.setInsertionPointToEnd(body);
    for (auto [i, position] : llvm::enumerate(positions)) {
      Type type = op.getBodyBlock()->getArgument(i).getType();
      if (position >= 0) {
        arguments.push_back(
            convert(rewriter, op.getLoc(), body->getArgument(position), type));
        continue;
      }
      auto result = cast<OpResult>(op.getInputs()[i]);
      arguments.push_back(crossBoundary(
          rewriter, op.getLoc(), yielded[result.getResultNumber()],
          getElementTypeOrSelf(result.getType()), type, rounding));
    }
    return arguments;
  };
  SmallVector<Value> arguments = getArguments(first, firstInputs, {});
  SmallVector<Value> firstYields =
      inlineBody(rewriter, first, body, plan.firstDims, arguments);
  arguments = getArguments(second, secondInputs, firstYields);
  SmallVector<Value> secondYields =
      inlineBody(rewriter, second, body, plan.secondDims, arguments);
  SmallVector<Value> yields;
  for (unsigned i : kept)
    yields.push_back(firstYields[i]);
  llvm::append_range(yields, secondYields);
  rewriter.setInsertionPointToEnd(body);
  YieldOp::create(rewriter, fused.getLoc(), yields);

  rewriter.replaceOp(second, fused->getResults().drop_front(kept.size()));
  for (auto [position, i] : llvm::enumerate(kept))
    rewriter.replaceAllUsesWith(first->getResult(i),
                                fused->getResult(position));
  rewriter.eraseOp(first);
  return fused;
}

void mlir::norm::dropUnused(RewriterBase &rewriter, GenericOp op) {
  // What the dead results alone need is dead, too.
  unsigned numInputs = op.getInputs().size();
  llvm::SmallBitVector drop(op->getNumOperands());
  for (OpResult result : op->getResults())
    if (result.use_empty())
      drop.set(numInputs + result.getResultNumber());
  if (drop.count() == op->getNumResults())
    return;
  for (BlockArgument argument : op.getBodyBlock()->getArguments())
    if (argument.use_empty())
      drop.set(argument.getArgNumber());
  // A dim must index an operand that stays.
  llvm::SmallBitVector covered(op.getNumLoops());
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    if (!drop.test(i))
      for (unsigned dim : op.getOperandDims(i))
        covered.set(dim);
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    for (unsigned dim : op.getOperandDims(i))
      if (drop.test(i) && !covered.test(dim)) {
        drop.reset(i);
        for (unsigned other : op.getOperandDims(i))
          covered.set(other);
      }
  if (drop.none())
    return;

  SmallVector<Value> inputs, outputs, yields;
  SmallVector<AffineMap> maps;
  for (unsigned i = 0; i < op->getNumOperands(); ++i) {
    if (drop.test(i))
      continue;
    (i < numInputs ? inputs : outputs).push_back(op->getOperand(i));
    maps.push_back(op.getMap(i));
    if (i >= numInputs)
      yields.push_back(op.getYield().getValues()[i - numInputs]);
  }
  rewriter.setInsertionPoint(op);
  auto smaller = GenericOp::create(rewriter, op.getLoc(), inputs, outputs, maps,
                                   op.getLoopIteratorTypes(), nullptr);
  smaller->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  rewriter.modifyOpInPlace(
      op.getYield(), [&] { op.getYield().getValuesMutable().assign(yields); });
  llvm::BitVector dropArguments(numInputs);
  for (unsigned i = 0; i < numInputs; ++i)
    if (drop.test(i))
      dropArguments.set(i);
  op.getBodyBlock()->eraseArguments(dropArguments);
  rewriter.inlineRegionBefore(op.getBody(), smaller.getBody(),
                              smaller.getBody().end());
  unsigned next = 0;
  for (OpResult result : op->getResults())
    if (!drop.test(numInputs + result.getResultNumber()))
      rewriter.replaceAllUsesWith(result, smaller->getResult(next++));
  rewriter.eraseOp(op);
}
