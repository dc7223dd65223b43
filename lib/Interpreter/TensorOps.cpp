//===- TensorOps.cpp - Ops of the tensor dialect --------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All of them move elements: each says for every element of its result where it
// comes from.
//
//===----------------------------------------------------------------------===//

#include "BodyEvaluator.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

class TensorEvaluator {
public:
  TensorEvaluator(Operation *op, ArrayRef<InterpValue> operands,
                  Environment environment)
      : op(op), operands(operands), environment(environment) {}

  FailureOr<InterpValues> run();

private:
  using Result = FailureOr<InterpValues>;
  Operation *op;
  ArrayRef<InterpValue> operands;
  Environment environment;

  /// Sizes, offsets and the like, given as attributes or operands.
  FailureOr<SmallVector<int64_t>> resolve(ArrayRef<OpFoldResult> values);
  /// The result type with its dynamic dims from `dynamicSizes`.
  FailureOr<SmallVector<int64_t>> resultShape(ValueRange dynamicSizes);
  /// The place of the element at the indices that are operands from `first` on.
  FailureOr<int64_t> placeOf(const InterpValue &tensor, unsigned first);

  Result reshape(ArrayRef<int64_t> shape);
  Result collapse(tensor::CollapseShapeOp collapse);
  FailureOr<std::vector<int64_t>>
  slicePlaces(OffsetSizeAndStrideOpInterface slice, const InterpValue &whole,
              SmallVector<int64_t> &sizes);
  Result extractSlice(tensor::ExtractSliceOp slice);
  Result insertSlice(OffsetSizeAndStrideOpInterface slice);
  Result pad(tensor::PadOp pad);
  Result concat(tensor::ConcatOp concat);
  Result generate(Block &block, ArrayRef<int64_t> shape, InterpValue &value);
};

FailureOr<SmallVector<int64_t>>
TensorEvaluator::resolve(ArrayRef<OpFoldResult> values) {
  SmallVector<int64_t> result;
  for (OpFoldResult value : values) {
    if (auto attribute = dyn_cast<Attribute>(value)) {
      result.push_back(cast<IntegerAttr>(attribute).getInt());
      continue;
    }
    const InterpValue *known = environment(cast<Value>(value));
    if (!known)
      return op->emitError("uses a value that the interpreter does not have");
    result.push_back(known->getInt());
  }
  return result;
}

FailureOr<SmallVector<int64_t>>
TensorEvaluator::resultShape(ValueRange dynamicSizes) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<int64_t> shape(type.getShape());
  unsigned next = 0;
  for (int64_t &size : shape) {
    if (!ShapedType::isDynamic(size))
      continue;
    if (next == dynamicSizes.size())
      return op->emitError("the interpreter cannot tell the sizes of ") << type;
    FailureOr<SmallVector<int64_t>> known =
        resolve({OpFoldResult(dynamicSizes[next++])});
    if (failed(known))
      return failure();
    size = known->front();
    if (size < 0)
      return op->emitError("has the negative size ") << size;
  }
  return shape;
}

FailureOr<int64_t> TensorEvaluator::placeOf(const InterpValue &tensor,
                                            unsigned first) {
  SmallVector<int64_t> strides = rowMajorStrides(tensor.getShape());
  int64_t place = 0;
  for (auto [d, size] : llvm::enumerate(tensor.getShape())) {
    int64_t index = operands[first + d].getInt();
    if (index < 0 || index >= size)
      return op->emitError("index ")
             << index << " is out of bounds of " << tensor.getType();
    place += index * strides[d];
  }
  return place;
}

FailureOr<InterpValues> TensorEvaluator::reshape(ArrayRef<int64_t> shape) {
  if (countElements(shape) != operands[0].getNumElements())
    return op->emitError("reshapes ")
           << operands[0].getType() << " to another number of elements";
  return InterpValues{operands[0].reshaped(shape)};
}

FailureOr<InterpValues>
TensorEvaluator::collapse(tensor::CollapseShapeOp collapse) {
  SmallVector<int64_t> shape;
  for (const ReassociationIndices &group : collapse.getReassociationIndices()) {
    int64_t size = 1;
    for (int64_t dim : group)
      size *= operands[0].getShape()[dim];
    shape.push_back(size);
  }
  return reshape(shape);
}

