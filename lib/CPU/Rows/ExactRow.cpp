//===- ExactRow.cpp - A row in f64, as a function -------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExactRow.h"

#include "../GenericParts.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/RegionUtils.h"
#include "norm/CPU/BodyRewrites.h"

using namespace mlir;
using namespace mlir::norm;

/// Code that a loop of its own per kernel would not be worth.
static ArrayAttr getPassthrough(Builder &builder) {
  return builder.getStrArrayAttr({"cold", "noinline", "nounwind", "optsize"});
}

namespace {
/// Values on both sides of a call.
struct Parameters {
  /// Before the call, and in the function.
  ImplicitLocOpBuilder &outside, &inside;
  SmallVector<Value> &operands;

  Value add(Value value) {
    operands.push_back(value);
    return inside.getInsertionBlock()->addArgument(value.getType(),
                                                   value.getLoc());
  }
  /// `known`, or a parameter for `value`.
  OpFoldResult add(int64_t known, Value value) {
    if (!ShapedType::isDynamic(known))
      return inside.getIndexAttr(known);
    return add(value);
  }
  Value addBuffer(Value buffer);
};
} // namespace

/// `buffer` in the function, of the same type.
Value Parameters::addBuffer(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  auto metadata = memref::ExtractStridedMetadataOp::create(outside, buffer);
  auto [strides, offset] = type.getStridesAndOffset();
  Value base = add(metadata.getBaseBuffer());
  OpFoldResult start = add(offset, metadata.getOffset());
  SmallVector<OpFoldResult> sizes, steps;
  for (auto [known, size] : llvm::zip(type.getShape(), metadata.getSizes()))
    sizes.push_back(add(known, size));
  for (auto [known, stride] : llvm::zip(strides, metadata.getStrides()))
    steps.push_back(add(known, stride));
  return memref::ReinterpretCastOp::create(inside, type, base, start, sizes,
                                           steps);
}

FailureOr<ExactRow> ExactRow::create(GenericOp op, const RowNest &nest,
                                     const CPUTarget &target) {
  for (Value operand : op->getOperands())
    if (!cast<MemRefType>(operand.getType()).isStrided())
      return failure();
  Operation *table = SymbolTable::getNearestSymbolTable(op);
  Operation *ancestor = op;
  while (ancestor->getParentOp() != table)
    ancestor = ancestor->getParentOp();

  ExactRow row;
  ImplicitLocOpBuilder outside(op.getLoc(), op), inside(op.getLoc(), ancestor);
  auto symbol =
      ancestor->getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName());
  row.function = func::FuncOp::create(
      inside, (symbol ? symbol.str() : std::string()) + ".exact_row",
      inside.getFunctionType({}, {}));
  row.function.setPrivate();
  row.function->setAttr("passthrough", getPassthrough(inside));
  row.function->remove();
  SymbolTable(table).insert(row.function, Block::iterator(ancestor));
  inside.setInsertionPointToStart(row.function.addEntryBlock());

  GenericOp wide = cloneWidened(op);
  wide->removeAttr(kF32StatisticsAttrName);
  wide->removeAttr(kF32SumsAttrName);
  Parameters parameters{outside, inside, row.operands};
  for (OpOperand &operand : wide->getOpOperands())
    operand.set(parameters.addBuffer(operand.get()));
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(wide.getBody(), captured);
  for (Value value : captured) {
    Value copy = matchPattern(value, m_Constant())
                     ? inside.clone(*value.getDefiningOp())->getResult(0)
                     : parameters.add(value);
    replaceAllUsesInRegionWith(value, copy, wide.getBody());
  }
  wide->remove();
  inside.insert(wide);

  Scope scope(wide.getNumLoops());
  for (unsigned dim : nest.getLoops().take_front(nest.getRowLevel())) {
    row.rowDims.push_back(dim);
    scope.setIndex(dim, inside.getInsertionBlock()->addArgument(
                            inside.getIndexType(), op.getLoc()));
  }
  RowNest wideNest = nest.forCopy(wide);
  bool acrossRows = nest.getVectorDim() &&
                    nest.getLoopOf(*nest.getVectorDim()) < nest.getRowLevel();
  if (acrossRows)
    wideNest = wideNest.scalar();
  RowOptions options;
  options.lanes = target.getLanes(64);
  options.unroll = 2;
  options.chunked = false;
  NestEmitter(inside, wideNest, target, options).emitRow(scope);
  func::ReturnOp::create(inside);
  wide.erase();
  Block *block = inside.getInsertionBlock();
  row.function.setType(inside.getFunctionType(block->getArgumentTypes(), {}));
  return row;
}

void ExactRow::emitCall(ImplicitLocOpBuilder &builder, const Scope &row) const {
  SmallVector<Value> arguments(operands);
  for (unsigned dim : rowDims)
    arguments.push_back(row.getIndex(dim));
  func::CallOp::create(builder, function, arguments);
}
