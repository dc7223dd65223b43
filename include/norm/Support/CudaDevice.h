//===- CudaDevice.h - Memory and time of a GPU ------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first GPU, by CUDA's driver, which is loaded when it is asked for:
// nothing of CUDA is needed to build, link or start a program. Needs the C++
// library alone, so that programs without LLVM use it, too.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_SUPPORT_CUDADEVICE_H
#define NORM_SUPPORT_CUDADEVICE_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mlir::norm {

/// An address in the memory of a GPU.
using DeviceAddress = uint64_t;

/// The first GPU of this machine. Work is put in its default stream. What fails
/// returns false, or 0, and getError() says why.
class CudaDevice {
public:
  /// Null, and `error` says why, if there is no driver or no GPU. The GPU's
  /// primary context is then that of the calling thread.
  static std::unique_ptr<CudaDevice> open(std::string &error);
  ~CudaDevice();

  const std::string &getName() const { return name; }
  /// 90 for sm_90.
  unsigned getComputeCapability() const { return computeCapability; }
  /// Bytes of the second-level cache.
  size_t getCacheBytes() const { return cacheBytes; }
  /// What the last call that failed said.
  const std::string &getError() const { return error; }

  /// The address is a multiple of 256. Some memory even if `bytes` is 0.
  DeviceAddress allocate(size_t bytes);
  void free(DeviceAddress address);
  bool upload(DeviceAddress to, const void *from, size_t bytes);
  bool download(void *to, DeviceAddress from, size_t bytes);
  bool copy(DeviceAddress to, DeviceAddress from, size_t bytes);
  /// Sets all bytes to `byte`.
  bool fill(DeviceAddress to, unsigned char byte, size_t bytes);
  /// Waits for what has been launched, and says whether all went well.
  bool synchronize();

  /// The seconds that the GPU takes for what `launch` puts in the default
  /// stream; false if that returned false, or something fails.
  bool time(const std::function<bool()> &launch, double &seconds);

private:
  struct Driver;
  CudaDevice();
  bool init();
  /// Whether `result` is that of success; notes what it says if it is not.
  bool check(int result, const char *what);

  std::unique_ptr<Driver> driver;
  std::string name, error;
  unsigned computeCapability = 0;
  size_t cacheBytes = 0;
  void *events[2] = {nullptr, nullptr};
};

} // namespace mlir::norm

#endif // NORM_SUPPORT_CUDADEVICE_H
