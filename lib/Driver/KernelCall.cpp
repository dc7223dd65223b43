//===- KernelCall.cpp - Calls of a kernel in this process -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Kernel.h"

#include "mlir/IR/TypeUtilities.h"
#include "norm/Driver/Arguments.h"
#include "norm/GPU/Emulation.h"
#include "norm/Interpreter/Numerics.h"
#include "norm/Support/Status.h"
#include <cstring>

using namespace mlir;
using namespace mlir::norm;

/// An error about no place in the input.
static InFlightDiagnostic emitGlobalError(MLIRContext *context) {
  return emitError(UnknownLoc::get(context));
}

FailureOr<void *> KernelCall::lookup(StringRef name) {
  llvm::Expected<void *> address = kernel.object->lookup(name);
  if (!address)
    return emitGlobalError(context) << "the kernel lacks a function: "
                                    << llvm::toString(address.takeError());
  return *address;
}

/// The error of an allocation of `bytes` bytes.
static InFlightDiagnostic emitNoMemory(MLIRContext *context, size_t bytes) {
  return emitGlobalError(context)
         << "there is no memory for " << bytes << " bytes";
}

FailureOr<GuardedBuffer *> KernelCall::addBuffer(size_t bytes) {
  std::unique_ptr<GuardedBuffer> buffer = GuardedBuffer::allocate(bytes);
  if (!buffer)
    return emitNoMemory(context, bytes);
  buffers.push_back(std::move(buffer));
  words.push_back(reinterpret_cast<int64_t>(buffers.back()->data()));
  return buffers.back().get();
}

void KernelCall::addWord(int64_t word) {
  buffers.push_back(nullptr);
  words.push_back(word);
}

/// The shape that a tensor parameter has.
static SmallVector<int64_t> getShape(const CParameter &parameter,
                                     ArrayRef<int64_t> symbols) {
  if (parameter.sizes)
    return evaluateSizes(parameter.sizes, symbols);
  auto tensor = dyn_cast<RankedTensorType>(parameter.type);
  return tensor ? SmallVector<int64_t>(tensor.getShape())
                : SmallVector<int64_t>();
}

FailureOr<int64_t> KernelCall::callForBytes(const CFunction &function,
                                            ArrayRef<int64_t> sizes) {
  if (function.constant)
    return *function.constant;
  FailureOr<void *> address = lookup(function.name);
  if (failed(address))
    return failure();
  llvm::Expected<int64_t> bytes = callWithWords(*address, sizes);
  if (!bytes)
    return emitGlobalError(context)
           << "'" << function.name
           << "': " << llvm::toString(bytes.takeError());
  return *bytes;
}

LogicalResult KernelCall::initPacked(const CParameter &parameter,
                                     const InterpValue &argument) {
  StringRef kernelName = kernel.kernel->name;
  const CFunction *size =
      kernel.find(CFunctionKind::PackedSize,
                  (kernelName + "_packed_size_" + parameter.name).str());
  const CFunction *pack = kernel.find(
      CFunctionKind::Pack, (kernelName + "_pack_" + parameter.name).str());
  if (!size || !pack)
    return emitGlobalError(context)
           << "no function packs '" << parameter.name << "'";
  FailureOr<void *> function = lookup(pack->name);
  if (failed(function))
    return failure();
  std::vector<char> bytes = argument.toBytes();
  std::unique_ptr<GuardedBuffer> plain = GuardedBuffer::allocate(bytes.size());
  if (!plain)
    return emitNoMemory(context, bytes.size());
  llvm::copy(bytes, plain->data());
  FailureOr<int64_t> packedBytes = callForBytes(*size, {});
  if (failed(packedBytes))
    return failure();
  FailureOr<GuardedBuffer *> packed = addBuffer(*packedBytes);
  if (failed(packed))
    return failure();
  SmallVector<int64_t> operands;
  for (const CParameter &packParameter : pack->parameters) {
    if (packParameter.role == CParameterRole::Size)
      operands.push_back(argument.getShape()[packParameter.dim]);
    else if (packParameter.role == CParameterRole::PackedResult)
      operands.push_back(reinterpret_cast<int64_t>((*packed)->data()));
    else
      operands.push_back(reinterpret_cast<int64_t>(plain->data()));
  }
  llvm::Expected<int64_t> word = callWithWords(*function, operands);
  if (!word)
    return emitGlobalError(context)
           << "'" << pack->name << "': " << llvm::toString(word.takeError());
  // The function returns an int: the bits above it mean nothing.
  auto status = static_cast<int32_t>(*word);
  if (status != 0)
    return emitGlobalError(context)
           << "'" << pack->name << "' failed: " << describeStatus(status);
  if (!(*packed)->isIntact() || !plain->isIntact())
    return emitGlobalError(context)
           << "'" << pack->name << "' wrote outside of its arguments";
  return success();
}

LogicalResult KernelCall::initWorkspace() {
  const CFunction *workspace = kernel.find(CFunctionKind::Workspace);
  if (!workspace) {
    addWord(0);
    return success();
  }
  SmallVector<int64_t> sizes;
  for (auto [i, parameter] : llvm::enumerate(kernel.kernel->parameters))
    if (parameter.role == CParameterRole::Size)
      sizes.push_back(words[i]);
  FailureOr<int64_t> bytes = callForBytes(*workspace, sizes);
  if (failed(bytes))
    return failure();
  workspaceBytes = *bytes;
  if (workspaceBytes == 0) {
    addWord(0);
    return success();
  }
  FailureOr<GuardedBuffer *> buffer = addBuffer(workspaceBytes);
  // What is read before anything is written there is NaN.
  if (succeeded(buffer))
    std::memset((*buffer)->data(), 0xFF, workspaceBytes);
  return buffer;
}

