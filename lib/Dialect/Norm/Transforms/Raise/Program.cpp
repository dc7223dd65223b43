//===- Program.cpp - The expressions of a function's values ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

/// Longer sums of tensors are leaves too: all of a chain of residual adds is
/// visited by each normalization of it.
static constexpr unsigned kMaxResiduals = 6;

/// The first symbol for sizes of which nothing is known.
static constexpr unsigned kFirstOwnSymbol = 1u << 24;

Program::Program(func::FuncOp function,
                 std::function<Recognition(const Place &)> recognize)
    : expressions(function.getContext()), function(function),
      recognize(std::move(recognize)) {
  // Sizes that cannot be equal are diagnosed by those who need them equal.
  ScopedDiagnosticHandler silence(function.getContext(),
                                  [](Diagnostic &) { return success(); });
  if (FailureOr<SizeAnalysis> known =
          SizeAnalysis::compute(function, /*ofKernel=*/false);
      succeeded(known))
    sizes = std::move(*known);
}

void Program::run() {
  for (Operation &op : function.getBody().getOps())
    describeOp(&op);
}

AffineExpr Program::getSize(Value tensor, unsigned dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return getAffineConstantExpr(type.getDimSize(dim),
                                 expressions.getContext());
  if (AffineExpr size = sizes ? sizes->getSize(tensor, dim) : AffineExpr())
    return size;
  AffineExpr &own = ownSizes[{tensor, dim}];
  if (!own)
    own = getAffineSymbolExpr(kFirstOwnSymbol + ownSizes.size(),
                              expressions.getContext());
  return own;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Expr Program::makeLeaf(const Place &place) {
  SmallVector<AffineExpr> indices;
  for (auto [dim, size] : llvm::enumerate(place.sizes))
    indices.push_back(
        size == 1 ? getAffineConstantExpr(0, expressions.getContext())
                  : expressions.dim(place.body ? place.loops[dim] : dim));
  return expressions.load(place.value, indices);
}

Expr Program::makeLeaf(Value value) {
  Place place{value, {}, nullptr, {}, {}};
  if (auto type = dyn_cast<RankedTensorType>(value.getType()))
    place.sizes.assign(type.getShape().begin(), type.getShape().end());
  return makeLeaf(place);
}

std::pair<Place, SmallVector<int64_t>> Program::pack(const Place &place) {
  Place packed{place.value, place.body, place.expr, {}, {}};
  SmallVector<int64_t> dims;
  SmallVector<AffineExpr> renamed(kFirstBound);
  for (auto [dim, size] : llvm::enumerate(place.sizes)) {
    if (!place.expr->varies(dim))
      continue;
    renamed[dim] = expressions.dim(dims.size());
    dims.push_back(dim);
    packed.sizes.push_back(size);
    if (!place.loops.empty())
      packed.loops.push_back(place.loops[dim]);
  }
  packed.expr = expressions.substitute(place.expr, renamed);
  return {packed, dims};
}

Place Program::packIfPartial(const Place &place) {
  if (!place.body)
    return place;
  for (auto [dim, size] : llvm::enumerate(place.sizes))
    if (size != 1 && !place.expr->varies(dim))
      return pack(place).first;
  return place;
}

Program::Meaning Program::get(Value value) {
  auto it = meanings.find(value);
  if (it != meanings.end())
    return it->second;
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!getElementTypeOrSelf(value.getType()).isIntOrIndexOrFloat() ||
      (type && (type.getRank() > static_cast<int64_t>(kFirstBound) ||
                type.getEncoding())))
    return {};
  Expr leaf = makeLeaf(value);
  Meaning meaning{leaf, leaf};
  define(value, meaning);
  return meaning;
}

Program::Meaning Program::substitute(const Meaning &meaning,
                                     ArrayRef<AffineExpr> replacements,
                                     DimSizes sizes) {
  Meaning result{expressions.substitute(meaning.full, replacements, sizes),
                 expressions.substitute(meaning.leaf, replacements, sizes)};
  return result.full && result.leaf ? result : Meaning();
}

/// Whether what uses a tensor of `expr` sees the tensor alone. A part of a
/// normalization has a reduction, the residual sums in front of it have none.
static bool isCut(Expr expr) {
  return expr->depth > kMaxDepth ||
         (!expr->hasReduction && expr->weights.size() >= kMaxResiduals);
}

