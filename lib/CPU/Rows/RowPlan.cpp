//===- RowPlan.cpp - How a row program is lowered -------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowPlan.h"

#include "../GenericParts.h"
#include "PipelineEmitter.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

using namespace mlir;
using namespace mlir::norm;

/// Up to here the reduction of a row is worth hiding behind two others: the
/// rows in flight stay in the first-level cache.
static constexpr int64_t kMaxLag2 = 1536;
/// Up to here skewing pays at all: of f32 and of 16-bit elements.
static constexpr int64_t kMaxLag1 = 2048, kMaxNarrowLag1 = 5120;

/// What rows share stays in the first-level cache up to here, in f32 elements:
/// beyond, rows are better in groups, which read it once.
static constexpr int64_t kMaxSharedCached = 12288;
/// Up to here rows in groups pay.
static constexpr int64_t kMaxGrouped = 8192;

/// Rows in registers go through the stages in groups of so many elements: their
/// code is one straight line.
static constexpr int64_t kGroupElements = 512;

/// Rows of so many vectors at most have code of their own where the length is
/// known at run time only.
static constexpr int64_t kShortVectors = 4;

/// Up to here a vector of rows holds one element of each.
static constexpr int64_t kMaxTiny = 8;

/// Half of a last-level cache of 32 MiB: from here on stores that bypass it
/// win, since a store to memory otherwise reads the line first.
static constexpr int64_t kStreamBytes = int64_t(16) << 20;

/// The widest float of the body, in bits; integers count as of 32.
static unsigned getWidestBits(GenericOp op) {
  unsigned bits = 32;
  // What is summed in f32 decides.
  if (op->hasAttr(kF32SumsAttrName))
    return bits;
  auto visit = [&](Type type) {
    if (auto floatType = dyn_cast<FloatType>(type))
      bits = std::max(bits, floatType.getWidth());
  };
  for (BlockArgument argument : op.getBodyBlock()->getArguments())
    visit(argument.getType());
  for (Operation &nested : *op.getBodyBlock())
    for (Type type : nested.getResultTypes())
      visit(type);
  return bits;
}

/// Whether all that is loaded and stored along the vector dim is bf16 and
/// contiguous.
static bool canPair(GenericOp op, const RowNest &nest) {
  unsigned vectorDim = *nest.getVectorDim();
  auto isPairable = [&](unsigned i) {
    Value operand = op->getOperand(i);
    SmallVector<unsigned> dims = op.getOperandDims(i);
    if (!llvm::is_contained(dims, vectorDim))
      return true;
    auto type = cast<MemRefType>(operand.getType());
    return type.getElementType().isBF16() && dims.back() == vectorDim &&
           type.isLastDimUnitStride();
  };
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i)
    if (!isPairable(i))
      return false;
  auto isF32 = [](Type type) { return type.isF32(); };
  if (!llvm::all_of(op.getBodyBlock()->getArgumentTypes(), isF32) ||
      !llvm::all_of(op.getYield().getValues().getTypes(), isF32))
    return false;
  return llvm::none_of(op.getBody().getOps<IndexOp>(), [&](IndexOp index) {
    return index.getDim() == vectorDim;
  });
}

/// The inputs that vary along the vector dim, but not from row to row.
static unsigned countSharedInputs(GenericOp op, const RowNest &nest) {
  unsigned rowDim = nest.getLoops()[nest.getRowLevel() - 1];
  return llvm::count_if(op.getBodyBlock()->getArguments(),
                        [&](BlockArgument argument) {
                          return nest.varies(argument, *nest.getVectorDim()) &&
                                 !nest.varies(argument, rowDim);
                        });
}

/// Whether elements along the vector dim are converted from or to fewer than 32
/// bits.
static bool convertsElements(GenericOp op, const RowNest &nest) {
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i)
    if (llvm::is_contained(op.getOperandDims(i), *nest.getVectorDim()) &&
        getBits(getElementTypeOrSelf(op->getOperand(i))) < 32)
      return true;
  return false;
}

static bool canPipeline(const RowNest &nest, int64_t rows) {
  PipelineOptions options;
  options.rows = rows;
  return PipelineEmitter::canEmit(nest, options);
}

/// The vectors of an iteration where a lane is a row, as many as have room for
/// their accumulators in registers: the more, the longer the pieces of memory
/// that are read one after the other.
static int64_t getUnrollAcrossRows(GenericOp op, const RowNest &nest,
                                   const CPUTarget &target, int64_t lanes) {
  // An accumulator each, and the shift of a center.
  int64_t numHeld = 0;
  for (Operation &nested : *op.getBodyBlock())
    numHeld += isa<CenterOp>(nested) ? 2 : isa<ReduceOp>(nested) ? 1 : 0;
  bool isLong = llvm::any_of(*op.getBodyBlock(), [](Operation &nested) {
    return isa<math::MathDialect>(nested.getDialect());
  });
  // Some registers hold what is being added. Much code gains nothing.
  int64_t most = std::clamp<int64_t>((int64_t(target.numVectorRegisters) - 4) /
                                         std::max<int64_t>(numHeld, 1),
                                     1, isLong ? 4 : 10);
  int64_t size = op.getStaticLoopSizes()[*nest.getVectorDim()];
  if (ShapedType::isDynamic(size))
    return most;
  // Iterations of equal size.
  int64_t vectors = std::max<int64_t>(llvm::divideCeil(size, lanes), 1);
  return llvm::divideCeil(vectors, llvm::divideCeil(vectors, most));
}

