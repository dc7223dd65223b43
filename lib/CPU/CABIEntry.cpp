//===- CABIEntry.cpp - The functions that C programs call -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "norm/Support/Status.h"

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

Value mlir::norm::emitIsOk(ImplicitLocOpBuilder &builder, Value status) {
  Value ok = arith::ConstantIntOp::create(builder, builder.getI32Type(),
                                          static_cast<int64_t>(Status::Ok));
  return arith::CmpIOp::create(builder, CmpIPredicate::eq, status, ok);
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
  auto branch =
      scf::IfOp::create(builder, emitIsOk(builder, status), /*else=*/false);
  func::ReturnOp::create(builder, status);

  builder.setInsertionPointToStart(branch.thenBlock());
  unsigned numArguments = kernel.arguments.size();
  SmallVector<Value> operands(entry.getArguments().take_front(numArguments));
  SmallVector<Value> symbols = emitSymbols(
      builder, kernel,
      entry.getArguments().slice(numArguments, kernel.sizes.size()));
  auto run = scf::IfOp::create(
      builder, emitHasElements(builder, kernel, symbols), /*else=*/false);
  builder.setInsertionPointToStart(run.thenBlock());
  llvm::append_range(operands, symbols);
  for (Value stride : entry.getArguments().slice(
           numArguments + kernel.sizes.size(), kernel.strides.size()))
    operands.push_back(
        arith::IndexCastOp::create(builder, builder.getIndexType(), stride));
  operands.push_back(entry.getArguments().back());
  if (kernel.threads.empty())
    func::CallOp::create(builder, body, operands);
  else
    emitThreads(builder, body, kernel, operands,
                entry.getArguments().slice(numArguments, kernel.sizes.size()));

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
