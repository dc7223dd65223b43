//===- KernelBody.cpp - From memref arguments to addresses and symbols ----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// The scalar of `type` that C passed as `value`.
static Value emitScalar(ImplicitLocOpBuilder &builder, Value value, Type type) {
  if (value.getType() == type)
    return value;
  if (type.isIndex())
    return arith::IndexCastOp::create(builder, type, value);
  if (type.isInteger(1)) {
    Value zero = arith::ConstantIntOp::create(builder, value.getType(), 0);
    return arith::CmpIOp::create(builder, arith::CmpIPredicate::ne, value,
                                 zero);
  }
  return arith::BitcastOp::create(builder, type, value);
}

/// The buffer of `type` behind the header of packed data.
static Value emitPackedBuffer(ImplicitLocOpBuilder &builder, Value pointer,
                              MemRefType type) {
  int64_t bytes = kPackHeaderBytes + type.getNumElements() *
                                         getElementBytes(type.getElementType());
  Value all = memref::ReinterpretCastOp::create(
      builder, MemRefType::get({bytes}, builder.getI8Type()), pointer,
      /*offset=*/0, ArrayRef<int64_t>{bytes}, ArrayRef<int64_t>{1});
  Value offset = arith::ConstantIndexOp::create(builder, kPackHeaderBytes);
  return memref::ViewOp::create(builder, type, all, offset, ValueRange());
}

/// The buffer of `type`, row-major from `pointer` on, with `sizes`.
static Value emitBuffer(ImplicitLocOpBuilder &builder, Value pointer,
                        MemRefType type, ArrayRef<OpFoldResult> sizes,
                        ValueRange givenStrides = {}) {
  SmallVector<OpFoldResult> strides(sizes.size());
  OpFoldResult stride = builder.getIndexAttr(1);
  auto materialize = [&](OpFoldResult value) {
    return getValueOrCreateConstantIndexOp(builder, builder.getLoc(), value);
  };
  for (unsigned dim = sizes.size(); dim-- > 0;) {
    strides[dim] = stride;
    std::optional<int64_t> a = getConstantIntValue(stride);
    std::optional<int64_t> b = getConstantIntValue(sizes[dim]);
    if (a && b)
      stride = builder.getIndexAttr(*a * *b);
    else if (dim != 0)
      stride = builder.createOrFold<arith::MulIOp>(materialize(stride),
                                                   materialize(sizes[dim]));
  }
  // Given strides replace those of contiguous memory.
  for (auto [stride, given] : llvm::zip(strides, givenStrides))
    stride = given;
  return memref::ReinterpretCastOp::create(
      builder, type, pointer, builder.getIndexAttr(0), sizes, strides);
}

/// Lets uses of `old` read `buffer`; its sizes, where asked for, are `sizes`.
static void replaceBuffer(Value old, Value buffer,
                          ArrayRef<OpFoldResult> sizes) {
  for (Operation *user : llvm::make_early_inc_range(old.getUsers())) {
    auto dim = dyn_cast<memref::DimOp>(user);
    std::optional<int64_t> position =
        dim ? dim.getConstantIndex() : std::nullopt;
    if (!position || *position < 0 ||
        *position >= static_cast<int64_t>(sizes.size()))
      continue;
    auto size = dyn_cast<Value>(sizes[*position]);
    if (!size)
      continue;
    dim.getResult().replaceAllUsesWith(size);
    dim.erase();
  }
  old.replaceAllUsesExcept(buffer, buffer.getDefiningOp());
}

/// The view that `expand` is, of a buffer with strides.
static Value emitExpansion(ImplicitLocOpBuilder &builder,
                           memref::ExpandShapeOp expand) {
  MemRefType type = expand.getResultType();
  auto [knownStrides, knownOffset] = type.getStridesAndOffset();
  auto metadata =
      memref::ExtractStridedMetadataOp::create(builder, expand.getSrc());
  auto choose = [&](int64_t known, Value value) -> OpFoldResult {
    if (ShapedType::isDynamic(known))
      return value;
    return builder.getIndexAttr(known);
  };
  SmallVector<OpFoldResult> sizes = expand.getMixedOutputShape();
  SmallVector<OpFoldResult> strides(sizes.size());
  for (auto [group, first] :
       llvm::zip(expand.getReassociationIndices(), metadata.getStrides())) {
    Value stride = first;
    for (int64_t dim : llvm::reverse(group)) {
      strides[dim] = choose(knownStrides[dim], stride);
      stride = builder.createOrFold<arith::MulIOp>(
          stride, getValueOrCreateConstantIndexOp(builder, expand.getLoc(),
                                                  sizes[dim]));
    }
  }
  return memref::ReinterpretCastOp::create(
      builder, type, metadata.getBaseBuffer(),
      choose(knownOffset, metadata.getOffset()), sizes, strides);
}

