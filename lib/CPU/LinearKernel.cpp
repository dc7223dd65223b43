//===- LinearKernel.cpp - The inner loop of a linear layer ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinearKernel.h"
#include "MaskedMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// Steps of the loop over input features that are unrolled. It does not change
/// the order of the sum.
constexpr int64_t kUnroll = 2;

/// How far ahead of their use weights are fetched.
constexpr int64_t kPrefetchBytes = 16384;

LinearKernel::LinearKernel(ImplicitLocOpBuilder &builder,
                           const LinearPlan &plan, const CPUTarget &target,
                           Value weight, Value bias, Value init,
                           FloatType accumulation)
    : b(builder), plan(plan), target(target), weight(weight), bias(bias),
      init(init), accumulation(accumulation) {}

Value LinearKernel::constant(int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

Value LinearKernel::add(Value a, Value c) {
  return b.createOrFold<arith::AddIOp>(a, c, kNoOverflow);
}

Value LinearKernel::add(Value a, int64_t c) {
  return c == 0 ? a : add(a, constant(c));
}

Value LinearKernel::multiply(Value a, int64_t c) {
  return b.createOrFold<arith::MulIOp>(a, constant(c), kNoOverflow);
}

Value LinearKernel::convert(Value value, Type element) {
  Type from = getElementTypeOrSelf(value);
  if (from == element)
    return value;
  Type to = element;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    to = vector.clone(element);
  if (from.getIntOrFloatBitWidth() < element.getIntOrFloatBitWidth())
    return arith::ExtFOp::create(b, to, value);
  return arith::TruncFOp::create(b, to, value);
}

Value LinearKernel::allocate(ArrayRef<int64_t> shape, Type element) {
  OpBuilder::InsertionGuard guard(b);
  // The builder may be in a region that is not part of the function yet.
  if (auto function = init.getParentRegion()->getParentOfType<func::FuncOp>())
    b.setInsertionPointToStart(&function.getBody().front());
  return memref::AllocOp::create(b, MemRefType::get(shape, element),
                                 b.getI64IntegerAttr(64));
}

scf::ForOp LinearKernel::enterLoop(Value begin, Value end, int64_t step) {
  auto loop = scf::ForOp::create(b, begin, end, constant(step));
  b.setInsertionPointToStart(loop.getBody());
  return loop;
}

SmallVector<Value> LinearKernel::zeros(unsigned height, unsigned vectors) {
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(getVectorType()));
  return SmallVector<Value>(height * vectors, zero);
}

Value LinearKernel::fma(Value a, Value c, Value accumulator) {
  if (plan.pairs) {
    // Sums of two products of bf16, kept in f32.
    StringRef name = "llvm.x86.avx512bf16.dpbf16ps.512";
    return LLVM::CallIntrinsicOp::create(b, accumulator.getType(),
                                         b.getStringAttr(name),
                                         ValueRange{accumulator, a, c})
        .getResult(0);
  }
  if (target.hasFma)
    return vector::FMAOp::create(b, a, c, accumulator);
  // Without the instruction it would be a call per lane.
  return arith::AddFOp::create(b, accumulator, arith::MulFOp::create(b, a, c));
}

/// A pair of bf16 for every lane.
Value LinearKernel::broadcastPair(Value bits) {
  auto ints = VectorType::get({plan.lanes}, b.getI32Type());
  Value all = vector::BroadcastOp::create(b, ints, bits);
  return vector::BitCastOp::create(
      b, VectorType::get({2 * plan.lanes}, b.getBF16Type()), all);
}

SmallVector<Value> LinearKernel::loadPanelRow(Value panel, unsigned vectors,
                                              Value k) {
  Type element = cast<MemRefType>(weight.getType()).getElementType();
  int64_t lanes = plan.lanes * (plan.pairs ? 2 : 1);
  auto type = VectorType::get({lanes}, element);
  SmallVector<Value> row;
  for (unsigned j = 0; j < vectors; ++j) {
    Value loaded = vector::LoadOp::create(
        b, type, weight, ValueRange{panel, k, constant(j * lanes)});
    row.push_back(plan.pairs ? loaded : convert(loaded, accumulation));
  }
  return row;
}

