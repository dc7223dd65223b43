//===- BodyEmitter.h - Elements of a row program as vectors ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWS_BODYEMITTER_H
#define NORM_LIB_CPU_ROWS_BODYEMITTER_H

#include "RowNest.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "norm/CPU/Target.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::norm {

/// What is known at a place in the loops: the positions in the dims whose loops
/// are open, and the values of the body that have been emitted. A value that
/// varies over the vector dim is a vector there, any other a scalar.
class Scope {
public:
  /// The scope outside of all loops.
  explicit Scope(unsigned numDims) : indices(numDims) {}
  /// A scope inside of `parent`, which must outlive it.
  explicit Scope(const Scope *parent)
      : parent(parent), indices(parent->indices), mask(parent->mask),
        count(parent->count), even(parent->even), isSpan(parent->isSpan),
        spanMask(parent->spanMask), spanCount(parent->spanCount) {}
  Scope(const Scope &) = delete;
  Scope &operator=(const Scope &) = delete;
  /// A scope inside of the same parent that has what this one has.
  std::unique_ptr<Scope> clone() const;
  /// Sets what `other` has itself to what `map` gives for it.
  void copyFrom(const Scope &other, function_ref<Value(Value)> map);

  /// The position in `dim`; of the first lane in the vector dim. Null if the
  /// dim's loop is not open.
  Value getIndex(unsigned dim) const { return indices[dim]; }
  void setIndex(unsigned dim, Value index) { indices[dim] = index; }

  /// The lanes that exist, and how many they are; null if all do.
  Value getMask() const { return mask; }
  Value getCount() const { return count; }
  void setMask(Value newMask, Value newCount) {
    mask = newMask;
    count = newCount;
  }

  /// A *span* is two vectors side by side in memory, of which one scope has the
  /// even elements and another one the odd elements. Null mask: all exist.
  void setSpan(Scope *newEven, Value newMask, Value newCount) {
    isSpan = true;
    even = newEven;
    spanMask = newMask;
    spanCount = newCount;
  }
  bool hasSpan() const { return isSpan; }
  /// The scope of the even elements; null if this is it.
  Scope *getEven() const { return even; }
  Value getSpanMask() const { return spanMask; }
  Value getSpanCount() const { return spanCount; }

  /// What has been emitted for `key`, null if nothing has.
  Value lookup(Value key) const { return find(&Scope::values, key); }
  void set(Value key, Value value) { values[key] = value; }

  /// For norm.center and what is computed with it: see BodyEmitter.
  Value lookupShift(Operation *op) const { return find(&Scope::shifts, op); }
  void setShift(Operation *op, Value value) { shifts[op] = value; }
  Value lookupLow(Operation *op) const { return find(&Scope::lows, op); }
  void setLow(Operation *op, Value value) { lows[op] = value; }
  Value lookupScaledLow(Operation *op) const {
    return find(&Scope::scaledLows, op);
  }
  void setScaledLow(Operation *op, Value value) { scaledLows[op] = value; }

  /// Calls `visit` on all that was emitted in this scope itself, in the order
  /// in which it was.
  void forEach(function_ref<void(Value &)> visit);

private:
  template <typename Map, typename Key>
  Value find(Map Scope::*map, Key key) const {
    for (const Scope *scope = this; scope; scope = scope->parent)
      if (Value value = (scope->*map).lookup(key))
        return value;
    return nullptr;
  }

  const Scope *parent = nullptr;
  SmallVector<Value> indices;
  Value mask, count;
  Scope *even = nullptr;
  bool isSpan = false;
  Value spanMask, spanCount;
  llvm::MapVector<Value, Value> values;
  llvm::MapVector<Operation *, Value> shifts, lows, scaledLows;
};

/// Emits values of the body of a generic.
///
/// The mean of a norm.center is kept as the sum of two floats, `shift` and
/// `low`: `shift` is near the elements of the row, so that x - shift is exact
/// or nearly so, and low = mean(x - shift). The centered value is
/// (x - shift) - low; its product with a value p that is computed from
/// reductions and uniform in the row is (x - shift) * p + (-low * p) in one
/// operation.
class BodyEmitter {
public:
  BodyEmitter(ImplicitLocOpBuilder &builder, const RowNest &nest,
              const CPUTarget &target, int64_t lanes)
      : builder(builder), nest(nest), op(nest.getOp()), target(target),
        lanes(lanes) {}

  /// Whether `value` is held as a vector.
  bool isVector(Value value) const {
    return nest.getVectorDim() && nest.varies(value, *nest.getVectorDim());
  }
  /// The type that values of a body type have as vectors; the type itself if no
  /// dim is vectorized.
  Type getVectorType(Type type) const {
    return nest.getVectorDim() ? VectorType::get({lanes}, type) : type;
  }

