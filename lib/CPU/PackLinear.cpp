//===- PackLinear.cpp - Put the weights of linear layers into panels ------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericParts.h"
#include "PackWeight.h"
#include "PackWeightData.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"
#include "mlir/IR/SymbolTable.h"
#include "norm/CPU/LinearPlan.h"
#include "norm/CPU/Passes.h"
#include "llvm/Support/xxhash.h"

namespace mlir::norm {
#define GEN_PASS_DEF_PACKLINEAR
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Replaces `op` by norm.packed_linear with the weight `packed`.
static void replaceLinear(LinearOp op, Value packed, OpFoldResult numOut) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  Value x = makeRowsContiguous(builder, loc, op.getInput());
  auto inputType = cast<RankedTensorType>(x.getType());
  auto resultType = cast<RankedTensorType>(op.getResult().getType());
  int64_t rank = inputType.getRank();
  SmallVector<ReassociationIndices> groups(rank == 1 ? 1 : 2);
  if (rank == 1)
    groups[0] = {0, 1};
  for (int64_t i = 0; rank > 1 && i < rank; ++i)
    groups[i == rank - 1].push_back(i);

  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, x);
  if (rank == 1) {
    auto type = RankedTensorType::get({1, inputType.getDimSize(0)},
                                      inputType.getElementType());
    SmallVector<OpFoldResult> expanded{builder.getIndexAttr(1), sizes[0]};
    x = tensor::ExpandShapeOp::create(builder, loc, type, x, groups, expanded);
  } else if (rank > 2) {
    x = tensor::CollapseShapeOp::create(builder, loc, x, groups);
  }
  SmallVector<OpFoldResult> outSizes{tensor::getMixedSize(builder, loc, x, 0),
                                     numOut};
  Value empty = tensor::EmptyOp::create(builder, loc, outSizes,
                                        resultType.getElementType());
  Value bias = op.getBias();
  if (bias)
    bias = makeRowsContiguous(builder, loc, bias);
  Value y = PackedLinearOp::create(builder, loc, empty.getType(), x, packed,
                                   bias, empty)
                .getResult();
  if (rank == 1) {
    y = tensor::CollapseShapeOp::create(builder, loc, y, groups);
  } else if (rank > 2) {
    sizes.back() = numOut;
    SmallVector<int64_t> shape;
    SmallVector<Value> dynamic;
    dispatchIndexOpFoldResults(sizes, dynamic, shape);
    auto type = RankedTensorType::get(shape, resultType.getElementType());
    y = tensor::ExpandShapeOp::create(builder, loc, type, y, groups, sizes);
  }
  if (y.getType() != resultType)
    y = tensor::CastOp::create(builder, loc, resultType, y);
  op.getResult().replaceAllUsesWith(y);
  op.erase();
}

/// The argument's name in C as far as it is known here.
static std::string getCName(func::FuncOp function, unsigned index) {
  if (auto name = function.getArgAttrOfType<StringAttr>(index, kNameAttrName))
    return name.str();
  return "arg" + std::to_string(index);
}

namespace {
struct PackLinear : norm::impl::PackLinearBase<PackLinear> {
  void runOnOperation() final;

private:
  std::optional<SymbolTable> symbols;
  /// Functions that something refers to: their arguments are not the caller's.
  DenseSet<Operation *> referenced;
  /// Constants that were packed.
  DenseMap<std::pair<Attribute, Type>, Attribute> constants;

  bool canPassPacked(Value weight);
  Value packConstant(LinearOp op, RankedTensorType packedType);
  void packArgument(BlockArgument argument, WeightLayout layout,
                    RankedTensorType packedType);
  void packLayersOf(Value weight, ArrayRef<LinearOp> ops);
};
} // namespace

/// Whether `weight` is an argument of a kernel that serves only as the weight
/// of linear layers in one layout.
bool PackLinear::canPassPacked(Value weight) {
  auto argument = dyn_cast<BlockArgument>(weight);
  if (!argument)
    return false;
  auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
  if (!function || !argument.getOwner()->isEntryBlock() ||
      referenced.contains(function))
    return false;
  std::optional<WeightLayout> layout;
  for (OpOperand &use : weight.getUses()) {
    auto linear = dyn_cast<LinearOp>(use.getOwner());
    if (!linear || &use != &linear.getWeightMutable() ||
        (layout && *layout != linear.getLayout()))
      return false;
    layout = linear.getLayout();
  }
  return true;
}

Value PackLinear::packConstant(LinearOp op, RankedTensorType packedType) {
  ElementsAttr elements;
  if (!matchPattern(op.getWeight(), m_Constant(&elements)))
    return {};
  // Both layouts of a square weight have one packed type.
  auto layout = WeightLayoutAttr::get(op.getContext(), op.getLayout());
  auto key = ArrayAttr::get(op.getContext(), {elements, layout});
  Attribute &packed = constants[{key, packedType}];
  if (!packed) {
    packed = packWeightData(elements, op.getLayout(), packedType);
    if (!packed)
      return {};
    ++numConstants;
  }
  OpBuilder builder(op);
  return arith::ConstantOp::create(builder, op.getLoc(),
                                   cast<TypedAttr>(packed));
}

