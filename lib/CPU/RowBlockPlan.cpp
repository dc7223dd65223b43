//===- RowBlockPlan.cpp - How many rows go through layers together --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowBlockPlan.h"

#include "norm/CPU/ElementSize.h"
#include "norm/CPU/LinearPlan.h"

using namespace mlir;
using namespace mlir::norm;

/// The rows of a block of one layer. Weights are read once for each block, by
/// one core from a cache that all share: 64 rows take 1.08 to 1.16 times as
/// long as 256 on Sapphire Rapids (512x1024x1024, 512x384x1536 and 1024x768x768
/// in f32; 128 rows 1.03), 1.00 to 1.07 times on Zen 4. From 3072 input
/// features on they take the same time: then the rows are in that cache.
constexpr int64_t kLayerRows = 256;

/// The rows of a block of several ops, which also takes memory: within 2% of
/// 256 rows (MiniLM's feed-forward half; 64 rows take 1.12 times as long).
constexpr int64_t kGroupRows = 128;

/// Weights of more bytes are not in any cache.
constexpr int64_t kFarBytes = int64_t(32) << 20;

/// With tile registers a weight is read faster than it comes from anywhere but
/// the second-level cache: a block has as many rows as leave room there for the
/// next panels, of a cache of 2 MB, which CPUs with tiles have.
constexpr int64_t kTiledBlockBytes = int64_t(3) << 19;
constexpr int64_t kMinTiledRows = 128, kMaxTiledRows = 256;

/// Rows that several ops read are in a second-level cache of 1 MiB when the
/// next op reads them, beside as much that is written.
constexpr int64_t kSharedBlockBytes = int64_t(1) << 19;

/// Shorter ones are better many at a time: the loops over them are skewed.
constexpr int64_t kMinSharedRowBytes = int64_t(1) << 16;

/// The rows of blocks of layers on tile registers that read and write
/// `rowBytes` of each row.
static int64_t getTiledRows(int64_t rowBytes) {
  return rowBytes * kMaxTiledRows <= kTiledBlockBytes ? kMaxTiledRows
                                                      : kMinTiledRows;
}

/// Whether `op` is computed by tile registers.
static bool isTiled(PackedLinearOp op) {
  FailureOr<LinearPlan> plan = LinearPlan::getOf(
      CPUTarget::get(op), cast<ShapedType>(op.getWeight().getType()));
  return succeeded(plan) && plan->tiles;
}

/// The bytes of a row of x and of the output; those of dynamic sizes are many.
static int64_t getRowBytes(PackedLinearOp op) {
  int64_t bytes = 0;
  for (Value value : {op.getInput(), op.getInit()}) {
    auto type = cast<ShapedType>(value.getType());
    bytes += type.isDynamicDim(1)
                 ? kTiledBlockBytes
                 : type.getDimSize(1) * getElementBytes(type.getElementType());
  }
  return bytes;
}

/// The bytes of the packed weight; those of one with dynamic sizes are many.
static int64_t getWeightBytes(PackedLinearOp op) {
  auto type = cast<ShapedType>(op.getWeight().getType());
  if (!type.hasStaticShape())
    return kFarBytes;
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

int64_t RowBlockPlan::getRows(PackedLinearOp op) {
  if (auto rows = op->getAttrOfType<IntegerAttr>(kRowBlockAttrName))
    return std::max<int64_t>(1, rows.getInt());
  if (isTiled(op))
    return getTiledRows(getRowBytes(op));
  return kLayerRows;
}

/// The rows of blocks whose ops all read `shared`; 0 if blocks do not pay.
static int64_t getSharingRows(Value shared) {
  auto type = cast<ShapedType>(shared.getType());
  int64_t bytes = getElementBytes(type.getElementType());
  for (int64_t size : type.getShape().drop_front()) {
    if (ShapedType::isDynamic(size))
      return 0;
    bytes *= size;
  }
  if (bytes < kMinSharedRowBytes || bytes > 2 * kSharedBlockBytes)
    return 0;
  return std::max<int64_t>(kSharedBlockBytes / bytes, 1);
}

RowBlockPlan RowBlockPlan::get(const RowGroup &group, int64_t rows) {
  RowBlockPlan plan;
  int64_t weightBytes = 0, tiledBytes = 0;
  for (Operation *op : group.ops)
    if (auto linear = dyn_cast<PackedLinearOp>(op)) {
      weightBytes += getWeightBytes(linear);
      tiledBytes += isTiled(linear) ? getRowBytes(linear) : 0;
    }
  int64_t sharingRows = 0;
  if (!group.hasLinear()) {
    sharingRows = getSharingRows(group.getSharedRows());
    if (sharingRows == 0) {
      plan.reason = "rows are too short, or too long for a cache";
      return plan;
    }
  }
  plan.rows = rows > 0                   ? rows
              : sharingRows > 0          ? sharingRows
              : tiledBytes > 0           ? getTiledRows(tiledBytes)
              : weightBytes <= kFarBytes ? kGroupRows
                                         : kLayerRows;
  auto type = cast<ShapedType>(group.ops.front()->getResult(0).getType());
  if (!type.isDynamicDim(0) && type.getDimSize(0) <= plan.rows)
    plan.reason = "they are one block";
  return plan;
}
