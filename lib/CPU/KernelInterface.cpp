//===- KernelInterface.cpp - What a function takes, for its C functions ---===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"

#include "mlir/IR/BuiltinOps.h"
#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

Type mlir::norm::getCScalarType(Type type) {
  auto integer = [&](unsigned width) {
    return IntegerType::get(type.getContext(), width);
  };
  if (type.isIndex())
    return integer(64);
  if (type.isInteger(1))
    return integer(8);
  // C11 has no such types: their bits are passed.
  if (auto floating = dyn_cast<FloatType>(type))
    if (floating.getWidth() < 32)
      return integer(floating.getWidth());
  return type;
}

MemRefType mlir::norm::getPointerType(const KernelArgument &argument) {
  Type element = argument.buffer.getElementType();
  if (argument.tag)
    element = IntegerType::get(element.getContext(), 8);
  return MemRefType::get({}, element);
}

/// The attributes that LLVM's functions get.
static ArrayAttr getPassthrough(func::FuncOp function) {
  Builder builder(function.getContext());
  SmallVector<Attribute> attributes{builder.getStringAttr("nounwind")};
  auto module = function->getParentOfType<ModuleOp>();
  auto target = module->getAttrOfType<DictionaryAttr>(kCPUTargetAttrName);
  auto add = [&](StringRef key, StringRef value) {
    attributes.push_back(builder.getStrArrayAttr({key, value}));
  };
  auto addFromTarget = [&](StringRef key, StringRef name) {
    if (auto value = target ? target.getAs<StringAttr>(name) : StringAttr())
      add(key, value.getValue());
  };
  addFromTarget("target-cpu", "cpu");
  addFromTarget("target-features", "features");
  // LLVM prefers 256 bits on many CPUs that have more.
  if (CPUTarget::get(function).vectorBits == 512)
    add("prefer-vector-width", "512");
  return builder.getArrayAttr(attributes);
}

/// The sizes that `attributes` record of a tensor of `type`, or those that its
/// type says.
static FailureOr<AffineMap> getSizes(func::FuncOp function, unsigned index,
                                     RankedTensorType type) {
  MLIRContext *context = function.getContext();
  if (auto sizes =
          function.getArgAttrOfType<AffineMapAttr>(index, kSizesAttrName)) {
    if (sizes.getValue().getNumResults() == type.getRank())
      return sizes.getValue();
    return function.emitError()
           << "'" << function.getSymName() << "': argument " << index
           << " of type " << type << " has another rank than its '"
           << kSizesAttrName << "'";
  }
  if (!type.hasStaticShape())
    return function.emitError()
           << "'" << function.getSymName() << "': argument " << index
           << " of type " << type << " has dynamic dims but no '"
           << kSizesAttrName << "' (norm-record-signature sets it)";
  SmallVector<AffineExpr> sizes;
  for (int64_t size : type.getShape())
    sizes.push_back(getAffineConstantExpr(size, context));
  return AffineMap::get(0, 0, sizes, context);
}