  /// The value of `value` in `scope`. All that it varies over must be open, and
  /// the reductions that it depends on must have been set.
  Value get(Value value, Scope &scope);
  /// x - shift of a norm.center.
  Value getShifted(CenterOp center, Scope &scope);
  /// The same in f32 where `center`, in f64, need not be more exact; null if it
  /// must.
  Value getNarrowShifted(CenterOp center, Scope &scope);
  /// `shift` of `center` as exact as what it is subtracted from.
  Value roundShift(CenterOp center, Value shift);
  /// `value` as a vector if `type` is one.
  Value broadcast(Value value, Type type);

  /// Whether `value` has been emitted in `scope` or comes from outside.
  bool isKnown(Value value, const Scope &scope) const;
  /// Emits `value` if the dims that it varies over are open in `scope` and what
  /// it is computed from is known.
  void prepare(Value value, Scope &scope);
  /// If `product` is that of a centered value with one that is uniform in the
  /// row, that of -low with it is set in `scope`.
  void prepareScaledLow(Operation *product, Scope &scope);

  /// `accumulator` combined with the operand of `reduction`, in the lanes that
  /// exist. With a `moment` the operand is the square of what that center
  /// shifted. Sums of f64 have a part in f32 if `accumulator` is one.
  Value accumulate(Operation *reduction, CenterOp moment, Value accumulator,
                   Scope &scope);

  /// Stores the value yielded for output `i`.
  void store(unsigned i, Scope &scope);

  /// All elements along the vector dim are bf16, in spans of two vectors.
  void setPaired(bool value) { paired = value; }
  /// Whether the shift of `center` is 0: sums of the elements themselves in f32
  /// keep what bf16 has of precision unless the mean is large.
  bool isUnshifted(CenterOp center) const {
    return paired && isa<BlockArgument>(center.getValue());
  }
  /// A lane is a row of few elements, which lie side by side in memory: the
  /// vectors of all elements are loaded and stored together.
  void setInterleaved(bool value) { interleaved = value; }

  /// Whether accesses to the elements of a vector cost the same with a mask.
  bool areMasksFree() const;

  /// a * b + c, rounded once where the target can.
  Value multiplyAdd(Value a, Value b, Value c);

  /// Use stores that bypass the caches, whose addresses are multiples of the
  /// vector size.
  void setNontemporal(bool value) { nontemporal = value; }

  /// Prefetches what the inputs have at the position of `scope`, a row further.
  void prefetchNextRow(unsigned rowDim, Scope &scope);

  /// The size of `dim`.
  Value getSize(unsigned dim);
  /// The product of the sizes of `dims` as `type`.
  Value getExtent(ArrayRef<int64_t> dims, Type type);
  Value getIndexConstant(int64_t value);

private:
  /// Whether every NaN that the body computes has only zeros in the bits of f32
  /// that bf16 lacks.
  bool hasShortNaNs();
  Value load(BlockArgument argument, Scope &scope);
  /// The bf16 elements of the span of `scope`.
  Value loadSpan(BlockArgument argument, const Scope &scope);
  /// If the operand of `reduction` is an input or its square, the sum of a span
  /// by the target's dot product of bf16; null if it has none.
  Value accumulateSpan(Operation *reduction, CenterOp moment, Value accumulator,
                       Scope &scope);
  /// `count` elements from the position of `scope` on, those of `mask` if
  /// given, which are the first `left`.
  Value loadElements(Value memref, ArrayRef<unsigned> dims, const Scope &scope,
                     int64_t count, Value mask, Value left);
  void storeElements(Value value, Value memref, ArrayRef<unsigned> dims,
                     const Scope &scope, Value mask, Value left);
  /// The number of elements of a row if `dims` end with the vectorized dim and
  /// the elements of its rows, which `setInterleaved` is about; otherwise 0.
  int64_t getInterleaved(Value memref, ArrayRef<unsigned> dims) const;
  /// The vectors that rows of `count` elements are in memory, from the position
  /// of `scope` on.
  SmallVector<Value> getRowIndices(ArrayRef<unsigned> dims, const Scope &scope,
                                   int64_t part, int64_t count);
  Value loadInterleaved(Value memref, ArrayRef<unsigned> dims,
                        const Scope &scope, int64_t count);
  void storeInterleaved(unsigned output, Value value, const Scope &scope,
                        int64_t count);
  bool isContiguous(Value memref, ArrayRef<unsigned> dims) const;
  /// Whether masked accesses to elements of `type` are instructions.
  bool canMask(Type type) const;
  Value getProductOfCentered(arith::MulFOp op, Scope &scope);
  std::pair<CenterOp, Value> matchProductOfCentered(Operation *op) const;

  ImplicitLocOpBuilder &builder;
  const RowNest &nest;
  GenericOp op;
  const CPUTarget &target;
  int64_t lanes;
  bool nontemporal = false;
  bool paired = false;
  bool interleaved = false;
  /// The elements of rows that are stored together with those still missing.
  DenseMap<unsigned, SmallVector<Value>> waiting;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWS_BODYEMITTER_H
