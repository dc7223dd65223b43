//===- RowMapping.cpp - How rows are spread over threads ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowMapping.h"
#include "norm/GPU/Target.h"

#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;
using namespace mlir::norm;

/// The bytes of an access of a thread.
static constexpr int64_t kAccessBytes = 16;
/// The vectors of 16 bytes that a thread should have in flight: fewer do not
/// hide the latency of memory, more leave room for too few warps.
static constexpr int64_t kVectors = 4;
/// Up to so many where that keeps fewer threads idle.
static constexpr int64_t kMaxVectors = 6;
/// Up to so many elements where a block has all the threads that it can have,
/// which leaves 64 registers for each: more would be spilled.
static constexpr int64_t kMaxElementsOfMostThreads = 24;
/// Threads of a block where rows need fewer.
static constexpr int64_t kBlockSize = 128;
/// Threads for a row that does not fit in registers.
static constexpr int64_t kLongThreads = 512;
/// The longest rows that get a mapping of their own where the length is known
/// at run time only; those of clusters.
static constexpr int64_t kDynamicLengths[] = {256, 1024, 4096, 16384};
static constexpr int64_t kDynamicClusterLengths[] = {65536, 131072};
/// Threads of each block of a cluster, if that is long enough.
static constexpr int64_t kClusterThreads = 256;

/// The elements that 16 bytes of the narrowest input hold; those of the
/// narrowest output where no input has whole rows.
static int64_t getWidth(const RowSpace &space) {
  GenericOp op = space.getOp();
  unsigned numInputs = op.getInputs().size();
  int64_t bytes = 0;
  auto visit = [&](unsigned begin, unsigned end) {
    for (unsigned i = begin; i < end; ++i)
      if (space.getInnerStride(i) == 1) {
        int64_t own = space.getElementBytes(i);
        bytes = bytes == 0 ? own : std::min(bytes, own);
      }
  };
  visit(0, numInputs);
  if (bytes == 0)
    visit(numInputs, op->getNumOperands());
  return bytes == 0 ? 1 : std::max<int64_t>(1, kAccessBytes / bytes);
}

/// Threads and vectors for rows of up to `length` elements, of which `width`
/// fill a vector of 16 bytes: those that leave the fewest threads idle, and
/// among them about four such vectors a thread.
static bool fitRegisters(RowMapping &mapping, int64_t width, int64_t length) {
  int64_t numVectors = llvm::divideCeil(length, mapping.vector);
  // As many elements where vectors are narrower, once they keep half a warp
  // busy.
  int64_t share = std::max<int64_t>(1, width / mapping.vector);
  int64_t most = kMaxVectors * share;
  int64_t wanted = numVectors <= 16 ? kVectors / 2
                                    : std::clamp(2 * numVectors / kWarpSize,
                                                 kVectors, kVectors * share);
  std::optional<std::pair<int64_t, int64_t>> best;
  for (int64_t threads = 1; threads <= kMaxThreads; threads *= 2) {
    int64_t vectors =
        std::max<int64_t>(1, llvm::divideCeil(numVectors, threads));
    if (threads == kMaxThreads
            ? vectors * mapping.vector > kMaxElementsOfMostThreads
            : vectors > most)
      continue;
    // Idle lanes in per cent, in steps: a little waste is no reason.
    int64_t waste = (threads * vectors - numVectors) * 100 /
                    std::max<int64_t>(1, threads * vectors) / 13;
    std::pair<int64_t, int64_t> cost(waste, std::abs(vectors - wanted));
    if (best && *best <= cost)
      continue;
    best = cost;
    mapping.threads = threads;
    mapping.vectors = vectors;
  }
  mapping.rows = std::max<int64_t>(1, kBlockSize / mapping.threads);
  return best.has_value();
}

/// The same for the blocks of a cluster: as few as keep their rows in registers
/// with threads of several blocks on a multiprocessor.
static bool fitCluster(RowMapping &mapping, int64_t width, int64_t length) {
  int64_t numVectors = llvm::divideCeil(length, mapping.vector);
  for (int64_t cluster = 2; cluster <= kMaxCluster; cluster *= 2) {
    RowMapping part = mapping;
    if (!fitRegisters(part, width,
                      llvm::divideCeil(numVectors, cluster) * mapping.vector) ||
        (part.threads > kClusterThreads && cluster < kMaxCluster) ||
        part.threads <= kWarpSize)
      continue;
    mapping = part;
    mapping.cluster = cluster;
    return true;
  }
  return false;
}

/// Rows that are read for every reduction: by a cluster, which few rows need
/// more than many.
static RowMapping getLong(int64_t vector, bool hasClusters) {
  RowMapping mapping;
  if (hasClusters)
    mapping.cluster = kMaxCluster;
  mapping.vector = vector;
  mapping.threads = kLongThreads;
  return mapping;
}

/// Rows side by side in memory: threads of a warp take neighbours, so that they
/// read memory that is.
static RowMapping getAcross(const RowSpace &space) {
  // Up to so many elements are kept by a thread, of many threads and of few.
  constexpr int64_t kMost = 24, kWanted = 8;
  RowMapping mapping;
  mapping.across = true;
  int64_t width = space.getSize(space.getOuterDims().back());
  mapping.rows = kWarpSize;
  if (!ShapedType::isDynamic(width))
    mapping.rows = std::clamp<int64_t>(llvm::PowerOf2Ceil(width), 1, kWarpSize);
  int64_t length = space.getLength();
  int64_t least = kBlockSize / mapping.rows, most = kMaxThreads / mapping.rows;
  if (ShapedType::isDynamic(length)) {
    mapping.threads = most / 2;
    return mapping;
  }
  mapping.threads = std::clamp<int64_t>(
      llvm::PowerOf2Ceil(llvm::divideCeil(length, kWanted)), least, most);
  int64_t vectors = llvm::divideCeil(length, mapping.threads);
  mapping.vectors = vectors <= kMost ? std::max<int64_t>(1, vectors) : 0;
  return mapping;
}

