//===- KernelReductions.cpp - Values of threads become those of a row -----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "norm/GPU/Target.h"

using namespace mlir;
using namespace mlir::norm;

Value KernelEmitter::combineSlots(ReduceKind kind, ArrayRef<Value> values) {
  Value value = combineTree(b, kind, values);
  auto vector = dyn_cast<VectorType>(value.getType());
  if (!vector)
    return value;
  SmallVector<Value> lanes;
  for (int64_t lane = 0; lane < vector.getNumElements(); ++lane)
    lanes.push_back(vector::ExtractOp::create(b, value, lane));
  return combineTree(b, kind, lanes);
}

Value KernelEmitter::shuffleWord(Value word, int64_t distance) {
  return gpu::ShuffleOp::create(b, word, constant(distance, i32),
                                constant(kWarpSize, i32), gpu::ShuffleMode::XOR)
      .getShuffleResult();
}

Value KernelEmitter::shuffle(Value value, int64_t distance) {
  Type type = value.getType();
  if (type.isF32() || type.isInteger(32))
    return shuffleWord(value, distance);
  unsigned bits = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  Type integer = b.getIntegerType(bits);
  Value word = value;
  if (type.isIndex())
    word = arith::IndexCastOp::create(b, integer, value);
  else if (isa<FloatType>(type))
    word = arith::BitcastOp::create(b, integer, value);
  if (bits < 32) {
    word = arith::ExtUIOp::create(b, i32, word);
    word = arith::TruncIOp::create(b, integer, shuffleWord(word, distance));
  } else {
    Value shift = constant(32, i64);
    Value low = shuffleWord(arith::TruncIOp::create(b, i32, word), distance);
    Value high = shuffleWord(
        arith::TruncIOp::create(b, i32, arith::ShRUIOp::create(b, word, shift)),
        distance);
    word = arith::OrIOp::create(
        b, arith::ExtUIOp::create(b, i64, low),
        arith::ShLIOp::create(b, arith::ExtUIOp::create(b, i64, high), shift));
  }
  if (type.isIndex())
    return arith::IndexCastOp::create(b, type, word);
  return isa<FloatType>(type) ? arith::BitcastOp::create(b, type, word) : word;
}

void KernelEmitter::shuffleRow(MutableArrayRef<Partial> partials,
                               int64_t lanes) {
  for (int64_t distance = lanes / 2; distance > 0; distance /= 2)
    for (Partial &partial : partials)
      partial.value = combine(b, partial.kind, partial.value,
                              shuffle(partial.value, distance));
}

void KernelEmitter::reduceRow(MutableArrayRef<Partial> partials) {
  if (mapping.across)
    return reduceAcross(partials);
  shuffleRow(partials, std::min(mapping.threads, kWarpSize));
  if (mapping.threads > kWarpSize)
    reduceBlock(partials);
  if (mapping.cluster > 1)
    reduceCluster(partials);
}

LLVM::GlobalOp KernelEmitter::makeShared(Type element, int64_t count) {
  constexpr int64_t kAlignment = 16;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(function);
  auto type = LLVM::LLVMArrayType::get(element, count);
  std::string name = (SymbolTable::getSymbolName(function).getValue() +
                      "_shared" + Twine(numShared++))
                         .str();
  return LLVM::GlobalOp::create(b, type, /*isConstant=*/false,
                                LLVM::Linkage::Internal, name, Attribute(),
                                kAlignment, kSharedMemory);
}

