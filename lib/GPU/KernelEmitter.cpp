//===- KernelEmitter.cpp - A row program as a gpu.func --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// Registers of 32 bits for operands that are loaded before the first
/// reduction.
static constexpr int64_t kMaxEarlyRegisters = 48;
/// The same where a block has all the threads that it can have, of 64 registers
/// each.
static constexpr int64_t kMaxEarlyRegistersOfMostThreads = 16;
/// The threads that a multiprocessor is to have at least: each has up to 128 of
/// its 65536 registers. ptxas spills for more threads if it is not told.
static constexpr int64_t kMinThreads = 512;

/// Whether no element of a row is further than 31 bits from its first one.
static bool hasShortRows(const RowSpace &space, const RowMapping &mapping) {
  constexpr int64_t kMost = int64_t(1) << 30;
  int64_t length = space.getLength();
  // Rows in registers are no longer than those hold.
  if (ShapedType::isDynamic(length) && mapping.vectors != 0 && !mapping.parts &&
      !mapping.across)
    length = mapping.getCapacity();
  if (ShapedType::isDynamic(length) || length >= kMost)
    return false;
  GenericOp op = space.getOp();
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    if (space.isUniformOperand(i) || space.isContiguous(i))
      continue;
    int64_t span = 1;
    SmallVector<int64_t> strides = space.getType(i).getStridesAndOffset().first;
    for (auto [position, dim] : llvm::enumerate(op.getOperandDims(i))) {
      if (!llvm::is_contained(space.getRowDims(), dim))
        continue;
      if (ShapedType::isDynamic(strides[position]) ||
          std::abs(strides[position]) >= kMost)
        return false;
      int64_t size = space.getSize(dim);
      span += std::abs(strides[position]) *
              (ShapedType::isDynamic(size) ? length : size);
      if (span >= kMost)
        return false;
    }
  }
  return true;
}

KernelEmitter::KernelEmitter(const RowSpace &space,
                             const KernelSignature &signature,
                             const RowMapping &mapping, bool aligned)
    : space(space), signature(signature), mapping(mapping), aligned(aligned),
      op(space.getOp()), listener(op->getContext()), b(op.getLoc(), listener),
      i32(b.getI32Type()), i64(b.getI64Type()),
      positionType(hasShortRows(space, mapping) ? i32 : i64) {}

void KernelEmitter::begin(Operation *newFunction,
                          ArrayRef<BlockArgument> newArguments) {
  function = newFunction;
  arguments = newArguments;
  b.setInsertionPointToStart(&function->getRegion(0).front());
  unsigned next = signature.getNumPositions();
  for (unsigned dim : signature.getSizes())
    sizeValues[dim] = arguments[next++];
  for (std::pair<unsigned, unsigned> stride : signature.getStrides())
    strideValues[stride] = arguments[next++];
  takeCaptured(arguments.slice(next, signature.getCaptured().size()));
  for (Operation *constant : signature.getConstants())
    uniform[constant->getResult(0)] = b.clone(*constant)->getResult(0);
  emitPosition();
  emitRowPointers();
}

gpu::GPUFuncOp KernelEmitter::emit(gpu::GPUModuleOp module, StringRef name,
                                   LLVM::LLVMFuncOp newExact) {
  exact = newExact;
  b.setInsertionPointToEnd(module.getBody());
  SmallVector<Type> inputs = signature.getTypes(b.getContext());
  auto kernel = gpu::GPUFuncOp::create(b, name, b.getFunctionType(inputs, {}));
  kernel->setAttr(gpu::GPUDialect::getKernelFuncAttrName(), b.getUnitAttr());
  kernel.setKnownBlockSizeAttr(b.getDenseI32ArrayAttr(
      {static_cast<int32_t>(mapping.getBlockSize()), 1, 1}));
  if (mapping.cluster > 1) {
    kernel.setKnownClusterSizeAttr(
        b.getDenseI32ArrayAttr({static_cast<int32_t>(mapping.cluster), 1, 1}));
  }
  kernel->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(),
                  b.getI32IntegerAttr(std::max<int64_t>(
                      1, kMinThreads / mapping.getBlockSize())));
  begin(kernel, kernel.getArguments());
  // Blocks write in the memory of others: those must have started by then.
  if (mapping.cluster > 1)
    NVVM::ClusterArriveRelaxedOp::create(b, b.getUnitAttr());
  emitUniformOps(0);
  if (space.getRowDims().empty()) {
    for (unsigned output = 0; output < op.getOutputs().size(); ++output)
      storeUniform(output, getUniform(op.getYield().getValues()[output]));
  } else if (mapping.vectors != 0) {
    emitInRegisters();
  } else {
    emitRereading();
  }
  emitExactCall();
  gpu::ReturnOp::create(b);
  kernel->setAttr(kKernelWorkAttrName, getWork().toAttr(b.getContext()));
  return kernel;
}

//===----------------------------------------------------------------------===//
// Passes over the row
//===----------------------------------------------------------------------===//

