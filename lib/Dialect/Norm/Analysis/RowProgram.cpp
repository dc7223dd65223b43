//===- RowProgram.cpp - The stages of a generic's body --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Dialect/Norm/Analysis/RowProgram.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::norm;

CenterOp mlir::norm::getCenterOfMoment(Operation *op) {
  auto reduce = dyn_cast<ReduceOp>(op);
  if (!reduce || reduce.getKind() != ReduceKind::Add)
    return nullptr;
  auto square = reduce.getValue().getDefiningOp<arith::MulFOp>();
  if (!square || square.getLhs() != square.getRhs())
    return nullptr;
  auto center = square.getLhs().getDefiningOp<CenterOp>();
  if (!center || square.getLhs() != center.getCentered())
    return nullptr;
  llvm::SmallDenseSet<int64_t> over(center.getDims().begin(),
                                    center.getDims().end());
  bool same = over.size() == reduce.getDims().size() &&
              llvm::all_of(reduce.getDims(),
                           [&](int64_t dim) { return over.contains(dim); });
  return same ? center : CenterOp();
}

RowProgram::RowProgram(GenericOp op)
    : op(op), varying(op), rowDims(op.getNumLoops()) {
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
    if (op.isReductionDim(dim))
      rowDims.set(dim);
  if (rowDims.none())
    rowDims.set();

  SmallVector<std::pair<unsigned, Operation *>> found;
  unsigned last = 0;
  for (Operation &nested : op.getBodyBlock()->without_terminator()) {
    unsigned stage = 0;
    for (Value operand : nested.getOperands())
      stage = std::max(stage, getStage(operand));
    if (isa<ReduceOp, CenterOp>(nested))
      found.emplace_back(stage++, &nested);
    last = std::max(last, stage);
    for (Value result : nested.getResults())
      stages[result] = stage;
  }
  reductions.resize(last + 1);
  outputs.resize(last + 1);
  for (auto [stage, reduction] : found)
    reductions[stage].push_back(reduction);
  for (auto [i, value] : llvm::enumerate(op.getYield().getValues()))
    outputs[getStage(value)].push_back(i);
}

bool RowProgram::isUniform(Value value) const {
  return !varying.get(value).anyCommon(rowDims);
}

SmallVector<Value> RowProgram::getWanted(unsigned stage) const {
  llvm::SmallSetVector<Value, 8> wanted;
  for (Operation *reduction : getReductions(stage))
    wanted.insert(reduction->getOperand(0));
  GenericOp generic = op;
  for (unsigned output : getOutputs(stage))
    wanted.insert(generic.getYield().getValues()[output]);
  return wanted.takeVector();
}

void RowProgram::visitElementwise(ArrayRef<Value> wanted,
                                  const llvm::DenseSet<Value> &kept,
                                  function_ref<void(Value)> visit) const {
  llvm::DenseSet<Value> seen;
  SmallVector<Value> worklist(wanted);
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (isUniform(value) || kept.contains(value) || !seen.insert(value).second)
      continue;
    Operation *def = value.getDefiningOp();
    // The results of a reduction are finished before the loop; only the centred
    // value still needs the element.
    if (isa_and_nonnull<ReduceOp>(def))
      continue;
    if (auto center = dyn_cast_or_null<CenterOp>(def);
        center && value == center.getMean())
      continue;
    visit(value);
    if (def)
      llvm::append_range(worklist, def->getOperands());
  }
}

SmallVector<Operation *>
RowProgram::getElementwiseOps(ArrayRef<Value> wanted,
                              const llvm::DenseSet<Value> &kept) const {
  SmallVector<Operation *> ops;
  visitElementwise(wanted, kept, [&](Value value) {
    if (Operation *def = value.getDefiningOp())
      ops.push_back(def);
  });
  llvm::sort(ops,
             [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  ops.erase(llvm::unique(ops), ops.end());
  return ops;
}

SmallVector<unsigned>
RowProgram::getInputsRead(ArrayRef<Value> wanted,
                          const llvm::DenseSet<Value> &kept) const {
  SmallVector<unsigned> inputs;
  visitElementwise(wanted, kept, [&](Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      inputs.push_back(argument.getArgNumber());
  });
  llvm::sort(inputs);
  return inputs;
}

SmallVector<Operation *> RowProgram::getUniformOps(unsigned stage) const {
  SmallVector<Operation *> ops;
  GenericOp generic = op;
  for (Operation &nested : generic.getBodyBlock()->without_terminator()) {
    if (isa<ReduceOp>(nested))
      continue;
    if (llvm::all_of(nested.getResults(), [&](Value result) {
          return getStage(result) == stage && isUniform(result);
        }))
      ops.push_back(&nested);
  }
  return ops;
}
