//===- FreeRows.cpp - Any number of rows where it is static ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IntegerSet.h"
#include "mlir/IR/Remarks.h"
#include "norm/Dialect/Norm/Analysis/RowIndependence.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_FREEROWS
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Finds the values of a function whose leading dim is the rows, going from the
/// results to what they are computed from, and makes that dim dynamic.
class RowFreer {
public:
  RowFreer(func::FuncOp function, int64_t minRows)
      : function(function), minRows(minRows), builder(function.getContext()) {}

  /// Whether the rows of the results are computed alone; says why if not.
  LogicalResult analyze();
  void free();

  const std::string &getReason() const { return reason; }

private:
  LogicalResult mark(Value value, int64_t factor);
  LogicalResult markProducer(OpResult result, int64_t factor);
  LogicalResult markGeneric(GenericOp op, OpResult result, int64_t factor);
  LogicalResult checkUsers();
  LogicalResult fail(const Twine &message) {
    reason = message.str();
    return failure();
  }

  void freeOp(Operation *op);
  Value getSize(int64_t factor);
  void setSignature();

  func::FuncOp function;
  int64_t minRows;
  OpBuilder builder;
  std::string reason;
  int64_t rows = 0;
  /// The values with rows: their leading dim is the number of rows times this.
  llvm::MapVector<Value, int64_t> factors;
  SmallPtrSet<Operation *, 8> understood;
  /// The number of rows and its multiples, as values.
  DenseMap<int64_t, Value> sizes;
};

} // namespace

//===----------------------------------------------------------------------===//
// Where the rows are
//===----------------------------------------------------------------------===//

/// Notes that the leading dim of `value` is the rows, each `factor` times.
LogicalResult RowFreer::mark(Value value, int64_t factor) {
  auto [it, isNew] = factors.insert({value, factor});
  if (!isNew)
    return it->second == factor ? success()
                                : fail("a value has rows in two ways");
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() == 0 || type.getDimSize(0) != rows * factor)
    return fail("a value lacks the rows of the results");
  if (auto result = dyn_cast<OpResult>(value))
    return markProducer(result, factor);
  if (value.getParentBlock() != &function.getBody().front())
    return fail("an op with a region is in the way");
  unsigned index = cast<BlockArgument>(value).getArgNumber();
  if (function.getArgAttr(index, kPackedAttrName))
    return fail("a packed argument has the rows");
  return success();
}

LogicalResult RowFreer::markProducer(OpResult result, int64_t factor) {
  Operation *op = result.getOwner();
  understood.insert(op);
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](tensor::EmptyOp) { return success(); })
      .Case([&](GenericOp generic) {
        return markGeneric(generic, result, factor);
      })
      .Case([&](PackedLinearOp linear) {
        if (failed(mark(linear.getInput(), factor)))
          return failure();
        return mark(linear.getInit(), factor);
      })
      .Case<tensor::ExpandShapeOp, tensor::CollapseShapeOp>([&](auto reshape) {
        RankedTensorType source = reshape.getSrcType();
        RankedTensorType target = reshape.getResultType();
        if (source.getRank() == 0 || target.getRank() == 0 ||
            source.getDimSize(0) <= 0 || source.getDimSize(0) % rows != 0)
          return fail("a reshape does not keep the rows in front");
        return mark(reshape.getSrc(), source.getDimSize(0) / rows);
      })
      .Default([&](Operation *other) {
        return fail("'" + other->getName().getStringRef() +
                    "' is not known to compute rows alone");
      });
}

LogicalResult RowFreer::markGeneric(GenericOp op, OpResult result,
                                    int64_t factor) {
  SmallVector<AffineMap> maps = op.getMaps();
  AffineMap map = maps[op.getInputs().size() + result.getResultNumber()];
  unsigned row = map.getDimPosition(0);
  if (op.isReductionDim(row))
    return fail("rows are reduced");
  if (readsPlace(op, row))
    return fail("a row depends on its position or on the number of rows");
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    if (number >= maps.size())
      break;
    for (unsigned i = 0; i < maps[number].getNumResults(); ++i) {
      if (maps[number].getDimPosition(i) != row)
        continue;
      if (i != 0)
        return fail("rows are not the leading dim everywhere");
      if (failed(mark(operand.get(), factor)))
        return failure();
    }
  }
  for (Value other : op.getResults())
    if (failed(mark(other, factor)))
      return failure();
  return success();
}

/// Whether the leading dim of an operand is that of the op's first result.
static bool isRowOperand(GenericOp op, unsigned operand) {
  SmallVector<AffineMap> maps = op.getMaps();
  return operand < maps.size() && maps[operand].getNumResults() > 0 &&
         maps[operand].getDimPosition(0) ==
             maps[op.getInputs().size()].getDimPosition(0);
}

