//===- ExactRows.cpp - Rows whose sums an f32 does not hold ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Such a row is computed again, in f64, from memory, by a function that hardly
// ever runs.
//
//===----------------------------------------------------------------------===//

#include "ExactRows.h"

#include "GPUMath.h"
#include "KernelEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "norm/CPU/BodyRewrites.h"
#include "norm/CPU/SumGuards.h"

using namespace mlir;
using namespace mlir::norm;

/// Whether `op` is a sum in f32.
static bool isSum(Operation &op) {
  if (!isa<CenterOp, ReduceOp>(op) || !op.getOperand(0).getType().isF32())
    return false;
  auto reduce = dyn_cast<ReduceOp>(op);
  return !reduce || reduce.getKind() == ReduceKind::Add;
}

/// Computes `op`, of f64, in f32.
static void narrow(Operation *op) {
  OpBuilder builder(op);
  Location loc = op->getLoc();
  Type f32 = builder.getF32Type(), f64 = builder.getF64Type();
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(
        operand.getType().isF64()
            ? arith::TruncFOp::create(builder, loc, f32, operand).getResult()
            : operand);
  Operation *copy = builder.create(loc, op->getName().getIdentifier(), operands,
                                   f32, op->getAttrs());
  Value wide = arith::ExtFOp::create(builder, loc, f64, copy->getResult(0));
  op->getResult(0).replaceAllUsesWith(wide);
  op->erase();
}

GenericOp mlir::norm::makeExact(GenericOp op) {
  if (llvm::none_of(*op.getBodyBlock(), isSum))
    return {};
  GenericOp wide = cloneWidened(op);
  for (Operation &nested : llvm::make_early_inc_range(*wide.getBodyBlock()))
    if (isa<math::MathDialect>(nested.getDialect()) &&
        nested.getNumResults() == 1 && nested.getResult(0).getType().isF64() &&
        !isInstruction(&nested))
      narrow(&nested);
  return wide;
}

void KernelEmitter::requireGood(Value condition) {
  good = both(good, condition);
}

void KernelEmitter::checkMean(Value mean) {
  if (exact && mean.getType().isF32())
    requireGood(emitIsFinite(b, mean));
}

void KernelEmitter::checkSum(ReduceOp reduce, Value total) {
  if (!exact || reduce.getKind() != ReduceKind::Add || !total.getType().isF32())
    return;
  emitSumGuards(b, reduce, total,
                isSumOfSquares(reduce) || getCenterOfMoment(reduce),
                [&](Value condition) { requireGood(condition); });
}

/// All threads must come to the same shuffles and barriers. Those of a row
/// agree on it; where a block has several rows, a warp of each is enough, or a
/// thread where none of a row are neighbours.
int64_t KernelEmitter::getExactThreads() const {
  if (mapping.across)
    return 1;
  return mapping.rows == 1 ? mapping.threads
                           : std::min(mapping.threads, kWarpSize);
}

/// Where some threads of a row compute it again while others may be behind,
/// those must not have stored, or store then, what is not good.
bool KernelEmitter::storesOnlyGood() const {
  return !isExact && exact && getExactThreads() < mapping.threads;
}

LLVM::LLVMFuncOp KernelEmitter::emitExact(gpu::GPUModuleOp module,
                                          StringRef name) {
  isExact = true;
  b.setInsertionPointToEnd(module.getBody());
  MLIRContext *context = b.getContext();
  SmallVector<Type> inputs = signature.getTypes(context);
  inputs.push_back(b.getI1Type());
  auto result = LLVM::LLVMFuncOp::create(
      b, name,
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), inputs),
      LLVM::Linkage::Internal);
  // Inlined, it would keep registers from the code that runs.
  result.setNoInline(true);
  result.addEntryBlock(b);
  begin(result, result.getArguments());
  rowExists = both(rowExists, arguments.back());
  // What was stored of the row comes before what is stored now.
  hasStarted = true;
  if (mapping.cluster > 1)
    emitClusterBarrier();
  else if (getExactThreads() > kWarpSize)
    gpu::BarrierOp::create(b);
  else if (!mapping.across && getExactThreads() == mapping.threads)
    NVVM::SyncWarpOp::create(b, constant(-1, i32));
  mapping.threads = getExactThreads();
  mapping.vector = 1;
  mapping.vectors = 0;
  emitUniformOps(0);
  emitRereading();
  LLVM::ReturnOp::create(b, ValueRange());
  return result;
}

void KernelEmitter::emitExactCall() {
  if (!good)
    return;
  Value yes = arith::ConstantOp::create(b, b.getBoolAttr(true));
  Value bad = arith::XOrIOp::create(b, good, yes);
  Value enters = bad;
  if (getExactThreads() < mapping.threads)
    enters =
        both(bad, arith::CmpIOp::create(b, arith::CmpIPredicate::ult, rowThread,
                                        constant(getExactThreads(), i32)));
  if (mapping.threads < kWarpSize && !mapping.across)
    enters = NVVM::VoteSyncOp::create(b, b.getI1Type(), constant(-1, i32), bad,
                                      NVVM::VoteSyncKind::any);
  emitIf(enters, [&]() {
    SmallVector<Value> operands(arguments);
    operands.push_back(bad);
    LLVM::CallOp::create(b, exact, operands);
  });
}