/// Where the elements of a slice are in the whole tensor.
FailureOr<std::vector<int64_t>>
TensorEvaluator::slicePlaces(OffsetSizeAndStrideOpInterface slice,
                             const InterpValue &whole,
                             SmallVector<int64_t> &sizes) {
  FailureOr<SmallVector<int64_t>> offsets = resolve(slice.getMixedOffsets());
  FailureOr<SmallVector<int64_t>> lengths = resolve(slice.getMixedSizes());
  FailureOr<SmallVector<int64_t>> steps = resolve(slice.getMixedStrides());
  if (failed(offsets) || failed(lengths) || failed(steps))
    return failure();
  sizes = *lengths;
  SmallVector<int64_t> strides = rowMajorStrides(whole.getShape());
  int64_t base = 0;
  for (auto [d, size] : llvm::enumerate(whole.getShape())) {
    int64_t first = (*offsets)[d], length = sizes[d];
    int64_t last = first + (length - 1) * (*steps)[d];
    if (length < 0 || first < 0 ||
        (length > 0 && (last < 0 || first >= size || last >= size)))
      return op->emitError("slice ")
             << first << " to " << last << " of dim " << d
             << " is out of bounds of " << whole.getType();
    base += first * strides[d];
    strides[d] *= (*steps)[d];
  }
  return stridedIndices(sizes, strides, base);
}

FailureOr<InterpValues>
TensorEvaluator::extractSlice(tensor::ExtractSliceOp slice) {
  SmallVector<int64_t> sizes;
  FailureOr<std::vector<int64_t>> places =
      slicePlaces(slice, operands[0], sizes);
  if (failed(places))
    return failure();
  llvm::SmallBitVector dropped = slice.getDroppedDims();
  SmallVector<int64_t> shape;
  for (auto [d, size] : llvm::enumerate(sizes))
    if (!dropped.test(d))
      shape.push_back(size);
  return InterpValues{operands[0].picked(shape, *places)};
}

FailureOr<InterpValues>
TensorEvaluator::insertSlice(OffsetSizeAndStrideOpInterface slice) {
  SmallVector<int64_t> sizes;
  FailureOr<std::vector<int64_t>> places =
      slicePlaces(slice, operands[1], sizes);
  if (failed(places))
    return failure();
  if (static_cast<int64_t>(places->size()) != operands[0].getNumElements())
    return op->emitError("inserts ")
           << operands[0].getType() << " as a slice of another size";
  return InterpValues{operands[1].overwritten(operands[0], *places)};
}

/// A tensor of `shape` whose elements `block` computes from their indices.
FailureOr<InterpValues> TensorEvaluator::generate(Block &block,
                                                  ArrayRef<int64_t> shape,
                                                  InterpValue &value) {
  int64_t count = countElements(shape);
  Type index = IndexType::get(op->getContext());
  auto evaluate = [&](auto scalar) -> Result {
    using T = decltype(scalar);
    SmallVector<Lanes<T>> indices;
    for (unsigned d = 0; d < shape.size(); ++d) {
      SmallVector<int64_t> strides(shape.size(), 0);
      strides[d] = 1;
      indices.push_back({index, {}, stridedIndices(shape, strides)});
    }
    FailureOr<SmallVector<Lanes<T>>> results =
        BodyEvaluator<T>(block, environment).run(indices, count, {});
    if (failed(results))
      return failure();
    value = results->front().toTensor(results->front().type, shape);
    return InterpValues{value};
  };
  return needsLongDouble(op) ? evaluate(0.0L) : evaluate(0.0);
}

FailureOr<InterpValues> TensorEvaluator::pad(tensor::PadOp pad) {
  FailureOr<SmallVector<int64_t>> low = resolve(pad.getMixedLowPad());
  FailureOr<SmallVector<int64_t>> high = resolve(pad.getMixedHighPad());
  if (failed(low) || failed(high))
    return failure();
  const InterpValue &source = operands[0];
  SmallVector<int64_t> shape(source.getShape());
  for (auto [d, size] : llvm::enumerate(shape)) {
    if ((*low)[d] < 0 || (*high)[d] < 0)
      return op->emitError("has negative padding");
    size += (*low)[d] + (*high)[d];
  }
  InterpValue padding;
  if (failed(generate(pad.getRegion().front(), shape, padding)))
    return failure();
  SmallVector<int64_t> strides = rowMajorStrides(shape);
  int64_t base = 0;
  for (auto [offset, stride] : llvm::zip(*low, strides))
    base += offset * stride;
  return InterpValues{padding.overwritten(
      source, stridedIndices(source.getShape(), strides, base))};
}

