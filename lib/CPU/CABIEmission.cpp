//===- CABIEmission.cpp - Addresses, sizes and functions of the C ABI -----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace mlir::norm;

SmallVector<Value> mlir::norm::emitSymbols(ImplicitLocOpBuilder &builder,
                                           const KernelInterface &kernel,
                                           ValueRange sizeParameters) {
  SmallVector<Value> symbols;
  for (const KernelSymbol &symbol : kernel.symbols)
    symbols.push_back(
        symbol.size
            ? arith::IndexCastOp::create(builder, builder.getIndexType(),
                                         sizeParameters[*symbol.size])
                  .getResult()
            : arith::ConstantIndexOp::create(builder, symbol.constant)
                  .getResult());
  return symbols;
}

Value mlir::norm::emitExpr(ImplicitLocOpBuilder &builder, AffineExpr expr,
                           ValueRange symbols) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return arith::ConstantIndexOp::create(builder, constant.getValue());
  return affine::expandAffineExpr(builder, builder.getLoc(), expr,
                                  /*dimValues=*/{}, symbols);
}

Value mlir::norm::emitAddress(ImplicitLocOpBuilder &builder, Value pointer) {
  Value index =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, pointer);
  return arith::IndexCastOp::create(builder, builder.getI64Type(), index);
}

LLVM::LLVMFuncOp mlir::norm::declareRuntime(func::FuncOp before, StringRef name,
                                            LLVM::LLVMFunctionType type) {
  auto module = before->getParentOfType<ModuleOp>();
  if (auto known = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return known;
  OpBuilder builder(before);
  return LLVM::LLVMFuncOp::create(builder, before.getLoc(), name, type);
}

/// What a memref of rank 0 is in LLVM: two addresses and an offset.
static LLVM::LLVMStructType getDescriptorType(MLIRContext *context) {
  auto pointer = LLVM::LLVMPointerType::get(context);
  return LLVM::LLVMStructType::getLiteral(
      context, {pointer, pointer, IntegerType::get(context, 64)});
}

Value mlir::norm::emitPointer(ImplicitLocOpBuilder &builder, Value address,
                              MemRefType type) {
  Value descriptor =
      LLVM::PoisonOp::create(builder, getDescriptorType(builder.getContext()));
  Value zero = LLVM::ConstantOp::create(builder, builder.getI64IntegerAttr(0));
  Value fields[] = {address, address, zero};
  for (auto [i, value] : llvm::enumerate(fields))
    descriptor = LLVM::InsertValueOp::create(
        builder, descriptor, value, ArrayRef<int64_t>{static_cast<int64_t>(i)});
  return UnrealizedConversionCastOp::create(builder, TypeRange(type),
                                            descriptor)
      .getResult(0);
}

Value mlir::norm::emitMovedPointer(ImplicitLocOpBuilder &builder, Value pointer,
                                   Value bytes) {
  Value descriptor =
      UnrealizedConversionCastOp::create(
          builder, TypeRange(getDescriptorType(builder.getContext())), pointer)
          .getResult(0);
  Value address =
      LLVM::ExtractValueOp::create(builder, descriptor, ArrayRef<int64_t>{1});
  Value moved =
      LLVM::GEPOp::create(builder, address.getType(), builder.getI8Type(),
                          address, ArrayRef<LLVM::GEPArg>{bytes});
  return emitPointer(builder, moved, cast<MemRefType>(pointer.getType()));
}

void mlir::norm::makeInternal(func::FuncOp function) {
  function.setPrivate();
  // A private symbol of MLIR is not yet one that the linker does not see.
  function->setAttr(
      "llvm.linkage",
      LLVM::LinkageAttr::get(function.getContext(), LLVM::Linkage::Internal));
}

func::FuncOp mlir::norm::createFunction(Operation *before, StringRef name,
                                        ArrayRef<Type> inputs,
                                        ArrayRef<Type> results,
                                        const KernelInterface &kernel,
                                        bool isPublic) {
  OpBuilder builder(before);
  auto function =
      func::FuncOp::create(builder, before->getLoc(), name,
                           builder.getFunctionType(inputs, results));
  // Two arguments that go on from stack to stack would be moved as one vector:
  // it waits until all that the caller stored before has left for the cache.
  SmallVector<Attribute> passthrough(kernel.passthrough.getValue());
  passthrough.push_back(builder.getStringAttr("noimplicitfloat"));
  function->setAttr("passthrough", builder.getArrayAttr(passthrough));
  if (!isPublic)
    makeInternal(function);
  function.addEntryBlock();
  return function;
}

void mlir::norm::describeFunction(func::FuncOp function, CFunctionKind kind,
                                  const KernelInterface &kernel,
                                  ArrayRef<ExtraParameter> extra,
                                  std::optional<int64_t> constant,
                                  std::optional<int64_t> most) {
  bool takesSizesOnly = kind == CFunctionKind::Workspace ||
                        kind == CFunctionKind::ParallelWorkspace;
  CFunction description;
  description.kind = kind;
  description.source = kernel.source;
  description.kernel = kernel.name;
  description.constant = constant;
  description.most = most;
  CNames names;
  for (CParameter &parameter : kernel.getParameters()) {
    (void)names.getUnique(parameter.name);
    if (!takesSizesOnly || parameter.role == CParameterRole::Size)
      description.parameters.push_back(std::move(parameter));
  }
  for (const ExtraParameter &more : extra) {
    CParameter parameter;
    parameter.name = names.getUnique(more.name);
    parameter.role = more.role;
    parameter.argument = more.argument;
    description.parameters.push_back(std::move(parameter));
  }
  description.set(function);
}
