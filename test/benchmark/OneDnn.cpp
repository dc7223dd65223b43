//===- OneDnn.cpp - oneDNN as a contender ---------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plug-in, compiled once for each version of oneDNN that is found: two of
// them cannot be linked into one program, because their symbols are the same.
//
//===----------------------------------------------------------------------===//

#include "OneDnnWork.h"

#include <memory>

using namespace bench;
using dnnl::memory;

static memory::desc rowDesc(const Case &c) {
  return {{c.rows, c.length}, dataType(c.type), memory::format_tag::ab};
}

static memory::desc channelDesc(const Case &c) {
  return {{c.batch, c.channels, c.spatial},
          dataType(c.type),
          c.channelsLast ? memory::format_tag::acb : memory::format_tag::abc};
}

#if DNNL_VERSION_MAJOR >= 3

static dnnl::primitive primitiveOf(const Case &c, const dnnl::engine &engine) {
  using dnnl::normalization_flags;
  const auto kind = dnnl::prop_kind::forward_inference;
  const auto affine =
      normalization_flags::use_scale | normalization_flags::use_shift;
  switch (c.op) {
  case Op::LayerNorm:
    return dnnl::layer_normalization_forward(
        {engine, kind, rowDesc(c), rowDesc(c), epsilon, affine});
  case Op::RMSNorm:
    return dnnl::layer_normalization_forward(
        {engine, kind, rowDesc(c), rowDesc(c), epsilon,
         normalization_flags::use_scale | normalization_flags::rms_norm});
  case Op::Softmax:
    return dnnl::softmax_forward({engine, kind,
                                  dnnl::algorithm::softmax_accurate, rowDesc(c),
                                  rowDesc(c), 1});
  case Op::GroupNorm:
    return dnnl::group_normalization_forward({engine, kind, channelDesc(c),
                                              channelDesc(c), c.groups, epsilon,
                                              affine});
  case Op::BatchNorm:
    return dnnl::batch_normalization_forward(
        {engine, kind, channelDesc(c), channelDesc(c), epsilon,
         affine | normalization_flags::use_global_stats});
  default:
    return {};
  }
}

#else

static dnnl::primitive primitiveOf(const Case &c, const dnnl::engine &engine) {
  using dnnl::normalization_flags;
  const auto kind = dnnl::prop_kind::forward_inference;
  const auto affine =
      normalization_flags::use_scale | normalization_flags::use_shift;
  switch (c.op) {
  case Op::LayerNorm:
    return dnnl::layer_normalization_forward(
        {{kind, rowDesc(c), epsilon, affine}, engine});
  case Op::Softmax:
    return dnnl::softmax_forward({{kind, rowDesc(c), 1}, engine});
  case Op::BatchNorm:
    return dnnl::batch_normalization_forward(
        {{kind, channelDesc(c), epsilon,
          affine | normalization_flags::use_global_stats},
         engine});
  default:
    return {};
  }
}

#endif

extern "C" const char *benchPluginName() {
  return DNNL_VERSION_MAJOR >= 3 ? "onednn3" : "onednn2";
}

extern "C" void benchPluginVersion(int *major, int *minor) {
  const dnnl_version_t *version = dnnl::version();
  *major = version->major;
  *minor = version->minor;
}

extern "C" void *benchPluginMake(const Case *c, const Data *d) {
  try {
    static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    auto work = std::make_unique<Work>(engine);
    if (c->isLayer()) {
      addLayer(*work, *c, *d);
      return work.release();
    }
    dnnl::primitive primitive = primitiveOf(*c, engine);
    if (!primitive.get(true))
      return nullptr;
    memory::desc data = c->isRowOp() ? rowDesc(*c) : channelDesc(*c);
    memory::desc vector({c->scaleSize()}, memory::data_type::f32,
                        memory::format_tag::a);
    Arguments arguments = {{DNNL_ARG_SRC, memory(data, engine, d->x)},
                           {DNNL_ARG_DST, memory(data, engine, d->y)}};
    auto add = [&](int argument, float *values) {
      arguments.insert({argument, memory(vector, engine, values)});
    };
    if (c->op != Op::Softmax)
      add(DNNL_ARG_SCALE, d->scaleF32);
    if (c->op != Op::Softmax && c->op != Op::RMSNorm)
      add(DNNL_ARG_SHIFT, d->shiftF32);
    if (c->op == Op::BatchNorm) {
      add(DNNL_ARG_MEAN, d->mean);
      add(DNNL_ARG_VARIANCE, d->variance);
    }
    work->steps.emplace_back(primitive, arguments);
    return work.release();
  } catch (const dnnl::error &) {
    return nullptr; // this version cannot do the case
  }
}

extern "C" void benchPluginRun(void *work) { static_cast<Work *>(work)->run(); }
extern "C" void benchPluginFree(void *work) {
  delete static_cast<Work *>(work);
}
