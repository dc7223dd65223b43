//===- NestSplitter.cpp - Cutting a generic into parts --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NestSplitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

using llvm::SmallBitVector;
using utils::IteratorType;

static SmallVector<unsigned> toVector(const SmallBitVector &dims) {
  SmallVector<unsigned> list;
  for (unsigned dim : dims.set_bits())
    list.push_back(dim);
  return list;
}

void mlir::norm::eraseUnused(Block &body) {
  for (Operation &nested : llvm::make_early_inc_range(llvm::reverse(body)))
    if (!isa<YieldOp>(nested) && nested.use_empty())
      nested.erase();
}

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
