//===- Arguments.cpp - Arguments of a function, from files or random ------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Arguments.h"

#include "mlir/IR/TypeUtilities.h"
#include "norm/CPU/CInterface.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Driver/Weights.h"
#include "norm/Interpreter/Numerics.h"
#include "norm/Support/TensorFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <limits>
#include <sys/resource.h>
#include <unistd.h>

using namespace mlir;
using namespace mlir::norm;

std::string mlir::norm::getArgumentName(func::FuncOp function, unsigned index) {
  if (auto name = function.getArgAttrOfType<StringAttr>(index, kNameAttrName))
    return name.str();
  return "arg" + std::to_string(index);
}

std::string mlir::norm::getResultName(func::FuncOp function, unsigned index) {
  if (auto name =
          function.getResultAttrOfType<StringAttr>(index, kNameAttrName))
    return name.str();
  return function.getNumResults() == 1 ? "y" : "y" + std::to_string(index);
}

/// In the order in which norm-c-abi gives out names.
CNamesOf::CNamesOf(func::FuncOp function) {
  CNames names;
  for (unsigned i = 0, e = function.getNumArguments(); i < e; ++i)
    arguments.push_back(names.getUnique(getArgumentName(function, i)));
  for (unsigned i = 0, e = function.getNumResults(); i < e; ++i)
    results.push_back(names.getUnique(getResultName(function, i)));
  for (auto [type, name] : llvm::zip(function.getArgumentTypes(), arguments)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    sizes.emplace_back(tensor ? tensor.getRank() : 0);
    for (auto [dim, size] : llvm::enumerate(sizes.back()))
      if (tensor.isDynamicDim(dim))
        size = names.getUnique(name + "_d" + std::to_string(dim));
  }
}

/// The position in `names` or `cNames` that `text` means.
static std::optional<unsigned> find(StringRef text, ArrayRef<std::string> names,
                                    ArrayRef<std::string> cNames) {
  unsigned index;
  if (!text.getAsInteger(10, index))
    return index < names.size() ? std::optional(index) : std::nullopt;
  for (ArrayRef<std::string> candidates : {names, cNames})
    if (const auto *it = llvm::find(candidates, text); it != candidates.end())
      return it - candidates.begin();
  return std::nullopt;
}

std::optional<unsigned> mlir::norm::findArgument(func::FuncOp function,
                                                 StringRef text) {
  SmallVector<std::string> names;
  for (unsigned i = 0, e = function.getNumArguments(); i < e; ++i)
    names.push_back(getArgumentName(function, i));
  return find(text, names, CNamesOf(function).arguments);
}

std::optional<unsigned> mlir::norm::findResult(func::FuncOp function,
                                               StringRef text) {
  SmallVector<std::string> names;
  for (unsigned i = 0, e = function.getNumResults(); i < e; ++i)
    names.push_back(getResultName(function, i));
  return find(text, names, CNamesOf(function).results);
}

SmallVector<int64_t>
mlir::norm::solveSymbols(ArrayRef<AffineMap> sizes,
                         ArrayRef<ArrayRef<int64_t>> shapes) {
  SmallVector<int64_t> symbols;
  for (auto [map, shape] : llvm::zip_equal(sizes, shapes)) {
    if (!map)
      continue;
    if (symbols.size() < map.getNumSymbols())
      symbols.resize(map.getNumSymbols(), -1);
    for (auto [expr, size] : llvm::zip_equal(map.getResults(), shape))
      if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
        if (symbols[symbol.getPosition()] < 0)
          symbols[symbol.getPosition()] = size;
  }
  return symbols;
}

SmallVector<int64_t> mlir::norm::evaluateSizes(AffineMap sizes,
                                               ArrayRef<int64_t> symbols) {
  MLIRContext *context = sizes.getContext();
  SmallVector<Attribute> operands;
  for (int64_t symbol : symbols.take_front(sizes.getNumSymbols()))
    operands.push_back(IntegerAttr::get(IndexType::get(context), symbol));
  SmallVector<Attribute> results;
  SmallVector<int64_t> values;
  // Fails only on a division by zero, which no size has.
  if (failed(sizes.constantFold(operands, results)))
    return values;
  for (Attribute result : results)
    values.push_back(cast<IntegerAttr>(result).getInt());
  return values;
}

namespace {

/// Chooses the arguments of one function.
class ArgumentMaker {
public:
  ArgumentMaker(func::FuncOp function, const ArgumentOptions &options)
      : function(function), options(options), names(function),
        values(function.getNumArguments()) {}

  FailureOr<SmallVector<InterpValue>> make();

private:
  /// Reads what is in files.
  LogicalResult readFiles();
  LogicalResult readFile(unsigned index, StringRef path);
  /// Decides the symbols: by files, by name, by default.
  LogicalResult chooseSizes();
  /// The argument and the dim that the size `name` is of.
  std::optional<std::pair<unsigned, unsigned>> findDim(StringRef name);
  /// Decides the symbol that the size `name` is, if it is one.
  LogicalResult setSize(StringRef name, int64_t size);
  /// Whether the size `name` is what the symbols or its type say.
  LogicalResult checkSize(StringRef name, int64_t size);
  /// Refuses what this machine has no memory for.
  LogicalResult checkBytes();

