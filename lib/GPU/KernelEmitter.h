//===- KernelEmitter.h - A row program as a gpu.func ------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_KERNELEMITTER_H
#define NORM_LIB_GPU_KERNELEMITTER_H

#include "RowMapping.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "norm/CPU/Reductions.h"
#include "norm/GPU/KernelModel.h"

namespace mlir::norm {

/// What the kernels of a generic take: the address of each operand's first
/// element, the sizes and strides that types do not tell, and what the body
/// captures. The addresses of constants they know; of views of them they take
/// the offset, in elements, if the type does not tell it.
class KernelSignature {
public:
  /// `arrays` are those of addKernelConstants.
  KernelSignature(const RowSpace &space, SmallVector<LLVM::GlobalOp> arrays);

  /// The types of the arguments.
  SmallVector<Type> getTypes(MLIRContext *context) const;
  /// The arguments, on the host, in front of the generic.
  SmallVector<Value> emitOperands(ImplicitLocOpBuilder &builder) const;

  /// The array that operand `i` lies in; null if it is no constant.
  LLVM::GlobalOp getConstant(unsigned i) const { return constantArrays[i]; }
  /// The argument that is operand `i`'s address or offset.
  std::optional<unsigned> getPosition(unsigned i) const { return positions[i]; }
  /// The offset of operand `i`, a constant, as its type tells it.
  int64_t getOffset(unsigned i) const;
  /// The number of addresses and offsets, the first arguments.
  unsigned getNumPositions() const { return numPositions; }
  /// The dims whose sizes are arguments.
  ArrayRef<unsigned> getSizes() const { return sizes; }
  /// The operands and the positions in their shapes whose strides are.
  ArrayRef<std::pair<unsigned, unsigned>> getStrides() const { return strides; }
  /// The captured values that are arguments, and the constants that are not.
  ArrayRef<Value> getCaptured() const { return captured; }
  ArrayRef<Operation *> getConstants() const { return constants; }

private:
  const RowSpace &space;
  SmallVector<LLVM::GlobalOp> constantArrays;
  SmallVector<std::optional<unsigned>> positions;
  unsigned numPositions = 0;
  SmallVector<unsigned> sizes;
  SmallVector<std::pair<unsigned, unsigned>> strides;
  SmallVector<Value> captured;
  SmallVector<Operation *> constants;
};

/// A value of every thread that becomes one of the row.
struct Partial {
  ReduceKind kind;
  Value value;
};

/// Emits one kernel of a generic.
class KernelEmitter {
public:
  /// With `aligned`, addresses of vectors are multiples of their size, or of 16
  /// bytes if that is less.
  KernelEmitter(const RowSpace &space, const KernelSignature &signature,
                const RowMapping &mapping, bool aligned);

  /// Adds the kernel `name` to `module`. Rows whose sums an f32 does not hold
  /// are computed by `exact`, if that is a function.
  gpu::GPUFuncOp emit(gpu::GPUModuleOp module, StringRef name,
                      LLVM::LLVMFuncOp exact);

  /// Adds the function `name`, which the threads of a kernel of this mapping
  /// call. It computes the rows of those whose last argument is true, by few
  /// registers and from memory.
  LLVM::LLVMFuncOp emitExact(gpu::GPUModuleOp module, StringRef name);

private:
  /// Neighbouring elements of a row that one thread computes.
  struct Slot {
    /// The number of the first in the row.
    Value element;
    /// Whether they are in the row; null if that is known.
    Value inRange;
    /// Their indices in the row's dims, where the first one is.
    SmallVector<Value> indices;
    /// What is known of them.
    DenseMap<Value, Value> values;
  };

  /// What one pass over the row accumulates: an op of the body and what of it.
  struct Accumulation {
    enum class Kind {
      /// The operand of a norm.reduce, or of a norm.center.
      Operand,
      /// What the mean in one float leaves of the operand of a norm.center.
      Residual,
      /// The square of that, for the norm.reduce of it.
      Square,
    };
    Operation *op;
    Kind kind;
  };
  using Pass = SmallVector<Accumulation>;

  void begin(Operation *function, ArrayRef<BlockArgument> arguments);

  // KernelPosition.cpp: where a thread is, and integers.
  void emitPosition();
  void emitRowIndices(Value row);
  /// The thread's vector number `k` of the row; `isFull` if all of it is known
  /// to be in the row.
  Slot makeSlot(Value k, bool isFull);
  /// Integer constants of i32, i64 or the type of positions.
  Value constant(int64_t value, Type type);
  Value add(Value a, Value b);
  Value mul(Value a, Value b);
  Value both(Value a, Value b);
  /// The size of `dim`, of type `type`.
  Value getSize(unsigned dim, Type type);
  Value getProduct(ArrayRef<unsigned> dims, Type type);
  /// `value`, of an integer type or index, as `type`.
  Value convert(Value value, Type type);

  // KernelEmitter.cpp: the passes over the thread's row.
  SmallVector<Pass> getPasses(unsigned stage) const;
  void emitInRegisters();
  void storeOutput(unsigned output);
  void emitRereading();
  void emitPass(ArrayRef<Accumulation> pass,
                ArrayRef<SmallVector<Value>> perSlot);
  /// The slots of an iteration.
  int64_t getUnroll() const;
  void emitLoop(ArrayRef<Accumulation> pass);
  void finish(ArrayRef<Accumulation> pass, ArrayRef<Partial> partials);
  void emitOutputLoop();
  Value getNumVectorsLoop(int64_t perIteration);

  // RowWork.cpp: what the kernel costs.
  /// Notes that a thread loads `slots` vectors of each of `inputs` at once.
  void noteLoads(ArrayRef<unsigned> inputs, int64_t slots);
  KernelWork getWork() const;

