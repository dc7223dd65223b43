//===- Yardstick.cpp - The hand-written kernels as contenders -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contender.h"
#include "YardstickKernels.h"

#include <cmath>
#include <cstring>
#include <unistd.h>

using namespace bench;

size_t bench::lastLevelCacheBytes() {
  long bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
  return bytes > 0 ? size_t(bytes) : size_t(32) << 20;
}

static bool hasAvx512() {
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}

/// How rows are scheduled.
enum class Schedule { Interleaved, Streaming, Pipelined };

static avx512::RowPlan planRows(const Case &c, Schedule schedule) {
  const bool rms = c.op == Op::RMSNorm, bf16 = c.type == Type::BF16;
  switch (schedule) {
  case Schedule::Interleaved:
    return avx512::planInterleaved(bf16, rms, c.rows, c.length);
  case Schedule::Streaming:
    return avx512::planStreaming(bf16, rms);
  case Schedule::Pipelined:
    return avx512::planPipelined(bf16, rms, c.rows, c.length,
                                 int64_t(lastLevelCacheBytes()));
  }
  return {};
}

static Runner makeRows(const Case &c, const Data &d, Schedule schedule) {
  const bool rms = c.op == Op::RMSNorm, bf16 = c.type == Type::BF16;
  if ((!rms && c.op != Op::LayerNorm) || c.type == Type::F16 ||
      !avx512::takesLength(bf16, c.length) ||
      (bf16 && !__builtin_cpu_supports("avx512bf16")))
    return {};
  // The size from which bypassing the caches pays depends on who shares the
  // last one: it is tried early.
  if (schedule == Schedule::Streaming &&
      (c.bytes() < lastLevelCacheBytes() / 4 ||
       c.length * c.elementBytes() % 64 != 0))
    return {};
  avx512::RowPlan plan = planRows(c, schedule);
  avx512::Rows main{d.x, d.scale, d.shift, d.y, c.rows, c.length, epsilon};
  main.rows = c.rows / plan.block * plan.block;
  avx512::Rows rest = main;
  rest.rows = c.rows - main.rows;
  const size_t done = main.rows * c.length * c.elementBytes();
  rest.x = static_cast<const char *>(d.x) + done;
  rest.y = static_cast<char *>(d.y) + done;
  if (rest.rows == 0)
    return [=] { plan.main(main); };
  if (main.rows == 0)
    return [=] { plan.rest(rest); };
  return [=] {
    plan.main(main);
    plan.rest(rest);
  };
}

static Runner makeChannels(const Case &c, const Data &d, bool nonTemporal) {
  if ((c.op != Op::GroupNorm && c.op != Op::BatchNorm) || c.type != Type::F32 ||
      !avx512::takesChannels(c.channels, c.spatial, c.channelsLast))
    return {};
  avx512::Channels a{static_cast<float *>(d.x),
                     d.scaleF32,
                     d.shiftF32,
                     d.mean,
                     d.variance,
                     static_cast<float *>(d.y),
                     c.batch,
                     c.channels,
                     c.spatial,
                     c.groups,
                     epsilon,
                     c.channelsLast,
                     nonTemporal};
  if (c.op == Op::BatchNorm)
    return [=] { avx512::batchNorm(a); };
  if (nonTemporal)
    return {};
  return [=] { avx512::groupNorm(a); };
}

/// Linear 5 -> 5 and LayerNorm, in plain scalar code.
static Runner makeSimpleModel(const Case &c, const Data &d) {
  if (c.op != Op::SimpleModel)
    return {};
  auto *x = static_cast<const float *>(d.x);
  auto *weight = static_cast<const float *>(d.weight);
  auto *bias = static_cast<const float *>(d.bias);
  auto *y = static_cast<float *>(d.y);
  const float *scale = d.scaleF32, *shift = d.shiftF32;
  const int64_t rows = c.rows;
  constexpr int n = 5;
  return [=] {
    for (int64_t row = 0; row < rows; ++row) {
      float h[n], mean = 0, variance = 0;
      for (int o = 0; o < n; ++o) {
        h[o] = bias[o];
        for (int i = 0; i < n; ++i)
          h[o] += x[row * n + i] * weight[o * n + i];
        mean += h[o] * (1.f / n);
      }
      for (int o = 0; o < n; ++o)
        variance += (h[o] - mean) * (h[o] - mean) * (1.f / n);
      float r = 1.f / std::sqrt(variance + epsilon);
      for (int o = 0; o < n; ++o)
        y[row * n + o] = (h[o] - mean) * r * scale[o] + shift[o];
    }
  };
}

std::vector<Contender> bench::yardsticks() {
  std::vector<Contender> all;
  all.push_back({"yardstick-scalar", makeSimpleModel});
  if (!hasAvx512())
    return all;
  all.push_back({"yardstick-interleaved", [](const Case &c, const Data &d) {
                   return makeRows(c, d, Schedule::Interleaved);
                 }});
  all.push_back({"yardstick-streaming", [](const Case &c, const Data &d) {
                   return makeRows(c, d, Schedule::Streaming);
                 }});
  all.push_back({"yardstick-pipelined", [](const Case &c, const Data &d) {
                   return makeRows(c, d, Schedule::Pipelined);
                 }});
  all.push_back({"yardstick-channels", [](const Case &c, const Data &d) {
                   return makeChannels(c, d, false);
                 }});
  all.push_back({"yardstick-channels-nt", [](const Case &c, const Data &d) {
                   return makeChannels(c, d, true);
                 }});
  return all;
}

/// Copying x says nothing of a layer, whose weights are most of what it reads.
static Runner makeCopy(const Case &c, const Data &d, bool nonTemporal) {
  if (c.isLayer())
    return {};
  const size_t bytes = c.elements() * c.elementBytes();
  const void *from = d.x;
  void *to = d.y;
  // A non-temporal copy of what fits in the cache is no floor of anything.
  if (nonTemporal && (!hasAvx512() || c.bytes() < lastLevelCacheBytes() / 4))
    return {};
  if (hasAvx512() && bytes % 256 == 0)
    return [=] { avx512::copyBytes(from, to, int64_t(bytes), nonTemporal); };
  return [=] { std::memcpy(to, from, bytes); };
}

std::vector<Contender> bench::copies() {
  return {{"copy",
           [](const Case &c, const Data &d) { return makeCopy(c, d, false); }},
          {"copy-nt",
           [](const Case &c, const Data &d) { return makeCopy(c, d, true); }}};
}

static Runner makeRead(const Case &c, const Data &d) {
  const int64_t bytes =
      c.length * c.features * int64_t(c.elementBytes()) / 512 * 512;
  if (!c.isLayer() || !hasAvx512())
    return {};
  const void *weights[] = {d.weight, d.weight2, d.weight3};
  return [=, count = c.numWeights()] {
    [[maybe_unused]] static volatile int64_t sink;
    for (int i = 0; i < count; ++i)
      sink = avx512::readBytes(weights[i], bytes);
  };
}

std::vector<Contender> bench::reads() { return {{"read", makeRead}}; }