  AffineMap getSizes(unsigned index) {
    auto sizes =
        function.getArgAttrOfType<AffineMapAttr>(index, kSizesAttrName);
    return sizes ? sizes.getValue() : AffineMap();
  }

  /// The shape of an argument once all symbols are decided.
  SmallVector<int64_t> getShape(unsigned index);

  func::FuncOp function;
  const ArgumentOptions &options;
  CNamesOf names;
  SmallVector<InterpValue> values;
  SmallVector<int64_t> symbols;
  /// What fixed a symbol, for people.
  SmallVector<std::string> reasons;
};

} // namespace

LogicalResult ArgumentMaker::readFile(unsigned index, StringRef path) {
  Location loc = UnknownLoc::get(function.getContext());
  llvm::Expected<StoredTensor> stored = readNpy(path);
  if (!stored)
    return emitError(loc, llvm::toString(stored.takeError()));
  Type type = function.getArgumentTypes()[index];
  auto tensor = dyn_cast<RankedTensorType>(type);
  Type elementType = tensor ? tensor.getElementType() : type;
  RankedTensorType storedType = getStoredType(*stored, elementType);
  if (!storedType || (tensor ? failed(verifyCompatibleShape(tensor, storedType))
                             : storedType.getNumElements() != 1)) {
    InFlightDiagnostic diagnostic = emitError(loc)
                                    << "'" << path << "' holds a tensor of ";
    llvm::interleave(stored->shape, diagnostic, "x");
    return diagnostic << " elements of " << getName(stored->type)
                      << ", but argument '" << getArgumentName(function, index)
                      << "' is " << type;
  }
  FailureOr<InterpValue> value =
      InterpValue::fromBytes(elementType, stored->shape, stored->bytes);
  if (failed(value))
    return emitError(loc) << "'" << path << "' does not hold the bytes of its "
                          << "shape";
  values[index] = tensor ? *value : value->asScalar();
  return success();
}

LogicalResult ArgumentMaker::readFiles() {
  for (const auto &[name, path] : options.files) {
    std::optional<unsigned> index = findArgument(function, name);
    if (!index)
      return emitError(UnknownLoc::get(function.getContext()))
             << "'" << function.getName() << "' has no argument '" << name
             << "'";
    if (failed(readFile(*index, path)))
      return failure();
  }
  return success();
}

std::optional<std::pair<unsigned, unsigned>>
ArgumentMaker::findDim(StringRef name) {
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    std::string prefix = getArgumentName(function, i) + "_d";
    for (auto [dim, cName] : llvm::enumerate(names.sizes[i]))
      if (name == prefix + std::to_string(dim) ||
          (!cName.empty() && name == cName))
        return std::pair<unsigned, unsigned>(i, dim);
  }
  return std::nullopt;
}

LogicalResult ArgumentMaker::setSize(StringRef name, int64_t size) {
  Location loc = UnknownLoc::get(function.getContext());
  auto found = findDim(name);
  if (!found)
    return emitError(loc) << "'" << function.getName() << "' has no size '"
                          << name << "'";
  auto [argument, dim] = *found;
  AffineMap map = getSizes(argument);
  auto symbol = map ? dyn_cast<AffineSymbolExpr>(map.getResult(dim))
                    : AffineSymbolExpr(nullptr);
  // The others follow from these.
  if (!symbol)
    return success();
  int64_t &value = symbols[symbol.getPosition()];
  if (value >= 0 && value != size)
    return emitError(loc) << "the size '" << name << "' is " << size
                          << ", but must be " << value << " as of "
                          << reasons[symbol.getPosition()];
  value = size;
  reasons[symbol.getPosition()] = name.str();
  return success();
}

LogicalResult ArgumentMaker::checkSize(StringRef name, int64_t size) {
  auto [argument, dim] = *findDim(name);
  int64_t actual = getShape(argument)[dim];
  if (actual == size)
    return success();
  return emitError(UnknownLoc::get(function.getContext()))
         << "the size '" << name << "' is " << size << ", but must be "
         << actual;
}

SmallVector<int64_t> ArgumentMaker::getShape(unsigned index) {
  if (AffineMap map = getSizes(index))
    return evaluateSizes(map, symbols);
  auto tensor = dyn_cast<RankedTensorType>(function.getArgumentTypes()[index]);
  return tensor ? SmallVector<int64_t>(tensor.getShape())
                : SmallVector<int64_t>();
}

