//===- TileRegisters.cpp - Code for the tile registers of AMX -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// By LLVM's intrinsics, not by the dialect amx: its types go through none of
// the conversions of loops that MLIR 22 has.
//
//===----------------------------------------------------------------------===//

#include "TileRegisters.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "norm/CPU/ElementSize.h"
#include "norm/CPU/LinearPlan.h"

using namespace mlir;
using namespace mlir::norm;

/// An intrinsic that gives a tile.
static Value callForTile(ImplicitLocOpBuilder &b, StringRef name,
                         ValueRange operands) {
  Type type = LLVM::LLVMX86AMXType::get(b.getContext());
  return LLVM::CallIntrinsicOp::create(b, type, b.getStringAttr(name), operands)
      .getResult(0);
}

/// A number of rows or of bytes.
Value TileBuilder::constant(int64_t value) {
  return arith::ConstantIntOp::create(b, b.getI16Type(), value);
}

Value TileBuilder::zero() {
  return callForTile(b, "llvm.x86.tilezero.internal",
                     {constant(kTileRows), constant(kTileBytes)});
}

TilePlace TileBuilder::getPlace(Value memref, ValueRange indices) {
  auto type = cast<MemRefType>(memref.getType());
  auto metadata = memref::ExtractStridedMetadataOp::create(b, memref);
  Value bytes =
      arith::ConstantIndexOp::create(b, getElementBytes(type.getElementType()));
  Value offset = metadata.getOffset();
  for (auto [index, stride] : llvm::zip_equal(indices, metadata.getStrides()))
    offset = b.createOrFold<arith::AddIOp>(
        offset, b.createOrFold<arith::MulIOp>(index, stride));
  Value address = arith::AddIOp::create(
      b, memref::ExtractAlignedPointerAsIndexOp::create(b, memref),
      b.createOrFold<arith::MulIOp>(offset, bytes));
  auto toI64 = [&](Value value) {
    return b.createOrFold<arith::IndexCastOp>(b.getI64Type(), value);
  };
  Value row = metadata.getStrides()[type.getRank() - 2];
  return {toI64(address), toI64(b.createOrFold<arith::MulIOp>(row, bytes))};
}

/// `address` as LLVM's intrinsics take it.
static Value toPointer(ImplicitLocOpBuilder &b, Value address) {
  return LLVM::IntToPtrOp::create(b, LLVM::LLVMPointerType::get(b.getContext()),
                                  address);
}

Value TileBuilder::load(StringRef intrinsic, const TilePlace &place) {
  return callForTile(b, intrinsic,
                     {constant(kTileRows), constant(kTileBytes),
                      toPointer(b, place.address), place.stride});
}

Value TileBuilder::load(Value memref, ValueRange indices) {
  return load("llvm.x86.tileloadd64.internal", getPlace(memref, indices));
}

Value TileBuilder::loadOnce(const TilePlace &place, Value offset) {
  Value address = b.createOrFold<arith::AddIOp>(place.address, offset);
  return load("llvm.x86.tileloaddt164.internal", {address, place.stride});
}

Value TileBuilder::dot(Value sums, Value rows, Value pairs) {
  return callForTile(b, "llvm.x86.tdpbf16ps.internal",
                     {constant(kTileRows), constant(kTileBytes),
                      constant(kTileBytes), sums, rows, pairs});
}

void TileBuilder::store(Value tile, Value memref, ValueRange indices) {
  auto [address, stride] = getPlace(memref, indices);
  LLVM::CallIntrinsicOp::create(
      b, b.getStringAttr("llvm.x86.tilestored64.internal"),
      ValueRange{constant(kTileRows), constant(kTileBytes),
                 toPointer(b, address), stride, tile});
}

bool mlir::norm::usesTileRegisters(func::FuncOp function) {
  return function
      .walk([](LLVM::CallIntrinsicOp op) {
        bool isTile = llvm::any_of(op->getResultTypes(),
                                   llvm::IsaPred<LLVM::LLVMX86AMXType>);
        return isTile ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}
