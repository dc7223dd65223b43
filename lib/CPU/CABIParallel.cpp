//===- CABIParallel.cpp - The entry that uses several workers -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace mlir::norm;

using arith::CmpIPredicate;

//===----------------------------------------------------------------------===//
// What a task is given: one word of 8 bytes for each operand of the body, then
// the bytes of a worker's workspace and the number of tasks.
//===----------------------------------------------------------------------===//

/// The address of word `i` of `data`.
static Value emitWord(ImplicitLocOpBuilder &builder, Value data, unsigned i) {
  return LLVM::GEPOp::create(builder, data.getType(), builder.getI64Type(),
                             data,
                             ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
}

/// Puts `value`, a number or a memref of rank 0, into word `i`.
static void storeWord(ImplicitLocOpBuilder &builder, Value data, unsigned i,
                      Value value) {
  if (isa<MemRefType>(value.getType()))
    value = LLVM::IntToPtrOp::create(builder, data.getType(),
                                     emitAddress(builder, value));
  else if (value.getType().isIndex())
    value = arith::IndexCastOp::create(builder, builder.getI64Type(), value);
  LLVM::StoreOp::create(builder, value, emitWord(builder, data, i));
}

/// The value of `type` in word `i`.
static Value loadWord(ImplicitLocOpBuilder &builder, Value data, unsigned i,
                      Type type) {
  Value word = emitWord(builder, data, i);
  if (auto buffer = dyn_cast<MemRefType>(type))
    return emitPointer(
        builder, LLVM::LoadOp::create(builder, data.getType(), word), buffer);
  if (!type.isIndex())
    return LLVM::LoadOp::create(builder, type, word);
  Value value = LLVM::LoadOp::create(builder, builder.getI64Type(), word);
  return arith::IndexCastOp::create(builder, type, value);
}

/// The function that computes the rows of one task.
static func::FuncOp getTask(func::FuncOp body, const KernelInterface &kernel,
                            unsigned rowSymbol) {
  MLIRContext *context = body.getContext();
  auto module = body->getParentOfType<ModuleOp>();
  if (auto known = module.lookupSymbol<func::FuncOp>(kernel.name + ".task"))
    return known;
  auto pointer = LLVM::LLVMPointerType::get(context);
  Type i64 = IntegerType::get(context, 64), i32 = IntegerType::get(context, 32);
  func::FuncOp task = createFunction(body, kernel.name + ".task",
                                     {pointer, i64, i32}, {}, kernel,
                                     /*isPublic=*/false);
  auto builder =
      ImplicitLocOpBuilder::atBlockEnd(body.getLoc(), &task.getBody().front());
  Value data = task.getArgument(0);
  SmallVector<Value> operands;
  for (auto [i, type] : llvm::enumerate(body.getArgumentTypes()))
    operands.push_back(loadWord(builder, data, i, type));
  unsigned numOperands = operands.size(),
           numArguments = kernel.arguments.size();
  Value stride = loadWord(builder, data, numOperands, i64);
  Value count =
      loadWord(builder, data, numOperands + 1, builder.getIndexType());
  Value position = arith::IndexCastOp::create(builder, builder.getIndexType(),
                                              task.getArgument(1));

  // The first tasks get one row more where the rows do not divide.
  MutableArrayRef<Value> symbols =
      MutableArrayRef(operands).slice(numArguments, kernel.symbols.size());
  Value rows = symbols[rowSymbol];
  Value share = arith::DivUIOp::create(builder, rows, count);
  Value rest = arith::RemUIOp::create(builder, rows, count);
  auto getBegin = [&](Value i) -> Value {
    return arith::AddIOp::create(builder,
                                 arith::MulIOp::create(builder, i, share),
                                 arith::MinUIOp::create(builder, i, rest));
  };
  Value begin = getBegin(position);
  Value end = getBegin(arith::AddIOp::create(
      builder, position, arith::ConstantIndexOp::create(builder, 1)));
  symbols[rowSymbol] = arith::SubIOp::create(builder, end, begin);
  for (auto [i, argument] : llvm::enumerate(kernel.arguments))
    if (argument.hasRows)
      operands[i] = emitRow(builder, argument, operands[i], symbols, begin);
  Value worker = arith::ExtUIOp::create(builder, i64, task.getArgument(2));
  operands.back() = emitMovedPointer(
      builder, operands.back(), arith::MulIOp::create(builder, worker, stride));
  func::CallOp::create(builder, body, operands);
  func::ReturnOp::create(builder);
  return task;
}

/// The bytes of the kernel's workspace.
static Value emitWorkspaceBytes(ImplicitLocOpBuilder &builder,
                                const KernelInterface &kernel,
                                ValueRange sizes) {
  return func::CallOp::create(builder, kernel.getWorkspaceName(),
                              builder.getI64Type(), sizes)
      .getResult(0);
}

/// From one worker's workspace of `bytes` bytes to the next one's.
static Value emitStride(ImplicitLocOpBuilder &builder, Value bytes) {
  auto constant = [&](int64_t value) {
    return arith::ConstantIntOp::create(builder, builder.getI64Type(), value);
  };
  return arith::AndIOp::create(
      builder,
      arith::AddIOp::create(builder, bytes, constant(kWorkspaceAlignment - 1)),
      constant(-kWorkspaceAlignment));
}

LLVM::LLVMFunctionType mlir::norm::getParallelForType(MLIRContext *context) {
  auto pointer = LLVM::LLVMPointerType::get(context);
  return LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context),
                                     {pointer, IntegerType::get(context, 64),
                                      pointer, pointer,
                                      IntegerType::get(context, 32)});
}

