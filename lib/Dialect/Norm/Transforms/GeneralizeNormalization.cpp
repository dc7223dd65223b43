//===- GeneralizeNormalization.cpp - Named normalizations -> norm.generic -===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One body serves all of them: centre (or not), a factor from the statistics,
// scale and shift. What differs is the iteration space and where the statistics
// come from.
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"
#include "NormalizationArithmetic.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Transforms.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// The type as which a body reads a parameter: the accumulation type, or the
/// parameter's own if that is wider.
Type argumentTypeOf(Value value, FloatType accumulation) {
  Type element = cast<RankedTensorType>(value.getType()).getElementType();
  return holdsExactly(accumulation, element) ? Type(accumulation) : element;
}

/// The iteration space of a normalization and what it reads.
struct Space {
  /// x, or a reshape of it; dim i of it is dim i of the space.
  Value input;
  /// The dims over which statistics are taken.
  SmallVector<int64_t> reduced;
  /// Scale and shift, or reshapes of them, and the dims that index them.
  Value scale, shift;
  SmallVector<int64_t> parameterDims;
};

/// Dims 0 to `rank` without `dims`.
SmallVector<int64_t> otherDims(int64_t rank, ArrayRef<int64_t> dims) {
  return llvm::filter_to_vector(llvm::seq<int64_t>(0, rank), [&](int64_t dim) {
    return !llvm::is_contained(dims, dim);
  });
}

/// The sizes of `value` at `dims`.
SmallVector<OpFoldResult> sizesAt(OpBuilder &builder, Location loc, Value value,
                                  ArrayRef<int64_t> dims) {
  return llvm::map_to_vector(dims, [&](int64_t dim) {
    return tensor::getMixedSize(builder, loc, value, dim);
  });
}

/// The generic of a normalization, under construction: the operands that all of
/// them have, in one order.
template <typename OpTy> class NormalizationBuilder {
public:
  NormalizationBuilder(PatternRewriter &rewriter, OpTy op, const Space &space)
      : rewriter(rewriter), op(op), space(space), loc(op.getLoc()),
        inputType(cast<RankedTensorType>(space.input.getType())),
        accumulation(getAccumulationType(inputType.getElementType(),
                                         op.getAccumulate())),
        generic(rewriter, loc, inputType.getRank(), space.reduced) {
    generic.addInput(space.input, generic.allDims(), accumulation);
    for (Value parameter : {space.scale, space.shift})
      if (parameter)
        addParameter(parameter);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, space.input);
    generic.addOutput(makeEmpty(rewriter, loc, inputType, sizes),
                      generic.allDims());
  }

  /// Adds an input that is indexed like scale and shift.
  void addParameter(Value value) {
    generic.addInput(value, space.parameterDims,
                     argumentTypeOf(value, accumulation));
  }
  /// Adds the output for a statistic, indexed by the dims that are not reduced.
  void addStatistic(Value result) {
    SmallVector<int64_t> dims = otherDims(inputType.getRank(), space.reduced);
    generic.addOutput(makeEmpty(rewriter, loc,
                                cast<RankedTensorType>(result.getType()),
                                sizesAt(rewriter, loc, space.input, dims)),
                      dims);
  }

  /// Makes the op. `normalize` is given the arithmetic, x and what addParameter
  /// added; `statistics` picks what is yielded besides y.
  GenericOp
  build(function_ref<Normalized(BodyArithmetic &, Value, ValueRange)> normalize,
        function_ref<SmallVector<Value>(const Normalized &)> statistics) {
    return generic.build(
        [&](ImplicitLocOpBuilder &builder, ValueRange arguments) {
          BodyArithmetic arithmetic(builder, accumulation, op.getEpsilon());
          auto next = arguments.begin();
          Value x = *next++;
          Value scale = space.scale ? *next++ : Value();
          Value shift = space.shift ? *next++ : Value();
          Normalized normalized = normalize(
              arithmetic, x, arguments.drop_front(next - arguments.begin()));
          Type rounded =
              op.getCastBeforeScale() ? inputType.getElementType() : Type();
          SmallVector<Value> yielded{arithmetic.applyAffine(
              normalized.value, scale, shift,
              op.getScaleOffset().convertToDouble(), rounded)};
          llvm::append_range(yielded, statistics(normalized));
          return yielded;
        });
  }

