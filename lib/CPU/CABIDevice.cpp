//===- CABIDevice.cpp - Entries that launch kernels on a device -----------===//
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

/// Adds an argument for the address of a norm_launch to `body`.
static void addLaunchArgument(func::FuncOp body) {
  MLIRContext *context = body.getContext();
  (void)body.insertArgument(body.getNumArguments(),
                            LLVM::LLVMPointerType::get(context),
                            DictionaryAttr::get(context), body.getLoc());
}

func::FuncOp mlir::norm::makeDeviceEntry(func::FuncOp body, func::FuncOp check,
                                         const KernelInterface &kernel) {
  addLaunchArgument(body);
  MLIRContext *context = body.getContext();
  auto pointer = LLVM::LLVMPointerType::get(context);
  auto i32 = IntegerType::get(context, 32);
  // struct norm_launch of lib/Runtime/Runtime.h.
  auto launchType = LLVM::LLVMStructType::getLiteral(context, {pointer, i32});

  SmallVector<Type> inputs(check.getFunctionType().getInputs());
  inputs.push_back(pointer);
  func::FuncOp entry = createFunction(body, kernel.name, inputs, {i32}, kernel,
                                      /*isPublic=*/true);
  auto builder =
      ImplicitLocOpBuilder::atBlockEnd(body.getLoc(), &entry.getBody().front());
  ArrayRef<BlockArgument> all = entry.getArguments();
  Value one = LLVM::ConstantOp::create(builder, builder.getI32IntegerAttr(1));
  Value launch = LLVM::AllocaOp::create(builder, pointer, launchType, one, 8);
  Value statusSlot = LLVM::GEPOp::create(builder, pointer, launchType, launch,
                                         ArrayRef<LLVM::GEPArg>{0, 1});
  Value status =
      func::CallOp::create(builder, check, SmallVector<Value>(all.drop_back()))
          .getResult(0);
  LLVM::StoreOp::create(builder, all.back(), launch);
  LLVM::StoreOp::create(builder, status, statusSlot);
  auto branch =
      scf::IfOp::create(builder, emitIsOk(builder, status), /*else=*/false);
  Value result = LLVM::LoadOp::create(builder, i32, statusSlot);
  func::ReturnOp::create(builder, result);

  builder.setInsertionPointToStart(branch.thenBlock());
  unsigned numArguments = kernel.arguments.size();
  SmallVector<Value> operands(all.take_front(numArguments));
  SmallVector<Value> symbols = emitSymbols(
      builder, kernel, all.slice(numArguments, kernel.sizes.size()));
  auto run = scf::IfOp::create(
      builder, emitHasElements(builder, kernel, symbols), /*else=*/false);
  builder.setInsertionPointToStart(run.thenBlock());
  llvm::append_range(operands, symbols);
  operands.push_back(all[all.size() - 2]);
  operands.push_back(launch);
  func::CallOp::create(builder, body, operands);

  describeFunction(entry, CFunctionKind::Kernel, kernel,
                   {{"workspace", CParameterRole::Workspace, numArguments},
                    {"stream", CParameterRole::Stream, numArguments + 1}});
  return entry;
}
