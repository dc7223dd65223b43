//===- CABIChecks.cpp - What a kernel checks before it runs ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"
#include "TileRegisters.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::norm;

using arith::CmpIPredicate;

namespace {
/// Builds the function that checks: one test after the other, each of which
/// leaves with a status.
class CheckBuilder {
public:
  CheckBuilder(func::FuncOp function, const KernelInterface &kernel)
      : function(function), kernel(kernel),
        builder(ImplicitLocOpBuilder::atBlockEnd(function.getLoc(),
                                                 &function.getBody().front())) {
    unsigned numArguments = kernel.arguments.size();
    ArrayRef<BlockArgument> all = function.getArguments();
    sizes.assign(all.slice(numArguments, kernel.sizes.size()));
    strides.assign(
        all.slice(numArguments + kernel.sizes.size(), kernel.strides.size()));
    workspace = all.back();
    failed = builder.createBlock(&function.getBody(), function.end(),
                                 {builder.getI32Type()}, {function.getLoc()});
    func::ReturnOp::create(builder, failed->getArgument(0));
    builder.setInsertionPointToEnd(&function.getBody().front());
  }

  void run(std::optional<int64_t> workspaceBytes, bool usesTiles) {
    checkSizes();
    countBytes();
    checkPointers();
    checkOverlap();
    checkTags();
    checkWorkspace(workspaceBytes);
    if (usesTiles)
      checkTileRegisters();
    func::ReturnOp::create(builder, getInt(0, 32));
  }

private:
  void checkSizes();
  void countBytes();
  Value countSpan(unsigned index);
  void checkPointers();
  void checkOverlap();
  void checkTags();
  void checkWorkspace(std::optional<int64_t> bytes);
  void checkTileRegisters();

  Value getInt(int64_t value, unsigned width = 64) {
    return arith::ConstantIntOp::create(builder, builder.getIntegerType(width),
                                        value);
  }
  Value compare(CmpIPredicate predicate, Value a, Value b) {
    return builder.createOrFold<arith::CmpIOp>(predicate, a, b);
  }
  Value conjoin(Value a, Value b) {
    return builder.createOrFold<arith::AndIOp>(a, b);
  }
  /// The value of an expression over symbols as i64.
  Value getExpr(AffineExpr expr) {
    return builder.createOrFold<arith::IndexCastOp>(
        builder.getI64Type(), emitExpr(builder, expr, symbols));
  }
  /// Leaves with `status` of argument `argument` where `condition` holds.
  void failIf(Value condition, Status status, unsigned argument);

  func::FuncOp function;
  const KernelInterface &kernel;
  ImplicitLocOpBuilder builder;
  Block *failed;
  SmallVector<Value> sizes, strides, symbols;
  Value workspace;
  /// Of every argument: its bytes and address; null for scalars.
  SmallVector<Value> bytes, addresses;
};
} // namespace

void CheckBuilder::failIf(Value condition, Status status, unsigned argument) {
  if (matchPattern(condition, m_Zero()))
    return;
  Value code = emitStatus(builder, status, argument);
  Block *next = builder.createBlock(failed);
  builder.setInsertionPointToEnd(next->getPrevNode());
  cf::CondBranchOp::create(builder, condition, failed, ValueRange{code}, next,
                           ValueRange{});
  builder.setInsertionPointToEnd(next);
}

/// No size is negative, and those that must be equal are.
void CheckBuilder::checkSizes() {
  Value zero = getInt(0);
  for (auto [size, parameter] : llvm::zip(sizes, kernel.sizes))
    failIf(compare(CmpIPredicate::slt, size, zero), Status::BadSize,
           parameter.argument);
  symbols = emitSymbols(builder, kernel, sizes);
  for (auto [i, parameter] : llvm::enumerate(kernel.sizes)) {
    AffineExpr expr =
        kernel.arguments[parameter.argument].sizes.getResult(parameter.dim);
    auto symbol = dyn_cast<AffineSymbolExpr>(expr);
    if (symbol && kernel.symbols[symbol.getPosition()].size == i)
      continue;
    failIf(compare(CmpIPredicate::ne, sizes[i], getExpr(expr)), Status::BadSize,
           parameter.argument);
  }
  if (!kernel.constraints)
    return;
  SmallVector<unsigned> arguments;
  for (const KernelSymbol &symbol : kernel.symbols)
    arguments.push_back(symbol.size ? kernel.sizes[*symbol.size].argument : 0);
  for (unsigned scalar : kernel.scalars) {
    arguments.push_back(scalar);
    symbols.push_back(arith::IndexCastOp::create(
        builder, builder.getIndexType(), function.getArgument(scalar)));
  }
  for (auto [i, constraint] :
       llvm::enumerate(kernel.constraints->getConstraints())) {
    // A scalar comes behind the sizes: it is wrong rather than they are.
    unsigned last = 0;
    constraint.walk([&](AffineExpr part) {
      if (auto symbol = dyn_cast<AffineSymbolExpr>(part))
        last = std::max(last, symbol.getPosition());
    });
    unsigned argument = arguments.empty() ? 0 : arguments[last];
    failIf(compare(kernel.constraints->isEq(i) ? CmpIPredicate::ne
                                               : CmpIPredicate::slt,
                   getExpr(constraint), zero),
           Status::BadSize, argument);
  }
}

