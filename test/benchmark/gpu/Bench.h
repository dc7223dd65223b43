//===- Bench.h - What the benchmark of GPU kernels consists of --*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TEST_BENCHMARK_GPU_BENCH_H
#define NORM_TEST_BENCHMARK_GPU_BENCH_H

#include "norm/Support/CudaDevice.h"
#include <cstdint>
#include <string>
#include <vector>

namespace norm_bench {

/// An address of a kernel's argument, of whatever type that has.
struct Pointer {
  void *address;
  template <typename T> operator T *() const {
    return static_cast<T *>(address);
  }
};

/// A kernel, and how it is called.
struct Kernel {
  const char *op;
  const char *type;
  /// Of a group normalization, with 32 groups.
  int64_t batch, channels;
  /// The elements of a row, or of a channel.
  int64_t length;
  int (*run)(const Pointer *tensors, int64_t rows, void *workspace);
  size_t (*getWorkspaceBytes)(int64_t rows);

  bool isGroup() const { return batch != 0 && channels > 1; }
  /// Such as "rms_bf16_4096".
  std::string getName() const;
};

/// All kernels; the last one does next to nothing.
const std::vector<Kernel> &getKernels();
/// What a status of a kernel says.
const char *getStatusMessage(int status);

enum class Type { F32, BF16, F8 };
size_t getBytes(Type type);

/// What a tensor of a kernel is.
struct Tensor {
  Type type;
  int64_t elements;
  bool isResult;
  /// Whether all rows share it.
  bool isShared;
};

/// The tensors of `kernel` for so many rows, in the order of its parameters.
std::vector<Tensor> getTensors(const Kernel &kernel, int64_t rows);

/// Numbers that repeat only after many, and the same in memory.
float getNumber(int64_t tensor, int64_t index);
void store(Type type, float value, char *to);
float load(Type type, const char *from);

/// Memory of the GPU for one call.
struct Buffers {
  std::vector<Pointer> tensors;
  void *workspace = nullptr;
};

/// Compares some rows of what `kernel` made of `buffers` with what it should
/// have: the largest error in multiples of what is admissible, or less than 0
/// if the results cannot be read.
double findError(mlir::norm::CudaDevice &device, const Kernel &kernel,
                 int64_t rows, const Buffers &buffers);

} // namespace norm_bench

#endif // NORM_TEST_BENCHMARK_GPU_BENCH_H
