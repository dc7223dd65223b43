//===- KernelConstants.cpp - Constant tensors that kernels read -----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelConstants.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Iterators.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "norm/CPU/ElementSize.h"
#include "norm/GPU/Target.h"

using namespace mlir;
using namespace mlir::norm;

/// The bytes of constants that the kernels of a module may have. PTX writes
/// each as a decimal number of its own, for which ptxas needs about 100 bytes
/// of memory.
static constexpr int64_t kMaxConstantBytes = int64_t(64) << 20;

/// Whether `op` makes a view whose offset, that of its type, is from the same
/// address as its source's.
static bool keepsBase(Operation *op) {
  return isa<memref::CastOp, memref::CollapseShapeOp, memref::ExpandShapeOp,
             memref::ReinterpretCastOp, memref::SubViewOp, memref::TransposeOp>(
      op);
}

/// The op that `buffer` is a view of the result of, if it names a global.
static memref::GetGlobalOp findGetGlobal(Value buffer) {
  while (Operation *def = buffer.getDefiningOp()) {
    if (auto global = dyn_cast<memref::GetGlobalOp>(def))
      return global;
    if (!keepsBase(def))
      return nullptr;
    buffer = cast<ViewLikeOpInterface>(def).getViewSource();
  }
  return nullptr;
}

/// The bytes of `elements`, as they are in a device's memory; null if there are
/// not as many as the type says.
static ElementsAttr getBytes(ElementsAttr elements, int64_t bytes) {
  Type i8 = IntegerType::get(elements.getContext(), 8);
  // An array of none has no text in PTX.
  auto type = RankedTensorType::get(std::max<int64_t>(1, bytes), i8);
  if (bytes == 0)
    return DenseElementsAttr::get(type, IntegerAttr::get(i8, 0));
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || static_cast<int64_t>(blob->getData().size()) != bytes)
      return nullptr;
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  }
  auto dense = dyn_cast<DenseElementsAttr>(elements);
  if (!dense)
    return nullptr;
  SmallVector<char, 0> data;
  data.reserve(bytes);
  if (dense.getElementType().isInteger(1)) {
    for (bool value : dense.getValues<bool>())
      data.push_back(static_cast<char>(value));
  } else {
    ArrayRef<char> raw = dense.getRawData();
    int64_t copies = dense.isSplat() ? dense.getNumElements() : 1;
    for (int64_t i = 0; i < copies; ++i)
      llvm::append_range(data, raw);
  }
  if (static_cast<int64_t>(data.size()) != bytes)
    return nullptr;
  return DenseElementsAttr::getFromRawBuffer(type, data);
}

/// The constants that `kernels` has.
static SmallVector<LLVM::GlobalOp> getConstants(gpu::GPUModuleOp kernels) {
  SmallVector<LLVM::GlobalOp> constants;
  for (auto global : kernels.getOps<LLVM::GlobalOp>())
    if (global.getConstant() && global.getAddrSpace() == kGlobalMemory)
      constants.push_back(global);
  return constants;
}

/// The array of `kernels` that holds what `op` reads: one for equal bytes,
/// whatever their types and shapes.
static FailureOr<LLVM::GlobalOp> addConstant(memref::GetGlobalOp op,
                                             gpu::GPUModuleOp kernels) {
  auto global = SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(
      op, op.getNameAttr());
  auto elements = global ? dyn_cast_or_null<ElementsAttr>(
                               global.getInitialValue().value_or(Attribute()))
                         : ElementsAttr();
  if (!global || !global.getConstant() || !elements)
    return op.emitOpError("is no constant: a GPU has no other memory of its "
                          "own");
  // In one go the number of bytes may be none of 64 bits.
  int64_t count = elements.getNumElements();
  int64_t elementBytes = getElementBytes(elements.getElementType());
  if (count > kMaxConstantBytes / elementBytes)
    return op.emitError("a constant of ")
           << count << " elements of type " << elements.getElementType()
           << " is too large: kernels have at most " << kMaxConstantBytes
           << " bytes of constants; make it an argument";
  int64_t bytes = count * elementBytes;
  SmallVector<LLVM::GlobalOp> present = getConstants(kernels);
  int64_t total = 0;
  for (LLVM::GlobalOp constant : present)
    total += cast<LLVM::LLVMArrayType>(constant.getType()).getNumElements();
  ElementsAttr data = getBytes(elements, bytes);
  if (!data)
    return op.emitError("a constant's data has not the size that its type "
                        "tells");
  for (LLVM::GlobalOp constant : present)
    if (constant.getValueAttr() == data)
      return constant;
  if (total + bytes > kMaxConstantBytes)
    return op.emitError("with this constant the kernels have ")
           << total + bytes << " bytes of constants, but they may have at most "
           << kMaxConstantBytes << ": make it an argument";
  auto builder = OpBuilder::atBlockBegin(kernels.getBody());
  if (!present.empty())
    builder.setInsertionPointAfter(present.back());
  // No function has such a name: PTX has none with dots.
  std::string name = "norm_constant." + std::to_string(present.size());
  return LLVM::GlobalOp::create(
      builder, global.getLoc(),
      LLVM::LLVMArrayType::get(builder.getI8Type(), data.getNumElements()),
      /*isConstant=*/true, LLVM::Linkage::Internal, name, data,
      kConstantAlignment, kGlobalMemory);
}

FailureOr<SmallVector<LLVM::GlobalOp>>
mlir::norm::addKernelConstants(GenericOp op, gpu::GPUModuleOp kernels) {
  SmallVector<LLVM::GlobalOp> constants(op->getNumOperands());
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    memref::GetGlobalOp global = findGetGlobal(operand);
    if (!global)
      continue;
    if (i >= op.getInputs().size())
      return op.emitOpError("would write a constant tensor");
    FailureOr<LLVM::GlobalOp> constant = addConstant(global, kernels);
    if (failed(constant))
      return failure();
    constants[i] = *constant;
  }
  return constants;
}

/// Whether `value` is used for its shape and strides only.
static bool isShapeOnly(Value value) {
  return llvm::all_of(value.getUsers(), [](Operation *user) {
    if (auto metadata = dyn_cast<memref::ExtractStridedMetadataOp>(user))
      return metadata.getBaseBuffer().use_empty();
    return isa<memref::DimOp>(user) ||
           (keepsBase(user) && isShapeOnly(user->getResult(0)));
  });
}

LogicalResult mlir::norm::dropHostConstants(func::FuncOp function) {
  function.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
  WalkResult walk = function.walk([](memref::GetGlobalOp op) -> WalkResult {
    if (!isShapeOnly(op))
      return op.emitOpError("is a constant tensor that is used on the host, "
                            "which has none of them: no kernel is made of it");
    OpBuilder builder(op);
    op.replaceAllUsesWith(
        ub::PoisonOp::create(builder, op.getLoc(), op.getType()).getResult());
    op.erase();
    return WalkResult::advance();
  });
  return failure(walk.wasInterrupted());
}

void mlir::norm::eraseUnusedConstants(ModuleOp module) {
  SymbolTable::UseRange uses = *SymbolTable::getSymbolUses(module);
  llvm::SmallPtrSet<Attribute, 8> used;
  for (SymbolTable::SymbolUse use : uses)
    used.insert(use.getSymbolRef().getRootReference());
  for (auto global :
       llvm::make_early_inc_range(module.getOps<memref::GlobalOp>()))
    if (global.isPrivate() && !used.contains(global.getSymNameAttr()))
      global.erase();
}
