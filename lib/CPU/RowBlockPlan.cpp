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

/// The rows of a block of several ops, which also takes memory, and weights of
/// at most so many bytes: MiniLM's feed-forward half takes 1.02 times as long
/// as with 256 rows, and 1.12 times with 64. Larger weights come from farther
/// away: 512x1024x4096 takes 1.07 times as long.
constexpr int64_t kGroupRows = 128, kNearBytes = int64_t(6) << 20;

/// A block of normalized rows of so many bytes is in no cache either when a
/// layer reads it, and all rows at once can be stored past the caches
/// (norm-plan-rows): 1024x65536x64 takes 1.15 times as long in blocks as op by
/// op, 1024x32768x64 1.12 and 1024x16384x64 0.98 times on Sapphire Rapids.
constexpr int64_t kStreamedBytes = int64_t(16) << 20;

/// With tile registers a weight is multiplied faster than it comes from
/// anywhere but the second-level cache (32 rows take a third of the time that
/// their panel takes from farther away): a block has as many rows as leave room
/// there for the next panels, of a cache of 2 MB, which CPUs with tiles have.
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
  return rowBytes * kMaxTiledRows < kTiledBlockBytes ? kMaxTiledRows
                                                     : kMinTiledRows;
}

/// Whether `op` is computed by tile registers.
static bool isTiled(PackedLinearOp op) {
  FailureOr<LinearPlan> plan = LinearPlan::getOf(
      CPUTarget::get(op), cast<ShapedType>(op.getWeight().getType()));
  return succeeded(plan) && plan->tiles;
}

/// The bytes of a row of a matrix; those of a dynamic size are many.
static int64_t getRowBytes(Value matrix) {
  auto type = cast<ShapedType>(matrix.getType());
  return type.isDynamicDim(1)
             ? kTiledBlockBytes
             : type.getDimSize(1) * getElementBytes(type.getElementType());
}

/// The bytes of the packed weight; those of one with dynamic sizes are many.
static int64_t getWeightBytes(PackedLinearOp op) {
  auto type = cast<ShapedType>(op.getWeight().getType());
  if (!type.hasStaticShape())
    return kNearBytes + 1;
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

/// The bytes of a row that a norm hands to layers of `group`; 0 if there is
/// none of known length, or if a layer's result is read in the group, too: that
/// is worth keeping near.
static int64_t getNormRowBytes(const RowGroup &group) {
  int64_t bytes = 0;
  for (Operation *op : group.ops)
    for (OpResult result : op->getResults())
      for (Operation *user : result.getUsers()) {
        if (!group.contains(user))
          continue;
        if (isa<PackedLinearOp>(op))
          return 0;
        auto type = cast<RankedTensorType>(result.getType());
        if (isa<PackedLinearOp>(user) && !type.isDynamicDim(1))
          bytes = std::max(bytes, type.getDimSize(1) *
                                      getElementBytes(type.getElementType()));
      }
  return bytes;
}

int64_t RowBlockPlan::getRows(PackedLinearOp op) {
  if (auto rows = op->getAttrOfType<IntegerAttr>(kRowBlockAttrName))
    return std::max<int64_t>(1, rows.getInt());
  // Every panel takes the rows of x again, the output is written once.
  if (isTiled(op))
    return getTiledRows(getRowBytes(op.getInput()));
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
      if (isTiled(linear))
        tiledBytes +=
            getRowBytes(linear.getInput()) + getRowBytes(linear.getInit());
    }
  int64_t sharingRows = 0;
  if (!group.hasLinear()) {
    sharingRows = getSharingRows(group.getSharedRows());
    if (sharingRows == 0) {
      plan.reason = "rows are too short, or too long for a cache";
      return plan;
    }
  }
  plan.rows = rows > 0                    ? rows
              : sharingRows > 0           ? sharingRows
              : tiledBytes > 0            ? getTiledRows(tiledBytes)
              : weightBytes <= kNearBytes ? kGroupRows
                                          : kLayerRows;
  int64_t normBytes = getNormRowBytes(group) * plan.rows;
  if (rows == 0 && normBytes >= kStreamedBytes)
    plan.reason = "the norm's rows of a block, " +
                  std::to_string(normBytes >> 20) + " MiB, are in no cache";
  auto type = cast<ShapedType>(group.ops.front()->getResult(0).getType());
  if (!type.isDynamicDim(0) && type.getDimSize(0) <= plan.rows)
    plan.reason = "they are one block";
  return plan;
}