FailureOr<InterpValues> TensorEvaluator::concat(tensor::ConcatOp concat) {
  int64_t dim = concat.getDim();
  SmallVector<int64_t> shape(operands[0].getShape());
  shape[dim] = 0;
  for (const InterpValue &operand : operands) {
    for (auto [d, size] : llvm::enumerate(operand.getShape()))
      if (static_cast<int64_t>(d) != dim && size != shape[d])
        return op->emitError("joins tensors that differ in dim ") << d;
    shape[dim] += operand.getShape()[dim];
  }
  SmallVector<int64_t> strides = rowMajorStrides(shape);
  InterpValue result =
      InterpValue::uninitialized(operands[0].getElementType(), shape);
  int64_t offset = 0;
  for (const InterpValue &operand : operands) {
    result =
        result.overwritten(operand, stridedIndices(operand.getShape(), strides,
                                                   offset * strides[dim]));
    offset += operand.getShape()[dim];
  }
  return InterpValues{result};
}

FailureOr<InterpValues> TensorEvaluator::run() {
  auto shaped = [&](FailureOr<SmallVector<int64_t>> shape,
                    auto make) -> Result {
    if (failed(shape))
      return failure();
    return InterpValues{make(*shape)};
  };
  return TypeSwitch<Operation *, Result>(op)
      .Case([&](tensor::EmptyOp empty) {
        return shaped(resultShape(empty.getDynamicSizes()), [&](auto shape) {
          return InterpValue::uninitialized(empty.getType().getElementType(),
                                            shape);
        });
      })
      .Case([&](tensor::SplatOp splat) {
        return shaped(resultShape(splat.getDynamicSizes()), [&](auto shape) {
          return operands[0].picked(
              shape, std::vector<int64_t>(countElements(shape), 0));
        });
      })
      .Case([&](tensor::DimOp) -> Result {
        int64_t dim = operands[1].getInt();
        if (dim < 0 || dim >= operands[0].getRank())
          return op->emitError("dim ") << dim << " is out of range";
        return InterpValues{InterpValue::scalarInt(
            op->getResult(0).getType(), operands[0].getShape()[dim])};
      })
      .Case([&](tensor::CastOp) -> Result {
        if (!operands[0].hasType(op->getResult(0).getType()))
          return op->emitError("casts ") << operands[0].getType() << " to "
                                         << op->getResult(0).getType();
        return InterpValues{operands[0]};
      })
      .Case([&](tensor::ExpandShapeOp expand) -> Result {
        FailureOr<SmallVector<int64_t>> shape =
            resolve(expand.getMixedOutputShape());
        return failed(shape) ? Result(failure()) : reshape(*shape);
      })
      .Case([&](tensor::CollapseShapeOp op) { return collapse(op); })
      .Case([&](tensor::ReshapeOp) {
        return reshape(SmallVector<int64_t>(operands[1].getInts()));
      })
      .Case([&](tensor::ExtractSliceOp op) { return extractSlice(op); })
      .Case<tensor::InsertSliceOp>([&](auto op) { return insertSlice(op); })
      .Case([&](tensor::ExtractOp) -> Result {
        FailureOr<int64_t> place = placeOf(operands[0], 1);
        if (failed(place))
          return failure();
        if (!operands[0].isInitialized(*place))
          return op->emitError("reads an uninitialised element");
        return InterpValues{operands[0].picked({}, *place).asScalar()};
      })
      .Case([&](tensor::InsertOp) -> Result {
        FailureOr<int64_t> place = placeOf(operands[1], 2);
        if (failed(place))
          return failure();
        return InterpValues{operands[1].overwritten(operands[0], *place)};
      })
      .Case([&](tensor::FromElementsOp op) -> Result {
        InterpValue result = InterpValue::uninitialized(
            op.getType().getElementType(), op.getType().getShape());
        for (auto [i, element] : llvm::enumerate(operands))
          result = result.overwritten(element, {static_cast<int64_t>(i)});
        return InterpValues{result};
      })
      .Case([&](tensor::PadOp op) { return pad(op); })
      .Case([&](tensor::ConcatOp op) { return concat(op); })
      .Case([&](tensor::GenerateOp op) -> Result {
        FailureOr<SmallVector<int64_t>> shape =
            resultShape(op.getDynamicExtents());
        InterpValue value;
        if (failed(shape))
          return failure();
        return generate(op.getBody().front(), *shape, value);
      })
      .Default([](Operation *op) -> Result {
        return op->emitError("the interpreter does not know '")
               << op->getName() << "'";
      });
}

} // namespace

FailureOr<InterpValues>
mlir::norm::evaluateTensor(Operation *op, ArrayRef<InterpValue> operands,
                           Environment environment) {
  return TensorEvaluator(op, operands, environment).run();
}
