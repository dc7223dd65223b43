//===- Weights.cpp - Arguments that become constants ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Weights.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "norm/Dialect/Norm/IR/Norm.h"

using namespace mlir;
using namespace mlir::norm;

/// Whether elements that a file calls `stored` are elements of type `wanted`.
static bool holds(DType stored, Type wanted) {
  auto isInt = [&](unsigned bits) { return wanted.isInteger(bits); };
  switch (stored) {
  case DType::Bool:
    return isInt(1);
  case DType::I8:
    return isInt(8);
  case DType::I16:
    return isInt(16);
  case DType::I32:
  case DType::U32:
    return isInt(32);
  case DType::I64:
    return isInt(64) || isa<IndexType>(wanted);
  case DType::U64:
    return isInt(64);
  // numpy has no names for the narrow floats: people store their bits.
  case DType::U8:
  case DType::Bits8:
    return isInt(8) ||
           (isa<FloatType>(wanted) && wanted.getIntOrFloatBitWidth() == 8);
  case DType::U16:
    return isInt(16) || wanted.isBF16();
  case DType::Bits16:
    return isInt(16) || wanted.isBF16() || wanted.isF16();
  case DType::F8E4M3FN:
    return isa<Float8E4M3FNType>(wanted);
  case DType::F8E5M2:
    return isa<Float8E5M2Type>(wanted);
  case DType::F16:
    return wanted.isF16();
  case DType::BF16:
    return wanted.isBF16();
  case DType::F32:
    return wanted.isF32();
  case DType::F64:
    return wanted.isF64();
  }
  return false;
}

RankedTensorType mlir::norm::getStoredType(const StoredTensor &stored,
                                           Type wanted) {
  if (!holds(stored.type, wanted))
    return nullptr;
  return RankedTensorType::get(stored.shape, wanted);
}

/// The elements as an attribute; MLIR packs i1 and wants the bytes of one
/// element for a splat.
static DenseElementsAttr makeElements(RankedTensorType type,
                                      const StoredTensor &stored) {
  if (!type.getElementType().isInteger(1))
    return DenseElementsAttr::getFromRawBuffer(type, stored.bytes);
  SmallVector<bool> bits;
  for (char byte : stored.bytes)
    bits.push_back(byte != 0);
  return DenseElementsAttr::get(type, bits);
}

/// "8x4xf32", as the file has it.
static std::string describe(const StoredTensor &stored) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (int64_t size : stored.shape)
    os << size << 'x';
  os << getName(stored.type);
  return text;
}

/// Replaces argument `index` of `function`, which nothing calls.
static LogicalResult bindArgument(func::FuncOp function, unsigned index,
                                  StringRef key, const TensorFile &file) {
  BlockArgument argument = function.getArgument(index);
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  if (!type)
    return emitError(argument.getLoc())
           << "argument " << index << " of '" << function.getName()
           << "' has a weight, '" << key << "', but is no tensor";
  llvm::Expected<StoredTensor> stored = file.get(key);
  if (!stored)
    return emitError(argument.getLoc(), llvm::toString(stored.takeError()));
  RankedTensorType storedType = getStoredType(*stored, type.getElementType());
  if (!storedType ||
      failed(verifyCompatibleShape(storedType.getShape(), type.getShape())))
    return emitError(argument.getLoc())
           << "'" << file.getPath() << "': '" << key << "' is "
           << describe(*stored) << ", but argument " << index << " of '"
           << function.getName() << "' is " << type;
  OpBuilder builder = OpBuilder::atBlockBegin(&function.front());
  Value constant = arith::ConstantOp::create(builder, argument.getLoc(),
                                             makeElements(storedType, *stored));
  if (storedType != type)
    constant =
        tensor::CastOp::create(builder, argument.getLoc(), type, constant);
  argument.replaceAllUsesWith(constant);
  return function.eraseArgument(index);
}

LogicalResult mlir::norm::bindWeights(ModuleOp module, const TensorFile &file) {
  bool usesFile = false;
  for (auto function : module.getOps<func::FuncOp>()) {
    for (unsigned i = function.getNumArguments(); i-- > 0;) {
      auto key = function.getArgAttrOfType<StringAttr>(i, kWeightAttrName);
      if (!key)
        continue;
      Location loc = function.getArgument(i).getLoc();
      if (!function.isPublic()) {
        emitWarning(loc) << "the weight " << key << " is not read: '"
                         << function.getName()
                         << "' is private, and its callers pass the argument";
        continue;
      }
      if (std::optional<SymbolTable::UseRange> uses =
              SymbolTable::getSymbolUses(function, module);
          uses && !uses->empty())
        return uses->begin()->getUser()->emitError()
               << "passes a value for argument " << i << " of '"
               << function.getName() << "', which is the weight " << key;
      if (failed(bindArgument(function, i, key.getValue(), file)))
        return failure();
      usesFile = true;
    }
  }
  if (!usesFile)
    emitWarning(UnknownLoc::get(module.getContext()))
        << "nothing of '" << file.getPath() << "' is used: no argument of a "
        << "public function has the attribute '" << kWeightAttrName
        << "', which names the tensor to take";
  return success();
}

LogicalResult mlir::norm::bindWeights(ModuleOp module, StringRef filename) {
  llvm::Expected<std::unique_ptr<TensorFile>> file = TensorFile::open(filename);
  if (!file)
    return emitError(UnknownLoc::get(module.getContext()),
                     llvm::toString(file.takeError()));
  return bindWeights(module, **file);
}