/// Gives views that split a dim into more than one of unknown size, of which
/// expand-strided-metadata would crash, the sizes that they name themselves.
static void replaceExpansions(func::FuncOp function) {
  function.walk([](memref::ExpandShapeOp expand) {
    MemRefType type = expand.getResultType();
    bool isAmbiguous = llvm::any_of(
        expand.getReassociationIndices(), [&](ArrayRef<int64_t> group) {
          return llvm::count_if(group, [&](int64_t dim) {
                   return type.isDynamicDim(dim);
                 }) > 1;
        });
    if (!isAmbiguous)
      return;
    ImplicitLocOpBuilder builder(expand.getLoc(), expand);
    bool isContiguous = type.getLayout().isIdentity() &&
                        expand.getSrcType().getLayout().isIdentity();
    expand.replaceAllUsesWith(isContiguous
                                  ? emitBuffer(builder, expand.getSrc(), type,
                                               expand.getMixedOutputShape())
                                  : emitExpansion(builder, expand));
    expand.erase();
  });
}

/// Attributes of the address of a tensor, which nothing else writes.
static DictionaryAttr getPointerAttrs(Builder &builder, int64_t alignment,
                                      bool readOnly) {
  NamedAttrList attributes;
  attributes.set(LLVM::LLVMDialect::getNoAliasAttrName(),
                 builder.getUnitAttr());
  attributes.set(LLVM::LLVMDialect::getNoCaptureAttrName(),
                 builder.getUnitAttr());
  attributes.set(LLVM::LLVMDialect::getAlignAttrName(),
                 builder.getI64IntegerAttr(alignment));
  if (readOnly)
    attributes.set(LLVM::LLVMDialect::getReadonlyAttrName(),
                   builder.getUnitAttr());
  return attributes.getDictionary(builder.getContext());
}

FailureOr<std::optional<int64_t>>
mlir::norm::makeBody(func::FuncOp function, const KernelInterface &kernel) {
  auto builder = ImplicitLocOpBuilder::atBlockBegin(
      function.getLoc(), &function.getBody().front());
  MLIRContext *context = builder.getContext();
  unsigned numArguments = function.getNumArguments();
  DictionaryAttr none = builder.getDictionaryAttr({});
  unsigned numIndices = kernel.symbols.size() + kernel.strides.size();
  for (unsigned i = 0; i < numIndices; ++i)
    (void)function.insertArgument(function.getNumArguments(),
                                  builder.getIndexType(), none,
                                  function.getLoc());
  (void)function.insertArgument(
      function.getNumArguments(), MemRefType::get({}, builder.getI8Type()),
      getPointerAttrs(builder, /*alignment=*/1, /*readOnly=*/false),
      function.getLoc());
  ArrayRef<BlockArgument> all = function.getArguments();
  SmallVector<Value> symbols(all.slice(numArguments, kernel.symbols.size()));
  SmallVector<Value> strides(
      all.slice(numArguments + kernel.symbols.size(), kernel.strides.size()));

  for (auto [i, argument] : llvm::enumerate(kernel.arguments)) {
    BlockArgument old = function.getArgument(i);
    if (!argument.isTensor()) {
      function.setArgAttrs(i, none);
      old.setType(getCScalarType(argument.type));
      Value scalar = emitScalar(builder, old, argument.type);
      if (scalar != old)
        old.replaceAllUsesExcept(scalar, scalar.getDefiningOp());
      continue;
    }
    MemRefType type = argument.buffer;
    old.setType(getPointerType(argument));
    function.setArgAttrs(
        i,
        getPointerAttrs(
            builder, argument.tag ? 1 : getElementBytes(type.getElementType()),
            !argument.isResult));
    if (old.use_empty())
      continue;
    if (argument.tag) {
      Value buffer = emitPackedBuffer(builder, old, type);
      Operation *first =
          buffer.getDefiningOp<memref::ViewOp>().getSource().getDefiningOp();
      old.replaceAllUsesExcept(buffer, first);
      continue;
    }
    SmallVector<OpFoldResult> sizes;
    for (unsigned dim = 0; dim < type.getRank(); ++dim)
      sizes.push_back(
          type.isDynamicDim(dim)
              ? OpFoldResult(
                    emitExpr(builder, argument.sizes.getResult(dim), symbols))
              : builder.getIndexAttr(type.getDimSize(dim)));
    SmallVector<Value> ownStrides;
    for (auto [stride, parameter] : llvm::zip(strides, kernel.strides))
      if (parameter.argument == i)
        ownStrides.push_back(stride);
    replaceBuffer(old, emitBuffer(builder, old, type, sizes, ownStrides),
                  sizes);
  }
  replaceExpansions(function);
  SmallVector<Type> results;
  if (hasAssertions(function)) {
    // norm-lower-assertions returns early where one does not hold.
    Operation *terminator = function.getBody().front().getTerminator();
    builder.setInsertionPoint(terminator);
    terminator->setOperands(emitStatus(builder, Status::Ok, 0));
    results.push_back(builder.getI32Type());
    function->setAttr(kReturnsStatusAttrName, builder.getUnitAttr());
  }
  function.setType(FunctionType::get(
      context, function.getBody().front().getArgumentTypes(), results));
  function->removeAttr("norm.size_constraints");
  function->removeAttr("norm.strided");
  // The checks stay apart from the loops, and `noalias` on parameters.
  SmallVector<Attribute> passthrough(kernel.passthrough.getValue());
  passthrough.push_back(builder.getStringAttr("noinline"));
  function->setAttr("passthrough", builder.getArrayAttr(passthrough));
  function.setName(kernel.name + ".body");
  makeInternal(function);
  return planWorkspace(function, kernel, symbols,
                       function.getArguments().back());
}