void KernelEmitter::reduceAcross(MutableArrayRef<Partial> partials) {
  if (mapping.threads == 1)
    return;
  // A block has 48 KiB: the memory of a pass is that of the one before, too.
  constexpr size_t kAtOnce = 3;
  if (partials.size() > kAtOnce) {
    reduceAcross(partials.take_front(kAtOnce));
    return reduceAcross(partials.drop_front(kAtOnce));
  }
  // The lanes of a warp that have elements of one row are `rows` apart.
  int64_t block = mapping.getBlockSize();
  for (int64_t distance = mapping.rows; distance < std::min(kWarpSize, block);
       distance *= 2)
    for (Partial &partial : partials)
      partial.value = combine(b, partial.kind, partial.value,
                              shuffle(partial.value, distance));
  int64_t groups = block / std::max(mapping.rows, kWarpSize);
  if (groups <= 1)
    return;
  auto pointer = LLVM::LLVMPointerType::get(b.getContext(), kSharedMemory);
  SmallVector<Type> types;
  SmallVector<Value> bases;
  bool isUsed = false;
  for (auto [i, partial] : llvm::enumerate(partials)) {
    Type type = partial.value.getType();
    types.push_back(type.isIndex() ? i64 : type);
    unsigned bits = types.back().getIntOrFloatBitWidth();
    LLVM::GlobalOp &global = acrossShared[{bits, i}];
    isUsed |= bool(global);
    if (!global)
      global = makeShared(b.getIntegerType(bits), groups * mapping.rows);
    bases.push_back(LLVM::AddressOfOp::create(b, pointer, global.getSymName()));
  }
  auto getSlot = [&](unsigned i, Value position) -> Value {
    return LLVM::GEPOp::create(b, pointer, types[i], bases[i],
                               ArrayRef<LLVM::GEPArg>{position},
                               LLVM::GEPNoWrapFlags::inbounds);
  };
  if (isUsed)
    gpu::BarrierOp::create(b);
  Value slot = thread, isFirst;
  if (mapping.rows < kWarpSize) {
    // The first lanes of a warp are of different rows.
    Value warpSize = constant(kWarpSize, i32),
          rows = constant(mapping.rows, i32);
    Value lane = arith::RemUIOp::create(b, thread, warpSize);
    Value warp = arith::DivUIOp::create(b, thread, warpSize);
    isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, lane, rows);
    slot = add(mul(warp, rows), lane);
  }
  emitIf(isFirst, [&]() {
    for (auto [i, partial] : llvm::enumerate(partials))
      LLVM::StoreOp::create(b, convert(partial.value, types[i]),
                            getSlot(i, slot));
  });
  gpu::BarrierOp::create(b);
  for (auto [i, partial] : llvm::enumerate(partials)) {
    SmallVector<Value> values;
    for (int64_t group = 0; group < groups; ++group) {
      Value position = add(blockRow, constant(group * mapping.rows, i32));
      Value value = LLVM::LoadOp::create(b, types[i], getSlot(i, position));
      values.push_back(convert(value, partial.value.getType()));
    }
    partial.value = combineTree(b, partial.kind, values);
  }
}

