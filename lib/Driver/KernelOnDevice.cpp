//===- KernelOnDevice.cpp - Calls of a kernel on a GPU --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Kernel.h"
#include "norm/Support/Status.h"

using namespace mlir;
using namespace mlir::norm;

KernelCall::~KernelCall() {
  for (const auto &copy : deviceCopies)
    for (DeviceAddress buffer : copy->buffers)
      device->free(buffer);
}

LogicalResult KernelCall::addDeviceBuffer(GuardedBuffer &buffer,
                                          DeviceCopy &copy) {
  ArrayRef<char> bytes = buffer.getGuarded();
  DeviceAddress address = device->allocate(bytes.size());
  copy.buffers.push_back(address);
  if (address == 0 || !device->upload(address, bytes.data(), bytes.size()))
    return emitError(UnknownLoc::get(context))
           << "no " << bytes.size()
           << " bytes of the GPU's memory: " << device->getError();
  copy.words.push_back(
      static_cast<int64_t>(address + GuardedBuffer::kGuardBytes));
  return success();
}

LogicalResult KernelCall::addDeviceCopy() {
  deviceCopies.push_back(std::make_unique<DeviceCopy>());
  DeviceCopy &copy = *deviceCopies.back();
  for (auto [word, buffer] : llvm::zip_equal(words, buffers)) {
    if (buffer) {
      if (failed(addDeviceBuffer(*buffer, copy)))
        return failure();
      continue;
    }
    copy.buffers.push_back(0);
    copy.words.push_back(word);
  }
  for (int64_t &word : copy.words)
    copy.values.push_back(&word);
  return success();
}

int32_t KernelCall::runOnDevice() {
  DeviceCopy &copy = *deviceCopies.front();
  if (int32_t status = invoke(copy.values.data()))
    return status;
  bool isDone = device->synchronize();
  for (auto [address, buffer] : llvm::zip_equal(copy.buffers, buffers))
    if (isDone && buffer)
      isDone = device->download(buffer->getGuarded().data(), address,
                                buffer->getGuarded().size());
  return isDone ? 0 : encodeStatus(Status::DeviceError, 0);
}

LogicalResult KernelCall::addDeviceCopies() {
  constexpr size_t kMostCopies = 256;
  size_t bytes = 1;
  for (const auto &buffer : buffers)
    bytes += buffer ? buffer->size() : 0;
  size_t wanted = 2 * device->getCacheBytes() / bytes + 1;
  while (deviceCopies.size() < std::min(wanted, kMostCopies))
    if (failed(addDeviceCopy()))
      return failure();
  return success();
}

FailureOr<double> KernelCall::timeOnDevice(int64_t count) {
  if (failed(addDeviceCopies()))
    return failure();
  int32_t status = 0;
  double seconds = 0;
  bool isDone = device->time(
      [&]() {
        for (int64_t i = 0; i < count && status == 0; ++i)
          status = invoke(deviceCopies[i % deviceCopies.size()]->values.data());
        return status == 0;
      },
      seconds);
  if (!isDone)
    return emitError(UnknownLoc::get(context))
           << "the kernel cannot be timed: "
           << describeStatus(status ? status
                                    : encodeStatus(Status::DeviceError, 0));
  return seconds / static_cast<double>(count);
}
