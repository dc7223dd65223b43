//===- onednn.cpp - The same work with oneDNN -----------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Matrix products with everything that oneDNN fuses into them (bias, GELU,
// residual), then its layer normalization. The weights' values do not matter
// for the time. Compiles against oneDNN 2 and 3.
//
//===----------------------------------------------------------------------===//

#include "onednn.h"

#include <dnnl.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

using namespace dnnl;
using dims = memory::dims;
using tag = memory::format_tag;

static constexpr auto kF32 = memory::data_type::f32;

namespace {
/// Primitives with their arguments, in order.
struct Work {
  engine cpu{engine::kind::cpu, 0};
  stream queue{cpu};
  std::vector<std::pair<primitive, std::unordered_map<int, memory>>> steps;

  memory zeros(const dims &shape, tag format) {
    memory result({shape, kF32, format}, cpu);
    auto *data = static_cast<float *>(result.get_data_handle());
    int64_t count = 1;
    for (int64_t size : shape)
      count *= size;
    for (int64_t i = 0; i < count; ++i)
      data[i] = float(i % 17) * 0.01f - 0.08f;
    return result;
  }

  memory linear(memory x, int64_t tokens, int64_t in, int64_t out,
                post_ops fused, memory residual = memory());
  memory layerNorm(memory x, int64_t tokens, int64_t width);

  void run() {
    for (auto &[step, arguments] : steps)
      step.execute(queue, arguments);
    queue.wait();
  }
};
} // namespace

memory Work::linear(memory x, int64_t tokens, int64_t in, int64_t out,
                    post_ops fused, memory residual) {
  memory::desc source({tokens, in}, kF32, tag::ab);
  memory::desc weights({in, out}, kF32, tag::any);
  memory::desc bias({1, out}, kF32, tag::ab);
  memory::desc target({tokens, out}, kF32, tag::ab);
  primitive_attr attributes;
  attributes.set_post_ops(fused);
#if DNNL_VERSION_MAJOR < 3
  matmul::primitive_desc description(
      matmul::desc(source, weights, bias, target), attributes, cpu);
#else
  matmul::primitive_desc description(cpu, source, weights, bias, target,
                                     attributes);
#endif
  // Packed once, as norm-mlir does it.
  memory plain = zeros({in, out}, tag::ba);
  memory packed(description.weights_desc(), cpu);
  reorder(plain, packed).execute(queue, plain, packed);
  queue.wait();
  memory result(target, cpu);
  std::unordered_map<int, memory> arguments = {
      {DNNL_ARG_SRC, x},
      {DNNL_ARG_WEIGHTS, packed},
      {DNNL_ARG_BIAS, zeros({1, out}, tag::ab)},
      {DNNL_ARG_DST, result}};
  if (residual)
    arguments[DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1] = residual;
  steps.emplace_back(matmul(description), arguments);
  return result;
}

memory Work::layerNorm(memory x, int64_t tokens, int64_t width) {
  memory::desc shape({tokens, width}, kF32, tag::ab);
#if DNNL_VERSION_MAJOR < 3
  layer_normalization_forward::primitive_desc description(
      layer_normalization_forward::desc(
          prop_kind::forward_inference, shape, 1e-12f,
          normalization_flags::use_scale | normalization_flags::use_shift),
      cpu);
#else
  layer_normalization_forward::primitive_desc description(
      cpu, prop_kind::forward_inference, shape, shape, 1e-12f,
      normalization_flags::use_scale | normalization_flags::use_shift);
#endif
  memory result(shape, cpu);
  steps.emplace_back(
      layer_normalization_forward(description),
      std::unordered_map<int, memory>{{DNNL_ARG_SRC, x},
                                      {DNNL_ARG_SCALE, zeros({width}, tag::a)},
                                      {DNNL_ARG_SHIFT, zeros({width}, tag::a)},
                                      {DNNL_ARG_DST, result}});
  return result;
}

/// The median of 15 measurements of at least a millisecond.
static double measure(const std::function<void()> &call) {
  using clock = std::chrono::steady_clock;
  std::vector<double> times;
  for (int i = 0; i < 15; ++i) {
    auto start = clock::now();
    double seconds = 0;
    int calls = 0;
    do {
      call();
      ++calls;
      seconds = std::chrono::duration<double>(clock::now() - start).count();
    } while (seconds < 1e-3);
    times.push_back(seconds / calls);
  }
  std::nth_element(times.begin(), times.begin() + 7, times.end());
  return times[7];
}

extern "C" double onednn_seconds(int kind, int64_t tokens) {
  constexpr int64_t width = 384, wide = 1536;
  Work work;
  memory x = work.zeros({tokens, width}, tag::ab);
  post_ops residual;
  residual.append_binary(algorithm::binary_add, x.get_desc());
  memory sum;
  if (kind == 0) {
    sum = work.linear(x, tokens, width, width, residual, x);
  } else {
    post_ops gelu;
#if DNNL_VERSION_MAJOR < 3
    gelu.append_eltwise(1.0f, algorithm::eltwise_gelu_erf, 0, 0);
#else
    gelu.append_eltwise(algorithm::eltwise_gelu_erf, 0, 0);
#endif
    memory active = work.linear(x, tokens, width, wide, gelu);
    sum = work.linear(active, tokens, wide, width, residual, x);
  }
  work.layerNorm(sum, tokens, width);
  work.run();
  return measure([&] { work.run(); });
}

extern "C" const char *onednn_name() {
  static const std::string name = "oneDNN " +
                                  std::to_string(dnnl_version()->major) + "." +
                                  std::to_string(dnnl_version()->minor);
  return name.c_str();
}
