//===- Interpreter.cpp - Functions and control flow -----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Interpreter/Interpreter.h"

#include "Evaluator.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;

bool mlir::norm::needsLongDouble(Operation *op) {
  auto isF64 = [](Type type) { return getElementTypeOrSelf(type).isF64(); };
  WalkResult result = op->walk([&](Operation *nested) {
    if (llvm::any_of(nested->getOperandTypes(), isF64) ||
        llvm::any_of(nested->getResultTypes(), isF64))
      return WalkResult::interrupt();
    auto accumulate = nested->getAttrOfType<TypeAttr>("accumulate");
    if (accumulate && isF64(accumulate.getValue()))
      return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return result.wasInterrupted();
}

LogicalResult mlir::norm::requireInitialized(Operation *op,
                                             ArrayRef<InterpValue> values) {
  for (auto [i, value] : llvm::enumerate(values))
    if (!value.isInitialized())
      return op->emitError("reads uninitialised elements of operand ") << i;
  return success();
}

FailureOr<SmallVector<int64_t>> mlir::norm::getStaticShape(Operation *op,
                                                           Type type) {
  auto ranked = dyn_cast<RankedTensorType>(type);
  if (!ranked || !ranked.hasStaticShape())
    return op->emitError("the interpreter cannot tell the sizes of ") << type;
  return SmallVector<int64_t>(ranked.getShape());
}

FailureOr<InterpValues> mlir::norm::evaluateOp(Operation *op,
                                               ArrayRef<InterpValue> operands,
                                               Environment environment) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    FailureOr<InterpValue> value =
        InterpValue::fromAttribute(cast<TypedAttr>(constant.getValue()));
    if (failed(value))
      return op->emitError("the interpreter cannot read a constant of type ")
             << constant.getType();
    return InterpValues{*value};
  }
  if (auto generic = dyn_cast<GenericOp>(op))
    return evaluateGeneric(generic, operands, environment);
  return TypeSwitch<Dialect *, FailureOr<InterpValues>>(op->getDialect())
      .Case<arith::ArithDialect, math::MathDialect>(
          [&](auto) { return evaluateElementwise(op, operands); })
      .Case<affine::AffineDialect>(
          [&](auto) { return evaluateAffine(op, operands); })
      .Case<NormDialect>([&](auto) { return evaluateNorm(op, operands); })
      .Case<tensor::TensorDialect>(
          [&](auto) { return evaluateTensor(op, operands, environment); })
      .Case<linalg::LinalgDialect>(
          [&](auto) { return evaluateLinalg(op, operands, environment); })
      .Default([&](auto) -> FailureOr<InterpValues> {
        return op->emitError("the interpreter does not know '")
               << op->getName() << "'";
      });
}

namespace {

/// Deeper calls are taken for a recursion without end.
constexpr unsigned kMaxCallDepth = 64;

/// One call of one function.
class Frame {
public:
  Frame(InterpreterObserver *observer, unsigned depth)
      : observer(observer), depth(depth) {}

  FailureOr<InterpValues> call(func::FuncOp function,
                               ArrayRef<InterpValue> arguments);

private:
  InterpreterObserver *observer;
  unsigned depth;
  DenseMap<Value, InterpValue> values;

  /// Runs a block; returns the operands of its terminator.
  FailureOr<InterpValues> runBlock(Block &block,
                                   ArrayRef<InterpValue> arguments);
  FailureOr<InterpValues> evaluate(Operation *op,
                                   ArrayRef<InterpValue> operands);
  FailureOr<InterpValues> runFor(scf::ForOp loop,
                                 ArrayRef<InterpValue> operands);
  FailureOr<InterpValues> runCall(func::CallOp call,
                                  ArrayRef<InterpValue> operands);
  /// Runs the region of the branch `op` that is taken.
  FailureOr<InterpValues> runBranch(Operation *op, Region &region);
  FailureOr<InterpValues> operandsOf(Operation *op);
  void transfer(ValueRange from, ValueRange to) {
    if (observer)
      observer->onTransfer(from, to);
  }
};

FailureOr<InterpValues> Frame::operandsOf(Operation *op) {
  InterpValues operands;
  for (Value operand : op->getOperands()) {
    auto it = values.find(operand);
    if (it == values.end())
      return op->emitError("uses a value that the interpreter does not have");
    operands.push_back(it->second);
  }
  return operands;
}

FailureOr<InterpValues> Frame::runBlock(Block &block,
                                        ArrayRef<InterpValue> arguments) {
  for (auto [argument, value] : llvm::zip(block.getArguments(), arguments))
    values[argument] = value;
  for (Operation &op : block) {
    FailureOr<InterpValues> operands = operandsOf(&op);
    if (failed(operands) || op.hasTrait<OpTrait::IsTerminator>())
      return operands;
    FailureOr<InterpValues> results = evaluate(&op, *operands);
    if (failed(results))
      return failure();
    for (auto [result, value] : llvm::zip(op.getResults(), *results)) {
      if (!value.hasType(result.getType()))
        return op.emitError("result of type ")
               << result.getType() << " has the value of type "
               << value.getType();
      values[result] = value;
    }
    auto lookup = [&](Value value) -> const InterpValue * {
      auto it = values.find(value);
      return it == values.end() ? nullptr : &it->second;
    };
    if (observer && failed(observer->afterOp(&op, *operands, *results, lookup)))
      return failure();
  }
  return InterpValues();
}

FailureOr<InterpValues> Frame::runFor(scf::ForOp loop,
                                      ArrayRef<InterpValue> operands) {
  int64_t lower = operands[0].getInt(), upper = operands[1].getInt();
  int64_t step = operands[2].getInt();
  if (step <= 0)
    return loop.emitError("step must be positive, is ") << step;
  InterpValues carried(operands.drop_front(3));
  Type type = loop.getInductionVar().getType();
  transfer(loop.getInitArgs(), loop.getRegionIterArgs());
  for (int64_t i = lower; i < upper; i += step) {
    InterpValues arguments{InterpValue::scalarInt(type, i)};
    arguments.append(carried);
    FailureOr<InterpValues> next = runBlock(*loop.getBody(), arguments);
    if (failed(next))
      return failure();
    carried = std::move(*next);
    transfer(loop.getYieldedValues(), loop.getRegionIterArgs());
  }
  transfer(loop.getRegionIterArgs(), loop.getResults());
  return carried;
}

FailureOr<InterpValues> Frame::runBranch(Operation *op, Region &region) {
  if (region.empty())
    return InterpValues();
  if (!region.hasOneBlock())
    return op->emitError("the interpreter runs regions of one block only");
  FailureOr<InterpValues> results = runBlock(region.front(), {});
  if (succeeded(results))
    transfer(region.front().getTerminator()->getOperands(), op->getResults());
  return results;
}

/// The region of `branch` that is taken where its operand is `index`.
static Region &getTaken(scf::IndexSwitchOp branch, int64_t index) {
  for (auto [value, region] :
       llvm::zip_equal(branch.getCases(), branch.getCaseRegions()))
    if (value == index)
      return region;
  return branch.getDefaultRegion();
}

FailureOr<InterpValues> Frame::runCall(func::CallOp call,
                                       ArrayRef<InterpValue> operands) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
  if (!callee || callee.isExternal())
    return call.emitError("calls '")
           << call.getCallee() << "', of which there is no body";
  if (depth >= kMaxCallDepth)
    return call.emitError("more than ") << kMaxCallDepth << " nested calls";
  transfer(call.getOperands(), callee.getArguments());
  FailureOr<InterpValues> results =
      Frame(observer, depth + 1).call(callee, operands);
  if (succeeded(results))
    transfer(callee.getBody().front().getTerminator()->getOperands(),
             call.getResults());
  return results;
}