/// Rows of which nothing is reduced: every block takes a part of one.
static RowMapping getElementwise(int64_t vector, int64_t length) {
  RowMapping mapping;
  mapping.vector = vector;
  mapping.vectors = vector >= 4 ? 2 : kVectors;
  mapping.threads = kBlockSize;
  mapping.parts = true;
  if (!ShapedType::isDynamic(length))
    while (mapping.threads > 1 && mapping.getCapacity() / 2 >= length)
      mapping.threads /= 2;
  mapping.rows = std::max<int64_t>(1, kBlockSize / mapping.threads);
  return mapping;
}

SmallVector<RowMapping> mlir::norm::makeMappings(const RowSpace &space) {
  SmallVector<RowMapping> mappings;
  if (space.getRowDims().empty()) {
    RowMapping single;
    single.threads = single.rows = single.vectors = 1;
    return {single};
  }
  if (space.isAcross())
    return {getAcross(space)};
  int64_t length = space.getLength(), inner = space.getInnerSize();
  bool hasClusters =
      GPUTarget::get(space.getOp()).computeCapability >= kFirstWithClusters;
  int64_t width = getWidth(space);
  SmallVector<int64_t> widths{width};
  if (!ShapedType::isDynamic(inner))
    widths = {std::gcd(inner, width)};
  else if (space.getRowDims().size() > 1)
    widths = {1};
  else if (width > 1)
    widths.push_back(1);
  for (int64_t vector : widths) {
    if (!space.reduces()) {
      mappings.push_back(getElementwise(vector, length));
      continue;
    }
    if (!ShapedType::isDynamic(length)) {
      RowMapping mapping;
      mapping.vector = vector;
      bool fits = fitRegisters(mapping, width, length) ||
                  (hasClusters && fitCluster(mapping, width, length));
      mappings.push_back(fits ? mapping : getLong(vector, hasClusters));
      continue;
    }
    for (int64_t longest : kDynamicLengths) {
      RowMapping mapping;
      mapping.vector = vector;
      if (fitRegisters(mapping, width, longest))
        mappings.push_back(mapping);
    }
    for (int64_t longest : kDynamicClusterLengths) {
      RowMapping mapping;
      mapping.vector = vector;
      if (hasClusters && fitCluster(mapping, width, longest))
        mappings.push_back(mapping);
    }
    mappings.push_back(getLong(vector, hasClusters));
  }
  return mappings;
}

DictionaryAttr RowMapping::toAttr(MLIRContext *context) const {
  Builder builder(context);
  NamedAttrList fields;
  fields.set("vector", builder.getI64IntegerAttr(vector));
  fields.set("threads", builder.getI64IntegerAttr(threads));
  fields.set("rows", builder.getI64IntegerAttr(rows));
  fields.set("vectors", builder.getI64IntegerAttr(vectors));
  fields.set("parts", builder.getBoolAttr(parts));
  if (across)
    fields.set("across", builder.getBoolAttr(true));
  if (cluster > 1)
    fields.set("cluster", builder.getI64IntegerAttr(cluster));
  return fields.getDictionary(context);
}

FailureOr<RowMapping> RowMapping::fromAttr(Attribute attribute) {
  auto fields = dyn_cast_or_null<DictionaryAttr>(attribute);
  if (!fields)
    return failure();
  RowMapping mapping;
  std::pair<StringRef, int64_t *> numbers[] = {{"vector", &mapping.vector},
                                               {"threads", &mapping.threads},
                                               {"rows", &mapping.rows},
                                               {"vectors", &mapping.vectors}};
  for (auto [name, field] : numbers) {
    auto value = fields.getAs<IntegerAttr>(name);
    if (!value)
      return failure();
    *field = value.getInt();
  }
  auto parts = fields.getAs<BoolAttr>("parts");
  if (!parts)
    return failure();
  mapping.parts = parts.getValue();
  if (auto across = fields.getAs<BoolAttr>("across"))
    mapping.across = across.getValue();
  if (auto cluster = fields.getAs<IntegerAttr>("cluster"))
    mapping.cluster = cluster.getInt();
  if (mapping.across && (mapping.vector != 1 || mapping.parts))
    return failure();
  if (mapping.cluster != 1 &&
      (mapping.across || mapping.parts || mapping.rows != 1 ||
       mapping.threads <= kWarpSize || mapping.cluster < 1 ||
       mapping.cluster > kMaxCluster || !llvm::isPowerOf2_64(mapping.cluster)))
    return failure();
  auto isPower = [](int64_t value) {
    return value > 0 && value <= kMaxThreads && llvm::isPowerOf2_64(value);
  };
  constexpr int64_t kMost = 64;
  if (!isPower(mapping.vector) || mapping.vector > kMost ||
      !isPower(mapping.threads) || !isPower(mapping.rows) ||
      mapping.getBlockSize() > kMaxThreads || mapping.vectors < 0 ||
      mapping.vectors > kMost || (mapping.parts && mapping.vectors == 0))
    return failure();
  return mapping;
}

FailureOr<SmallVector<RowMapping>>
mlir::norm::readMappings(Attribute attribute) {
  auto list = dyn_cast_or_null<ArrayAttr>(attribute);
  if (!list || list.empty())
    return failure();
  SmallVector<RowMapping> mappings;
  for (Attribute element : list) {
    FailureOr<RowMapping> mapping = RowMapping::fromAttr(element);
    if (failed(mapping))
      return failure();
    mappings.push_back(*mapping);
  }
  return mappings;
}
