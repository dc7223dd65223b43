//===- HoistTemporaries.cpp - No memory is taken inside of control flow ---===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericParts.h"
#include "KernelFunctions.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"
#include "norm/CPU/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_HOISTTEMPORARIES
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Whether `op` is a branch: its regions run at most once.
static bool isBranch(Operation *op) {
  return isa<scf::IfOp, scf::IndexSwitchOp, scf::ExecuteRegionOp>(op);
}

/// What the branch `op` yields for its result `i`, block by block.
static SmallVector<OpOperand *> getYielded(Operation *op, unsigned i) {
  SmallVector<OpOperand *> yielded;
  for (Region &region : op->getRegions())
    for (Block &block : region)
      if (auto yield = dyn_cast<scf::YieldOp>(block.getTerminator()))
        yielded.push_back(&yield->getOpOperand(i));
  return yielded;
}

/// Whether `value` is from outside of `op`.
static bool isOutside(Value value, Operation *op) {
  return !op->isAncestor(value.getParentRegion()->getParentOp());
}

/// The tensor that `value` is a version of, with all or parts of it written
/// over; null if it is of its own.
static Value getWrittenOver(Value value) {
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return nullptr;
  Operation *op = result.getOwner();
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
    return insert.getDest();
  if (auto insert = dyn_cast<tensor::InsertOp>(op))
    return insert.getDest();
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return loop.getInitArgs()[result.getResultNumber()];
  if (auto styled = dyn_cast<DestinationStyleOpInterface>(op))
    if (OpOperand *init = styled.getTiedOpOperand(result))
      return init->get();
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// The tensor furthest outside that has the shape of `value`.
static Value findShape(Value value) {
  while (true) {
    Value next = getWrittenOver(value);
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      if (auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp()))
        if (OpOperand *init = loop.getTiedLoopInit(argument))
          next = init->get();
    } else if (Operation *op = value.getDefiningOp(); isBranch(op)) {
      for (OpOperand *yielded :
           getYielded(op, cast<OpResult>(value).getResultNumber()))
        if (Value shape = findShape(yielded->get()); isOutside(shape, op)) {
          next = shape;
          break;
        }
    }
    if (!next)
      return value;
    value = next;
  }
}

/// The sizes of `tensor`, from furthest outside.
static SmallVector<OpFoldResult> getSizes(OpBuilder &builder, Location loc,
                                          Value tensor) {
  Value shape = findShape(tensor);
  if (auto empty = shape.getDefiningOp<tensor::EmptyOp>())
    return empty.getMixedSizes();
  return tensor::getMixedSizes(builder, loc, shape);
}

/// A tensor for what has the type and the sizes of `like`.
static Value makeEmptyLike(OpBuilder &builder, Location loc, Type type,
                           Value like) {
  auto tensor = cast<RankedTensorType>(type);
  SmallVector<Value> sizes;
  if (!tensor.hasStaticShape())
    for (auto [dim, size] : llvm::enumerate(getSizes(builder, loc, like)))
      if (tensor.isDynamicDim(dim))
        sizes.push_back(getValueOrCreateConstantIndexOp(builder, loc, size));
  return tensor::EmptyOp::create(builder, loc, tensor, sizes);
}

/// Takes the sizes of tensors in loops and behind branches from further
/// outside. Returns whether there were any.
static bool resolveSizes(func::FuncOp function) {
  bool changed = false;
  function.walk([&](tensor::DimOp dim) {
    std::optional<int64_t> position = dim.getConstantIndex();
    auto type = dyn_cast<RankedTensorType>(dim.getSource().getType());
    if (!type || !position || *position < 0 || *position >= type.getRank())
      return;
    Value shape = findShape(dim.getSource());
    if (shape == dim.getSource())
      return;
    changed = true;
    auto empty = shape.getDefiningOp<tensor::EmptyOp>();
    if (!empty)
      return dim.getSourceMutable().set(shape);
    OpBuilder builder(dim);
    dim.replaceAllUsesWith(getValueOrCreateConstantIndexOp(
        builder, dim.getLoc(), empty.getMixedSizes()[*position]));
    dim.erase();
  });
  return changed;
}

//===----------------------------------------------------------------------===//
// Hoisting
//===----------------------------------------------------------------------===//