void mlir::norm::emitTasks(ImplicitLocOpBuilder &builder, func::FuncOp body,
                           const KernelInterface &kernel,
                           ValueRange bodyOperands, ValueRange sizes,
                           ValueRange parallel) {
  Type i64 = builder.getI64Type();
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  unsigned rowSymbol = *getRowSymbol(kernel);
  func::FuncOp task = getTask(body, kernel, rowSymbol);
  SmallVector<Value> operands(bodyOperands);
  Value rows = operands[kernel.arguments.size() + rowSymbol];
  Value count = arith::MinUIOp::create(
      builder,
      arith::IndexCastOp::create(builder, builder.getIndexType(), parallel[2]),
      rows);
  operands.push_back(
      emitStride(builder, emitWorkspaceBytes(builder, kernel, sizes)));
  operands.push_back(count);
  Value number = LLVM::ConstantOp::create(
      builder, i64, builder.getI64IntegerAttr(operands.size()));
  Value data = LLVM::AllocaOp::create(builder, pointer, i64, number,
                                      /*alignment=*/8);
  for (auto [i, value] : llvm::enumerate(operands))
    storeWord(builder, data, i, value);
  Value address = func::ConstantOp::create(builder, task.getFunctionType(),
                                           task.getSymName());
  address =
      UnrealizedConversionCastOp::create(builder, TypeRange(pointer), address)
          .getResult(0);
  Value tasks = arith::IndexCastOp::create(builder, i64, count);
  LLVM::CallOp::create(
      builder, getParallelForType(builder.getContext()),
      ValueRange{parallel[0], parallel[1], tasks, address, data, parallel[2]});
}

Value mlir::norm::emitAllWorkspaces(ImplicitLocOpBuilder &builder,
                                    const KernelInterface &kernel,
                                    ValueRange sizes, Value workers) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIntOp::create(builder, builder.getI64Type(), value);
  };
  Value one = emitWorkspaceBytes(builder, kernel, sizes);
  // No worker needs nothing: the kernel refuses such a number.
  Value count = arith::MaxSIOp::create(
      builder, arith::ExtSIOp::create(builder, builder.getI64Type(), workers),
      constant(0));
  auto all =
      arith::MulUIExtendedOp::create(builder, emitStride(builder, one), count);
  Value isTooMuch = arith::OrIOp::create(
      builder,
      arith::CmpIOp::create(builder, CmpIPredicate::slt, one, constant(0)),
      arith::OrIOp::create(builder,
                           arith::CmpIOp::create(builder, CmpIPredicate::ne,
                                                 all.getHigh(), constant(0)),
                           arith::CmpIOp::create(builder, CmpIPredicate::slt,
                                                 all.getLow(), constant(0))));
  return arith::SelectOp::create(builder, isTooMuch, constant(kTooManyBytes),
                                 all.getLow());
}