LogicalResult ArgumentMaker::chooseSizes() {
  unsigned numSymbols = 0;
  for (unsigned i = 0, e = function.getNumArguments(); i < e; ++i)
    if (AffineMap map = getSizes(i))
      numSymbols = std::max(numSymbols, map.getNumSymbols());
  symbols.assign(numSymbols, -1);
  reasons.resize(numSymbols);
  for (auto [i, value] : llvm::enumerate(values)) {
    AffineMap map = getSizes(i);
    if (!map || !value.getElementType())
      continue;
    for (auto [expr, size] :
         llvm::zip_equal(map.getResults(), value.getShape()))
      if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
        if (symbols[symbol.getPosition()] < 0) {
          symbols[symbol.getPosition()] = size;
          reasons[symbol.getPosition()] =
              "argument '" + getArgumentName(function, i) + "'";
        }
  }
  for (const auto &[name, size] : options.sizes)
    if (failed(setSize(name, size)))
      return failure();
  for (int64_t &symbol : symbols)
    if (symbol < 0)
      symbol = options.defaultSize;
  for (const auto &[name, size] : options.sizes)
    if (failed(checkSize(name, size)))
      return failure();
  return success();
}

/// The bytes of memory that this process may have, or as many as can be
/// counted: those of the machine, of its address space, of its control group.
static uint64_t getMemoryBytes() {
  uint64_t bytes = std::numeric_limits<int64_t>::max();
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  if (pages > 0 && size > 0)
    bytes = std::min(bytes, llvm::SaturatingMultiply<uint64_t>(pages, size));
  rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    bytes = std::min<uint64_t>(bytes, limit.rlim_cur);
  for (StringRef path : {"/sys/fs/cgroup/memory.max",
                         "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    auto file = llvm::MemoryBuffer::getFileAsStream(path);
    uint64_t group;
    if (file && !(*file)->getBuffer().trim().getAsInteger(10, group))
      bytes = std::min(bytes, group);
  }
  return bytes;
}

/// The bytes of a tensor here: once as the interpreter's numbers, once as the
/// kernel sees it.
static uint64_t countBytes(Type type, ArrayRef<int64_t> shape) {
  uint64_t bytes = sizeof(double) + getStorageBytes(getElementTypeOrSelf(type));
  for (int64_t size : shape) {
    if (size <= 0)
      return 0;
    bytes = llvm::SaturatingMultiply<uint64_t>(bytes, size);
  }
  return bytes;
}

LogicalResult ArgumentMaker::checkBytes() {
  uint64_t total = 0, available = getMemoryBytes();
  auto check = [&](Type type, AffineMap map, StringRef name) -> LogicalResult {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor)
      return success();
    SmallVector<int64_t> shape = map ? evaluateSizes(map, symbols)
                                     : SmallVector<int64_t>(tensor.getShape());
    for (auto [dim, size] : llvm::enumerate(shape))
      if (size < 0 && !ShapedType::isDynamic(size))
        return emitError(UnknownLoc::get(function.getContext()))
               << "dim " << dim << " of '" << name << "' would have the size "
               << size;
    total = llvm::SaturatingAdd(total, countBytes(type, shape));
    if (total <= available)
      return success();
    InFlightDiagnostic diagnostic =
        emitError(UnknownLoc::get(function.getContext()))
        << "there is no memory for '" << name << "' of the sizes ";
    llvm::interleave(shape, diagnostic, "x");
    return diagnostic;
  };
  for (unsigned i = 0, e = function.getNumArguments(); i < e; ++i)
    if (failed(check(function.getArgumentTypes()[i], getSizes(i),
                     getArgumentName(function, i))))
      return failure();
  for (unsigned i = 0, e = function.getNumResults(); i < e; ++i) {
    auto sizes = function.getResultAttrOfType<AffineMapAttr>(i, kSizesAttrName);
    if (failed(check(function.getResultTypes()[i],
                     sizes ? sizes.getValue() : AffineMap(),
                     getResultName(function, i))))
      return failure();
  }
  return success();
}

FailureOr<SmallVector<InterpValue>> ArgumentMaker::make() {
  if (failed(readFiles()) || failed(chooseSizes()) || failed(checkBytes()))
    return failure();
  Location loc = UnknownLoc::get(function.getContext());
  for (auto [i, value] : llvm::enumerate(values)) {
    Type type = function.getArgumentTypes()[i];
    auto tensor = dyn_cast<RankedTensorType>(type);
    SmallVector<int64_t> shape = getShape(i);
    if (!value.getElementType()) {
      value = makeRandom(
          tensor ? tensor.getElementType() : type, shape, tensor != nullptr,
          getArgumentRole(function.getArgument(i)), i, options.random);
      continue;
    }
    for (unsigned dim = 0; dim < shape.size(); ++dim)
      if (shape[dim] != value.getShape()[dim])
        return emitError(loc)
               << "dim " << dim << " of argument '"
               << getArgumentName(function, i) << "' is "
               << value.getShape()[dim] << ", but must be " << shape[dim];
  }
  return std::move(values);
}

FailureOr<SmallVector<InterpValue>>
mlir::norm::makeArguments(func::FuncOp function,
                          const ArgumentOptions &options) {
  return ArgumentMaker(function, options).make();
}