/// Counts the bytes of every tensor, which must not overflow.
void CheckBuilder::countBytes() {
  for (auto [i, argument] : llvm::enumerate(kernel.arguments)) {
    bytes.push_back(Value());
    if (!argument.isTensor())
      continue;
    int64_t known = getElementBytes(argument.buffer.getElementType());
    if (argument.tag) {
      bytes.back() =
          getInt(kPackHeaderBytes + known * argument.buffer.getNumElements());
      continue;
    }
    if (kernel.isStrided && argument.buffer.getRank() > 1) {
      bytes.back() = countSpan(i);
      continue;
    }
    SmallVector<Value> dynamic;
    for (AffineExpr size : kernel.getCallerSizes(argument).getResults()) {
      if (auto constant = dyn_cast<AffineConstantExpr>(size)) {
        known *= constant.getValue();
        continue;
      }
      dynamic.push_back(getExpr(size));
      if (!isa<AffineSymbolExpr>(size))
        failIf(compare(CmpIPredicate::slt, dynamic.back(), getInt(0)),
               Status::BadSize, i);
    }
    Value total = getInt(known);
    for (Value size : dynamic) {
      auto product = arith::MulUIExtendedOp::create(builder, total, size);
      total = product.getLow();
      Value zero = getInt(0);
      failIf(builder.createOrFold<arith::OrIOp>(
                 compare(CmpIPredicate::ne, product.getHigh(), zero),
                 compare(CmpIPredicate::slt, total, zero)),
             Status::BadSize, i);
    }
    bytes.back() = total;
  }
}

/// The bytes from the first element of an argument with strides to behind its
/// last one. The elements of a result are apart from each other: every dim's
/// stride is beyond what the dims of smaller strides span.
Value CheckBuilder::countSpan(unsigned index) {
  const KernelArgument &argument = kernel.arguments[index];
  Value zero = getInt(0), one = getInt(1);
  SmallVector<Value> steps, reaches, counts;
  for (auto [stride, parameter] : llvm::zip(strides, kernel.strides))
    if (parameter.argument == index)
      steps.push_back(stride);
  steps.push_back(one);
  auto add = [&](Value a, Value b) {
    Value sum = builder.createOrFold<arith::AddIOp>(a, b);
    failIf(compare(CmpIPredicate::slt, sum, zero), Status::BadSize, index);
    return sum;
  };
  auto multiply = [&](Value a, Value b) -> Value {
    auto product = arith::MulUIExtendedOp::create(builder, a, b);
    failIf(builder.createOrFold<arith::OrIOp>(
               compare(CmpIPredicate::ne, product.getHigh(), zero),
               compare(CmpIPredicate::slt, product.getLow(), zero)),
           Status::BadSize, index);
    return product.getLow();
  };
  Value isEmpty = arith::ConstantIntOp::create(builder, builder.getI1Type(), 0);
  for (auto [step, expr] :
       llvm::zip(steps, kernel.getCallerSizes(argument).getResults())) {
    failIf(compare(CmpIPredicate::slt, step, zero), Status::BadSize, index);
    counts.push_back(getExpr(expr));
    failIf(compare(CmpIPredicate::slt, counts.back(), zero), Status::BadSize,
           index);
    isEmpty = builder.createOrFold<arith::OrIOp>(
        isEmpty, compare(CmpIPredicate::eq, counts.back(), zero));
    Value last = arith::SubIOp::create(
        builder, arith::MaxSIOp::create(builder, counts.back(), one), one);
    reaches.push_back(multiply(last, step));
  }
  Value span = one;
  for (Value reach : reaches)
    span = add(span, reach);
  for (unsigned i = 0; argument.isResult && i < steps.size(); ++i) {
    Value inner = zero;
    for (unsigned j = 0; j < steps.size(); ++j) {
      if (i == j)
        continue;
      Value isInner = compare(j > i ? CmpIPredicate::sle : CmpIPredicate::slt,
                              steps[j], steps[i]);
      inner = arith::AddIOp::create(
          builder, inner,
          arith::SelectOp::create(builder, isInner, reaches[j], zero));
    }
    failIf(conjoin(compare(CmpIPredicate::sgt, counts[i], one),
                   conjoin(compare(CmpIPredicate::sle, steps[i], inner),
                           builder.createOrFold<arith::XOrIOp>(
                               isEmpty, arith::ConstantIntOp::create(
                                            builder, builder.getI1Type(), 1)))),
           Status::BadSize, index);
  }
  Value total =
      multiply(span, getInt(getElementBytes(argument.buffer.getElementType())));
  return arith::SelectOp::create(builder, isEmpty, zero, total);
}

