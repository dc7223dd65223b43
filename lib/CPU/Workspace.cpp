//===- Workspace.cpp - Temporaries as parts of the workspace --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"
#include "WorkspaceBound.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
/// A temporary and the first and last op of the body that may touch it.
struct Temporary {
  memref::AllocOp alloc;
  unsigned begin = 0;
  unsigned end = 0;
  /// Its place among the allocations: ties go to the earlier.
  unsigned order = 0;
};

/// A part of the workspace: temporaries whose lifetimes do not meet share it.
struct Slot {
  SmallVector<memref::AllocOp> allocs;
  unsigned end = 0;
};
} // namespace

//===----------------------------------------------------------------------===//
// Lifetimes
//===----------------------------------------------------------------------===//

/// Whether memory may be reached by what `user` makes of `used`, a memref or
/// the address of one.
static bool leadsToMemory(Value used, Operation *user, Type result) {
  if (isa<BaseMemRefType>(result))
    return true;
  // Tile registers are loaded from addresses, which CSE and loop-invariant code
  // motion move away from the loads.
  bool isAddress = !isa<BaseMemRefType>(used.getType()) ||
                   isa<memref::ExtractAlignedPointerAsIndexOp>(user);
  return isAddress && (result.isIndex() || result.isInteger(64) ||
                       isa<LLVM::LLVMPointerType>(result));
}

/// When the memory of `alloc` is used, also through views of it and addresses.
static Temporary getLifetime(memref::AllocOp alloc,
                             const DenseMap<Operation *, unsigned> &positions) {
  Block *block = alloc->getBlock();
  Temporary result{alloc, /*begin=*/~0u};
  SmallVector<Value> worklist{alloc.getResult()};
  SmallPtrSet<Value, 8> seen;
  while (!worklist.empty()) {
    Value used = worklist.pop_back_val();
    for (Operation *user : used.getUsers()) {
      auto push = [&](ValueRange values) {
        for (Value value : values)
          if (leadsToMemory(used, user, value.getType()) &&
              seen.insert(value).second)
            worklist.push_back(value);
      };
      unsigned position = positions.lookup(block->findAncestorOpInBlock(*user));
      result.begin = std::min(result.begin, position);
      result.end = std::max(result.end, position);
      push(user->getResults());
      // A region may hand the memory to what is around it.
      if (user->hasTrait<OpTrait::IsTerminator>())
        push(user->getParentOp()->getResults());
    }
  }
  return result;
}

