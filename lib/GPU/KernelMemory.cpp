//===- KernelMemory.cpp - The operands of a kernel ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/RegionUtils.h"
#include "norm/GPU/Target.h"

using namespace mlir;
using namespace mlir::norm;

/// What elements of type `element` are in memory, for LLVM.
static Type getStorageType(Type element) {
  MLIRContext *context = element.getContext();
  if (element.isIndex())
    return IntegerType::get(context, 64);
  // Truth values have a byte each.
  if (element.isInteger(1))
    return IntegerType::get(context, 8);
  if (isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 16)
    return IntegerType::get(context, element.getIntOrFloatBitWidth());
  return element;
}

/// `value`, of other elements of the same meaning, as elements of type
/// `element`.
static Value reinterpret(ImplicitLocOpBuilder &b, Value value, Type element) {
  if (getElementTypeOrSelf(value) == element)
    return value;
  Type type = element;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    type = vector.clone(element);
  if (element.isIndex() || getElementTypeOrSelf(value).isIndex())
    return arith::IndexCastOp::create(b, type, value);
  return arith::BitcastOp::create(b, type, value);
}

//===----------------------------------------------------------------------===//
// KernelSignature
//===----------------------------------------------------------------------===//

/// What a scalar of type `type` is as an argument of a kernel.
static Type getArgumentType(Type type) {
  return type.isInteger(1) ? type : getStorageType(type);
}

KernelSignature::KernelSignature(const RowSpace &space,
                                 SmallVector<LLVM::GlobalOp> arrays)
    : space(space), constantArrays(std::move(arrays)) {
  GenericOp op = space.getOp();
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    bool isArgument = !getConstant(i) || ShapedType::isDynamic(getOffset(i));
    positions.push_back(isArgument ? std::optional(numPositions++)
                                   : std::nullopt);
  }
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
    if (ShapedType::isDynamic(space.getSize(dim)))
      sizes.push_back(dim);
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i)
    for (auto [position, stride] :
         llvm::enumerate(space.getType(i).getStridesAndOffset().first))
      if (ShapedType::isDynamic(stride))
        strides.emplace_back(i, position);
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(op.getBody(), used);
  for (Value value : used) {
    Operation *def = value.getDefiningOp();
    if (def && def->hasTrait<OpTrait::ConstantLike>())
      constants.push_back(def);
    else
      captured.push_back(value);
  }
}

int64_t KernelSignature::getOffset(unsigned i) const {
  return space.getType(i).getStridesAndOffset().second;
}

SmallVector<Type> KernelSignature::getTypes(MLIRContext *context) const {
  GenericOp op = space.getOp();
  auto pointer = LLVM::LLVMPointerType::get(context, kGlobalMemory);
  auto i64 = IntegerType::get(context, 64);
  SmallVector<Type> types;
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i)
    if (getPosition(i))
      types.push_back(getConstant(i) ? Type(i64) : Type(pointer));
  types.append(sizes.size() + strides.size(), i64);
  for (Value value : captured)
    types.push_back(getArgumentType(value.getType()));
  return types;
}

SmallVector<Value>
KernelSignature::emitOperands(ImplicitLocOpBuilder &builder) const {
  GenericOp op = space.getOp();
  auto pointer =
      LLVM::LLVMPointerType::get(builder.getContext(), kGlobalMemory);
  Type i64 = builder.getI64Type();
  auto toI64 = [&](Value value) {
    return builder.createOrFold<arith::IndexCastOp>(i64, value);
  };
  SmallVector<Value> operands, strideOperands;
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    auto metadata = memref::ExtractStridedMetadataOp::create(builder, operand);
    if (!getConstant(i)) {
      Value address =
          memref::ExtractAlignedPointerAsIndexOp::create(builder, operand);
      Value bytes =
          arith::ConstantIndexOp::create(builder, space.getElementBytes(i));
      Value first = arith::AddIOp::create(
          builder, address,
          arith::MulIOp::create(builder, metadata.getOffset(), bytes));
      operands.push_back(
          LLVM::IntToPtrOp::create(builder, pointer, toI64(first)));
    } else if (getPosition(i)) {
      operands.push_back(toI64(metadata.getOffset()));
    }
    for (auto [owner, position] : strides)
      if (owner == i)
        strideOperands.push_back(toI64(metadata.getStrides()[position]));
  }
  for (unsigned dim : sizes) {
    auto [source, position] = op.getDimSource(dim);
    operands.push_back(toI64(memref::DimOp::create(builder, source, position)));
  }
  operands.append(strideOperands);
  for (Value value : captured)
    operands.push_back(
        reinterpret(builder, value, getArgumentType(value.getType())));
  return operands;
}

