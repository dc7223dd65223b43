//===- OneDnnWork.h - Primitives of oneDNN, ready to run --------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_BENCHMARK_ONEDNNWORK_H
#define NORM_BENCHMARK_ONEDNNWORK_H

#include "Contender.h"
#include "Memory.h"

#include <dnnl.hpp>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bench {

using Arguments = std::unordered_map<int, dnnl::memory>;

/// Primitives with their memories, in the order in which they run.
struct Work {
  dnnl::engine engine;
  dnnl::stream stream;
  std::vector<std::pair<dnnl::primitive, Arguments>> steps;
  /// What the memories hold that no buffer of the case does.
  std::vector<std::shared_ptr<void>> owned;

  explicit Work(const dnnl::engine &engine) : engine(engine), stream(engine) {}

  /// Memory of its own.
  dnnl::memory allocate(const dnnl::memory::desc &desc) {
    owned.push_back(allocateOwn(desc.get_size()));
    return {desc, engine, owned.back().get()};
  }

  void run() {
    for (auto &[primitive, arguments] : steps)
      primitive.execute(stream, arguments);
    stream.wait();
  }
};

inline dnnl::memory::data_type dataType(Type type) {
  switch (type) {
  case Type::F32:
    return dnnl::memory::data_type::f32;
  case Type::BF16:
    return dnnl::memory::data_type::bf16;
  case Type::F16:
    return dnnl::memory::data_type::f16;
  }
  return dnnl::memory::data_type::undef;
}

/// Adds the primitives of a layer op, with weights packed as they want them.
/// Throws dnnl::error where this version lacks one.
void addLayer(Work &work, const Case &c, const Data &d);

} // namespace bench

#endif // NORM_BENCHMARK_ONEDNNWORK_H