private:
  PatternRewriter &rewriter;
  OpTy op;
  const Space &space;
  Location loc;
  RankedTensorType inputType;
  FloatType accumulation;
  GenericBuilder generic;
};

SmallVector<Value> noStatistics(const Normalized &) { return {}; }

int64_t rankOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getRank();
}

/// The channel dim and all dims that are neither it nor the batch.
template <typename OpTy> int64_t channelDim(OpTy op) {
  int64_t axis = op.getChannelAxis();
  return axis < 0 ? axis + rankOf(op.getInput()) : axis;
}

/// layer_norm and rms_norm.
template <typename OpTy, bool Centered>
struct GeneralizeRowNorm : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const final {
    SmallVector<int64_t> axes =
        normalizeAxes(op.getAxes(), rankOf(op.getInput()));
    Space space{op.getInput(), axes, op.getScale(), op.getShift(), axes};
    NormalizationBuilder<OpTy> builder(rewriter, op, space);
    for (Value statistic : op.getStatistics())
      builder.addStatistic(statistic);
    GenericOp generic = builder.build(
        [&](BodyArithmetic &arithmetic, Value x, ValueRange) {
          return arithmetic.normalize(x, axes, Centered);
        },
        [&](const Normalized &normalized) -> SmallVector<Value> {
          if (op.getStatistics().empty())
            return {};
          if (Centered)
            return {normalized.mean, normalized.rstd};
          return {normalized.rstd};
        });
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), generic->getResults(),
                                  op->getResultTypes()));
    return success();
  }
};

/// instance_norm, and the group_norm of one channel a group.
template <typename OpTy>
void replaceByInstanceNorm(OpTy op, PatternRewriter &rewriter) {
  int64_t channel = channelDim(op);
  Space space{op.getInput(),
              otherDims(rankOf(op.getInput()), {0, channel}),
              op.getScale(),
              op.getShift(),
              {channel}};
  NormalizationBuilder<OpTy> builder(rewriter, op, space);
  rewriter.replaceOp(op,
                     builder.build(
                         [&](BodyArithmetic &arithmetic, Value x, ValueRange) {
                           return arithmetic.normalize(x, space.reduced, true);
                         },
                         noStatistics));
}

struct GeneralizeInstanceNorm : OpRewritePattern<InstanceNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(InstanceNormOp op,
                                PatternRewriter &rewriter) const final {
    replaceByInstanceNorm(op, rewriter);
    return success();
  }
};

struct GeneralizeGroupNorm : OpRewritePattern<GroupNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GroupNormOp op,
                                PatternRewriter &rewriter) const final;
};

/// `value` with dim `dim` split into `groups` and the rest.
Value splitDim(OpBuilder &builder, Location loc, Value value, int64_t dim,
               int64_t groups, ArrayRef<ReassociationIndices> reassociation) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
  SmallVector<int64_t> shape(type.getShape());
  int64_t each = shape[dim] / groups;
  shape[dim] = groups;
  shape.insert(shape.begin() + dim + 1, each);
  sizes[dim] = builder.getIndexAttr(groups);
  sizes.insert(sizes.begin() + dim + 1, builder.getIndexAttr(each));
  return tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), value,
      reassociation, sizes);
}