SmallVector<KernelEmitter::Pass>
KernelEmitter::getPasses(unsigned stage) const {
  using Kind = Accumulation::Kind;
  auto isF32 = [](CenterOp center) {
    return center.getValue().getType().isF32();
  };
  Pass sums, residuals;
  const RowProgram &program = space.getProgram();
  for (Operation *reduction : program.getReductions(stage)) {
    // Sums of squares around a mean came with what was left of that.
    CenterOp moment = getCenterOfMoment(reduction);
    if (!moment || !isF32(moment))
      sums.push_back({reduction, Kind::Operand});
    auto center = dyn_cast<CenterOp>(reduction);
    if (!center || !isF32(center))
      continue;
    residuals.push_back({center, Kind::Residual});
    if (stage + 1 < program.getNumStages())
      for (Operation *later : program.getReductions(stage + 1))
        if (getCenterOfMoment(later) == center)
          residuals.push_back({later, Kind::Square});
  }
  SmallVector<Pass> passes;
  for (Pass &pass : SmallVector<Pass>{sums, residuals})
    if (!pass.empty())
      passes.push_back(std::move(pass));
  return passes;
}

void KernelEmitter::emitInRegisters() {
  int64_t known = space.getLength();
  for (int64_t k = 0; k < mapping.vectors; ++k) {
    int64_t end = (k + 1) * mapping.getRowThreads() * mapping.vector;
    bool isFull = !ShapedType::isDynamic(known) && !partBegin && end <= known;
    slots.push_back(makeSlot(constant(k, positionType), isFull));
  }
  // All that fits is loaded before anything waits for it.
  const RowProgram &program = space.getProgram();
  SmallVector<Value> last = program.getWanted(program.getNumStages() - 1);
  SmallVector<unsigned> first = program.getInputsRead(0), all;
  int64_t registers = 0, most = mapping.getBlockSize() == kMaxThreads
                                    ? kMaxEarlyRegistersOfMostThreads
                                    : kMaxEarlyRegisters;
  for (unsigned i = 0; i < op.getInputs().size(); ++i) {
    if (space.isUniformOperand(i))
      continue;
    Type element = space.getType(i).getElementType();
    int64_t bits = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
    // What is loaded by itself has a register of its own.
    if (mapping.vector == 1)
      bits = std::max<int64_t>(bits, 32);
    registers += mapping.vectors * mapping.vector * bits / 32;
    if (llvm::is_contained(first, i) || registers <= most)
      all.push_back(i);
  }
  noteLoads(all, mapping.vectors);
  for (unsigned input : all)
    for (Slot &slot : slots)
      (void)getElement(op.getBodyBlock()->getArgument(input), slot);

  for (unsigned stage = 0; stage < program.getNumStages(); ++stage) {
    if (stage > 0)
      emitUniformOps(stage);
    for (const Pass &pass : getPasses(stage)) {
      SmallVector<SmallVector<Value>> perSlot(pass.size());
      for (auto [values, accumulation] : llvm::zip(perSlot, pass))
        for (Slot &slot : slots)
          values.push_back(getAccumulated(accumulation, slot));
      emitPass(pass, perSlot);
    }
    if (!storesOnlyGood())
      llvm::for_each(program.getOutputs(stage),
                     [&](unsigned output) { storeOutput(output); });
  }
  if (!storesOnlyGood())
    return;
  rowExists = both(rowExists, good);
  for (unsigned output = 0; output < op.getOutputs().size(); ++output)
    storeOutput(output);
}

void KernelEmitter::storeOutput(unsigned output) {
  Value value = op.getYield().getValues()[output];
  if (space.isUniformOperand(op.getInputs().size() + output))
    return storeUniform(output, getUniform(value));
  for (Slot &slot : slots)
    storeElement(output, getElement(value, slot), slot);
}

void KernelEmitter::emitPass(ArrayRef<Accumulation> pass,
                             ArrayRef<SmallVector<Value>> perSlot) {
  SmallVector<Partial> partials;
  for (auto [accumulation, values] : llvm::zip(pass, perSlot)) {
    ReduceKind kind = getReduceKind(accumulation.op);
    partials.push_back({kind, combineSlots(kind, values)});
  }
  reduceRow(partials);
  finish(pass, partials);
}

