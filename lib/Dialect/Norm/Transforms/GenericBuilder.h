//===- GenericBuilder.h - Building a norm.generic operand by operand ------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_GENERICBUILDER_H
#define LIB_DIALECT_NORM_TRANSFORMS_GENERICBUILDER_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// Collects the operands of a norm.generic and then makes it.
class GenericBuilder {
public:
  /// An iteration space of `numDims` dims, those in `reductionDims` reduced.
  GenericBuilder(OpBuilder &builder, Location loc, unsigned numDims,
                 ArrayRef<int64_t> reductionDims = {});

  /// Adds an input indexed by `dims`, read as `argumentType`.
  void addInput(Value value, ArrayRef<int64_t> dims, Type argumentType);
  /// Adds an input indexed by `map`, read as `argumentType`.
  void addInput(Value value, AffineMap map, Type argumentType);
  /// Adds an output indexed by `dims` that is written into `init`.
  void addOutput(Value init, ArrayRef<int64_t> dims);
  /// Adds an output indexed by `map` that is written into `init`.
  void addOutput(Value init, AffineMap map);

  /// Makes the op. `body` returns what is yielded for the block arguments that
  /// it is given.
  GenericOp
  build(function_ref<SmallVector<Value>(ImplicitLocOpBuilder &, ValueRange)>
            body);

  /// All dims, in order.
  SmallVector<int64_t> allDims() const;

private:
  OpBuilder &builder;
  Location loc;
  SmallVector<utils::IteratorType> iterators;
  SmallVector<Value> inputs, outputs;
  SmallVector<AffineMap> inputMaps, outputMaps;
  SmallVector<Type> argumentTypes;

  AffineMap mapOf(ArrayRef<int64_t> dims) const;
};

/// A float constant of `type`.
Value makeFloat(ImplicitLocOpBuilder &builder, Type type, double value);

/// An uninitialised tensor for a result of type `type`: `sizes` where that is
/// dynamic. Where those are known its type says more than `type`: see castTo.
Value makeEmpty(OpBuilder &builder, Location loc, RankedTensorType type,
                ArrayRef<OpFoldResult> sizes);

/// An uninitialised tensor of the type and sizes of `value`.
Value makeEmptyLike(OpBuilder &builder, Location loc, Value value);

/// `values` cast to `types` where they differ from them.
SmallVector<Value> castTo(OpBuilder &builder, Location loc, ValueRange values,
                          TypeRange types);

} // namespace mlir::norm

#endif // LIB_DIALECT_NORM_TRANSFORMS_GENERICBUILDER_H