/// Whether rows are so short that a vector is better one of rows. Permutations
/// of two registers are one instruction with AVX-512 only.
static bool isTiny(GenericOp op, const RowNest &nest, const CPUTarget &target,
                   int64_t size) {
  return target.isX86 && target.hasMasks && size >= 2 && size <= kMaxTiny &&
         getWidestBits(op) == 32 && NestEmitter::canEmitAcrossRows(nest);
}

int64_t RowPlan::countVectors(int64_t size) const {
  return paired ? 2 * llvm::divideCeil(size, 2 * lanes)
                : llvm::divideCeil(size, lanes);
}

void RowPlan::setInRegisters(int64_t size, bool centers) {
  // One transposed reduction for several rows, of which a center has two. Rows
  // of a few vectors share it with as many as it has lanes: what it takes is
  // the more beside them. Chains of additions are those of the rows.
  unroll = countVectors(size);
  accumulators = llvm::divideCeil(unroll, 4);
  int64_t most = lanes;
  if (!centers && !paired && lanes > 8 && unroll > 3)
    most = 4;
  rows = most;
  if (!centers || unroll > 4)
    rows = std::min<int64_t>(llvm::bit_floor(uint64_t(kGroupElements / size)),
                             most);
  lag = 2;
}

/// Whether a row has a mean that is subtracted.
static bool hasCenter(GenericOp op) {
  return !op.getBody().getOps<CenterOp>().empty();
}

RowPlan RowPlan::getShortPlan(GenericOp op) const {
  RowPlan plan = *this;
  plan.setInRegisters(maxShort, hasCenter(op));
  // Every vector of every row has a mask.
  plan.rows = std::min<int64_t>(plan.rows, 8);
  return plan;
}

/// Whether rows of a size known at run time may be in registers: vectors of
/// which nothing exists cost little.
static bool canBeShort(GenericOp op, const RowNest &nest,
                       const CPUTarget &target) {
  if (!target.hasMasks || !canPipeline(nest, 2))
    return false;
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    SmallVector<unsigned> dims = op.getOperandDims(i);
    auto type = cast<MemRefType>(op->getOperand(i).getType());
    if (llvm::is_contained(dims, *nest.getVectorDim()) &&
        (dims.back() != *nest.getVectorDim() || !type.isLastDimUnitStride()))
      return false;
  }
  return true;
}

RowPlan RowPlan::make(GenericOp op, const RowNest &nest,
                      const CPUTarget &target) {
  RowPlan plan = makeForMany(op, nest, target);
  if (op->hasAttr(kFewRowsAttrName)) {
    plan.lag = 0;
    plan.rows = 1;
    plan.maxPipelined = 0;
  }
  return plan;
}