SmallVector<Value> LinearKernel::step(ArrayRef<Value> accumulators, Value x,
                                      ArrayRef<Value> rows, Value panel,
                                      unsigned vectors, Value k) {
  SmallVector<Value> sums(accumulators);
  SmallVector<Value> panelRow = loadPanelRow(panel, vectors, k);
  if (target.prefetchRows && rows.size() >= target.prefetchRows) {
    auto type = cast<MemRefType>(weight.getType());
    int64_t lanes = plan.lanes * (plan.pairs ? 2 : 1);
    int64_t bytes = lanes * type.getElementTypeBitWidth() / 8;
    Value ahead = add(k, kPrefetchBytes / (bytes * plan.vectors));
    for (unsigned j = 0; j < vectors; ++j)
      if (j * bytes % 64 == 0)
        memref::PrefetchOp::create(
            b, weight, ValueRange{panel, ahead, constant(j * lanes)},
            /*isWrite=*/false, /*localityHint=*/3,
            /*isDataCache=*/true);
  }
  Value column = plan.pairs ? multiply(k, 2) : k;
  for (auto [r, row] : llvm::enumerate(rows)) {
    Value element;
    if (plan.pairs) {
      Value pair = vector::LoadOp::create(
          b, VectorType::get({2}, b.getBF16Type()), x, ValueRange{row, column});
      Value bits = vector::BitCastOp::create(
          b, VectorType::get({1}, b.getI32Type()), pair);
      element = broadcastPair(
          vector::ExtractOp::create(b, bits, ArrayRef<int64_t>{0}));
    } else {
      Value scalar = memref::LoadOp::create(b, x, ValueRange{row, column});
      element = vector::BroadcastOp::create(b, getVectorType(),
                                            convert(scalar, accumulation));
    }
    for (unsigned j = 0; j < vectors; ++j) {
      Value &sum = sums[r * vectors + j];
      sum = fma(element, panelRow[j], sum);
    }
  }
  return sums;
}

/// The last input feature of an odd number: nothing past it is read, the other
/// half of the pair is zero.
SmallVector<Value> LinearKernel::lastOfPairs(ArrayRef<Value> accumulators,
                                             Value x, ArrayRef<Value> rows,
                                             Value panel, unsigned vectors,
                                             Value k) {
  SmallVector<Value> sums(accumulators);
  SmallVector<Value> panelRow = loadPanelRow(panel, vectors, k);
  Value column = multiply(k, 2);
  for (auto [r, row] : llvm::enumerate(rows)) {
    Value scalar = memref::LoadOp::create(b, x, ValueRange{row, column});
    Value bits = arith::ExtUIOp::create(
        b, b.getI32Type(), arith::BitcastOp::create(b, b.getI16Type(), scalar));
    Value element = broadcastPair(bits);
    for (unsigned j = 0; j < vectors; ++j) {
      Value &sum = sums[r * vectors + j];
      sum = fma(element, panelRow[j], sum);
    }
  }
  return sums;
}

