//===- Contender.h - What the benchmark compares ----------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A case is something to compute, a contender is a way to compute it. Every
// contender of a case reads and writes the same buffers.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_BENCHMARK_CONTENDER_H
#define NORM_BENCHMARK_CONTENDER_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bench {

enum class Op {
  LayerNorm,
  RMSNorm,
  GroupNorm,
  BatchNorm,
  Softmax,
  ResidualLayerNorm,
  SimpleModel,
  // Linear layers, of which x is rows x length and y rows x outputs.
  Linear,     // x W + b
  LinearNorm, // LayerNorm(x W + b + residual)
  NormLinear, // gelu(LayerNorm(x) W + b)
  RMSLinear,  // RMSNorm(x) W
  MLP,        // x + gelu(LayerNorm(x) W + b) W2 + b2
  SwiGLU,     // x + (silu(h W) * (h W2)) W3 with h = RMSNorm(x)
  FeedForward // LayerNorm(x + gelu(x W + b) W2 + b2)
};
enum class Type { F32, BF16, F16 };

/// Something to compute. Row ops use rows and length, layers also features (the
/// outputs of the first linear layer); channel ops the others.
struct Case {
  std::string name;
  Op op;
  Type type;
  int64_t rows;
  int64_t length;
  int64_t features;
  int64_t batch;
  int64_t channels;
  int64_t spatial;
  int64_t groups;
  bool channelsLast;

  bool isRowOp() const { return channels == 0; }
  bool isLayer() const { return features != 0; }
  /// The elements of a row of y.
  int64_t outputs() const {
    return op == Op::Linear || op == Op::LinearNorm || op == Op::NormLinear ||
                   op == Op::RMSLinear
               ? features
               : length;
  }
  /// How many weights a layer op reads, each length x features.
  int numWeights() const {
    if (!isLayer())
      return 0;
    return op == Op::SwiGLU                         ? 3
           : op == Op::MLP || op == Op::FeedForward ? 2
                                                    : 1;
  }
  int64_t elements() const {
    return isRowOp() ? rows * length : batch * channels * spatial;
  }
  int64_t outputElements() const {
    return isLayer() ? rows * outputs() : elements();
  }
  /// The size of scale and shift.
  int64_t scaleSize() const {
    return op == Op::LinearNorm ? features : isRowOp() ? length : channels;
  }
  size_t elementBytes() const { return type == Type::F32 ? 4 : 2; }
  /// What is read and written at least, scale and shift excepted.
  size_t bytes() const {
    return elements() * elementBytes() * (op == Op::ResidualLayerNorm ? 4 : 2);
  }
};

constexpr float epsilon = 1e-5f;

/// Buffers of the case's type; scaleF32 and shiftF32 hold the same values as
/// scale and shift.
struct Data {
  void *x;
  void *residual;
  void *scale;
  void *shift;
  float *scaleF32;
  float *shiftF32;
  float *mean;
  float *variance;
  void *weight;
  void *weight2;
  void *weight3;
  void *bias;
  void *bias2;
  /// Two buffers for the results of first layers.
  void *hidden;
  void *hidden2;
  void *y;
  void *sum;
};

/// Runs the contender once. Empty: the contender cannot do the case.
using Runner = std::function<void()>;

struct Contender {
  std::string name;
  std::function<Runner(const Case &, const Data &)> make;
};

/// The hand-written kernels; none where the CPU lacks AVX-512.
std::vector<Contender> yardsticks();
/// Copies of the case's bytes.
std::vector<Contender> copies();
/// Reading the weights of a layer once.
std::vector<Contender> reads();
/// The oneDNN libraries whose plug-ins were built and can be loaded.
std::vector<Contender> libraries();
/// What normc compiled, one entry a contender's name.
std::vector<Contender> compiledKernels();

/// How a weight is packed.
struct PackedWeight {
  size_t (*size)();
  int (*pack)(const Data &, void *packed);
};

/// A function that normc compiled, or several called one after another, with
/// the case on which they are called.
struct Kernel {
  const char *caseName;
  const char *contender;
  const char *name;
  int (*run)(const Case &, const Data &, void *workspace,
             const void *const *packed);
  size_t (*workspaceSize)(const Case &);
  /// The weights that are passed packed, in their order.
  std::vector<PackedWeight> weights;
};

/// The table of kernels.py.
std::vector<Case> allCases();
std::vector<Kernel> allKernels();

/// Bytes of the last-level cache, 32 MB where the system does not tell.
size_t lastLevelCacheBytes();

} // namespace bench

#endif // NORM_BENCHMARK_CONTENDER_H
