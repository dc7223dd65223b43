//===- CABIPack.cpp - C functions that pack an argument -------------------===//
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

/// Writes the header of packed data: the tag and zeros.
static void emitHeader(ImplicitLocOpBuilder &builder, Value pointer,
                       int64_t tag) {
  constexpr int64_t kWords = kPackHeaderBytes / sizeof(int64_t);
  Value bytes = memref::ReinterpretCastOp::create(
      builder, MemRefType::get({kPackHeaderBytes}, builder.getI8Type()),
      pointer, /*offset=*/0, ArrayRef<int64_t>{kPackHeaderBytes},
      ArrayRef<int64_t>{1});
  Value words = memref::ViewOp::create(
      builder, MemRefType::get({kWords}, builder.getI64Type()), bytes,
      arith::ConstantIndexOp::create(builder, 0), ValueRange());
  for (int64_t i = 0; i < kWords; ++i) {
    Value word = arith::ConstantIntOp::create(builder, builder.getI64Type(),
                                              i == 0 ? tag : 0);
    Value position = arith::ConstantIndexOp::create(builder, i);
    // The caller may keep packed data at any address.
    memref::StoreOp::create(builder, word, words, position,
                            /*nontemporal=*/false, llvm::Align(1));
  }
}

/// Creates the function that returns the bytes of the packed data.
static void makeSizeFunction(func::FuncOp before, const KernelInterface &pack,
                             const KernelInterface &kernel, StringRef argument,
                             int64_t bytes) {
  func::FuncOp function = createFunction(
      before, kernel.name + "_packed_size_" + argument.str(), {},
      {IntegerType::get(before.getContext(), 64)}, pack, /*isPublic=*/true);
  auto builder = ImplicitLocOpBuilder::atBlockEnd(before.getLoc(),
                                                  &function.getBody().front());
  func::ReturnOp::create(builder, arith::ConstantIntOp::create(
                                      builder, builder.getI64Type(), bytes)
                                      .getResult());
  CFunction description;
  description.kind = CFunctionKind::PackedSize;
  description.source = kernel.source;
  description.kernel = kernel.name;
  description.constant = bytes;
  description.set(function);
}

/// Creates the function that C programs call: as a kernel, without workspace.
static void makePackEntry(func::FuncOp body, func::FuncOp check,
                          const KernelInterface &pack,
                          const KernelInterface &kernel, unsigned argument) {
  func::FuncOp entry =
      createFunction(body, pack.name, pack.getParameterTypes(body.getContext()),
                     SmallVector<Type>(check.getResultTypes()), pack,
                     /*isPublic=*/true);
  auto builder =
      ImplicitLocOpBuilder::atBlockEnd(body.getLoc(), &entry.getBody().front());
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  Value nowhere =
      emitPointer(builder, LLVM::ZeroOp::create(builder, pointer),
                  cast<MemRefType>(check.getArgumentTypes().back()));
  SmallVector<Value> operands(entry.getArguments());
  operands.push_back(nowhere);
  Value status = func::CallOp::create(builder, check, operands).getResult(0);
  auto branch =
      scf::IfOp::create(builder, emitIsOk(builder, status), /*else=*/false);
  func::ReturnOp::create(builder, status);
  builder.setInsertionPointToStart(branch.thenBlock());
  operands.assign({entry.getArgument(0), entry.getArgument(1)});
  llvm::append_range(
      operands, emitSymbols(builder, pack, entry.getArguments().drop_front(2)));
  operands.push_back(nowhere);
  func::CallOp::create(builder, body, operands);

  CFunction description;
  description.kind = CFunctionKind::Pack;
  description.source = kernel.source;
  description.kernel = kernel.name;
  description.parameters = pack.getParameters();
  description.parameters[0].argument = argument;
  description.parameters[1].role = CParameterRole::PackedResult;
  description.parameters[1].argument = argument;
  description.set(entry);
}

LogicalResult mlir::norm::makePack(func::FuncOp function,
                                   const KernelInterface &kernel,
                                   unsigned argument) {
  auto pack = KernelInterface::get(function, /*prefix=*/"");
  if (failed(pack))
    return failure();
  const KernelArgument &packed = kernel.arguments[argument];
  auto fail = [&](const Twine &message) {
    return function.emitError()
           << "'" << function.getSymName() << "': " << message;
  };
  if (pack->arguments.size() != 2 || !pack->arguments[0].isTensor() ||
      pack->arguments[0].isResult || !pack->arguments[1].isResult ||
      pack->arguments[1].buffer != packed.buffer ||
      pack->arguments[0].type != packed.type)
    return fail("does not pack the type that its kernel takes");
  pack->name = kernel.name + "_pack_" + packed.name;
  pack->arguments[0].name = packed.name;
  pack->arguments[1].name = packed.name == "packed" ? "packed_" : "packed";
  pack->arguments[1].tag = packed.tag;
  pack->arguments[1].type = packed.type;
  pack->arguments[1].sizes = pack->arguments[0].sizes;

  function->removeAttr("norm.pack_of");
  FailureOr<std::optional<int64_t>> workspace = makeBody(function, *pack);
  if (failed(workspace))
    return failure();
  if (!*workspace || **workspace != 0)
    return fail(
        "needs temporaries, for which a pack function has no workspace");
  SymbolTable::lookupNearestSymbolFrom(
      function,
      StringAttr::get(function.getContext(), pack->name + "_workspace"))
      ->erase();
  auto builder = ImplicitLocOpBuilder::atBlockBegin(
      function.getLoc(), &function.getBody().front());
  emitHeader(builder, function.getArgument(1), *packed.tag);

  func::FuncOp check = makeCheck(function, *pack, /*workspaceBytes=*/0);
  makePackEntry(function, check, *pack, kernel, argument);
  makeSizeFunction(function, *pack, kernel, packed.name,
                   kPackHeaderBytes +
                       packed.buffer.getNumElements() *
                           getElementBytes(packed.buffer.getElementType()));
  return success();
}