/// One argument of `function`, without its name.
static FailureOr<KernelArgument> getArgument(func::FuncOp function,
                                             unsigned index) {
  KernelArgument result;
  Type type = function.getArgumentTypes()[index];
  auto emit = [&]() {
    return function.emitError()
           << "'" << function.getSymName() << "': argument " << index
           << " of type " << type << " ";
  };
  result.isResult = function.getArgAttr(index, kResultAttrName) != nullptr;
  Attribute rows = function.getArgAttr(index, kRowsAttrName);
  result.hasRows = rows != nullptr;
  result.type = type;
  result.buffer = dyn_cast<MemRefType>(type);
  if (!result.buffer) {
    if (!type.isIntOrIndexOrFloat())
      return emit() << "is neither a memref nor a scalar";
    return result;
  }
  bool hasLayout = !result.buffer.getLayout().isIdentity();
  if (function->hasAttr(kStridedAttrName) && result.buffer.isStrided() &&
      result.buffer.getStridesAndOffset().second == 0 &&
      result.buffer.isLastDimUnitStride())
    hasLayout = false;
  if (hasLayout || result.buffer.getMemorySpace())
    return emit() << "has a layout or a memory space";
  if (!result.buffer.getElementType().isIntOrIndexOrFloat())
    return emit() << "has elements that are not scalars";
  auto tensor = RankedTensorType::get(result.buffer.getShape(),
                                      result.buffer.getElementType());
  if (auto packed =
          function.getArgAttrOfType<DictionaryAttr>(index, kPackedAttrName)) {
    if (!result.buffer.hasStaticShape())
      return emit() << "is packed and has dynamic dims";
    result.tag = packed.getAs<IntegerAttr>("tag").getInt();
    tensor =
        dyn_cast<RankedTensorType>(packed.getAs<TypeAttr>("type").getValue());
    if (!tensor)
      return emit() << "is packed from what is no ranked tensor";
  }
  FailureOr<AffineMap> sizes = getSizes(function, index, tensor);
  if (failed(sizes))
    return failure();
  result.sizes = *sizes;
  if (auto number = dyn_cast_or_null<IntegerAttr>(rows)) {
    if (tensor.getRank() == 0 || !tensor.isDynamicDim(0) ||
        !isa<AffineSymbolExpr>(sizes->getResult(0)) || number.getInt() < 0)
      return emit() << "has a number of rows but no dynamic leading dim that "
                       "is a symbol of its own";
    result.numRows = number.getInt();
    SmallVector<int64_t> shape(tensor.getShape());
    shape.front() = number.getInt();
    tensor = tensor.clone(shape);
  }
  result.type = tensor;
  return result;
}

/// The name of argument `index` before it is made unique.
static std::string getName(func::FuncOp function, unsigned index,
                           unsigned numResults) {
  if (auto name = function.getArgAttrOfType<StringAttr>(index, kNameAttrName))
    return name.str();
  auto result = function.getArgAttrOfType<IntegerAttr>(index, kResultAttrName);
  if (!result)
    return "arg" + std::to_string(index);
  return numResults == 1 ? "y" : "y" + std::to_string(result.getInt());
}

FailureOr<KernelInterface> KernelInterface::get(func::FuncOp function,
                                                StringRef prefix,
                                                StringRef suffix) {
  KernelInterface kernel;
  kernel.source = function.getSymName().str();
  if (auto of = function->getAttrOfType<StringAttr>(kStridedAttrName)) {
    kernel.source = of.str();
    kernel.isStrided = true;
  }
  kernel.name = makeCIdentifier((prefix + kernel.source + suffix).str());
  if (kernel.isStrided)
    kernel.name += "_strided";
  if (isCLibraryName(kernel.name))
    return function.emitError()
           << "'" << kernel.source << "': a function '" << kernel.name
           << "' would take the place of the one of C; --symbol-prefix sets "
              "another name apart";
  kernel.passthrough = getPassthrough(function);
  if (!function.getResultTypes().empty())
    return function.emitError() << "'" << kernel.source
                                << "': returns values; results must be "
                                   "arguments (norm-destination-passing)";
  unsigned numArguments = function.getNumArguments(), numResults = 0;
  for (unsigned i = 0; i < numArguments; ++i)
    numResults += function.getArgAttr(i, kResultAttrName) != nullptr;

  CNames names;
  unsigned numSymbols = 0;
  for (unsigned i = 0; i < numArguments; ++i) {
    FailureOr<KernelArgument> argument = getArgument(function, i);
    if (failed(argument))
      return failure();
    argument->name = names.getUnique(getName(function, i, numResults));
    if (argument->sizes)
      numSymbols = std::max(numSymbols, argument->sizes.getNumSymbols());
    kernel.arguments.push_back(std::move(*argument));
  }
  SmallVector<std::optional<KernelSymbol>> symbols(numSymbols);
  for (auto [i, argument] : llvm::enumerate(kernel.arguments)) {
    if (argument.isResult || !argument.isTensor())
      continue;
    auto type = cast<RankedTensorType>(argument.type);
    if (argument.numRows)
      symbols[cast<AffineSymbolExpr>(argument.sizes.getResult(0))
                  .getPosition()] = KernelSymbol{{}, *argument.numRows};
    for (unsigned dim = 0; dim < type.getRank(); ++dim) {
      if (!type.isDynamicDim(dim))
        continue;
      auto symbol = dyn_cast<AffineSymbolExpr>(argument.sizes.getResult(dim));
      if (symbol && !symbols[symbol.getPosition()])
        symbols[symbol.getPosition()] = KernelSymbol{kernel.sizes.size()};
      kernel.sizes.push_back(
          {names.getUnique(argument.name + "_d" + std::to_string(dim)),
           static_cast<unsigned>(i), dim});
    }
  }
  for (auto [i, argument] : llvm::enumerate(kernel.arguments))
    for (int64_t dim = 0; kernel.isStrided && argument.isTensor() &&
                          !argument.tag && dim + 1 < argument.buffer.getRank();
         ++dim)
      kernel.strides.push_back(
          {names.getUnique(argument.name + "_s" + std::to_string(dim)),
           static_cast<unsigned>(i), static_cast<unsigned>(dim)});
  for (auto [i, symbol] : llvm::enumerate(symbols)) {
    if (!symbol)
      return function.emitError() << "'" << kernel.source << "': symbol s" << i
                                  << " of '" << kSizesAttrName
                                  << "' is the size of no dynamic dim of an "
                                     "argument";
    kernel.symbols.push_back(*symbol);
  }
  if (auto set =
          function->getAttrOfType<IntegerSetAttr>(kSizeConstraintsAttrName))
    kernel.constraints = set.getValue();
  for (auto [i, argument] : llvm::enumerate(kernel.arguments))
    if (!argument.isTensor() && isSizeScalar(argument.type))
      kernel.scalars.push_back(i);
  if (kernel.constraints &&
      kernel.constraints->getNumSymbols() > numSymbols + kernel.scalars.size())
    return function.emitError()
           << "'" << kernel.source << "': '" << kSizeConstraintsAttrName
           << "' has more symbols than '" << kSizesAttrName
           << "' and integer arguments";
  return kernel;
}