void Program::define(Value value, Meaning meaning) {
  if (meaning.full && isCut(meaning.full))
    meaning.full = meaning.leaf = makeLeaf(value);
  meanings[value] = meaning;
  if (!meaning.full)
    return;
  tensors[meaning.full].push_back(value);
  if (meaning.leaf != meaning.full)
    tensors[meaning.leaf].push_back(value);
}

Program::Meaning Program::combine(Place place, ArrayRef<Meaning> operands,
                                  Compute compute) {
  SmallVector<Expr> full, leaves;
  for (const Meaning &operand : operands) {
    if (!operand.full)
      return {};
    full.push_back(operand.full);
    leaves.push_back(operand.leaf);
  }
  Expr expr = compute(full);
  if (!expr)
    return {};
  // The leaf for what is recognised; null if it is not.
  bool mayFollow = false;
  auto makeRecognized = [&](Expr expr) -> Expr {
    place.expr = expr;
    Place packed = packIfPartial(place);
    if (!packed.expr)
      return nullptr;
    Recognition recognition = recognize(packed);
    mayFollow |= recognition == Recognition::OnceRounded;
    return recognition == Recognition::Yes ? makeLeaf(packed) : nullptr;
  };
  if (Expr leaf = makeRecognized(expr))
    return {expr, leaf};
  if (full == leaves)
    return {expr, expr};
  Expr ofLeaves = compute(leaves);
  if (!ofLeaves)
    return {};
  Expr leaf = makeRecognized(ofLeaves);
  if (!leaf)
    leaf = ofLeaves;
  // Else it does not belong to what its operands are.
  return {mayFollow ? expr : ofLeaves, leaf};
}

Value Program::findTensor(Expr expr, ArrayRef<int64_t> shape, Type elementType,
                          Operation *before) {
  auto it = tensors.find(expr);
  if (it == tensors.end())
    return {};
  // How far a dim goes over which nothing varies, only its size tells.
  for (auto [dim, size] : llvm::enumerate(shape))
    if (ShapedType::isDynamic(size) && !expr->varies(dim))
      return {};
  Value found;
  for (Value value : it->second) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    bool isOfType = type && type.getElementType() == elementType;
    if (!type || type.getShape() != shape || (found && !isOfType))
      continue;
    Operation *definition = value.getDefiningOp();
    if (definition && (definition->getBlock() != before->getBlock() ||
                       !definition->isBeforeInBlock(before)))
      continue;
    if (isOfType)
      return value;
    found = value;
  }
  return found;
}

std::optional<std::pair<Place, SmallVector<int64_t>>>
Program::findScalar(Expr expr, ArrayRef<int64_t> sizes, Operation *before) {
  Place wanted{{}, {}, expr, llvm::to_vector(sizes), {}};
  auto [packed, dims] = pack(wanted);
  auto it = packed.expr ? scalars.find(packed.expr) : scalars.end();
  if (it == scalars.end())
    return std::nullopt;
  for (Place &place : it->second)
    if (place.sizes == packed.sizes &&
        (place.body == before ||
         (place.body->getBlock() == before->getBlock() &&
          place.body->isBeforeInBlock(before))))
      return std::pair(place, dims);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Ops on tensors
//===----------------------------------------------------------------------===//

bool Program::isSizeExpr(Expr expr, AffineExpr size) {
  return expr == expressions.extent(IndexType::get(expressions.getContext()),
                                    size) ||
         knownSizes.contains({expr, size});
}

/// Whether `op` has a tensor without elements, in which there are no strides
/// and nothing to describe, or one with an encoding, which the ops of the
/// dialect do not have.
static bool hasOtherTensor(Operation *op) {
  auto isOther = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor &&
           (tensor.getEncoding() || llvm::is_contained(tensor.getShape(), 0));
  };
  return llvm::any_of(op->getOperandTypes(), isOther) ||
         llvm::any_of(op->getResultTypes(), isOther);
}