RowPlan RowPlan::makeForMany(GenericOp op, const RowNest &nest,
                             const CPUTarget &target) {
  RowPlan plan;
  if (!nest.getVectorDim())
    return plan;
  plan.lanes = target.getLanes(getWidestBits(op));
  plan.paired = target.isX86 && plan.lanes > 1 && canPair(op, nest);
  // A dot product of bf16 takes both vectors of a pair into one accumulator.
  bool hasDot = plan.paired && target.hasBf16Convert && plan.lanes == 16 &&
                nest.getLoopOf(*nest.getVectorDim()) >= nest.getRowLevel();
  if (hasDot)
    plan.unroll *= 2;
  if (target.isX86)
    plan.streamBytes = kStreamBytes;
  int64_t size = op.getStaticLoopSizes()[*nest.getVectorDim()];
  if (!plan.paired && nest.getRowLevel() < nest.getLoops().size() &&
      nest.getLoopOf(*nest.getVectorDim()) < nest.getRowLevel())
    plan.unroll = getUnrollAcrossRows(op, nest, target, plan.lanes);
  if (!canPipeline(nest, 1))
    return plan;
  if (ShapedType::isDynamic(size)) {
    plan.lag = 2;
    plan.maxPipelined = kMaxLag2;
    if (canBeShort(op, nest, target))
      plan.maxShort = kShortVectors * plan.lanes;
    return plan;
  }
  if (size == 0 || size > kMaxGrouped)
    return plan;

  if (isTiny(op, nest, target, size)) {
    plan.unroll = 1;
    plan.paired = false;
    plan.rows = plan.lanes;
    return plan;
  }

  // What is the same in all rows is loaded once for a group of rows.
  bool centers = hasCenter(op), narrow = convertsElements(op, nest);
  unsigned numShared = countSharedInputs(op, nest);
  int64_t rows = 1, lag = 1;
  if (plan.countVectors(size) <= 8) {
    plan.setInRegisters(size, centers);
    rows = plan.rows;
    lag = plan.lag;
  } else if (size <= kMaxLag2 && op->getParentOfType<LoopLikeOpInterface>()) {
    // The rows of a block, after a linear layer: they come from and go to the
    // second-level cache or beyond, one stream of stores is faster than
    // several.
    lag = plan.paired ? 1 : 2;
  } else if (size <= kMaxLag2 && narrow) {
    // Two rows share what is the same in both and its conversion; all
    // accumulators stay in half of the registers: of 16 a center gets one a
    // row.
    rows = 2;
    lag = 2;
    bool isScarce = target.numVectorRegisters < 32;
    plan.unroll = centers || isScarce ? 2 : 4;
    if (hasDot)
      plan.unroll *= 2;
    plan.accumulators = centers && isScarce ? 1 : 0;
  } else if (size <= kMaxLag2) {
    lag = 2;
  } else if (plan.paired && centers && target.numVectorRegisters < 32) {
    // The accumulators of two stages would be spilled.
    return plan;
  } else if (size > (narrow ? kMaxNarrowLag1 : kMaxLag1)) {
    if (numShared * size <= kMaxSharedCached || plan.paired)
      return plan;
    rows = 2;
  }
  rows = std::min(rows, plan.lanes);
  if (!canPipeline(nest, rows)) {
    rows = 1;
    plan.accumulators = 0;
  }
  plan.rows = rows;
  plan.lag = lag;
  plan.maxPipelined = size;
  return plan;
}

bool RowPlan::fits(GenericOp op, const RowNest &nest,
                   const CPUTarget &target) const {
  constexpr int64_t kMaxVectors = 64;
  if (lanes > kMaxVectors || unroll > kMaxVectors)
    return false;
  if (!target.isX86 && (paired || streamBytes > 0))
    return false;
  if (rows > 1 && lag == 0) {
    int64_t size =
        nest.getVectorDim() ? op.getStaticLoopSizes()[*nest.getVectorDim()] : 0;
    if (rows != lanes || paired || unroll != 1 || size < 2 || size > kMaxTiny ||
        !NestEmitter::canEmitAcrossRows(nest))
      return false;
  }
  if (maxShort > 0 &&
      (maxShort > kGroupElements || !nest.getVectorDim() ||
       !ShapedType::isDynamic(op.getStaticLoopSizes()[*nest.getVectorDim()]) ||
       !canBeShort(op, nest, target)))
    return false;
  return !paired || (nest.getVectorDim() && lanes > 1 && canPair(op, nest));
}

DictionaryAttr RowPlan::toAttr(MLIRContext *context) const {
  Builder builder(context);
  auto entry = [&](StringRef name, int64_t value) {
    return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
  };
  return builder.getDictionaryAttr(
      {entry("accumulators", accumulators), entry("lag", lag),
       entry("lanes", lanes), entry("max_pipelined", maxPipelined),
       entry("max_short", maxShort),
       builder.getNamedAttr("paired", builder.getBoolAttr(paired)),
       entry("rows", rows), entry("stream_bytes", streamBytes),
       entry("unroll", unroll)});
}

FailureOr<RowPlan> RowPlan::fromAttr(Attribute attribute) {
  auto dictionary = dyn_cast_or_null<DictionaryAttr>(attribute);
  if (!dictionary)
    return failure();
  bool valid = true;
  auto get = [&](StringRef name, int64_t least) {
    auto value = dictionary.getAs<IntegerAttr>(name);
    if (value && value.getType().isInteger(64) && value.getInt() >= least)
      return value.getInt();
    valid = false;
    return least;
  };
  RowPlan plan;
  plan.lanes = get("lanes", 1);
  plan.unroll = get("unroll", 1);
  plan.accumulators = get("accumulators", 0);
  plan.rows = get("rows", 1);
  plan.lag = get("lag", 0);
  plan.maxPipelined = get("max_pipelined", 0);
  plan.maxShort = get("max_short", 0);
  plan.streamBytes = get("stream_bytes", 0);
  auto paired = dictionary.getAs<BoolAttr>("paired");
  plan.paired = paired && paired.getValue();
  valid &= !plan.paired || plan.unroll % 2 == 0;
  valid &= llvm::isPowerOf2_64(plan.lanes) && llvm::isPowerOf2_64(plan.rows) &&
           plan.rows <= plan.lanes && plan.lag <= 2 &&
           plan.accumulators <= plan.unroll;
  if (!valid)
    return failure();
  return plan;
}
