//===- Fusion.h - Making one norm.generic of two --------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DIALECT_NORM_TRANSFORMS_FUSION_H
#define NORM_LIB_DIALECT_NORM_TRANSFORMS_FUSION_H

#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"

namespace mlir::norm {

/// How two generics of a block become one at the place of the second.
struct FusionPlan {
  GenericOp first;
  GenericOp second;
  /// The dim of the fused iteration space that each dim of theirs becomes.
  SmallVector<unsigned> firstDims, secondDims;
  /// The iterators of the fused iteration space.
  SmallVector<utils::IteratorType> iterators;
  /// The ops between the two that need a result of the first; they move behind.
  SmallVector<Operation *> dependents;
};

/// Plans the fusion of `first`, which is before `second` in the same block: its
/// producer, or a sibling that reads the same tensor over the same iteration
/// space. On failure `reason` completes "not fused because ...".
FailureOr<FusionPlan> planFusion(GenericOp first, GenericOp second,
                                 std::string &reason);

/// Fails if the loops of the fused body could not be nested: see the file.
LogicalResult checkReductions(const FusionPlan &plan, std::string &reason);

/// Whether `result` is read otherwise than as an input of `second`.
bool hasOtherUses(OpResult result, GenericOp second);

/// Replaces the two generics by one. Their other users see its results.
GenericOp applyFusion(RewriterBase &rewriter, const FusionPlan &plan,
                      FusionRounding rounding);

/// Drops results without uses and inputs that the body does not read, unless
/// they tell the size of a dim.
void dropUnused(RewriterBase &rewriter, GenericOp op);

/// A dim of a generic that becomes several, with their sizes.
struct DimSplit {
  unsigned dim;
  SmallVector<OpFoldResult> sizes;
};

/// A copy of `op`, before it, in which dims are split; its operands are
/// read through tensor.expand_shape. Failure if the body needs a split dim's
/// index or several of the sizes of a split are dynamic.
FailureOr<GenericOp> splitDims(RewriterBase &rewriter, GenericOp op,
                               ArrayRef<DimSplit> splits, std::string &reason);

/// `result` of a copy made by splitDims in the shape `type` it had before.
Value collapseResult(RewriterBase &rewriter, Location loc, Value result,
                     RankedTensorType type, ArrayRef<unsigned> groupSizes);

/// The number of dims that each dim of operand `i` of `op` is split into.
SmallVector<unsigned> getGroupSizes(GenericOp op, unsigned i,
                                    ArrayRef<DimSplit> splits);

/// The splits of the dims of `op` that make operand `i` of it have `sizes`,
/// grouped by `reassociation`.
SmallVector<DimSplit> getSplits(GenericOp op, unsigned i,
                                ArrayRef<ReassociationIndices> reassociation,
                                ArrayRef<OpFoldResult> sizes);

/// The tensor of which `value` is a collapsed and expanded again view of the
/// same shape; `value` itself if it is none.
Value lookThroughReshapes(Value value);

} // namespace mlir::norm

#endif // NORM_LIB_DIALECT_NORM_TRANSFORMS_FUSION_H