/// Moves each `tensor.empty` of `function`, with what its sizes are computed
/// from, in front of all loops and branches that it does not depend on. Returns
/// the number of those that moved.
static unsigned hoist(func::FuncOp function) {
  llvm::SmallPtrSet<Operation *, 8> moved;
  function.walk([&](Operation *op) {
    if (!isBranch(op) && !isa<scf::ForOp>(op))
      return;
    SmallVector<Region *> regions =
        llvm::to_vector(llvm::make_pointer_range(op->getRegions()));
    moveLoopInvariantCode(
        regions,
        [](Value value, Region *region) {
          return value.getParentRegion()->isProperAncestor(region);
        },
        [](Operation *op, Region *) {
          return isa<tensor::EmptyOp>(op) ||
                 (op->getNumRegions() == 0 && op->getNumResults() > 0 &&
                  llvm::all_of(op->getResultTypes(),
                               [](Type type) { return type.isIndex(); }) &&
                  isPure(op));
        },
        [&](Operation *op, Region *region) {
          op->moveBefore(region->getParentOp());
          if (isa<tensor::EmptyOp>(op))
            moved.insert(op);
        });
  });
  return moved.size();
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

/// Whether a norm.generic copies tensors of `type`.
static bool canCopy(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && !tensor.getEncoding() &&
         tensor.getElementType().isIntOrIndexOrFloat();
}

/// Whether `value` is `carried`, with parts of it written over.
static bool isInPlace(Value value, BlockArgument carried) {
  while (value && value != carried)
    value = getWrittenOver(value);
  return value != nullptr;
}

/// Whether `init` is memory that `loop`, which begins with it, may write over:
/// uninitialised, or a tensor of the loop around it that nothing else there
/// reads and that is in the same memory in the next iteration.
static bool isOwn(Value init, scf::ForOp loop) {
  if (init.getDefiningOp<tensor::EmptyOp>())
    return true;
  auto carried = dyn_cast<BlockArgument>(init);
  if (!carried || !carried.hasOneUse() ||
      carried.getOwner() != loop->getBlock())
    return false;
  auto outer = dyn_cast<scf::ForOp>(loop->getParentOp());
  OpOperand *yielded = outer ? outer.getTiedLoopYieldedValue(carried) : nullptr;
  return yielded && isInPlace(yielded->get(), carried);
}

/// The tensor carried by `loop` that `value` is a version of; null if none.
static BlockArgument getCarried(Value value, scf::ForOp loop) {
  while (value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return argument.getOwner() == loop.getBody() ? argument : nullptr;
    value = getWrittenOver(value);
  }
  return nullptr;
}

/// Makes `loop` keep each of its tensors in the memory that it began with, and
/// that its own where it is further inside: what is around it may still be
/// read. Of tensors of which sizes are dynamic only `withDynamic`.
static unsigned copyCarried(scf::ForOp loop, bool withDynamic) {
  unsigned numCopied = 0;
  Location loc = loop.getLoc();
  auto yield = cast<scf::YieldOp>(loop.getBody()->getTerminator());
  bool isInside = !isa<func::FuncOp>(loop->getParentOp());
  auto isCopied = [&](Type type) {
    return canCopy(type) &&
           (withDynamic || cast<RankedTensorType>(type).hasStaticShape());
  };
  // What changes places is saved before any of it is written over: what came in
  // at once, what the body makes of it at the end.
  for (auto [operand, carried] :
       llvm::zip_equal(yield->getOpOperands(), loop.getRegionIterArgs())) {
    BlockArgument from = getCarried(operand.get(), loop);
    if (!isCopied(carried.getType()) || !from || from == carried)
      continue;
    OpBuilder builder(yield);
    if (operand.get() == from)
      builder.setInsertionPointToStart(loop.getBody());
    Value saved = makeEmptyLike(builder, loc, carried.getType(), operand.get());
    operand.set(makeCopy(builder, loc, operand.get(), saved).getResult(0));
    ++numCopied;
  }
  for (auto [init, operand, carried] :
       llvm::zip_equal(loop.getInitArgsMutable(), yield->getOpOperands(),
                       loop.getRegionIterArgs())) {
    Type type = carried.getType();
    if (!isCopied(type))
      continue;
    if (isInside && !isOwn(init.get(), loop)) {
      OpBuilder builder(loop);
      Value own = makeEmptyLike(builder, loc, type, init.get());
      init.set(makeCopy(builder, loc, init.get(), own).getResult(0));
      ++numCopied;
    }
    if (!isInPlace(operand.get(), carried)) {
      OpBuilder builder(yield);
      operand.set(makeCopy(builder, loc, operand.get(), carried).getResult(0));
      ++numCopied;
    }
  }
  return numCopied;
}

/// Makes all branches of `op` give their tensors in the same memory where one
/// of them gives what is from around it, of which bufferization would take a
/// copy. Of tensors of which sizes are dynamic only `withDynamic`.
static unsigned copyBranches(Operation *op, bool withDynamic) {
  unsigned numCopied = 0;
  Location loc = op->getLoc();
  for (OpResult result : op->getResults()) {
    Type type = result.getType();
    SmallVector<OpOperand *> yielded = getYielded(op, result.getResultNumber());
    auto isGivenOn = [&](OpOperand *operand) {
      return isOutside(operand->get(), op);
    };
    if (!canCopy(type) || llvm::none_of(yielded, isGivenOn) ||
        !(withDynamic || cast<RankedTensorType>(type).hasStaticShape()))
      continue;
    OpBuilder builder(op);
    Value around = (*llvm::find_if(yielded, isGivenOn))->get();
    Value destination = makeEmptyLike(builder, loc, type, around);
    for (OpOperand *operand : yielded) {
      builder.setInsertionPoint(operand->getOwner());
      operand->set(
          makeCopy(builder, loc, operand->get(), destination).getResult(0));
      ++numCopied;
    }
  }
  return numCopied;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct HoistTemporaries : norm::impl::HoistTemporariesBase<HoistTemporaries> {
  void runOnOperation() final {
    func::FuncOp function = getOperation();
    if (!isKernel(function))
      return;
    // Each tensor of its loops and branches has one shape then, which callers
    // are held to.
    bool isRecorded = hasSignature(function);
    function.walk([&](Operation *op) {
      if (auto loop = dyn_cast<scf::ForOp>(op))
        numCopied += copyCarried(loop, isRecorded);
      else if (isBranch(op))
        numCopied += copyBranches(op, isRecorded);
    });
    do
      numHoisted += hoist(function);
    while (isRecorded && resolveSizes(function));
  }
};
} // namespace