void KernelEmitter::reduceBlock(MutableArrayRef<Partial> partials) {
  // Every reduction has memory of its own: one barrier each is enough.
  int64_t numWarps = mapping.threads / kWarpSize;
  auto pointer = LLVM::LLVMPointerType::get(b.getContext(), kSharedMemory);
  Value lane = arith::AndIOp::create(b, thread, constant(kWarpSize - 1, i32));
  Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, lane,
                                        constant(0, i32));
  Value warp = arith::DivUIOp::create(b, thread, constant(kWarpSize, i32));
  Value rowBegin = mul(blockRow, constant(numWarps, i32));
  SmallVector<Value> bases;
  SmallVector<Type> types;
  for (Partial &partial : partials) {
    Type type = partial.value.getType();
    types.push_back(type.isIndex() ? i64 : type);
    LLVM::GlobalOp global = makeShared(types.back(), mapping.rows * numWarps);
    bases.push_back(LLVM::AddressOfOp::create(b, pointer, global.getSymName()));
  }
  auto getSlot = [&](unsigned i, Value position) -> Value {
    return LLVM::GEPOp::create(b, pointer, types[i], bases[i],
                               ArrayRef<LLVM::GEPArg>{position},
                               LLVM::GEPNoWrapFlags::inbounds);
  };
  emitIf(isFirst, [&]() {
    for (auto [i, partial] : llvm::enumerate(partials))
      LLVM::StoreOp::create(b, convert(partial.value, types[i]),
                            getSlot(i, warp));
  });
  gpu::BarrierOp::create(b);
  // Many values are combined by shuffles: one register each, not one for every
  // warp.
  constexpr int64_t kManyWarps = 16;
  if (isExact || numWarps >= kManyWarps) {
    Value number = add(
        rowBegin, arith::AndIOp::create(b, lane, constant(numWarps - 1, i32)));
    for (auto [i, partial] : llvm::enumerate(partials))
      partial.value =
          convert(LLVM::LoadOp::create(b, types[i], getSlot(i, number)),
                  partial.value.getType());
    return shuffleRow(partials, numWarps);
  }
  for (auto [i, partial] : llvm::enumerate(partials)) {
    Type type = partial.value.getType();
    SmallVector<Value> values;
    // Four words at once.
    int64_t count = types[i].isF32() ? std::min<int64_t>(numWarps, 4) : 1;
    for (int64_t w = 0; w < numWarps; w += count) {
      Value slot = getSlot(i, add(rowBegin, constant(w, i32)));
      Type loaded = count == 1 ? types[i] : VectorType::get(count, types[i]);
      Value group = LLVM::LoadOp::create(
          b, loaded, slot, count * types[i].getIntOrFloatBitWidth() / 8);
      if (count == 1)
        values.push_back(convert(group, type));
      for (int64_t j = 0; count > 1 && j < count; ++j)
        values.push_back(vector::ExtractOp::create(b, group, j));
    }
    partial.value = combineTree(b, partial.kind, values);
  }
}

void KernelEmitter::emitClusterBarrier() {
  NVVM::ClusterArriveOp::create(b, b.getUnitAttr());
  NVVM::ClusterWaitOp::create(b, b.getUnitAttr());
}

void KernelEmitter::reduceCluster(MutableArrayRef<Partial> partials) {
  if (!hasStarted)
    NVVM::ClusterWaitOp::create(b, b.getUnitAttr());
  hasStarted = true;
  MLIRContext *context = b.getContext();
  auto pointer = LLVM::LLVMPointerType::get(context, kSharedMemory);
  auto remote = LLVM::LLVMPointerType::get(context, kClusterMemory);
  SmallVector<Value> bases;
  SmallVector<Type> types;
  for (Partial &partial : partials) {
    Type type = partial.value.getType();
    types.push_back(type.isIndex() ? i64 : type);
    LLVM::GlobalOp global = makeShared(types.back(), mapping.cluster);
    bases.push_back(LLVM::AddressOfOp::create(b, pointer, global.getSymName()));
  }
  auto getSlot = [&](unsigned i, Value position) -> Value {
    return LLVM::GEPOp::create(b, pointer, types[i], bases[i],
                               ArrayRef<LLVM::GEPArg>{position},
                               LLVM::GEPNoWrapFlags::inbounds);
  };
  // The first threads have a block each, in whose memory they write what this
  // one has.
  Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, thread,
                                        constant(mapping.cluster, i32));
  emitIf(isFirst, [&]() {
    for (auto [i, partial] : llvm::enumerate(partials)) {
      Value slot =
          NVVM::MapaOp::create(b, remote, getSlot(i, clusterRank), thread);
      LLVM::StoreOp::create(b, convert(partial.value, types[i]), slot);
    }
  });
  emitClusterBarrier();
  for (auto [i, partial] : llvm::enumerate(partials)) {
    SmallVector<Value> values;
    for (int64_t block = 0; block < mapping.cluster; ++block) {
      Value value =
          LLVM::LoadOp::create(b, types[i], getSlot(i, constant(block, i32)));
      values.push_back(convert(value, partial.value.getType()));
    }
    partial.value = combineTree(b, partial.kind, values);
  }
}
