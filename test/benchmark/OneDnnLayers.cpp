//===- OneDnnLayers.cpp - Linear layers and norms with oneDNN -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What oneDNN fuses: bias, activation, gate and residual are post-ops of its
// matmul. A norm is a primitive of its own.
//
//===----------------------------------------------------------------------===//

#include "OneDnnWork.h"

using namespace bench;
using dnnl::algorithm;
using dnnl::memory;
using dnnl::normalization_flags;

namespace {

/// Adds one layer after another.
class LayerBuilder {
public:
  LayerBuilder(Work &work, const Case &c, const Data &d)
      : work(work), c(c), d(d) {}

  /// The rows at `data`; null allocates them.
  memory rows(int64_t length, void *data) {
    memory::desc desc({c.rows, length}, dataType(c.type),
                      memory::format_tag::ab);
    return data ? memory(desc, work.engine, data) : work.allocate(desc);
  }
  memory x() { return rows(c.length, d.x); }

  /// y = x W + bias and then `fused`, whose binary op reads `other`.
  memory linear(const memory &x, int64_t in, int64_t out, void *weight,
                void *bias, const dnnl::post_ops &fused, const memory &y,
                const memory &other = memory());
  /// LayerNorm, or RMSNorm.
  memory norm(const memory &x, int64_t length, const memory &y, bool rms);

private:
  Work &work;
  const Case &c;
  const Data &d;
};

} // namespace

memory LayerBuilder::linear(const memory &x, int64_t in, int64_t out,
                            void *weight, void *bias,
                            const dnnl::post_ops &fused, const memory &y,
                            const memory &other) {
  using tag = memory::format_tag;
  const memory::data_type type = dataType(c.type);
  memory::desc source({c.rows, in}, type, tag::ab),
      weights({in, out}, type, tag::any), biases,
      target({c.rows, out}, type, tag::ab);
  if (bias)
    biases = memory::desc({1, out}, type, tag::ab);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(fused);
#if DNNL_VERSION_MAJOR >= 3
  dnnl::matmul::primitive_desc description(work.engine, source, weights, biases,
                                           target, attributes);
#else
  dnnl::matmul::primitive_desc description(
      bias ? dnnl::matmul::desc(source, weights, biases, target)
           : dnnl::matmul::desc(source, weights, target),
      attributes, work.engine);
#endif
  memory plain({{in, out}, type, tag::ba}, work.engine, weight);
  memory packed = work.allocate(description.weights_desc());
  dnnl::reorder(plain, packed).execute(work.stream, plain, packed);
  work.stream.wait();
  Arguments arguments = {
      {DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, packed}, {DNNL_ARG_DST, y}};
  if (bias)
    arguments.insert({DNNL_ARG_BIAS, memory(biases, work.engine, bias)});
  if (other)
    arguments.insert(
        {DNNL_ARG_ATTR_MULTIPLE_POST_OP(fused.len() - 1) | DNNL_ARG_SRC_1,
         other});
  work.steps.emplace_back(dnnl::matmul(description), arguments);
  return y;
}

memory LayerBuilder::norm(const memory &x, int64_t length, const memory &y,
                          bool rms) {
  const auto kind = dnnl::prop_kind::forward_inference;
  auto flags = normalization_flags::use_scale;
  if (!rms)
    flags |= normalization_flags::use_shift;
#if DNNL_VERSION_MAJOR >= 3
  if (rms)
    flags |= normalization_flags::rms_norm;
  dnnl::layer_normalization_forward::primitive_desc description(
      work.engine, kind, x.get_desc(), y.get_desc(), epsilon, flags);
#else
  if (rms)
    throw dnnl::error(dnnl_unimplemented, "oneDNN 2 has no RMSNorm");
  dnnl::layer_normalization_forward::primitive_desc description(
      {kind, x.get_desc(), epsilon, flags}, work.engine);
#endif
  memory::desc vector({length}, memory::data_type::f32, memory::format_tag::a);
  Arguments arguments = {
      {DNNL_ARG_SRC, x},
      {DNNL_ARG_DST, y},
      {DNNL_ARG_SCALE, memory(vector, work.engine, d.scaleF32)}};
  if (!rms)
    arguments.insert({DNNL_ARG_SHIFT, memory(vector, work.engine, d.shiftF32)});
  work.steps.emplace_back(dnnl::layer_normalization_forward(description),
                          arguments);
  return y;
}

static dnnl::post_ops activation(algorithm kind) {
  dnnl::post_ops fused;
#if DNNL_VERSION_MAJOR >= 3
  fused.append_eltwise(kind, 1.f, 0.f);
#else
  fused.append_eltwise(1.f, kind, 1.f, 0.f);
#endif
  return fused;
}

static dnnl::post_ops binary(algorithm kind, const memory &other) {
  dnnl::post_ops fused;
  fused.append_binary(kind, other.get_desc());
  return fused;
}

void bench::addLayer(Work &work, const Case &c, const Data &d) {
  LayerBuilder b(work, c, d);
  const int64_t k = c.length, n = c.features;
  const memory x = b.x(), y = b.rows(c.outputs(), d.y);
  const auto gelu = algorithm::eltwise_gelu_erf;
  const dnnl::post_ops none;
  switch (c.op) {
  case Op::Linear:
    b.linear(x, k, n, d.weight, d.bias, none, y);
    return;
  case Op::LinearNorm: {
    memory residual = b.rows(n, d.residual);
    memory sum = b.linear(x, k, n, d.weight, d.bias,
                          binary(algorithm::binary_add, residual), y, residual);
    b.norm(sum, n, y, false);
    return;
  }
  case Op::NormLinear:
    b.linear(b.norm(x, k, b.rows(k, nullptr), false), k, n, d.weight, d.bias,
             activation(gelu), y);
    return;
  case Op::RMSLinear:
    b.linear(b.norm(x, k, b.rows(k, nullptr), true), k, n, d.weight, nullptr,
             none, y);
    return;
  case Op::MLP: {
    memory h = b.norm(x, k, b.rows(k, nullptr), false);
    h = b.linear(h, k, n, d.weight, d.bias, activation(gelu),
                 b.rows(n, d.hidden));
    b.linear(h, n, k, d.weight2, d.bias2, binary(algorithm::binary_add, x), y,
             x);
    return;
  }
  case Op::SwiGLU: {
    memory h = b.norm(x, k, b.rows(k, nullptr), true);
    memory gate =
        b.linear(h, k, n, d.weight, nullptr,
                 activation(algorithm::eltwise_swish), b.rows(n, d.hidden));
    memory product = b.linear(h, k, n, d.weight2, nullptr,
                              binary(algorithm::binary_mul, gate),
                              b.rows(n, d.hidden2), gate);
    b.linear(product, n, k, d.weight3, nullptr,
             binary(algorithm::binary_add, x), y, x);
    return;
  }
  case Op::FeedForward: {
    memory h = b.linear(x, k, n, d.weight, d.bias, activation(gelu),
                        b.rows(n, d.hidden));
    memory sum = b.linear(h, n, k, d.weight2, d.bias2,
                          binary(algorithm::binary_add, x), y, x);
    b.norm(sum, k, y, false);
    return;
  }
  default:
    throw dnnl::error(dnnl_unimplemented, "no layer op");
  }
}