/// An affine map of indices; the smallest or largest of several results.
template <typename OpTy>
static FailureOr<InterpValues> evaluateMap(OpTy op,
                                           ArrayRef<InterpValue> operands) {
  SmallVector<Attribute> inputs, outputs;
  for (const InterpValue &operand : operands)
    inputs.push_back(
        IntegerAttr::get(IndexType::get(op.getContext()), operand.getInt()));
  if (failed(op.getAffineMap().constantFold(inputs, outputs)))
    return op.emitError("cannot be computed");
  SmallVector<int64_t> values =
      llvm::map_to_vector(outputs, [](Attribute value) {
        return cast<IntegerAttr>(value).getInt();
      });
  int64_t value = isa<affine::AffineMaxOp>(op) ? *llvm::max_element(values)
                                               : *llvm::min_element(values);
  return InterpValues{InterpValue::scalarInt(op.getType(), value)};
}

FailureOr<InterpValues> Frame::evaluate(Operation *op,
                                        ArrayRef<InterpValue> operands) {
  return TypeSwitch<Operation *, FailureOr<InterpValues>>(op)
      .Case([&](scf::ForOp loop) { return runFor(loop, operands); })
      .Case([&](scf::IfOp branch) {
        return runBranch(branch, operands[0].getInt() ? branch.getThenRegion()
                                                      : branch.getElseRegion());
      })
      .Case([&](scf::IndexSwitchOp branch) {
        return runBranch(branch, getTaken(branch, operands[0].getInt()));
      })
      .Case([&](scf::ExecuteRegionOp execute) {
        return runBranch(execute, execute.getRegion());
      })
      .Case([&](func::CallOp call) { return runCall(call, operands); })
      .Case([&](cf::AssertOp op) -> FailureOr<InterpValues> {
        if (operands[0].getInt() == 0)
          return op.emitError("does not hold: ") << op.getMsg();
        return InterpValues();
      })
      .Case<affine::AffineApplyOp, affine::AffineMinOp, affine::AffineMaxOp>(
          [&](auto op) { return evaluateMap(op, operands); })
      .Default([&](Operation *op) {
        return evaluateOp(op, operands, [&](Value value) {
          auto it = values.find(value);
          return it == values.end() ? nullptr : &it->second;
        });
      });
}

FailureOr<InterpValues> Frame::call(func::FuncOp function,
                                    ArrayRef<InterpValue> arguments) {
  if (function.isExternal())
    return function.emitError("has no body");
  if (!function.getBody().hasOneBlock())
    return function.emitError(
        "the interpreter runs functions of one block only");
  if (function.getNumArguments() != arguments.size())
    return function.emitError("takes ")
           << function.getNumArguments() << " arguments, got "
           << arguments.size();
  for (auto [i, argument] : llvm::enumerate(arguments))
    if (!argument.hasType(function.getArgumentTypes()[i]))
      return function.emitError("argument ")
             << i << " of type " << function.getArgumentTypes()[i]
             << " was given a value of type " << argument.getType();
  FailureOr<InterpValues> results =
      runBlock(function.getBody().front(), arguments);
  if (failed(results))
    return failure();
  for (auto [i, result] : llvm::enumerate(*results))
    if (!result.isInitialized())
      return function.emitError("result ")
             << i << " has uninitialised elements";
  return results;
}

} // namespace

FailureOr<SmallVector<InterpValue>>
mlir::norm::interpret(func::FuncOp function, ArrayRef<InterpValue> arguments,
                      InterpreterObserver *observer) {
  return Frame(observer, 0).call(function, arguments);
}