/// Creates the function that returns the bytes of all workers' workspaces.
static void makeParallelWorkspace(func::FuncOp body,
                                  const KernelInterface &kernel) {
  MLIRContext *context = body.getContext();
  Type i64 = IntegerType::get(context, 64);
  SmallVector<Type> inputs(kernel.sizes.size(), i64);
  inputs.push_back(IntegerType::get(context, 32));
  func::FuncOp function =
      createFunction(body, kernel.name + "_parallel_workspace", inputs, {i64},
                     kernel, /*isPublic=*/true);
  auto builder = ImplicitLocOpBuilder::atBlockEnd(body.getLoc(),
                                                  &function.getBody().front());
  ValueRange arguments = function.getArguments();
  func::ReturnOp::create(builder, emitAllWorkspaces(builder, kernel,
                                                    arguments.drop_back(),
                                                    arguments.back()));

  describeFunction(function, CFunctionKind::ParallelWorkspace, kernel,
                   {{"workers", CParameterRole::Workers, 0}});
}

void mlir::norm::makeParallel(func::FuncOp body, func::FuncOp check,
                              const KernelInterface &kernel) {
  makeParallelWorkspace(body, kernel);
  unsigned numArguments = kernel.arguments.size();
  MLIRContext *context = body.getContext();
  auto pointer = LLVM::LLVMPointerType::get(context);
  SmallVector<Type> inputs(check.getArgumentTypes());
  unsigned numChecked = inputs.size();
  inputs.append({pointer, pointer, IntegerType::get(context, 32)});
  func::FuncOp entry = createFunction(body, kernel.name + "_parallel", inputs,
                                      SmallVector<Type>(check.getResultTypes()),
                                      kernel, /*isPublic=*/true);
  auto builder =
      ImplicitLocOpBuilder::atBlockEnd(body.getLoc(), &entry.getBody().front());
  ArrayRef<BlockArgument> all = entry.getArguments();
  SmallVector<Value> checked(all.take_front(numChecked));
  SmallVector<Value> sizes(all.slice(numArguments, kernel.sizes.size()));
  SmallVector<Value> parallel(all.drop_front(numChecked));
  Value status = func::CallOp::create(builder, check, checked).getResult(0);
  auto refuse = [&](Value condition, Status code) {
    Value first =
        arith::AndIOp::create(builder, emitIsOk(builder, status), condition);
    Value refusal = emitStatus(builder, code, numArguments + 1);
    status = arith::SelectOp::create(builder, first, refusal, status);
  };
  Value noFunction =
      LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::eq, parallel[0],
                           LLVM::ZeroOp::create(builder, pointer));
  refuse(noFunction, Status::Null);
  Value one = arith::ConstantIntOp::create(builder, builder.getI32Type(), 1);
  refuse(arith::CmpIOp::create(builder, CmpIPredicate::slt, parallel[2], one),
         Status::BadSize);
  SmallVector<Value> symbols = emitSymbols(builder, kernel, sizes);
  status = emitRun(builder, kernel, status, symbols, [&]() -> Value {
    SmallVector<Value> operands(all.take_front(numArguments));
    llvm::append_range(operands, symbols);
    operands.push_back(all[numChecked - 1]);
    if (!getRowSymbol(kernel))
      return emitBodyCall(builder, body, operands);
    emitTasks(builder, body, kernel, operands, sizes, parallel);
    return status;
  });
  func::ReturnOp::create(builder, status);

  describeFunction(
      entry, CFunctionKind::Parallel, kernel,
      {{"workspace", CParameterRole::Workspace, numArguments},
       {"parallel_for", CParameterRole::ParallelFor, numArguments + 1},
       {"context", CParameterRole::Context, numArguments + 1},
       {"workers", CParameterRole::Workers, numArguments + 1}});
}
