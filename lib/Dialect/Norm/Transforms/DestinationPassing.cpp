//===- DestinationPassing.cpp - Function results as memref arguments ------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_DESTINATIONPASSING
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The memref that holds a value of `type` in the caller's memory.
static MemRefType getBufferType(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return MemRefType::get(tensor.getShape(), tensor.getElementType());
  return MemRefType::get({}, type);
}

/// That of an argument or result of `function`.
static MemRefType getBufferType(func::FuncOp function, Type type) {
  MemRefType buffer = getBufferType(type);
  if (buffer.getRank() < 2 || !function->hasAttr(kStridedAttrName))
    return buffer;
  SmallVector<int64_t> strides(buffer.getRank(), ShapedType::kDynamic);
  strides.back() = 1;
  return MemRefType::get(
      buffer.getShape(), buffer.getElementType(),
      StridedLayoutAttr::get(type.getContext(), /*offset=*/0, strides));
}

//===----------------------------------------------------------------------===//
// Where a result comes from
//===----------------------------------------------------------------------===//

namespace {
/// The computation of a result: the casts and reshapes from `root`, the result
/// of a destination-style op, to the result, last first; and the use of a
/// tensor.empty that `root` is written over.
struct ResultChain {
  SmallVector<Operation *> reshapes;
  OpResult root;
  OpOperand *init = nullptr;
};
} // namespace

/// The chain of the result `value`, if its op can be given another destination.
static std::optional<ResultChain> findChain(Value value) {
  ResultChain chain;
  while (isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp,
                         tensor::CastOp>(value.getDefiningOp())) {
    Operation *reshape = value.getDefiningOp();
    if (!isa<RankedTensorType>(reshape->getOperand(0).getType()))
      return std::nullopt;
    chain.reshapes.push_back(reshape);
    value = reshape->getOperand(0);
  }
  chain.root = dyn_cast<OpResult>(value);
  // Through ops that write all or a part of the destination in turn, as a fill
  // before a matmul.
  while (auto op = value.getDefiningOp<DestinationStyleOpInterface>()) {
    OpOperand *init = op.getTiedOpOperand(cast<OpResult>(value));
    if (value != chain.root && !value.hasOneUse())
      return std::nullopt;
    if (init->get().getDefiningOp<tensor::EmptyOp>()) {
      chain.init = init;
      return chain;
    }
    value = init->get();
  }
  return std::nullopt;
}

/// The view of `buffer`, which holds the result of `reshape`, as its operand.
static Value undoReshape(OpBuilder &builder, Operation *reshape, Value buffer,
                         ArrayRef<OpFoldResult> sizes) {
  Location loc = reshape->getLoc();
  if (auto cast = dyn_cast<tensor::CastOp>(reshape))
    return memref::CastOp::create(
        builder, loc, getBufferType(cast.getSource().getType()), buffer);
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(reshape))
    return memref::CollapseShapeOp::create(builder, loc, buffer,
                                           expand.getReassociationIndices());
  auto collapse = cast<tensor::CollapseShapeOp>(reshape);
  return memref::ExpandShapeOp::create(
      builder, loc, getBufferType(collapse.getSrc().getType()), buffer,
      collapse.getReassociationIndices(), sizes);
}