LogicalResult
GeneralizeGroupNorm::matchAndRewrite(GroupNormOp op,
                                     PatternRewriter &rewriter) const {
  Location loc = op.getLoc();
  int64_t rank = rankOf(op.getInput()), channel = channelDim(op);
  auto type = cast<RankedTensorType>(op.getInput().getType());
  int64_t groups = op.getGroups(), channels = type.getDimSize(channel);
  if (groups == channels) {
    replaceByInstanceNorm(op, rewriter);
    return success();
  }
  Space space{op.getInput(), {}, op.getScale(), op.getShift(), {channel}};
  SmallVector<ReassociationIndices> reassociation;
  if (groups == 1) {
    space.reduced = otherDims(rank, {0});
  } else {
    for (int64_t dim = 0; dim < rank; ++dim) {
      reassociation.push_back({dim + (dim > channel)});
      if (dim == channel)
        reassociation.back().push_back(dim + 1);
    }
    space.input =
        splitDim(rewriter, loc, op.getInput(), channel, groups, reassociation);
    for (Value *parameter : {&space.scale, &space.shift}) {
      if (!*parameter)
        continue;
      Value static1D = castTo(
          rewriter, loc, *parameter,
          cast<RankedTensorType>(parameter->getType()).clone({channels}))[0];
      *parameter = splitDim(rewriter, loc, static1D, 0, groups, {{0, 1}});
    }
    space.parameterDims = {channel, channel + 1};
    space.reduced = otherDims(rank + 1, {0, channel});
  }
  NormalizationBuilder<GroupNormOp> builder(rewriter, op, space);
  Value result = builder
                     .build(
                         [&](BodyArithmetic &arithmetic, Value x, ValueRange) {
                           return arithmetic.normalize(x, space.reduced, true);
                         },
                         noStatistics)
                     ->getResult(0);
  if (!reassociation.empty())
    result = tensor::CollapseShapeOp::create(rewriter, loc, type, result,
                                             reassociation);
  rewriter.replaceOp(op, result);
  return success();
}

struct GeneralizeBatchNorm : OpRewritePattern<BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BatchNormOp op,
                                PatternRewriter &rewriter) const final {
    Space space{
        op.getInput(), {}, op.getScale(), op.getShift(), {channelDim(op)}};
    NormalizationBuilder<BatchNormOp> builder(rewriter, op, space);
    builder.addParameter(op.getMean());
    builder.addParameter(op.getVariance());
    rewriter.replaceOp(
        op, builder.build(
                [&](BodyArithmetic &arithmetic, Value x, ValueRange given) {
                  return arithmetic.normalizeBy(x, given[0], given[1]);
                },
                noStatistics));
    return success();
  }
};

struct GeneralizeBatchNormTraining : OpRewritePattern<BatchNormTrainingOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BatchNormTrainingOp op,
                                PatternRewriter &rewriter) const final {
    int64_t channel = channelDim(op);
    Space space{op.getInput(),
                otherDims(rankOf(op.getInput()), {channel}),
                op.getScale(),
                op.getShift(),
                {channel}};
    NormalizationBuilder<BatchNormTrainingOp> builder(rewriter, op, space);
    builder.addStatistic(op.getMean());
    builder.addStatistic(op.getVariance());
    GenericOp generic = builder.build(
        [&](BodyArithmetic &arithmetic, Value x, ValueRange) {
          return arithmetic.normalize(x, space.reduced, true);
        },
        [](const Normalized &normalized) -> SmallVector<Value> {
          return {normalized.mean, normalized.variance};
        });
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), generic->getResults(),
                                  op->getResultTypes()));
    return success();
  }
};

struct GeneralizeL2Norm : OpRewritePattern<L2NormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(L2NormOp op,
                                PatternRewriter &rewriter) const final {
    auto type = cast<RankedTensorType>(op.getInput().getType());
    SmallVector<int64_t> axes = normalizeAxes(op.getAxes(), type.getRank());
    FloatType accumulation =
        getAccumulationType(type.getElementType(), op.getAccumulate());
    GenericBuilder generic(rewriter, op.getLoc(), type.getRank(), axes);
    generic.addInput(op.getInput(), generic.allDims(), accumulation);
    generic.addOutput(makeEmptyLike(rewriter, op.getLoc(), op.getInput()),
                      generic.allDims());
    rewriter.replaceOp(
        op, generic.build([&](ImplicitLocOpBuilder &builder,
                              ValueRange arguments) -> SmallVector<Value> {
          BodyArithmetic arithmetic(builder, accumulation, op.getEpsilon());
          return {arithmetic.divideByLength(arguments[0], axes)};
        }));
    return success();
  }
};

} // namespace

void mlir::norm::populateGeneralizeNormalizationPatterns(
    RewritePatternSet &patterns) {
  patterns.add<GeneralizeRowNorm<LayerNormOp, true>,
               GeneralizeRowNorm<RmsNormOp, false>, GeneralizeInstanceNorm,
               GeneralizeGroupNorm, GeneralizeBatchNorm,
               GeneralizeBatchNormTraining, GeneralizeL2Norm>(
      patterns.getContext());
}