void KernelEmitter::takeCaptured(ArrayRef<BlockArgument> captured) {
  for (auto [value, argument] : llvm::zip(signature.getCaptured(), captured))
    uniform[value] = reinterpret(b, argument, value.getType());
}

//===----------------------------------------------------------------------===//
// Addresses
//===----------------------------------------------------------------------===//

Value KernelEmitter::getStride(unsigned operand, unsigned position, Type type) {
  int64_t known = space.getType(operand).getStridesAndOffset().first[position];
  if (!ShapedType::isDynamic(known))
    return constant(known, type);
  return convert(strideValues.lookup({operand, position}), type);
}

Value KernelEmitter::getInnerStride(unsigned operand) {
  SmallVector<unsigned> dims = op.getOperandDims(operand);
  auto *inner = llvm::find(dims, space.getRowDims().back());
  return getStride(operand, inner - dims.begin(), positionType);
}

Value KernelEmitter::emitBase(unsigned operand) {
  std::optional<unsigned> position = signature.getPosition(operand);
  LLVM::GlobalOp constantArray = signature.getConstant(operand);
  if (!constantArray)
    return arguments[*position];
  auto pointer = LLVM::LLVMPointerType::get(b.getContext(), kGlobalMemory);
  Value base =
      LLVM::AddressOfOp::create(b, pointer, constantArray.getSymName());
  Value offset = position ? Value(arguments[*position])
                          : constant(signature.getOffset(operand), i64);
  return emitAddress(operand, base, offset);
}

void KernelEmitter::emitRowPointers() {
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    Value offset = constant(0, i64);
    for (auto [position, dim] : llvm::enumerate(op.getOperandDims(i)))
      if (Value index = outerIndices.lookup(dim))
        offset = add(offset, mul(index, getStride(i, position, i64)));
    rowPointers.push_back(emitAddress(i, emitBase(i), offset));
  }
}

Value KernelEmitter::getAddress(unsigned operand, Value offset) {
  return emitAddress(operand, rowPointers[operand], offset);
}

Value KernelEmitter::emitAddress(unsigned operand, Value base, Value offset) {
  if (matchPattern(offset, m_Zero()))
    return base;
  // Offsets in a row are never negative: 32 bits of them are extended by zeros.
  return LLVM::GEPOp::create(
      b, base.getType(),
      getStorageType(space.getType(operand).getElementType()), base,
      ArrayRef<LLVM::GEPArg>{convert(offset, i64)},
      LLVM::GEPNoWrapFlags::inbounds);
}

Value KernelEmitter::getOffset(unsigned operand, Slot &slot) {
  if (space.isContiguous(operand))
    return slot.element;
  Value offset = constant(0, positionType);
  for (auto [position, dim] : llvm::enumerate(op.getOperandDims(operand))) {
    const auto *it = llvm::find(space.getRowDims(), dim);
    if (it == space.getRowDims().end())
      continue;
    Value index = slot.indices[it - space.getRowDims().begin()];
    offset =
        add(offset, mul(index, getStride(operand, position, positionType)));
  }
  return offset;
}

int64_t KernelEmitter::getAlignment(unsigned operand, int64_t count) const {
  constexpr int64_t kWidest = 16;
  int64_t bytes = space.getElementBytes(operand);
  return aligned ? std::min(kWidest, count * bytes) : bytes;
}

//===----------------------------------------------------------------------===//
// Loads
//===----------------------------------------------------------------------===//

Value KernelEmitter::load(unsigned operand, Value offset, int64_t count) {
  Type element = space.getType(operand).getElementType();
  Type type = getStorageType(element);
  if (count > 1)
    type = VectorType::get(count, type);
  return LLVM::LoadOp::create(b, type, getAddress(operand, offset),
                              getAlignment(operand, count));
}

/// `value`, as it is in memory, as elements of type `element`.
static Value fromStorage(ImplicitLocOpBuilder &b, Value value, Type element) {
  if (!element.isInteger(1))
    return reinterpret(b, value, element);
  Value zero = arith::ConstantOp::create(
      b, cast<TypedAttr>(b.getZeroAttr(value.getType())));
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, value, zero);
}