/// Places the temporaries: each in a part of the workspace that is free again,
/// one of the same type if there is one, else in a new part.
static SmallVector<Slot> assignSlots(MutableArrayRef<Temporary> temporaries) {
  llvm::sort(temporaries, [](const Temporary &a, const Temporary &b) {
    return std::tie(a.begin, a.order) < std::tie(b.begin, b.order);
  });
  SmallVector<Slot> slots;
  for (const Temporary &temporary : temporaries) {
    memref::AllocOp alloc = temporary.alloc;
    Slot *best = nullptr;
    for (Slot &slot : slots) {
      if (slot.end >= temporary.begin)
        continue;
      memref::AllocOp last = slot.allocs.back();
      bool same = last.getType() == alloc.getType() &&
                  last.getDynamicSizes() == alloc.getDynamicSizes();
      if (!best || same)
        best = &slot;
      if (same)
        break;
    }
    if (!best)
      best = &slots.emplace_back();
    best->allocs.push_back(alloc);
    best->end = temporary.end;
  }
  return slots;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// Clones what computes `value` from the keys of `mapping`. Fails where it
/// depends on anything else.
static FailureOr<Value> cloneSlice(ImplicitLocOpBuilder &builder, Value value,
                                   IRMapping &mapping) {
  if (Value known = mapping.lookupOrNull(value))
    return known;
  Operation *op = value.getDefiningOp();
  if (!op || !isPure(op) || op->getNumRegions() != 0)
    return failure();
  for (Value operand : op->getOperands())
    if (failed(cloneSlice(builder, operand, mapping)))
      return failure();
  builder.clone(*op, mapping);
  return mapping.lookup(value);
}

/// Adds to `overflow` whether `bytes`, a sum of numbers that are not negative,
/// left the signed numbers.
static void noteOverflow(ImplicitLocOpBuilder &builder, Value bytes,
                         Value &overflow) {
  Value zero = arith::ConstantIndexOp::create(builder, 0);
  Value isTooMuch = builder.createOrFold<arith::CmpIOp>(
      arith::CmpIPredicate::slt, bytes, zero);
  overflow = builder.createOrFold<arith::OrIOp>(overflow, isTooMuch);
}

/// The product of `bytes` and `size`, which may be negative. Adds to `overflow`
/// whether it is no count of bytes.
static Value emitProduct(ImplicitLocOpBuilder &builder, Value bytes, Value size,
                         Value &overflow) {
  std::optional<int64_t> knownBytes = getConstantIntValue(bytes);
  std::optional<int64_t> knownSize = getConstantIntValue(size);
  int64_t known;
  if (knownBytes && knownSize && *knownBytes >= 0 && *knownSize >= 0 &&
      !llvm::MulOverflow(*knownBytes, *knownSize, known))
    return arith::ConstantIndexOp::create(builder, known);
  Type i64 = builder.getI64Type();
  auto product = arith::MulUIExtendedOp::create(
      builder, builder.createOrFold<arith::IndexCastOp>(i64, bytes),
      builder.createOrFold<arith::IndexCastOp>(i64, size));
  Value zero = arith::ConstantIntOp::create(builder, i64, 0);
  Value carries = arith::CmpIOp::create(builder, arith::CmpIPredicate::ne,
                                        product.getHigh(), zero);
  overflow = builder.createOrFold<arith::OrIOp>(overflow, carries);
  Value low = arith::IndexCastOp::create(builder, builder.getIndexType(),
                                         product.getLow());
  noteOverflow(builder, low, overflow);
  return low;
}

/// The bytes of `alloc`, rounded up to the alignment. Adds to `overflow`, if
/// given, whether they are too many.
static FailureOr<Value> emitBytes(ImplicitLocOpBuilder &builder,
                                  memref::AllocOp alloc, IRMapping &mapping,
                                  Value *overflow) {
  MemRefType type = alloc.getType();
  std::optional<int64_t> product = getElementBytes(type.getElementType());
  for (int64_t size : type.getShape())
    if (!ShapedType::isDynamic(size) && product)
      product = llvm::checkedMul(*product, size);
  if (!product ||
      *product > std::numeric_limits<int64_t>::max() - kWorkspaceAlignment) {
    alloc.emitError("a temporary of type ") << type << " has too many bytes";
    return failure();
  }
  int64_t known = *product;
  auto constant = [&](int64_t value) {
    return arith::ConstantIndexOp::create(builder, value).getResult();
  };
  if (type.hasStaticShape())
    return constant(llvm::alignTo(known, kWorkspaceAlignment));
  Value bytes = constant(known);
  for (Value size : alloc.getDynamicSizes()) {
    FailureOr<Value> cloned = cloneSlice(builder, size, mapping);
    if (failed(cloned)) {
      alloc.emitError("a temporary's size does not follow from the sizes of "
                      "the function's arguments");
      return failure();
    }
    bytes = overflow ? emitProduct(builder, bytes, *cloned, *overflow)
                     : builder.createOrFold<arith::MulIOp>(bytes, *cloned);
  }
  bytes = builder.createOrFold<arith::AddIOp>(
      bytes, constant(kWorkspaceAlignment - 1));
  return builder.createOrFold<arith::AndIOp>(bytes,
                                             constant(-kWorkspaceAlignment));
}

/// The offsets of the slots, and behind them that of the end. Sets `overflow`,
/// if given, to whether they are too large.
static FailureOr<SmallVector<Value>> emitOffsets(ImplicitLocOpBuilder &builder,
                                                 ArrayRef<Slot> slots,
                                                 IRMapping &mapping,
                                                 Value *overflow = nullptr) {
  if (overflow)
    *overflow = arith::ConstantIntOp::create(builder, builder.getI1Type(), 0);
  SmallVector<Value> offsets{arith::ConstantIndexOp::create(builder, 0)};
  for (const Slot &slot : slots) {
    Value size;
    for (memref::AllocOp alloc : slot.allocs) {
      FailureOr<Value> bytes = emitBytes(builder, alloc, mapping, overflow);
      if (failed(bytes))
        return failure();
      size = size ? builder.createOrFold<arith::MaxUIOp>(size, *bytes) : *bytes;
    }
    offsets.push_back(
        builder.createOrFold<arith::AddIOp>(offsets.back(), size));
    if (overflow)
      noteOverflow(builder, offsets.back(), *overflow);
  }
  return offsets;
}

/// The bytes of the workspace that are enough for all sizes; nothing if there
/// are none.
static std::optional<int64_t> findMostBytes(ArrayRef<Slot> slots) {
  std::optional<int64_t> sum = kWorkspaceAlignment - 1;
  for (const Slot &slot : slots) {
    int64_t most = 0;
    for (memref::AllocOp alloc : slot.allocs) {
      std::optional<int64_t> bytes = findMostBytes(alloc);
      if (!bytes)
        return std::nullopt;
      most = std::max(most, *bytes);
    }
    sum = sum ? llvm::checkedAdd(*sum, most) : sum;
  }
  return sum;
}

/// Creates the function that returns the bytes of the workspace: room for the
/// parts and for aligning the first of them; kTooManyBytes if there are too
/// many.
static FailureOr<std::optional<int64_t>>
makeSizeFunction(func::FuncOp body, const KernelInterface &kernel,
                 ArrayRef<Slot> slots, ValueRange symbols) {
  Type i64 = IntegerType::get(body.getContext(), 64);
  func::FuncOp function =
      createFunction(body, kernel.getWorkspaceName(),
                     SmallVector<Type>(kernel.sizes.size(), i64), {i64}, kernel,
                     /*isPublic=*/kernel.threads.empty());
  auto builder = ImplicitLocOpBuilder::atBlockEnd(body.getLoc(),
                                                  &function.getBody().front());
  IRMapping mapping;
  mapping.map(symbols, emitSymbols(builder, kernel, function.getArguments()));
  Value overflow;
  FailureOr<SmallVector<Value>> offsets =
      emitOffsets(builder, slots, mapping, &overflow);
  if (failed(offsets))
    return failure();
  Value total = builder.createOrFold<arith::IndexCastOp>(i64, offsets->back());
  std::optional<int64_t> constant = getConstantIntValue(offsets->back());
  if (!constant || *constant != 0) {
    Value slack =
        arith::ConstantIntOp::create(builder, i64, kWorkspaceAlignment - 1);
    Value zero = arith::ConstantIntOp::create(builder, i64, 0);
    Value isZero = builder.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::eq,
                                                       total, zero);
    Value padded = builder.createOrFold<arith::AddIOp>(total, slack);
    total = builder.createOrFold<arith::SelectOp>(isZero, zero, padded);
    // The slack above may be what is too much.
    Value tooMany = arith::ConstantIntOp::create(builder, i64, kTooManyBytes);
    Value isNegative = builder.createOrFold<arith::CmpIOp>(
        arith::CmpIPredicate::slt, total, zero);
    overflow = builder.createOrFold<arith::OrIOp>(overflow, isNegative);
    total = builder.createOrFold<arith::SelectOp>(overflow, tooMany, total);
    constant = getConstantIntValue(total);
  }
  func::ReturnOp::create(builder, total);

  if (kernel.threads.empty())
    describeFunction(function, CFunctionKind::Workspace, kernel, /*extra=*/{},
                     constant, constant ? constant : findMostBytes(slots));
  return constant;
}