/// Everything that reads rows is what computes them.
LogicalResult RowFreer::checkUsers() {
  for (auto [value, factor] : factors)
    for (OpOperand &use : value.getUses()) {
      Operation *user = use.getOwner();
      bool isLeading = isa<func::ReturnOp>(user);
      if (understood.contains(user)) {
        // As its weight or bias a linear layer needs all of them.
        auto linear = dyn_cast<PackedLinearOp>(user);
        isLeading = !linear || use.get() == linear.getInit() ||
                    &use == &linear.getInputMutable();
        // It may read them once row by row and once as a whole.
        if (auto generic = dyn_cast<GenericOp>(user))
          isLeading = isRowOperand(generic, use.getOperandNumber());
      }
      if (!isLeading)
        return fail("'" + user->getName().getStringRef() +
                    "' reads all rows at once");
    }
  return success();
}

LogicalResult RowFreer::analyze() {
  Operation *terminator = function.getBody().front().getTerminator();
  auto first =
      terminator->getNumOperands() == 0
          ? RankedTensorType()
          : dyn_cast<RankedTensorType>(terminator->getOperand(0).getType());
  if (!first || first.getRank() == 0 || first.isDynamicDim(0))
    return fail("the first result has no static leading dim");
  rows = first.getDimSize(0);
  if (rows < std::max<int64_t>(minRows, 2))
    return fail(rows < 2 ? "there are no rows to share out"
                         : "there are few rows to share out");
  for (Value result : terminator->getOperands())
    if (failed(mark(result, /*factor=*/1)))
      return failure();
  if (failed(checkUsers()))
    return failure();
  bool hasArgument = false, hasLongRows = false;
  for (auto [value, factor] : factors) {
    if (!isa<BlockArgument>(value))
      continue;
    // The argument's own rows are those of the results.
    if (factor != 1)
      return fail("an argument has more rows than the results");
    hasArgument = true;
    hasLongRows |= cast<RankedTensorType>(value.getType()).getRank() > 1;
  }
  if (!hasArgument)
    return fail("no argument has the rows of the results");
  if (!hasLongRows)
    return fail("a row is a single element");
  return success();
}

//===----------------------------------------------------------------------===//
// Rewriting
//===----------------------------------------------------------------------===//

/// `type` with a dynamic leading dim.
static RankedTensorType getFreed(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  SmallVector<int64_t> shape(tensor.getShape());
  shape.front() = ShapedType::kDynamic;
  return tensor.clone(shape);
}

/// The size of a leading dim: a multiple of the number of rows.
Value RowFreer::getSize(int64_t factor) {
  Value &size = sizes[factor];
  if (size)
    return size;
  OpBuilder::InsertionGuard guard(builder);
  Value one = factor == 1 ? Value() : getSize(1);
  if (one)
    builder.setInsertionPointAfterValue(one);
  else
    builder.setInsertionPointToStart(&function.getBody().front());
  Location loc = function.getLoc();
  if (one) {
    AffineExpr expr = builder.getAffineDimExpr(0) * factor;
    return sizes[factor] = affine::AffineApplyOp::create(
               builder, loc, AffineMap::get(1, 0, expr), one);
  }
  auto *argument = llvm::find_if(factors, [](const auto &entry) {
    return isa<BlockArgument>(entry.first);
  });
  return sizes[factor] =
             tensor::DimOp::create(builder, loc, argument->first, 0);
}

/// Adapts what says the sizes of results apart from their types.
void RowFreer::freeOp(Operation *op) {
  builder.setInsertionPoint(op);
  auto withRows = [&](SmallVector<OpFoldResult> all, Value result) {
    all.front() = getSize(factors.lookup(result));
    return all;
  };
  if (auto empty = dyn_cast<tensor::EmptyOp>(op)) {
    Value freed = tensor::EmptyOp::create(
        builder, op->getLoc(),
        withRows(empty.getMixedSizes(), empty.getResult()),
        empty.getType().getElementType());
    empty.getResult().replaceAllUsesWith(freed);
    op->erase();
    return;
  }
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    RankedTensorType type = expand.getResultType();
    Value freed = tensor::ExpandShapeOp::create(
        builder, op->getLoc(), getFreed(type), expand.getSrc(),
        expand.getReassociationIndices(),
        withRows(expand.getMixedOutputShape(), expand.getResult()));
    expand.getResult().replaceAllUsesWith(freed);
    op->erase();
    return;
  }
  for (Value result : op->getResults())
    result.setType(getFreed(result.getType()));
}