  // ExactRows.cpp: rows whose sums an f32 does not hold.
  void requireGood(Value condition);
  void checkMean(Value mean);
  void checkSum(ReduceOp reduce, Value total);
  int64_t getExactThreads() const;
  bool storesOnlyGood() const;
  void emitExactCall();

  // KernelBody.cpp: the body on one element or one slot.
  void emitUniformOps(unsigned stage);
  Value getUniform(Value value);
  Value getElement(Value value, Slot &slot);
  Value getAccumulated(const Accumulation &accumulation, Slot &slot);
  Value emitOp(Operation *op, function_ref<Value(Value)> get, bool onVectors,
               unsigned result);
  Value emitIndex(unsigned dim, Slot &slot);
  Value emitExtent(ExtentOp extent);
  Value broadcast(Value scalar);
  Value convertFloat(Value value, Type element);
  Type getVector(Type element) const;

  // KernelDivision.cpp: elements divided by a value of their row.
  /// What such divisions take of their divisor d: c is a power of two with d's
  /// sign, and |d c| is d c.
  struct Reciprocal {
    /// -c.
    Value negatedScale;
    /// -1 / (d c), and d c.
    Value negated, divisor;
  };
  bool dividesByUniform(Operation *body) const;
  /// Makes the divisors' reciprocals known that are of stage `stage`.
  void emitReciprocals(unsigned stage);
  Value emitDivision(Value dividend, const Reciprocal &by);

  // KernelMemory.cpp: operands.
  /// Makes the values that the body captures known, given their arguments.
  void takeCaptured(ArrayRef<BlockArgument> captured);
  /// The address of the operand's first element.
  Value emitBase(unsigned operand);
  void emitRowPointers();
  Value loadUniform(unsigned operand);
  Value loadElement(unsigned operand, Slot &slot);
  void storeUniform(unsigned output, Value value);
  void storeElement(unsigned output, Value value, Slot &slot);
  Value getOffset(unsigned operand, Slot &slot);
  Value getStride(unsigned operand, unsigned position, Type type);
  /// That along the innermost dim of a row, which the operand must have.
  Value getInnerStride(unsigned operand);
  Value load(unsigned operand, Value offset, int64_t count);
  void store(unsigned operand, Value offset, Value value);
  Value getAddress(unsigned operand, Value offset);
  /// `offset` elements of the operand behind `base`.
  Value emitAddress(unsigned operand, Value base, Value offset);
  int64_t getAlignment(unsigned operand, int64_t count) const;
  void emitIf(Value condition, function_ref<void()> emit);

  // KernelReductions.cpp: threads.
  Value combineSlots(ReduceKind kind, ArrayRef<Value> values);
  void reduceRow(MutableArrayRef<Partial> partials);
  Value shuffle(Value value, int64_t distance);
  Value shuffleWord(Value word, int64_t distance);
  /// Combines what `lanes` neighbours in a warp have, a power of two.
  void shuffleRow(MutableArrayRef<Partial> partials, int64_t lanes);
  void reduceBlock(MutableArrayRef<Partial> partials);
  void reduceCluster(MutableArrayRef<Partial> partials);
  /// Waits until all threads of the cluster have come so far, and sees what
  /// they have written.
  void emitClusterBarrier();
  void reduceAcross(MutableArrayRef<Partial> partials);
  LLVM::GlobalOp makeShared(Type element, int64_t count);

  const RowSpace &space;
  const KernelSignature &signature;
  RowMapping mapping;
  bool aligned;
  GenericOp op;
  OpBuilder listener;
  ImplicitLocOpBuilder b;
  /// The kernel, or what it calls.
  Operation *function = nullptr;
  ArrayRef<BlockArgument> arguments;
  /// What computes rows whose sums an f32 does not hold; null if nothing does.
  LLVM::LLVMFuncOp exact;
  /// Whether this emits such a function.
  bool isExact = false;
  Type i32, i64;
  /// The type of numbers of elements in a row.
  Type positionType;

  /// The thread in the block and in its row, the row in the block.
  Value thread, rowThread, blockRow;
  /// The number of the block in its cluster.
  Value clusterRank;
  /// Whether all blocks of the cluster are known to have started.
  bool hasStarted = false;
  /// Whether the row is one; null if it is known to be.
  Value rowExists;
  /// Whether the row's sums are what they should be; null if nothing was asked.
  Value good;
  /// The first element of the block's part of the row; null if it is 0.
  Value partBegin;
  /// The number of elements of the row.
  Value length;
  DenseMap<unsigned, Value> outerIndices;
  SmallVector<Value> rowPointers;
  DenseMap<unsigned, Value> sizeValues;
  DenseMap<std::pair<unsigned, unsigned>, Value> strideValues;
  /// What is known of the values of the body that are the same in the row. Of a
  /// norm.center, its mean.
  DenseMap<Value, Value> uniform;
  /// The two floats of the mean of a norm.center; the second may be absent.
  DenseMap<Operation *, std::pair<Value, Value>> means;
  /// What is known of values of the row that elements are divided by.
  DenseMap<Value, Reciprocal> reciprocals;
  SmallVector<Slot> slots;
  /// Loops over the row, and what a thread loads before it waits for any.
  int64_t numPasses = 0, earlyBytes = 0;
  unsigned numShared = 0;
  /// The memory that reduceAcross uses, by bits and position.
  DenseMap<std::pair<unsigned, unsigned>, LLVM::GlobalOp> acrossShared;
};

} // namespace mlir::norm

#endif // NORM_LIB_GPU_KERNELEMITTER_H