//===----------------------------------------------------------------------===//
// The body
//===----------------------------------------------------------------------===//

/// Replaces the allocations by parts of `workspace`.
static LogicalResult placeTemporaries(func::FuncOp body, ArrayRef<Slot> slots,
                                      ValueRange symbols, Value workspace) {
  // Behind what the sizes are computed from: nothing but the symbols, which are
  // arguments.
  auto builder = ImplicitLocOpBuilder::atBlockBegin(body.getLoc(),
                                                    &body.getBody().front());
  IRMapping mapping;
  mapping.map(symbols, symbols);
  FailureOr<SmallVector<Value>> offsets = emitOffsets(builder, slots, mapping);
  if (failed(offsets))
    return failure();
  Value slack =
      arith::ConstantIndexOp::create(builder, kWorkspaceAlignment - 1);
  Value mask = arith::ConstantIndexOp::create(builder, -kWorkspaceAlignment);
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, workspace);
  Value aligned = arith::AndIOp::create(
      builder, arith::AddIOp::create(builder, address, slack), mask);
  Value first = arith::SubIOp::create(builder, aligned, address);
  OpFoldResult bytes = getAsOpFoldResult(
      builder.createOrFold<arith::AddIOp>(offsets->back(), slack));
  std::optional<int64_t> known = getConstantIntValue(bytes);
  Value all = memref::ReinterpretCastOp::create(
      builder,
      MemRefType::get({known ? *known : ShapedType::kDynamic},
                      builder.getI8Type()),
      workspace, builder.getIndexAttr(0), ArrayRef<OpFoldResult>{bytes},
      ArrayRef<OpFoldResult>{builder.getIndexAttr(1)});
  for (auto [slot, offset] : llvm::zip_first(slots, *offsets)) {
    Value start = builder.createOrFold<arith::AddIOp>(first, offset);
    for (memref::AllocOp alloc : slot.allocs) {
      ImplicitLocOpBuilder local(alloc.getLoc(), alloc);
      MemRefType type = alloc.getType();
      Value view = memref::ViewOp::create(local, type, all, start,
                                          alloc.getDynamicSizes());
      Value buffer = memref::AssumeAlignmentOp::create(
          local, view, static_cast<uint32_t>(kWorkspaceAlignment));
      alloc.getResult().replaceAllUsesWith(buffer);
      alloc.erase();
    }
  }
  return success();
}