SmallVector<Value> LinearKernel::loop(
    ArrayRef<Value> init, Value begin, Value end, int64_t unroll,
    function_ref<SmallVector<Value>(ArrayRef<Value>, Value)> body) {
  auto loop = scf::ForOp::create(
      b, begin, end, constant(unroll), init,
      [&](OpBuilder &, Location, Value k, ValueRange carried) {
        SmallVector<Value> sums(carried);
        for (int64_t u = 0; u < unroll; ++u)
          sums = body(sums, add(k, u));
        scf::YieldOp::create(b, sums);
      });
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value> LinearKernel::accumulate(ArrayRef<Value> accumulators,
                                            Value x, Value row, unsigned height,
                                            Value panel, unsigned vectors,
                                            OpFoldResult begin,
                                            OpFoldResult end) {
  SmallVector<Value> rows;
  for (unsigned r = 0; r < height; ++r)
    rows.push_back(add(row, r));
  auto body = [&](ArrayRef<Value> sums, Value k) {
    return step(sums, x, rows, panel, vectors, k);
  };
  int64_t pair = plan.pairs ? 2 : 1;
  auto halve = [&](Value value) {
    return pair == 1 ? value
                     : b.createOrFold<arith::DivUIOp>(value, constant(pair));
  };
  Value first = halve(getValueOrCreateConstantIndexOp(b, b.getLoc(), begin));
  Value limit = getValueOrCreateConstantIndexOp(b, b.getLoc(), end);
  Value last = halve(limit);

  std::optional<int64_t> staticBegin = getConstantIntValue(begin);
  std::optional<int64_t> staticEnd = getConstantIntValue(end);
  SmallVector<Value> sums(accumulators);
  if (staticBegin && staticEnd) {
    int64_t from = *staticBegin / pair, to = *staticEnd / pair;
    int64_t main = from + (to - from) / kUnroll * kUnroll;
    sums = loop(sums, first, constant(main), kUnroll, body);
    for (int64_t k = main; k < to; ++k)
      sums = body(sums, constant(k));
    if (*staticEnd % pair)
      sums = lastOfPairs(sums, x, rows, panel, vectors, constant(to));
    return sums;
  }
  Value steps = b.createOrFold<arith::SubIOp>(last, first);
  Value rest = b.createOrFold<arith::RemUIOp>(steps, constant(kUnroll));
  Value main = b.createOrFold<arith::SubIOp>(last, rest);
  sums = loop(sums, first, main, kUnroll, body);
  sums = loop(sums, main, last, 1, body);
  if (pair == 1)
    return sums;
  Value odd = arith::CmpIOp::create(
      b, arith::CmpIPredicate::ne,
      arith::RemUIOp::create(b, limit, constant(pair)), constant(0));
  auto branch = scf::IfOp::create(
      b, odd,
      [&](OpBuilder &, Location) {
        scf::YieldOp::create(b,
                             lastOfPairs(sums, x, rows, panel, vectors, last));
      },
      [&](OpBuilder &, Location) { scf::YieldOp::create(b, sums); });
  return SmallVector<Value>(branch.getResults());
}

void LinearKernel::finish(ArrayRef<Value> accumulators, Value row,
                          unsigned height, const PanelColumns &columns,
                          Value piece, Value first) {
  Type element = cast<MemRefType>(init.getType()).getElementType();
  Type biased = getBiasedType(accumulation, bias);
  for (unsigned j = 0; j < columns.vectors; ++j) {
    Value column = add(columns.begin, j * plan.lanes);
    Value mask = columns.masks[j];
    Value place = piece ? b.createOrFold<arith::SubIOp>(column, first) : column;
    Value addend;
    if (bias) {
      auto type = VectorType::get(
          {plan.lanes}, cast<MemRefType>(bias.getType()).getElementType());
      addend = convert(buildMaskedLoad(b, b.getLoc(), type, bias, column, mask),
                       biased);
    }
    for (unsigned r = 0; r < height; ++r) {
      Value sum = accumulators[r * columns.vectors + j];
      if (addend)
        sum = arith::AddFOp::create(b, convert(sum, biased), addend);
      buildMaskedStore(b, b.getLoc(), convert(sum, element),
                       piece ? piece : init, {add(row, r), place}, mask);
    }
  }
}

void LinearKernel::save(ArrayRef<Value> accumulators, Value scratch, Value row,
                        unsigned height, unsigned vectors) {
  for (unsigned r = 0; r < height; ++r)
    for (unsigned j = 0; j < vectors; ++j)
      vector::StoreOp::create(
          b, accumulators[r * vectors + j], scratch,
          ValueRange{add(row, r), constant(j * plan.lanes)});
}

SmallVector<Value> LinearKernel::restore(Value scratch, Value row,
                                         unsigned height, unsigned vectors) {
  SmallVector<Value> accumulators;
  for (unsigned r = 0; r < height; ++r)
    for (unsigned j = 0; j < vectors; ++j)
      accumulators.push_back(vector::LoadOp::create(
          b, getVectorType(), scratch,
          ValueRange{add(row, r), constant(j * plan.lanes)}));
  return accumulators;
}