void Program::describeOp(Operation *op) {
  if (hasOtherTensor(op))
    return;
  auto handled =
      TypeSwitch<Operation *, bool>(op)
          .Case([&](arith::ConstantOp constant) {
            describeConstant(op, constant.getValue());
            return true;
          })
          .Case([&](tensor::DimOp dim) {
            std::optional<int64_t> index = dim.getConstantIndex();
            auto type = dyn_cast<RankedTensorType>(dim.getSource().getType());
            if (!type || !index || *index < 0 || *index >= type.getRank())
              return false;
            Expr size = expressions.extent(dim.getType(),
                                           getSize(dim.getSource(), *index));
            define(dim, {size, size});
            return true;
          })
          .Case([&](tensor::CastOp cast) {
            auto type = dyn_cast<RankedTensorType>(cast.getType());
            auto source =
                dyn_cast<RankedTensorType>(cast.getSource().getType());
            // A cast may say that a dim has size 1.
            if (!type || !source || type.getRank() != source.getRank() ||
                llvm::any_of(llvm::zip(type.getShape(), source.getShape()),
                             [](auto pair) {
                               return (std::get<0>(pair) == 1) !=
                                      (std::get<1>(pair) == 1);
                             }))
              return false;
            define(cast, get(cast.getSource()));
            return true;
          })
          .Case([&](tensor::EmptyOp empty) {
            // What a size is computed of is compared with 1 where a dim may be
            // broadcast.
            unsigned next = 0;
            auto type = cast<RankedTensorType>(empty.getType());
            for (int64_t dim = 0; dim < type.getRank(); ++dim)
              if (type.isDynamicDim(dim))
                if (Expr size = get(empty.getDynamicSizes()[next++]).full)
                  knownSizes.insert({size, getSize(empty, dim)});
            return true;
          })
          .Case([&](tensor::SplatOp splat) {
            define(splat, get(splat.getInput()));
            return true;
          })
          .Case<tensor::FromElementsOp>([&](tensor::FromElementsOp elements) {
            if (elements.getElements().size() != 1)
              return false;
            define(elements, get(elements.getElements().front()));
            return true;
          })
          .Case<tensor::ExtractOp>([&](tensor::ExtractOp extract) {
            auto type = cast<RankedTensorType>(extract.getTensor().getType());
            if (!type.hasStaticShape() || type.getNumElements() != 1)
              return false;
            define(extract, get(extract.getTensor()));
            return true;
          })
          .Case<tensor::ExpandShapeOp>([&](auto) {
            describeExpand(op);
            return true;
          })
          .Case<tensor::CollapseShapeOp>([&](auto) {
            describeCollapse(op);
            return true;
          })
          .Case([&](linalg::LinalgOp linalgOp) {
            if (!linalgOp.hasPureTensorSemantics())
              return false;
            describeLinalg(linalgOp);
            return true;
          })
          .Default([&](Operation *op) {
            if (op->getNumResults() != 1 || op->getNumRegions() != 0 ||
                (!OpTrait::hasElementwiseMappableTraits(op) &&
                 !op->getResult(0).getType().isIntOrIndexOrFloat()))
              return false;
            describeElementwise(op);
            return true;
          });
  (void)handled;
}

void Program::describeConstant(Operation *op, Attribute attribute) {
  Value value = op->getResult(0);
  auto define = [&](APFloat number) {
    bool losesInfo;
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                   &losesInfo);
    Expr expr = expressions.constant(getElementTypeOrSelf(value.getType()),
                                     number.convertToDouble());
    this->define(value, {expr, expr});
  };
  if (auto elements = dyn_cast<DenseElementsAttr>(attribute);
      elements && elements.isSplat())
    attribute = elements.getSplatValue<Attribute>();
  // No arithmetic with infinities, and none with integers that are not exact.
  if (auto number = dyn_cast<FloatAttr>(attribute)) {
    if (number.getValue().isFinite())
      define(number.getValue());
  } else if (auto number = dyn_cast<IntegerAttr>(attribute)) {
    if (!number.getValue().isSignedIntN(53))
      return;
    Expr expr = expressions.constant(number.getType(),
                                     number.getValue().getSExtValue());
    this->define(value, {expr, expr});
  }
}

void Program::describeElementwise(Operation *op) {
  Value result = op->getResult(0);
  SmallVector<Meaning> operands;
  for (Value operand : op->getOperands())
    operands.push_back(get(operand));
  Place place{result, {}, nullptr, {}, {}};
  if (auto type = dyn_cast<RankedTensorType>(result.getType()))
    place.sizes.assign(type.getShape().begin(), type.getShape().end());
  // Of no operands there is nothing to say.
  Meaning meaning =
      operands.empty() ? Meaning()
                       : combine(place, operands, [&](ArrayRef<Expr> operands) {
                           return describeScalarOp(expressions, op, operands);
                         });
  if (meaning.full && meaning.full->hasStatisticRoot) {
    place.expr = meaning.full;
    statisticRoots.push_back(place);
  }
  if (meaning.full)
    define(result, meaning);
}
