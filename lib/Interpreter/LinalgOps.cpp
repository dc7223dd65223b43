//===- LinalgOps.cpp - Structured ops of linalg ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Named ops have the region of the generic op that they stand for, so there is
// one way for all: parallel points are lanes, the reduction dims loops around
// the body, the accumulators unrounded until the end.
//
//===----------------------------------------------------------------------===//

#include "BodyEvaluator.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Parallel points that are evaluated at once.
constexpr int64_t kBlockPoints = 4096;

/// Where an operand of a structured op is accessed.
class Access {
public:
  Access(AffineMap map, ArrayRef<int64_t> shape)
      : map(map), shape(shape), strides(rowMajorStrides(shape)) {
    map.walkExprs([&](AffineExpr expr) {
      linear &= expr.getKind() != AffineExprKind::Mod &&
                expr.getKind() != AffineExprKind::FloorDiv &&
                expr.getKind() != AffineExprKind::CeilDiv;
    });
    SmallVector<int64_t> point(map.getNumDims(), 0);
    base = flatten(map.compose(point));
    for (unsigned d = 0; d < map.getNumDims(); ++d) {
      point[d] = 1;
      coefficients.push_back(flatten(map.compose(point)) - base);
      point[d] = 0;
    }
  }

  /// The place of the element that iteration `point` accesses.
  int64_t at(ArrayRef<int64_t> point) const {
    if (!linear)
      return flatten(map.compose(point));
    int64_t index = base;
    for (auto [coefficient, value] : llvm::zip(coefficients, point))
      index += coefficient * value;
    return index;
  }

  /// Whether all of `sizes` accesses elements that exist. The corners of the
  /// iteration space decide where the map is linear.
  bool isInBounds(ArrayRef<int64_t> sizes) const {
    if (llvm::is_contained(sizes, 0))
      return true;
    unsigned dims = sizes.size();
    if (!linear || dims > 12)
      return walkInBounds(sizes);
    for (unsigned corner = 0; corner < (1u << dims); ++corner) {
      SmallVector<int64_t> point(dims);
      for (unsigned d = 0; d < dims; ++d)
        point[d] = corner & (1u << d) ? sizes[d] - 1 : 0;
      if (!exists(map.compose(point)))
        return false;
    }
    return true;
  }

private:
  AffineMap map;
  SmallVector<int64_t> shape, strides, coefficients;
  int64_t base = 0;
  bool linear = true;

  int64_t flatten(ArrayRef<int64_t> index) const {
    int64_t result = 0;
    for (auto [i, stride] : llvm::zip(index, strides))
      result += i * stride;
    return result;
  }
  bool exists(ArrayRef<int64_t> index) const {
    return llvm::all_of(llvm::zip(index, shape), [](auto pair) {
      return std::get<0>(pair) >= 0 && std::get<0>(pair) < std::get<1>(pair);
    });
  }
  bool walkInBounds(ArrayRef<int64_t> sizes) const;
};

/// The indices of place `flat` of a row-major space.
SmallVector<int64_t> unflatten(int64_t flat, ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> index(sizes.size());
  for (int64_t d = static_cast<int64_t>(sizes.size()) - 1; d >= 0; --d) {
    index[d] = flat % sizes[d];
    flat /= sizes[d];
  }
  return index;
}

bool Access::walkInBounds(ArrayRef<int64_t> sizes) const {
  for (int64_t i = 0, e = countElements(sizes); i < e; ++i)
    if (!exists(map.compose(unflatten(i, sizes))))
      return false;
  return true;
}

/// Evaluates one structured op.
template <typename T> class LinalgEvaluator {
public:
  LinalgEvaluator(linalg::LinalgOp op, ArrayRef<InterpValue> operands,
                  Environment environment)
      : op(op), operands(operands), body(*op.getBlock(), environment) {}

  FailureOr<InterpValues> run();

private:
  linalg::LinalgOp op;
  ArrayRef<InterpValue> operands;
  BodyEvaluator<T> body;
  SmallVector<int64_t> parallelSizes, reductionSizes;
  SmallVector<unsigned> parallelDims, reductionDims;
  std::vector<Access> accesses;
  /// Unrounded, as long as they are accumulated.
  SmallVector<Lanes<T>> outputs;

  LogicalResult prepare();
  LogicalResult runBlock(int64_t begin, int64_t end);
  /// Whether the body sees what the output held before.
  bool readsInit(unsigned output);
};

template <typename T> bool LinalgEvaluator<T>::readsInit(unsigned output) {
  return !op.getRegionOutputArgs()[output].use_empty() ||
         llvm::is_contained(reductionSizes, 0);
}