void KernelEmitter::finish(ArrayRef<Accumulation> pass,
                           ArrayRef<Partial> partials) {
  using Kind = Accumulation::Kind;
  // A first float of a mean that is a little off leaves more to the second.
  Value reciprocal;
  auto getMean = [&](Value total) -> Value {
    Type type = total.getType();
    Value count = arith::UIToFPOp::create(b, type, convert(length, i64));
    if (!type.isF32())
      return arith::DivFOp::create(b, total, count);
    if (!reciprocal) {
      Value one = arith::ConstantOp::create(b, b.getF32FloatAttr(1.0));
      reciprocal = arith::DivFOp::create(b, one, count);
    }
    return arith::MulFOp::create(b, total, reciprocal);
  };
  for (auto [accumulation, partial] : llvm::zip(pass, partials)) {
    Value total = partial.value;
    auto center = dyn_cast<CenterOp>(accumulation.op);
    if (!center && accumulation.kind == Kind::Operand) {
      uniform[accumulation.op->getResult(0)] = total;
      checkSum(cast<ReduceOp>(accumulation.op), total);
      continue;
    }
    if (accumulation.kind == Kind::Square)
      continue;
    Value mean = getMean(total);
    if (accumulation.kind == Kind::Operand) {
      means[center].first = mean;
      uniform[center.getMean()] = mean;
      checkMean(mean);
      continue;
    }
    Value first = means[center].first;
    means[center].second = mean;
    uniform[center.getMean()] = arith::AddFOp::create(b, first, mean);
    for (auto [other, square] : llvm::zip(pass, partials)) {
      if (other.kind != Kind::Square || getCenterOfMoment(other.op) != center)
        continue;
      // sum (d - m)^2 = sum d^2 - m sum d, with m the mean of d, and never
      // negative.
      Value moment = arith::SubFOp::create(
          b, square.value, arith::MulFOp::create(b, mean, total));
      Value zero =
          arith::ConstantOp::create(b, b.getFloatAttr(moment.getType(), 0.0));
      moment = arith::MaximumFOp::create(b, moment, zero);
      uniform[other.op->getResult(0)] = moment;
      checkSum(cast<ReduceOp>(other.op), moment);
    }
  }
}

//===----------------------------------------------------------------------===//
// Rows that are read again
//===----------------------------------------------------------------------===//

int64_t KernelEmitter::getUnroll() const {
  constexpr int64_t kElements = 16, kMost = 4, kMostAcross = 8;
  // What hardly ever runs should need few registers.
  if (isExact)
    return 1;
  return std::clamp<int64_t>(kElements / mapping.vector, 1,
                             mapping.across ? kMostAcross : kMost);
}

Value KernelEmitter::getNumVectorsLoop(int64_t perIteration) {
  int64_t step = perIteration * mapping.getRowThreads() * mapping.vector;
  return arith::CeilDivUIOp::create(b, convert(length, i64),
                                    constant(step, i64));
}

void KernelEmitter::emitLoop(ArrayRef<Accumulation> pass) {
  int64_t unroll = getUnroll();
  if (numPasses++ == 0)
    noteLoads(space.getProgram().getInputsRead(0), unroll);
  SmallVector<Value> initial;
  for (const Accumulation &accumulation : pass) {
    Type type = accumulation.op->getOperand(0).getType();
    Value neutral =
        makeNeutral(b, getReduceKind(accumulation.op), getVector(type));
    initial.append(unroll, neutral);
  }
  auto loop = scf::ForOp::create(b, constant(0, i64), getNumVectorsLoop(unroll),
                                 constant(1, i64), initial);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> sums(loop.getRegionIterArgs());
    Value first = mul(convert(loop.getInductionVar(), positionType),
                      constant(unroll, positionType));
    SmallVector<Slot> group;
    for (int64_t u = 0; u < unroll; ++u)
      group.push_back(makeSlot(add(first, constant(u, positionType)), false));
    for (auto [i, accumulation] : llvm::enumerate(pass))
      for (auto [u, slot] : llvm::enumerate(group)) {
        Value &sum = sums[i * unroll + u];
        sum = combine(b, getReduceKind(accumulation.op), sum,
                      getAccumulated(accumulation, slot));
      }
    scf::YieldOp::create(b, sums);
  }
  SmallVector<SmallVector<Value>> perSlot;
  for (unsigned i = 0; i < pass.size(); ++i)
    perSlot.emplace_back(loop.getResults().slice(i * unroll, unroll));
  emitPass(pass, perSlot);
}

void KernelEmitter::emitRereading() {
  const RowProgram &program = space.getProgram();
  for (unsigned stage = 0; stage < program.getNumStages(); ++stage) {
    if (stage > 0)
      emitUniformOps(stage);
    for (const Pass &pass : getPasses(stage))
      emitLoop(pass);
  }
  if (storesOnlyGood())
    rowExists = both(rowExists, good);
  bool hasElements = false;
  for (auto [output, value] : llvm::enumerate(op.getYield().getValues())) {
    if (space.isUniformOperand(op.getInputs().size() + output))
      storeUniform(output, getUniform(value));
    else
      hasElements = true;
  }
  if (hasElements)
    emitOutputLoop();
}

void KernelEmitter::emitOutputLoop() {
  ++numPasses;
  auto loop = scf::ForOp::create(b, constant(0, i64), getNumVectorsLoop(1),
                                 constant(1, i64));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Slot slot = makeSlot(convert(loop.getInductionVar(), positionType), false);
  for (auto [output, value] : llvm::enumerate(op.getYield().getValues()))
    if (!space.isUniformOperand(op.getInputs().size() + output))
      storeElement(output, getElement(value, slot), slot);
}