/// Makes the argument the packed weight and adds the function that packs it.
void PackLinear::packArgument(BlockArgument argument, WeightLayout layout,
                              RankedTensorType packedType) {
  auto function = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  unsigned index = argument.getArgNumber();
  auto type = cast<RankedTensorType>(argument.getType());
  MLIRContext *context = &getContext();
  OpBuilder builder(context);

  builder.setInsertionPointAfter(function);
  std::string name =
      (function.getName() + "_pack_" + getCName(function, index)).str();
  auto packer = func::FuncOp::create(builder, argument.getLoc(), name,
                                     builder.getFunctionType(type, packedType));
  symbols->insert(packer);
  NamedAttrList packOf;
  packOf.append("function", FlatSymbolRefAttr::get(function.getNameAttr()));
  packOf.append("argument", builder.getI64IntegerAttr(index));
  packer->setAttr(kPackOfAttrName, packOf.getDictionary(context));
  if (Attribute value = function.getArgAttr(index, kNameAttrName))
    packer.setArgAttr(0, kNameAttrName, value);
  Block *body = packer.addEntryBlock();
  builder.setInsertionPointToStart(body);
  Value packed = createPackWeight(builder, argument.getLoc(),
                                  body->getArgument(0), layout, packedType);
  func::ReturnOp::create(builder, argument.getLoc(), packed);

  // What tells packed data from another: the hash is the same on every machine.
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << type << ' ' << stringifyWeightLayout(layout) << ' ' << packedType
         << (CPUTarget::get(function).isX86 ? " x86" : " other");
  NamedAttrList attributes;
  attributes.append("tag", builder.getI64IntegerAttr(llvm::xxh3_64bits(text)));
  attributes.append("type", TypeAttr::get(type));
  function.setArgAttr(index, kPackedAttrName,
                      attributes.getDictionary(context));
  argument.setType(packedType);
  function.setFunctionType(builder.getFunctionType(
      function.front().getArgumentTypes(), function.getResultTypes()));
  ++numArguments;
}

/// Packs one weight for the layers that use it in one layout.
void PackLinear::packLayersOf(Value weight, ArrayRef<LinearOp> ops) {
  LinearOp first = ops.front();
  auto type = cast<RankedTensorType>(weight.getType());
  CPUTarget target = CPUTarget::get(getOperation());
  RankedTensorType packedType =
      getPackedWeightType(target, type, first.getLayout());
  int64_t outDim = first.getLayout() == WeightLayout::OutIn ? 0 : 1;
  Value packed;
  if (!isa<BlockArgument>(weight)) {
    packed = packConstant(first, packedType);
    if (packed && ops.size() > 1)
      packed.getDefiningOp()->moveAfter(weight.getDefiningOp());
  }
  // The C ABI knows packed data by the hash of its type, which does not tell
  // two dynamic sizes apart.
  if (!packed && type.hasStaticShape() && canPassPacked(weight)) {
    packArgument(cast<BlockArgument>(weight), first.getLayout(), packedType);
    OpBuilder builder(weight.getContext());
    for (LinearOp op : ops)
      replaceLinear(op, weight, builder.getIndexAttr(type.getDimSize(outDim)));
    return;
  }
  if (!packed) {
    OpBuilder builder(weight.getContext());
    builder.setInsertionPointAfterValue(weight);
    packed = createPackWeight(builder, first.getLoc(), weight,
                              first.getLayout(), packedType);
    ++numPerCall;
    remark::missed(first.getLoc(),
                   remark::RemarkOpts::name("packed at every call")
                       .category("norm-pack-linear"))
        << remark::reason(
               "the weight is neither a constant nor an argument of static "
               "shape that serves only as the weight of linear layers in one "
               "layout");
  }
  for (LinearOp op : ops) {
    OpBuilder builder(op);
    replaceLinear(op, packed,
                  tensor::getMixedSize(builder, op.getLoc(), weight, outDim));
  }
}

void PackLinear::runOnOperation() {
  ModuleOp module = getOperation();
  symbols.emplace(module);
  // Before the functions that pack refer to those that they pack for.
  referenced.clear();
  for (auto function : module.getOps<func::FuncOp>())
    if (!SymbolTable::symbolKnownUseEmpty(function, module))
      referenced.insert(function);
  constants.clear();
  using Layers =
      llvm::MapVector<std::pair<Value, unsigned>, SmallVector<LinearOp>>;
  Layers layers;
  module.walk([&](LinearOp op) {
    layers[{op.getWeight(), static_cast<unsigned>(op.getLayout())}].push_back(
        op);
  });
  // A weight that another layer computes is a new value since.
  for (auto &[key, ops] : layers)
    packLayersOf(ops.front().getWeight(), ops);
}
