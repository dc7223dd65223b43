//===- CABIEntry.cpp - The functions that C programs call -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::norm;

using arith::CmpIPredicate;

Value mlir::norm::emitHasElements(ImplicitLocOpBuilder &builder,
                                  const KernelInterface &kernel,
                                  ValueRange symbols) {
  Value zero = arith::ConstantIndexOp::create(builder, 0);
  Value any = arith::ConstantIntOp::create(builder, builder.getI1Type(), 0);
  for (const KernelArgument &argument : kernel.arguments) {
    if (!argument.isResult)
      continue;
    Value all = arith::ConstantIntOp::create(builder, builder.getI1Type(), 1);
    for (AffineExpr size : argument.sizes.getResults())
      all = builder.createOrFold<arith::AndIOp>(
          all, builder.createOrFold<arith::CmpIOp>(
                   CmpIPredicate::ne, emitExpr(builder, size, symbols), zero));
    any = builder.createOrFold<arith::OrIOp>(any, all);
  }
  return any;
}

Value mlir::norm::emitStatus(ImplicitLocOpBuilder &builder, Status code,
                             unsigned argument) {
  return arith::ConstantIntOp::create(builder, builder.getI32Type(),
                                      encodeStatus(code, argument));
}

Value mlir::norm::emitIsOk(ImplicitLocOpBuilder &builder, Value status) {
  return arith::CmpIOp::create(builder, CmpIPredicate::eq, status,
                               emitStatus(builder, Status::Ok, 0));
}

bool mlir::norm::hasAssertions(func::FuncOp function) {
  return function.walk([](cf::AssertOp) { return WalkResult::interrupt(); })
      .wasInterrupted();
}

Value mlir::norm::emitBodyCall(ImplicitLocOpBuilder &builder, func::FuncOp body,
                               ValueRange operands) {
  auto call = func::CallOp::create(builder, body, operands);
  return call.getNumResults() != 0 ? call.getResult(0)
                                   : emitStatus(builder, Status::Ok, 0);
}

Value mlir::norm::emitRun(ImplicitLocOpBuilder &builder,
                          const KernelInterface &kernel, Value status,
                          ValueRange symbols, function_ref<Value()> run) {
  Value isOk = emitIsOk(builder, status);
  auto branch = scf::IfOp::create(
      builder, isOk,
      [&](OpBuilder &nested, Location) {
        OpBuilder::InsertionGuard guard(builder);
        builder.restoreInsertionPoint(nested.saveInsertionPoint());
        Value any = emitHasElements(builder, kernel, symbols);
        auto inner = scf::IfOp::create(
            builder, any,
            [&](OpBuilder &deeper, Location) {
              OpBuilder::InsertionGuard innerGuard(builder);
              builder.restoreInsertionPoint(deeper.saveInsertionPoint());
              scf::YieldOp::create(builder, run());
            },
            [&](OpBuilder &deeper, Location loc) {
              scf::YieldOp::create(deeper, loc, status);
            });
        scf::YieldOp::create(builder, inner.getResults());
      },
      [&](OpBuilder &nested, Location loc) {
        scf::YieldOp::create(nested, loc, status);
      });
  return branch.getResult(0);
}

func::FuncOp mlir::norm::makeEntry(func::FuncOp body, func::FuncOp check,
                                   const KernelInterface &kernel) {
  FunctionType type = check.getFunctionType();
  func::FuncOp entry =
      createFunction(body, kernel.name, SmallVector<Type>(type.getInputs()),
                     SmallVector<Type>(type.getResults()), kernel,
                     /*isPublic=*/true);
  auto builder =
      ImplicitLocOpBuilder::atBlockEnd(body.getLoc(), &entry.getBody().front());
  Value status =
      func::CallOp::create(builder, check, entry.getArguments()).getResult(0);
  unsigned numArguments = kernel.arguments.size();
  ArrayRef<BlockArgument> all = entry.getArguments();
  SmallVector<Value> sizes(all.slice(numArguments, kernel.sizes.size()));
  SmallVector<Value> symbols = emitSymbols(builder, kernel, sizes);
  status = emitRun(builder, kernel, status, symbols, [&]() -> Value {
    SmallVector<Value> operands(all.take_front(numArguments));
    llvm::append_range(operands, symbols);
    for (Value stride :
         all.slice(numArguments + kernel.sizes.size(), kernel.strides.size()))
      operands.push_back(
          arith::IndexCastOp::create(builder, builder.getIndexType(), stride));
    operands.push_back(all.back());
    if (kernel.threads.empty())
      return emitBodyCall(builder, body, operands);
    emitThreads(builder, body, kernel, operands, sizes);
    return status;
  });
  func::ReturnOp::create(builder, status);

  describeFunction(
      entry, kernel.isStrided ? CFunctionKind::Strided : CFunctionKind::Kernel,
      kernel, {{"workspace", CParameterRole::Workspace, numArguments}});
  return entry;
}

void mlir::norm::makeInvoke(func::FuncOp entry, const KernelInterface &kernel) {
  MLIRContext *context = entry.getContext();
  auto pointer = LLVM::LLVMPointerType::get(context);
  func::FuncOp invoke = createFunction(
      entry, kernel.name + "_invoke", {pointer},
      SmallVector<Type>(entry.getResultTypes()), kernel, /*isPublic=*/true);
  auto builder = ImplicitLocOpBuilder::atBlockEnd(entry.getLoc(),
                                                  &invoke.getBody().front());
  SmallVector<Value> operands;
  for (auto [i, type] : llvm::enumerate(entry.getArgumentTypes())) {
    Value slot =
        LLVM::GEPOp::create(builder, pointer, pointer, invoke.getArgument(0),
                            ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
    Value value = LLVM::LoadOp::create(builder, pointer, slot);
    auto buffer = dyn_cast<MemRefType>(type);
    Value operand =
        LLVM::LoadOp::create(builder, buffer ? pointer : type, value);
    operands.push_back(buffer ? emitPointer(builder, operand, buffer)
                              : operand);
  }
  func::ReturnOp::create(
      builder, func::CallOp::create(builder, entry, operands).getResults());

  CFunction description;
  description.kind = CFunctionKind::Invoke;
  description.source = kernel.source;
  description.kernel = kernel.name;
  CParameter values;
  values.name = "arguments";
  values.role = CParameterRole::Values;
  description.parameters.push_back(std::move(values));
  description.set(invoke);
}