/// Finds the allocations; those that the workspace cannot hold are diagnosed.
static FailureOr<SmallVector<memref::AllocOp>> collect(func::FuncOp body) {
  SmallVector<memref::AllocOp> allocs;
  SmallVector<memref::DeallocOp> deallocs;
  WalkResult walk = body.walk([&](Operation *op) -> WalkResult {
    if (auto dealloc = dyn_cast<memref::DeallocOp>(op))
      deallocs.push_back(dealloc);
    auto alloc = dyn_cast<memref::AllocOp>(op);
    if (!alloc)
      return WalkResult::advance();
    if (alloc->getBlock() != &body.getBody().front())
      return alloc.emitError("this needs memory that is allocated inside a "
                             "loop or branch, where a kernel has none: compute "
                             "it outside");
    MemRefType type = alloc.getType();
    Type element = type.getElementType();
    if (!type.getLayout().isIdentity() || type.getMemorySpace() ||
        alloc.getAlignment().value_or(1) > kWorkspaceAlignment ||
        !(element.isIntOrIndexOrFloat() || isa<VectorType>(element)))
      return alloc.emitError("a temporary of type ")
             << type << " cannot be placed in the workspace";
    allocs.push_back(alloc);
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();
  for (memref::DeallocOp dealloc : deallocs)
    dealloc.erase();
  return allocs;
}

FailureOr<std::optional<int64_t>>
mlir::norm::planWorkspace(func::FuncOp body, const KernelInterface &kernel,
                          ValueRange symbols, Value workspace) {
  FailureOr<SmallVector<memref::AllocOp>> allocs = collect(body);
  if (failed(allocs))
    return failure();
  DenseMap<Operation *, unsigned> positions;
  for (auto [i, op] : llvm::enumerate(body.getBody().front()))
    positions[&op] = i;
  SmallVector<Temporary> temporaries;
  for (memref::AllocOp alloc : *allocs) {
    if (alloc.use_empty()) {
      alloc.erase();
      continue;
    }
    temporaries.push_back(getLifetime(alloc, positions));
    temporaries.back().order = temporaries.size();
  }
  SmallVector<Slot> slots = assignSlots(temporaries);
  FailureOr<std::optional<int64_t>> bytes =
      makeSizeFunction(body, kernel, slots, symbols);
  if (failed(bytes) || slots.empty())
    return bytes;
  if (failed(placeTemporaries(body, slots, symbols, workspace)))
    return failure();
  return bytes;
}