template <typename T> LogicalResult LinalgEvaluator<T>::prepare() {
  SmallVector<int64_t> extents;
  for (const InterpValue &operand : operands)
    llvm::append_range(extents, operand.getShape());
  SmallVector<int64_t> sizes = op.getShapesToLoopsMap().compose(extents);
  for (auto [d, type] : llvm::enumerate(op.getIteratorTypesArray())) {
    bool reduction = type == utils::IteratorType::reduction;
    (reduction ? reductionDims : parallelDims).push_back(d);
    (reduction ? reductionSizes : parallelSizes).push_back(sizes[d]);
  }
  for (auto [i, map] : llvm::enumerate(op.getIndexingMapsArray())) {
    accesses.emplace_back(map, operands[i].getShape());
    if (!accesses.back().isInBounds(sizes))
      return op.emitError("operand ")
             << i << " of type " << operands[i].getType()
             << " is accessed out of bounds";
    for (auto [dim, result] : llvm::enumerate(map.getResults()))
      if (auto loop = dyn_cast<AffineDimExpr>(result))
        if (int64_t size = operands[i].getShape()[dim];
            size != sizes[loop.getPosition()])
          return op.emitError("operand ")
                 << i << " of type " << operands[i].getType()
                 << " has another size in dim " << dim << " than the loop over "
                 << "it, which has " << sizes[loop.getPosition()];
  }
  unsigned numInputs = op.getNumDpsInputs();
  if (failed(requireInitialized(op, operands.take_front(numInputs))))
    return failure();
  for (unsigned i = 0, e = op.getNumDpsInits(); i < e; ++i) {
    const InterpValue &init = operands[numInputs + i];
    AffineMap map = op.getIndexingMapsArray()[numInputs + i];
    for (unsigned d : reductionDims)
      if (map.isFunctionOfDim(d))
        return op.emitError("the interpreter does not know an output that is "
                            "indexed by a reduction dim");
    if (readsInit(i) && !init.isInitialized())
      return op.emitError("reads uninitialised elements of operand ")
             << numInputs + i;
    outputs.push_back(Lanes<T>::of(init, init.getElementType()));
  }
  return success();
}

template <typename T>
LogicalResult LinalgEvaluator<T>::runBlock(int64_t begin, int64_t end) {
  size_t count = end - begin;
  unsigned numDims = parallelDims.size() + reductionDims.size();
  unsigned numInputs = op.getNumDpsInputs();
  std::vector<SmallVector<int64_t>> points(count,
                                           SmallVector<int64_t>(numDims, 0));
  std::vector<std::vector<int64_t>> dimLanes(numDims,
                                             std::vector<int64_t>(count));
  for (size_t i = 0; i < count; ++i) {
    SmallVector<int64_t> index = unflatten(begin + i, parallelSizes);
    for (auto [d, value] : llvm::zip(parallelDims, index)) {
      points[i][d] = value;
      dimLanes[d][i] = value;
    }
  }
  std::vector<int64_t> places(count);
  auto locate = [&](unsigned operand) {
    for (size_t i = 0; i < count; ++i)
      places[i] = accesses[operand].at(points[i]);
  };

  SmallVector<Lanes<T>> arguments(operands.size());
  for (unsigned i = 0; i < outputs.size(); ++i) {
    locate(numInputs + i);
    arguments[numInputs + i] = outputs[i].picked(places);
  }
  int64_t steps = countElements(reductionSizes);
  for (int64_t step = 0; step < steps; ++step) {
    SmallVector<int64_t> index = unflatten(step, reductionSizes);
    for (auto [d, value] : llvm::zip(reductionDims, index)) {
      for (size_t i = 0; i < count; ++i)
        points[i][d] = value;
      std::fill(dimLanes[d].begin(), dimLanes[d].end(), value);
    }
    for (unsigned i = 0; i < numInputs; ++i) {
      locate(i);
      arguments[i] =
          Lanes<T>::gather(operands[i], operands[i].getElementType(), places);
    }
    FailureOr<SmallVector<Lanes<T>>> yielded =
        body.run(arguments, count, dimLanes);
    if (failed(yielded))
      return failure();
    for (unsigned i = 0; i < outputs.size(); ++i)
      arguments[numInputs + i] = std::move((*yielded)[i]);
  }
  for (unsigned i = 0; i < outputs.size(); ++i) {
    locate(numInputs + i);
    const Lanes<T> &lanes = arguments[numInputs + i];
    for (size_t j = 0; j < count; ++j) {
      if (lanes.isFloat())
        outputs[i].floats[places[j]] = lanes.floats[j];
      else
        outputs[i].ints[places[j]] = lanes.ints[j];
    }
  }
  return success();
}