/// The reverse.
static Value toStorage(ImplicitLocOpBuilder &b, Value value) {
  Type element = getElementTypeOrSelf(value);
  Type storage = getStorageType(element);
  if (!element.isInteger(1))
    return reinterpret(b, value, storage);
  Type type = storage;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    type = vector.clone(storage);
  return arith::ExtUIOp::create(b, type, value);
}

Value KernelEmitter::loadUniform(unsigned operand) {
  Type element = space.getType(operand).getElementType();
  Value value = fromStorage(b, load(operand, constant(0, i64), 1), element);
  Type wanted = op.getBodyBlock()->getArgument(operand).getType();
  return isa<FloatType>(element) ? convertFloat(value, wanted) : value;
}

Value KernelEmitter::loadElement(unsigned operand, Slot &slot) {
  Type element = space.getType(operand).getElementType();
  int64_t stride = space.getInnerStride(operand), count = mapping.vector;
  Value offset = getOffset(operand, slot);
  auto loadAll = [&]() -> Value {
    if (count == 1 || stride == 0)
      return broadcast(load(operand, offset, 1));
    if (stride == 1)
      return load(operand, offset, count);
    SmallVector<Value> lanes;
    Value step = getInnerStride(operand);
    for (int64_t lane = 0; lane < count; ++lane) {
      lanes.push_back(load(operand, offset, 1));
      offset = add(offset, step);
    }
    return vector::FromElementsOp::create(
        b, cast<VectorType>(getVector(lanes[0].getType())), lanes);
  };
  Value value;
  bool isNeverEmpty =
      !ShapedType::isDynamic(space.getLength()) && space.getLength() > 0;
  if (!slot.inRange) {
    value = loadAll();
  } else if (isNeverEmpty) {
    // The row's first elements stand for those behind its end: no branch, and
    // nobody looks at them.
    offset = arith::SelectOp::create(b, slot.inRange, offset,
                                     constant(0, positionType));
    value = loadAll();
  } else {
    Type type = getVector(getStorageType(element));
    auto branch = scf::IfOp::create(b, TypeRange(type), slot.inRange,
                                    /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(b, loadAll());
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(
        b, arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(type)))
               .getResult());
    value = branch.getResult(0);
  }
  value = fromStorage(b, value, element);
  Type wanted = op.getBodyBlock()->getArgument(operand).getType();
  return isa<FloatType>(element) ? convertFloat(value, wanted) : value;
}

//===----------------------------------------------------------------------===//
// Stores
//===----------------------------------------------------------------------===//

void KernelEmitter::emitIf(Value condition, function_ref<void()> emit) {
  if (!condition)
    return emit();
  auto branch = scf::IfOp::create(b, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  emit();
}

void KernelEmitter::store(unsigned operand, Value offset, Value value) {
  auto vector = dyn_cast<VectorType>(value.getType());
  int64_t count = vector ? vector.getNumElements() : 1;
  LLVM::StoreOp::create(b, value, getAddress(operand, offset),
                        getAlignment(operand, count));
}

void KernelEmitter::storeUniform(unsigned output, Value value) {
  unsigned operand = op.getInputs().size() + output;
  Type element = space.getType(operand).getElementType();
  Value first = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, rowThread,
                                      constant(0, i32));
  if (partBegin)
    first = both(first,
                 arith::CmpIOp::create(b, arith::CmpIPredicate::eq, partBegin,
                                       constant(0, positionType)));
  if (isa<FloatType>(element))
    value = convertFloat(value, element);
  emitIf(both(rowExists, first),
         [&]() { store(operand, constant(0, i64), toStorage(b, value)); });
}

void KernelEmitter::storeElement(unsigned output, Value value, Slot &slot) {
  unsigned operand = op.getInputs().size() + output;
  Type element = space.getType(operand).getElementType();
  value = broadcast(value);
  if (isa<FloatType>(element))
    value = convertFloat(value, element);
  value = toStorage(b, value);
  int64_t stride = space.getInnerStride(operand);
  emitIf(both(rowExists, slot.inRange), [&]() {
    Value offset = getOffset(operand, slot);
    if (mapping.vector == 1 || stride == 1) {
      store(operand, offset, value);
      return;
    }
    Value step = getInnerStride(operand);
    int64_t count = stride == 0 ? 1 : mapping.vector;
    for (int64_t lane = 0; lane < count; ++lane) {
      store(operand, offset, vector::ExtractOp::create(b, value, lane));
      offset = add(offset, step);
    }
  });
}