AffineMap
KernelInterface::getCallerSizes(const KernelArgument &argument) const {
  if (!argument.sizes || symbols.empty())
    return argument.sizes;
  MLIRContext *context = argument.sizes.getContext();
  SmallVector<AffineExpr> values;
  for (auto [i, symbol] : llvm::enumerate(symbols))
    values.push_back(symbol.size
                         ? getAffineSymbolExpr(i, context)
                         : getAffineConstantExpr(symbol.constant, context));
  values.resize(argument.sizes.getNumSymbols());
  return argument.sizes.replaceDimsAndSymbols({}, values, 0,
                                              argument.sizes.getNumSymbols());
}

SmallVector<CParameter> KernelInterface::getParameters() const {
  SmallVector<CParameter> result;
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    CParameter parameter;
    parameter.name = argument.name;
    parameter.argument = i;
    parameter.type = argument.type;
    parameter.sizes = getCallerSizes(argument);
    if (!argument.isTensor())
      parameter.role = CParameterRole::Scalar;
    else if (argument.tag)
      parameter.role = CParameterRole::Packed;
    else
      parameter.role =
          argument.isResult ? CParameterRole::Result : CParameterRole::Input;
    result.push_back(std::move(parameter));
  }
  auto add = [&](ArrayRef<SizeParameter> all, CParameterRole role) {
    for (const SizeParameter &size : all) {
      CParameter parameter;
      parameter.name = size.name;
      parameter.role = role;
      parameter.argument = size.argument;
      parameter.dim = size.dim;
      result.push_back(std::move(parameter));
    }
  };
  add(sizes, CParameterRole::Size);
  add(strides, CParameterRole::Stride);
  return result;
}

SmallVector<Type>
KernelInterface::getParameterTypes(MLIRContext *context) const {
  SmallVector<Type> result;
  for (const KernelArgument &argument : arguments)
    result.push_back(argument.isTensor() ? Type(getPointerType(argument))
                                         : getCScalarType(argument.type));
  result.append(sizes.size() + strides.size(), IntegerType::get(context, 64));
  return result;
}