/// Gives the rows a symbol of their own, and says what it is.
void RowFreer::setSignature() {
  unsigned numArguments = function.getNumArguments();
  unsigned numSymbols = 0;
  auto visit = [&](AffineMapAttr sizes) {
    if (sizes)
      numSymbols = std::max(numSymbols, sizes.getValue().getNumSymbols());
  };
  for (unsigned i = 0; i < numArguments; ++i)
    visit(function.getArgAttrOfType<AffineMapAttr>(i, kSizesAttrName));
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    visit(function.getResultAttrOfType<AffineMapAttr>(i, kSizesAttrName));
  AffineExpr symbol = builder.getAffineSymbolExpr(numSymbols);
  // The integer arguments, which constraints have behind the sizes, move on.
  if (auto set =
          function->getAttrOfType<IntegerSetAttr>(kSizeConstraintsAttrName)) {
    unsigned count = set.getValue().getNumSymbols();
    SmallVector<AffineExpr> moved;
    for (unsigned i = 0; i < count; ++i)
      moved.push_back(builder.getAffineSymbolExpr(i + (i >= numSymbols)));
    function->setAttr(kSizeConstraintsAttrName,
                      IntegerSetAttr::get(set.getValue().replaceDimsAndSymbols(
                          {}, moved, 0, std::max(count, numSymbols) + 1)));
  }
  Attribute count = builder.getI64IntegerAttr(rows);
  auto extend = [&](AffineMapAttr sizes, Type type) {
    SmallVector<AffineExpr> exprs;
    if (sizes)
      llvm::append_range(exprs, sizes.getValue().getResults());
    else
      for (int64_t size : cast<RankedTensorType>(type).getShape())
        exprs.push_back(builder.getAffineConstantExpr(size));
    exprs.front() = symbol;
    return AffineMapAttr::get(
        AffineMap::get(0, numSymbols + 1, exprs, builder.getContext()));
  };
  for (unsigned i = 0; i < numArguments; ++i) {
    BlockArgument argument = function.getArgument(i);
    if (!factors.contains(argument))
      continue;
    auto sizes = function.getArgAttrOfType<AffineMapAttr>(i, kSizesAttrName);
    function.setArgAttr(i, kSizesAttrName, extend(sizes, argument.getType()));
    function.setArgAttr(i, kRowsAttrName, count);
    argument.setType(getFreed(argument.getType()));
  }
  Operation *terminator = function.getBody().front().getTerminator();
  for (auto [i, type] : llvm::enumerate(function.getResultTypes())) {
    auto sizes = function.getResultAttrOfType<AffineMapAttr>(i, kSizesAttrName);
    function.setResultAttr(i, kSizesAttrName, extend(sizes, type));
    function.setResultAttr(i, kRowsAttrName, count);
  }
  SmallVector<Type> results =
      llvm::map_to_vector(terminator->getOperandTypes(),
                          [](Type type) -> Type { return getFreed(type); });
  function.setFunctionType(
      builder.getFunctionType(function.front().getArgumentTypes(), results));
}

void RowFreer::free() {
  setSignature();
  SmallVector<Operation *> ops;
  for (Operation &op : function.getBody().front())
    if (llvm::any_of(op.getResults(),
                     [&](Value value) { return factors.contains(value); }))
      ops.push_back(&op);
  for (Operation *op : ops)
    freeOp(op);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct FreeRows : norm::impl::FreeRowsBase<FreeRows> {
  using FreeRowsBase::FreeRowsBase;

  // One function after the other: MLIR's remark engine is for one thread.
  void runOnOperation() final {
    getOperation()->walk([&](func::FuncOp function) { run(function); });
  }

  void run(func::FuncOp function) {
    if (function.isExternal() || function.isPrivate() ||
        !function.getBody().hasOneBlock() ||
        function->hasAttr(kPackOfAttrName) ||
        function->hasAttr(kStridedAttrName) || hasRows(function))
      return;
    RowFreer freer(function, minRows);
    if (succeeded(freer.analyze())) {
      freer.free();
      ++numFreed;
      return;
    }
    remark::missed(function.getLoc(),
                   remark::RemarkOpts::name("rows").category("norm-free-rows"))
        << ("'" + function.getSymName() + "': " + freer.getReason() +
            ": no function computes a block of rows, and that for workers "
            "uses one")
               .str();
  }

  /// Whether norm-record-signature found rows already.
  static bool hasRows(func::FuncOp function) {
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      if (function.getResultAttr(i, kRowsAttrName))
        return true;
    return false;
  }
};
} // namespace
