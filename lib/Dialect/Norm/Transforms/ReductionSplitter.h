//===- ReductionSplitter.h - Reductions of one generic in chunks ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DIALECT_NORM_TRANSFORMS_REDUCTIONSPLITTER_H
#define NORM_LIB_DIALECT_NORM_TRANSFORMS_REDUCTIONSPLITTER_H

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "norm/Dialect/Norm/Analysis/RowProgram.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

namespace mlir::norm {

/// The sums of squares of the centred values of `center`.
SmallVector<ReduceOp> getMoments(CenterOp center);

/// Whether `reduction` is a norm.reduce that adds.
inline bool isSum(Operation *reduction) {
  auto reduce = dyn_cast<ReduceOp>(reduction);
  return reduce && reduce.getKind() == ReduceKind::Add;
}

/// The numbers of elements that are reduced to one, in f64.
struct Counts {
  Value inChunk, inTail, inAll;
};

/// A part of the split dim: chunks of equal size, or what remains behind them.
struct Part {
  OpFoldResult offset, length;
  /// The number of chunks; none for the remainder.
  std::optional<OpFoldResult> numChunks;
};

/// Splits the first-stage reductions of one generic over one dim.
class ReductionSplitter {
public:
  ReductionSplitter(RewriterBase &rewriter, GenericOp op, unsigned dim,
                    int64_t chunk, bool wide)
      : rewriter(rewriter), op(op), loc(op.getLoc()), program(op), dim(dim),
        chunk(chunk), wide(wide), kept(op.getNumLoops()),
        space(op.getNumLoops()) {}

  /// The generic that is left; null if there was nothing to split.
  GenericOp run();

private:
  /// Collects the reductions that are split together.
  void collect();
  /// Computes the sizes of the parts.
  SmallVector<Part> getParts();
  /// The part `part` of operand `i`, which may not have the dim.
  Value getView(unsigned i, const Part &part);
  /// The partial results over `part`.
  SmallVector<Value> reducePart(const Part &part);
  /// The results of all parts.
  SmallVector<Value> combineParts(ArrayRef<Part> parts,
                                  ArrayRef<SmallVector<Value>> partials);
  /// The body of that: the results of the partial results of one reduction.
  void combineReduction(OpBuilder &builder, Operation *reduction,
                        const Counts &counts, ArrayRef<ValueRange> partials,
                        unsigned chunkDim, SmallVectorImpl<Value> &results);
  /// The op that reads the results instead of reducing.
  GenericOp makeRest(ValueRange results);

  /// The type in which `type` is accumulated.
  Type getSumType(Type type) {
    return isa<FloatType>(type) ? getAccumulationType(type, std::nullopt)
                                : type;
  }
  /// The type in which sums of `type` are handed on, if `isSum`.
  Type getResultType(Type type, bool isSum) {
    type = getSumType(type);
    return wide && isSum && isa<FloatType>(type) ? rewriter.getF64Type() : type;
  }
  /// An empty tensor over `dims`, behind them the chunks of `part`.
  Value makeEmpty(const llvm::SmallBitVector &dims,
                  std::optional<OpFoldResult> numChunks, Type type);
  /// The size of dim `d`.
  OpFoldResult getSize(unsigned d) {
    auto [value, position] = op.getDimSource(d);
    int64_t size = op.getStaticLoopSizes()[d];
    if (!ShapedType::isDynamic(size))
      return rewriter.getIndexAttr(size);
    return tensor::getMixedSize(rewriter, loc, value, position);
  }

  RewriterBase &rewriter;
  GenericOp op;
  Location loc;
  RowProgram program;
  unsigned dim;
  int64_t chunk;
  bool wide;
  SmallVector<Operation *> reductions;
  /// The dims of the results and of what is reduced.
  llvm::SmallBitVector kept, space;
};

} // namespace mlir::norm

#endif // NORM_LIB_DIALECT_NORM_TRANSFORMS_REDUCTIONSPLITTER_H
