//===- NormUtils.cpp - What several levels need to know of the ops --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Dialect/Norm/IR/NormUtils.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

SmallVector<int64_t> mlir::norm::normalizeAxes(ArrayRef<int64_t> axes,
                                               int64_t rank) {
  SmallVector<int64_t> result = llvm::map_to_vector(
      axes, [&](int64_t axis) { return axis < 0 ? axis + rank : axis; });
  llvm::sort(result);
  return result;
}

FloatType mlir::norm::getAccumulationType(Type elementType,
                                          std::optional<Type> accumulate) {
  if (accumulate)
    return cast<FloatType>(*accumulate);
  auto type = cast<FloatType>(elementType);
  return type.getWidth() < 32 ? Float32Type::get(type.getContext()) : type;
}

Type mlir::norm::getBiasedType(Type accumulation, Value bias) {
  if (!bias)
    return accumulation;
  Type element = getElementTypeOrSelf(bias);
  return holdsExactly(accumulation, element) ? accumulation : element;
}

LogicalResult mlir::norm::verifyElementCounts(Operation *op) {
  auto fits = [](Type type) {
    auto shaped = dyn_cast<ShapedType>(type);
    if (!shaped || !shaped.hasRank())
      return true;
    // Eight bytes an element; sizes of 0 too make strides of the others.
    int64_t bytes = 8;
    for (int64_t size : shaped.getShape())
      if (!ShapedType::isDynamic(size) &&
          llvm::MulOverflow(bytes, std::max<int64_t>(size, 1), bytes))
        return false;
    return true;
  };
  for (TypeRange types :
       {TypeRange(op->getOperandTypes()), TypeRange(op->getResultTypes())})
    for (Type type : types)
      if (!fits(type))
        return op->emitOpError("type ")
               << type << " has more elements than can be addressed";
  return success();
}

bool mlir::norm::holdsExactly(Type wide, Type narrow) {
  if (wide == narrow)
    return true;
  auto wideFloat = dyn_cast<FloatType>(wide);
  auto narrowFloat = dyn_cast<FloatType>(narrow);
  if (!wideFloat || !narrowFloat)
    return false;
  return llvm::APFloat::isRepresentableBy(narrowFloat.getFloatSemantics(),
                                          wideFloat.getFloatSemantics());
}

double mlir::norm::getAlpha(ActivationOp op) {
  if (std::optional<APFloat> alpha = op.getAlpha())
    return alpha->convertToDouble();
  return op.getKind() == ActivationKind::Elu ? 1.0 : 0.01;
}

ArrayRef<int64_t> mlir::norm::getOverDims(Operation *op) {
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return reduce.getDims();
  if (auto center = dyn_cast<CenterOp>(op))
    return center.getDims();
  return {};
}

llvm::SmallBitVector mlir::norm::getIteratedDims(GenericOp op) {
  llvm::SmallBitVector dims(op.getNumLoops());
  for (unsigned i = op.getInputs().size(), e = op->getNumOperands(); i < e; ++i)
    for (unsigned dim : op.getOperandDims(i))
      dims.set(dim);
  for (Operation &nested : *op.getBodyBlock())
    for (int64_t dim : getOverDims(&nested))
      dims.set(dim);
  return dims;
}

bool mlir::norm::isBodyOp(Operation *op) {
  return isa<ReduceOp, CenterOp, ExtentOp, IndexOp>(op) ||
         op->hasTrait<OpTrait::ConstantLike>() ||
         OpTrait::hasElementwiseMappableTraits(op);
}

SmallVector<GenericOp> mlir::norm::getTensorGenerics(Operation *root) {
  SmallVector<GenericOp> ops;
  root->walk([&](GenericOp op) {
    if (!op.hasBufferSemantics())
      ops.push_back(op);
  });
  return ops;
}

int64_t mlir::norm::getPanelRows(int64_t in, bool pairs, bool tiled) {
  // The rows of a tile register of AMX.
  constexpr int64_t kTilePairs = 16;
  if (ShapedType::isDynamic(in) || !pairs)
    return in;
  int64_t rows = llvm::divideCeil(in, int64_t(2));
  return tiled ? llvm::alignTo(rows, kTilePairs) : rows;
}

std::string mlir::norm::describeLocation(Location loc) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (auto place = loc->findInstanceOf<FileLineColLoc>())
    os << place.getFilename().getValue() << ':' << place.getLine() << ':'
       << place.getColumn();
  else
    os << loc;
  return text;
}

void mlir::norm::renumberDims(Block &body,
                              function_ref<SmallVector<int64_t>(int64_t)> map) {
  auto mapAll = [&](ArrayRef<int64_t> over) {
    SmallVector<int64_t> dims;
    for (int64_t dim : over)
      llvm::append_range(dims, map(dim));
    return dims;
  };
  for (Operation &op : body) {
    if (auto reduce = dyn_cast<ReduceOp>(op))
      reduce.setDims(mapAll(reduce.getDims()));
    else if (auto center = dyn_cast<CenterOp>(op))
      center.setDims(mapAll(center.getDims()));
    else if (auto extent = dyn_cast<ExtentOp>(op))
      extent.setDims(mapAll(extent.getDims()));
    else if (auto index = dyn_cast<IndexOp>(op))
      index.setDim(map(index.getDim()).front());
  }
}

bool mlir::norm::isSizeScalar(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return type.isIndex() || (integer && integer.isSignless() &&
                            integer.getWidth() > 1 && integer.getWidth() <= 64);
}

VaryingDims::VaryingDims(GenericOp op) : none(op.getNumLoops()) {
  Block *body = op.getBodyBlock();
  for (BlockArgument argument : body->getArguments()) {
    llvm::SmallBitVector set(op.getNumLoops());
    for (unsigned dim : op.getOperandDims(argument.getArgNumber()))
      set.set(dim);
    dims[argument] = std::move(set);
  }
  for (Operation &nested : body->without_terminator()) {
    llvm::SmallBitVector set(op.getNumLoops());
    for (Value operand : nested.getOperands())
      set |= get(operand);
    if (auto index = dyn_cast<IndexOp>(nested))
      set.set(index.getDim());
    llvm::SmallBitVector reduced = set;
    for (int64_t dim : getOverDims(&nested))
      reduced.reset(dim);
    if (auto center = dyn_cast<CenterOp>(nested)) {
      dims[center.getCentered()] = set;
      dims[center.getMean()] = reduced;
      continue;
    }
    for (Value result : nested.getResults())
      dims[result] = reduced;
  }
}

const llvm::SmallBitVector &VaryingDims::get(Value value) const {
  auto it = dims.find(value);
  return it == dims.end() ? none : it->second;
}