/// The sizes of `value`, as an expansion to its shape needs them at `op`: known
/// statically or from the tensor.empty, whose sizes dominate it.
static std::optional<SmallVector<OpFoldResult>>
getSizesBefore(Value value, const ResultChain &chain) {
  if (value == chain.root)
    return chain.init->get().getDefiningOp<tensor::EmptyOp>().getMixedSizes();
  auto type = cast<RankedTensorType>(value.getType());
  if (!type.hasStaticShape())
    return std::nullopt;
  return getAsIndexOpFoldResult(value.getContext(), type.getShape());
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct DestinationPassing
    : norm::impl::DestinationPassingBase<DestinationPassing> {
  void runOnOperation() final {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    if (failed(check(function)))
      return signalPassFailure();
    splitSharedEmpties(function);
    unsigned numArguments = function.getNumArguments();
    appendResultArguments(function);
    convertArguments(function, numArguments);
    writeResults(function, numArguments);
  }

  static LogicalResult check(func::FuncOp function) {
    if (!function.getBody().hasOneBlock())
      return function.emitOpError("has control flow between blocks; its "
                                  "results cannot become destinations");
    auto isSupported = [](Type type) {
      return isa<RankedTensorType>(type) || type.isIntOrIndexOrFloat();
    };
    for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
      if (!isSupported(type))
        return function.emitOpError("argument ")
               << i << " of type " << type
               << " is neither a ranked tensor nor a scalar";
    for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
      if (!isSupported(type))
        return function.emitOpError("result ")
               << i << " of type " << type
               << " is neither a ranked tensor nor a scalar";
    // The callee gets other arguments than its callers know of.
    WalkResult walk = function.walk([](func::CallOp call) {
      call.emitOpError("of '")
          << call.getCallee() << "' is left: calls have to be inlined before";
      return WalkResult::interrupt();
    });
    return failure(walk.wasInterrupted());
  }

  /// Gives every use of a tensor.empty its own: bufferization would copy where
  /// two ops write over the same one.
  static void splitSharedEmpties(func::FuncOp function) {
    SmallVector<tensor::EmptyOp> empties;
    function.walk([&](tensor::EmptyOp op) { empties.push_back(op); });
    for (tensor::EmptyOp empty : empties) {
      OpBuilder builder(empty);
      for (OpOperand &use :
           llvm::make_early_inc_range(llvm::drop_begin(empty->getUses())))
        use.set(builder.clone(*empty)->getResult(0));
    }
  }

  /// Adds the arguments that receive the results.
  static void appendResultArguments(func::FuncOp function) {
    Builder builder(function.getContext());
    SmallVector<DictionaryAttr> resultAttrs;
    function.getAllResultAttrs(resultAttrs);
    for (auto [i, type] : llvm::enumerate(function.getResultTypes())) {
      NamedAttrList attributes(resultAttrs[i]);
      attributes.set(kResultAttrName, builder.getI64IntegerAttr(i));
      (void)function.insertArgument(
          function.getNumArguments(), getBufferType(function, type),
          attributes.getDictionary(function.getContext()), function.getLoc());
    }
  }

  /// Turns the first `numArguments` arguments into memrefs that the body reads
  /// as tensors.
  static void convertArguments(func::FuncOp function, unsigned numArguments) {
    OpBuilder builder = OpBuilder::atBlockBegin(&function.getBody().front());
    for (BlockArgument argument :
         function.getArguments().take_front(numArguments)) {
      auto type = dyn_cast<RankedTensorType>(argument.getType());
      if (!type)
        continue;
      bool isPacked = function.getArgAttr(argument.getArgNumber(),
                                          kPackedAttrName) != nullptr;
      argument.setType(isPacked ? getBufferType(type)
                                : getBufferType(function, type));
      if (argument.use_empty())
        continue;
      auto tensor = bufferization::ToTensorOp::create(
          builder, argument.getLoc(), type, argument, /*restrict=*/true);
      argument.replaceAllUsesExcept(tensor.getResult(), tensor);
    }
    function.setType(
        builder.getFunctionType(function.getBody().front().getArgumentTypes(),
                                function.getResultTypes()));
  }

  void writeResults(func::FuncOp function, unsigned numArguments) {
    Operation *terminator = function.getBody().front().getTerminator();
    SmallVector<Value> results(terminator->getOperands());
    OpBuilder builder(terminator);
    for (auto [i, value] : llvm::enumerate(results)) {
      BlockArgument out = function.getArgument(numArguments + i);
      if (!isa<RankedTensorType>(value.getType())) {
        memref::StoreOp::create(builder, value.getLoc(), value, out);
      } else if (writeInPlace(value, out, terminator)) {
        ++numDirect;
      } else {
        ++numCopied;
        materialize(builder, value, out);
      }
    }
    terminator->eraseOperands(0, terminator->getNumOperands());
    for (unsigned i = results.size(); i-- > 0;)
      (void)function.eraseResult(i);
  }

  /// Says that `value` is to be in `buffer` from here on.
  static void materialize(OpBuilder &builder, Value value, Value buffer) {
    bufferization::MaterializeInDestinationOp::create(
        builder, value.getLoc(), /*resultTypes=*/TypeRange(), value, buffer,
        /*restrict=*/true, /*writable=*/true);
  }

  /// Lets the op that computes `value` write into `out`, if it can.
  static bool writeInPlace(Value value, Value out, Operation *terminator) {
    std::optional<ResultChain> chain = findChain(value);
    if (!chain)
      return false;
    // What is not contiguous has no other shape.
    if (!chain->reshapes.empty() &&
        !cast<MemRefType>(out.getType()).getLayout().isIdentity())
      return false;
    SmallVector<std::optional<SmallVector<OpFoldResult>>> sizes;
    for (Operation *reshape : chain->reshapes) {
      sizes.push_back(getSizesBefore(reshape->getOperand(0), *chain));
      if (isa<tensor::CollapseShapeOp>(reshape) && !sizes.back())
        return false;
    }
    // The view is made where the tensor.empty was: its sizes are known there.
    OpBuilder builder(chain->init->get().getDefiningOp());
    Value buffer = out;
    for (auto [reshape, size] : llvm::zip(chain->reshapes, sizes))
      buffer = undoReshape(builder, reshape, buffer,
                           size ? *size : SmallVector<OpFoldResult>());
    Value destination = bufferization::ToTensorOp::create(
        builder, out.getLoc(), chain->init->get().getType(), buffer,
        /*restrict=*/true, /*writable=*/true);
    chain->init->set(destination);
    builder.setInsertionPoint(terminator);
    materialize(builder, chain->root, buffer);
    return true;
  }
};
} // namespace