/// Only what has no element may be nowhere.
void CheckBuilder::checkPointers() {
  for (auto [i, argument] : llvm::enumerate(kernel.arguments)) {
    addresses.push_back(Value());
    if (!argument.isTensor())
      continue;
    addresses.back() = emitAddress(builder, function.getArgument(i));
    failIf(conjoin(compare(CmpIPredicate::eq, addresses.back(), getInt(0)),
                   compare(CmpIPredicate::ne, bytes[i], getInt(0))),
           Status::Null, i);
  }
}

/// No result overlaps an argument or another result. Unsigned differences wrap
/// to large ones where the other address is the higher.
void CheckBuilder::checkOverlap() {
  for (auto [i, result] : llvm::enumerate(kernel.arguments)) {
    if (!result.isResult)
      continue;
    for (auto [j, other] : llvm::enumerate(kernel.arguments)) {
      if (!other.isTensor() || i == j || (other.isResult && j > i))
        continue;
      Value zero = getInt(0);
      auto startsInside = [&](unsigned a, unsigned b) {
        Value distance =
            arith::SubIOp::create(builder, addresses[a], addresses[b]);
        return conjoin(compare(CmpIPredicate::ult, distance, bytes[b]),
                       compare(CmpIPredicate::ne, bytes[a], zero));
      };
      failIf(builder.createOrFold<arith::OrIOp>(startsInside(i, j),
                                                startsInside(j, i)),
             Status::Overlap, i);
    }
  }
}

/// Packed data was packed for this kernel.
void CheckBuilder::checkTags() {
  for (auto [i, argument] : llvm::enumerate(kernel.arguments)) {
    if (!argument.tag || argument.isResult)
      continue;
    Value header = memref::ReinterpretCastOp::create(
        builder, MemRefType::get({kPackHeaderBytes}, builder.getI8Type()),
        function.getArgument(i), /*offset=*/0,
        ArrayRef<int64_t>{kPackHeaderBytes}, ArrayRef<int64_t>{1});
    Value view = memref::ViewOp::create(
        builder, MemRefType::get({}, builder.getI64Type()), header,
        arith::ConstantIndexOp::create(builder, 0), ValueRange());
    // The caller may keep packed data at any address.
    Value tag = memref::LoadOp::create(builder, view, ValueRange(),
                                       /*nontemporal=*/false, llvm::Align(1));
    failIf(compare(CmpIPredicate::ne, tag, getInt(*argument.tag)),
           Status::BadPack, i);
  }
}

/// The workspace is there if it is needed.
void CheckBuilder::checkWorkspace(std::optional<int64_t> bytes) {
  if (bytes && *bytes == 0)
    return;
  Value needed = func::CallOp::create(builder, kernel.name + "_workspace",
                                      builder.getI64Type(), sizes)
                     .getResult(0);
  if (!bytes)
    failIf(compare(CmpIPredicate::eq, needed, getInt(kTooManyBytes)),
           Status::BadSize, kernel.arguments.size());
  Value zero = getInt(0);
  failIf(
      conjoin(compare(CmpIPredicate::eq, emitAddress(builder, workspace), zero),
              compare(CmpIPredicate::ne, needed, zero)),
      Status::Null, kernel.arguments.size());
}

/// The system lets the process use tile registers.
void CheckBuilder::checkTileRegisters() {
  LLVM::LLVMFuncOp ask =
      declareRuntime(function, "norm_x86_permit_tiles",
                     LLVM::LLVMFunctionType::get(builder.getI32Type(), {}));
  Value permitted =
      LLVM::CallOp::create(builder, ask, ValueRange()).getResult();
  failIf(compare(CmpIPredicate::eq, permitted, getInt(0, 32)), Status::NoDevice,
         /*argument=*/0);
}

func::FuncOp mlir::norm::makeCheck(func::FuncOp body,
                                   const KernelInterface &kernel,
                                   std::optional<int64_t> workspaceBytes) {
  MLIRContext *context = body.getContext();
  SmallVector<Type> inputs = kernel.getParameterTypes(context);
  inputs.push_back(MemRefType::get({}, IntegerType::get(context, 8)));
  func::FuncOp function =
      createFunction(body, kernel.name + ".check", inputs,
                     {IntegerType::get(context, 32)}, kernel,
                     /*isPublic=*/false);
  CheckBuilder(function, kernel).run(workspaceBytes, usesTileRegisters(body));
  return function;
}
