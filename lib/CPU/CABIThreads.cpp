//===- CABIThreads.cpp - Kernels that use threads by themselves -----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace mlir::norm;

/// To wake a thread takes as long as to move a good part of this.
static constexpr int64_t kBytesPerTask = 128 << 10;
/// A row takes as long with a weight as it takes to move this part of it.
static constexpr int64_t kWeightShare = 32;

/// The number of workers, an i32 that never changes.
static Value emitWorkers(ImplicitLocOpBuilder &builder, func::FuncOp body,
                         const KernelInterface &kernel) {
  LLVM::LLVMFuncOp function =
      declareRuntime(body, "norm_" + kernel.threads + "_workers",
                     LLVM::LLVMFunctionType::get(builder.getI32Type(), {}));
  return LLVM::CallOp::create(builder, function, ValueRange()).getResult();
}

/// The bytes of the weights that `body` holds as constants.
static int64_t getConstantBytes(func::FuncOp body) {
  int64_t bytes = 0;
  body.walk([&](memref::GetGlobalOp op) {
    MemRefType type = op.getType();
    bytes += type.getNumElements() * getElementBytes(type.getElementType());
  });
  return bytes;
}

/// How many workers are worth waking, an i32; at least one.
static Value emitWorthwhileWorkers(ImplicitLocOpBuilder &builder,
                                   func::FuncOp body,
                                   const KernelInterface &kernel,
                                   ValueRange symbols, Value workers) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, value);
  };
  int64_t weights = getConstantBytes(body);
  Value bytes = constant(0);
  for (const KernelArgument &argument : kernel.arguments) {
    if (argument.tag)
      weights += argument.buffer.getNumElements() *
                 getElementBytes(argument.buffer.getElementType());
    if (!argument.hasRows)
      continue;
    Value size = constant(getElementBytes(argument.buffer.getElementType()));
    for (AffineExpr expr : argument.sizes.getResults())
      size = builder.createOrFold<arith::MulIOp>(
          size, emitExpr(builder, expr, symbols));
    bytes = builder.createOrFold<arith::AddIOp>(bytes, size);
  }
  // Overflow leads to another number of workers, and to the same results.
  bytes = builder.createOrFold<arith::AddIOp>(
      bytes,
      builder.createOrFold<arith::MulIOp>(symbols[*getRowSymbol(kernel)],
                                          constant(weights / kWeightShare)));
  Value worthwhile = arith::MaxUIOp::create(
      builder, arith::DivUIOp::create(builder, bytes, constant(kBytesPerTask)),
      constant(1));
  Value all =
      arith::IndexCastUIOp::create(builder, builder.getIndexType(), workers);
  return arith::IndexCastUIOp::create(
      builder, builder.getI32Type(),
      arith::MinUIOp::create(builder, worthwhile, all));
}

void mlir::norm::emitThreads(ImplicitLocOpBuilder &builder, func::FuncOp body,
                             const KernelInterface &kernel, ValueRange operands,
                             ValueRange sizes) {
  MLIRContext *context = builder.getContext();
  auto pointer = LLVM::LLVMPointerType::get(context);
  LLVM::LLVMFuncOp run = declareRuntime(body, "norm_" + kernel.threads + "_run",
                                        getParallelForType(context));
  ValueRange symbols =
      operands.slice(kernel.arguments.size(), kernel.symbols.size());
  Value workers = emitWorthwhileWorkers(builder, body, kernel, symbols,
                                        emitWorkers(builder, body, kernel));
  Value function =
      LLVM::AddressOfOp::create(builder, pointer, run.getSymName());
  Value nothing = LLVM::ZeroOp::create(builder, pointer);
  emitTasks(builder, body, kernel, operands, sizes,
            {function, nothing, workers});
}

void mlir::norm::makeThreadsWorkspace(func::FuncOp body,
                                      const KernelInterface &kernel,
                                      std::optional<int64_t> bytes) {
  Type i64 = IntegerType::get(body.getContext(), 64);
  func::FuncOp function =
      createFunction(body, kernel.name + "_workspace",
                     SmallVector<Type>(kernel.sizes.size(), i64), {i64}, kernel,
                     /*isPublic=*/true);
  auto builder = ImplicitLocOpBuilder::atBlockEnd(body.getLoc(),
                                                  &function.getBody().front());
  std::optional<int64_t> constant;
  if (bytes && *bytes == 0)
    constant = 0;
  Value all;
  if (constant)
    all = arith::ConstantIntOp::create(builder, i64, *constant);
  else
    all = emitAllWorkspaces(builder, kernel, function.getArguments(),
                            emitWorkers(builder, body, kernel));
  func::ReturnOp::create(builder, all);
  describeFunction(function, CFunctionKind::Workspace, kernel, /*extra=*/{},
                   constant);
}