LogicalResult KernelCall::initParameter(const CParameter &parameter,
                                        ArrayRef<InterpValue> arguments) {
  auto argument = [&]() -> const InterpValue & {
    return arguments[parameter.argument];
  };
  switch (parameter.role) {
  case CParameterRole::Input: {
    std::vector<char> bytes = argument().toBytes();
    FailureOr<GuardedBuffer *> buffer = addBuffer(bytes.size());
    if (failed(buffer))
      return failure();
    llvm::copy(bytes, (*buffer)->data());
    totalBytes += bytes.size();
    return success();
  }
  case CParameterRole::Packed:
    totalBytes += argument().toBytes().size();
    return initPacked(parameter, argument());
  case CParameterRole::Scalar: {
    std::vector<char> bytes = argument().toBytes();
    int64_t word = 0;
    std::memcpy(&word, bytes.data(), std::min(bytes.size(), sizeof(word)));
    addWord(word);
    return success();
  }
  case CParameterRole::Result: {
    SmallVector<int64_t> shape = getShape(parameter, symbols);
    int64_t bytes = countElements(shape) *
                    getStorageBytes(getElementTypeOrSelf(parameter.type));
    FailureOr<GuardedBuffer *> buffer = addBuffer(bytes);
    if (failed(buffer))
      return failure();
    // Elements that nobody writes are NaN.
    std::memset((*buffer)->data(), 0xFF, bytes);
    totalBytes += bytes;
    return success();
  }
  case CParameterRole::Size:
    addWord(argument().getShape()[parameter.dim]);
    return success();
  case CParameterRole::Workspace:
    return initWorkspace();
  case CParameterRole::Stream:
    addWord(0);
    return success();
  default:
    return emitGlobalError(context)
           << "the kernel has a parameter '" << parameter.name
           << "' of an unexpected kind";
  }
}

LogicalResult KernelCall::init(ArrayRef<InterpValue> arguments) {
  ArrayRef<CParameter> parameters = kernel.kernel->parameters;
  SmallVector<AffineMap> sizes;
  SmallVector<ArrayRef<int64_t>> shapes;
  for (const CParameter &parameter : parameters)
    if (parameter.role == CParameterRole::Input ||
        parameter.role == CParameterRole::Packed) {
      sizes.push_back(parameter.sizes);
      shapes.push_back(arguments[parameter.argument].getShape());
    }
  symbols = solveSymbols(sizes, shapes);
  for (const CParameter &parameter : parameters)
    if (failed(initParameter(parameter, arguments)))
      return failure();
  for (int64_t &word : words)
    values.push_back(&word);
  const CFunction *entry = kernel.find(CFunctionKind::Invoke);
  if (!entry)
    return emitGlobalError(context) << "the kernel has no generic entry";
  FailureOr<void *> address = lookup(entry->name);
  if (failed(address))
    return failure();
  invoke = reinterpret_cast<int32_t (*)(void **)>(*address);
  return device ? addDeviceCopy() : success();
}

int32_t KernelCall::run() {
  if (device)
    return runOnDevice();
  if (kernel.isEmulated) {
    std::vector<DeviceMemory> memory;
    for (const auto &buffer : buffers)
      if (buffer)
        memory.emplace_back(buffer->data(), buffer->size());
    setDeviceMemory(std::move(memory));
  }
  return invoke(values.data());
}

FailureOr<std::unique_ptr<KernelCall>>
KernelCall::prepare(Kernel &kernel, MLIRContext *context,
                    ArrayRef<InterpValue> arguments, CudaDevice *device) {
  std::unique_ptr<KernelCall> call(new KernelCall(kernel, context, device));
  if (failed(call->init(arguments)))
    return failure();
  return call;
}

std::string KernelCall::describeStatus(int32_t status) const {
  StringRef name = "an unknown status", message = "";
  switch (static_cast<Status>(status & ((1 << kStatusArgumentShift) - 1))) {
#define NORM_STATUS(cxxName, cName, value, text)                               \
  case Status::cxxName:                                                        \
    name = #cName;                                                             \
    message = text;                                                            \
    break;
    NORM_FOR_EACH_STATUS(NORM_STATUS)
#undef NORM_STATUS
  }
  unsigned argument = static_cast<uint32_t>(status) >> kStatusArgumentShift;
  std::string result = (name + ": " + message).str();
  if (static_cast<Status>(status) == Status::Assertion)
    return result;
  for (const CParameter &parameter : kernel.kernel->parameters)
    if (parameter.role != CParameterRole::Size &&
        parameter.argument == argument)
      result += " ('" + parameter.name + "')";
  if (kernel.isEmulated && !getEmulationError().empty())
    result += ": " + getEmulationError();
  if (device && !device->getError().empty())
    result += ": " + device->getError();
  return result;
}

SmallVector<InterpValue> KernelCall::getResults(TypeRange types) const {
  SmallVector<InterpValue> results;
  for (auto [i, parameter] : llvm::enumerate(kernel.kernel->parameters)) {
    if (parameter.role != CParameterRole::Result)
      continue;
    Type elementType = getElementTypeOrSelf(parameter.type);
    // The buffer has the size of the shape.
    InterpValue value = *InterpValue::fromBytes(
        elementType, getShape(parameter, symbols),
        ArrayRef<char>(buffers[i]->data(), buffers[i]->size()));
    // The C function writes a scalar into memory, like a tensor.
    results.push_back(isa<RankedTensorType>(types[results.size()])
                          ? value
                          : value.asScalar());
  }
  return results;
}

std::string KernelCall::findOverrun() const {
  for (auto [parameter, buffer] :
       llvm::zip_equal(kernel.kernel->parameters, buffers))
    if (buffer && !buffer->isIntact())
      return parameter.name;
  return "";
}