template <typename T> FailureOr<InterpValues> LinalgEvaluator<T>::run() {
  if (failed(prepare()))
    return failure();
  int64_t points = countElements(parallelSizes);
  for (int64_t begin = 0; begin < points; begin += kBlockPoints)
    if (failed(runBlock(begin, std::min(points, begin + kBlockPoints))))
      return failure();
  InterpValues results;
  for (unsigned i = 0; i < outputs.size(); ++i) {
    const InterpValue &init = operands[op.getNumDpsInputs() + i];
    results.push_back(
        outputs[i].toTensor(init.getElementType(), init.getShape()));
  }
  return results;
}

//===----------------------------------------------------------------------===//
// pack and unpack
//===----------------------------------------------------------------------===//

/// For every element of the packed tensor, its place in the unpacked one; -1 in
/// the padding.
template <typename OpTy>
std::vector<int64_t> packedPlaces(OpTy op, ArrayRef<int64_t> packed,
                                  ArrayRef<int64_t> unpacked) {
  ArrayRef<int64_t> innerDims = op.getInnerDimsPos();
  ArrayRef<int64_t> outerOrder = op.getOuterDimsPerm();
  unsigned rank = unpacked.size();
  SmallVector<int64_t> strides = rowMajorStrides(unpacked);
  std::vector<int64_t> places(countElements(packed));
  for (int64_t flat = 0, e = places.size(); flat < e; ++flat) {
    SmallVector<int64_t> index = unflatten(flat, packed);
    SmallVector<int64_t> source(rank);
    for (unsigned d = 0; d < rank; ++d)
      source[outerOrder.empty() ? d : outerOrder[d]] = index[d];
    for (auto [i, dim] : llvm::enumerate(innerDims))
      source[dim] = source[dim] * packed[rank + i] + index[rank + i];
    int64_t place = 0;
    for (unsigned d = 0; d < rank; ++d)
      place = place < 0 || source[d] >= unpacked[d]
                  ? -1
                  : place + source[d] * strides[d];
    places[flat] = place;
  }
  return places;
}

InterpValue evaluatePack(linalg::PackOp op, ArrayRef<InterpValue> operands) {
  const InterpValue &source = operands[0], &dest = operands[1];
  std::vector<int64_t> places =
      packedPlaces(op, dest.getShape(), source.getShape());
  // Where the source does not reach, the padding, or what must not be read.
  std::vector<int64_t> from, to, padded;
  for (auto [i, place] : llvm::enumerate(places)) {
    if (place < 0) {
      padded.push_back(i);
      continue;
    }
    from.push_back(place);
    to.push_back(i);
  }
  InterpValue result =
      InterpValue::uninitialized(dest.getElementType(), dest.getShape());
  int64_t moved = from.size(), rest = padded.size();
  result = result.overwritten(source.picked({moved}, from), to);
  if (op.getPaddingValue())
    result = result.overwritten(
        operands[2].picked({rest}, std::vector<int64_t>(rest, 0)), padded);
  return result;
}

InterpValue evaluateUnpack(linalg::UnPackOp op,
                           ArrayRef<InterpValue> operands) {
  const InterpValue &source = operands[0], &dest = operands[1];
  std::vector<int64_t> places =
      packedPlaces(op, source.getShape(), dest.getShape());
  std::vector<int64_t> from(dest.getNumElements(), 0);
  for (auto [i, place] : llvm::enumerate(places))
    if (place >= 0)
      from[place] = i;
  return source.picked(dest.getShape(), from);
}

} // namespace

FailureOr<InterpValues>
mlir::norm::evaluateLinalg(Operation *op, ArrayRef<InterpValue> operands,
                           Environment environment) {
  if (auto pack = dyn_cast<linalg::PackOp>(op))
    return InterpValues{evaluatePack(pack, operands)};
  if (auto unpack = dyn_cast<linalg::UnPackOp>(op))
    return InterpValues{evaluateUnpack(unpack, operands)};
  if (auto softmax = dyn_cast<linalg::SoftmaxOp>(op);
      softmax && softmax.hasPureTensorSemantics())
    return evaluateSoftmax(softmax, operands[0]);
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || !linalgOp.hasPureTensorSemantics())
    return op->emitError("the interpreter does not know '")
           << op->getName() << "' on these operands";
  if (needsLongDouble(op))
    return LinalgEvaluator<long double>(linalgOp, operands, environment).run();
  return LinalgEvaluator<double>(linalgOp, operands, environment).run();
}
