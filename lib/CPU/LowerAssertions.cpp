//===- LowerAssertions.cpp - Assertions as early returns ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "norm/CPU/CInterface.h"
#include "norm/CPU/Passes.h"
#include "norm/Support/Status.h"

namespace mlir::norm {
#define GEN_PASS_DEF_LOWERASSERTIONS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Lowers the assertions of one function.
class AssertionLowering {
public:
  explicit AssertionLowering(func::FuncOp function)
      : function(function), builder(function.getLoc(), function) {}

  void run();

private:
  void makeExit();
  void recordFailure(cf::AssertOp op);
  void leaveUnless(Value holds, Operation *before);

  func::FuncOp function;
  ImplicitLocOpBuilder builder;
  /// Where the function returns from if an assertion did not hold.
  Block *exit = nullptr;
  /// Whether one in a loop or branch did not: a memref of rank 0.
  Value failed;
};

} // namespace

void AssertionLowering::makeExit() {
  Region &region = function.getBody();
  exit = builder.createBlock(&region, region.end());
  Value status = arith::ConstantIntOp::create(
      builder, builder.getI32Type(), encodeStatus(Status::Assertion, 0));
  func::ReturnOp::create(builder, status);
}

/// Behind loops and branches it is too late to leave at once.
void AssertionLowering::recordFailure(cf::AssertOp op) {
  if (!failed) {
    builder.setInsertionPointToStart(&function.getBody().front());
    failed = memref::AllocaOp::create(builder,
                                      MemRefType::get({}, builder.getI1Type()));
    Value no = arith::ConstantIntOp::create(builder, builder.getI1Type(), 0);
    memref::StoreOp::create(builder, no, failed);
  }
  builder.setInsertionPoint(op);
  Value yes = arith::ConstantIntOp::create(builder, builder.getI1Type(), 1);
  Value isViolated = arith::XOrIOp::create(builder, op.getArg(), yes);
  scf::IfOp::create(builder, isViolated, [&](OpBuilder &nested, Location loc) {
    memref::StoreOp::create(nested, loc, yes, failed);
    scf::YieldOp::create(nested, loc);
  });
  op.erase();
}

/// Splits the block in front of `before`, which is reached if `holds`.
void AssertionLowering::leaveUnless(Value holds, Operation *before) {
  Block *block = before->getBlock();
  Block *rest = block->splitBlock(before);
  builder.setInsertionPointToEnd(block);
  cf::CondBranchOp::create(builder, holds, rest, exit);
}

void AssertionLowering::run() {
  SmallVector<cf::AssertOp> assertions;
  function.walk([&](cf::AssertOp op) { assertions.push_back(op); });
  if (assertions.empty())
    return;
  makeExit();
  Block *body = &function.getBody().front();
  // The ops in front of which an assertion that was in a loop may have failed.
  SetVector<Operation *> ends;
  SmallVector<cf::AssertOp> own;
  for (cf::AssertOp op : assertions) {
    if (op->getBlock() == body) {
      own.push_back(op);
      continue;
    }
    ends.insert(body->findAncestorOpInBlock(*op)->getNextNode());
    recordFailure(op);
  }
  for (Operation *end : ends) {
    builder.setInsertionPoint(end);
    Value anyFailed = memref::LoadOp::create(builder, failed);
    Value yes = arith::ConstantIntOp::create(builder, builder.getI1Type(), 1);
    leaveUnless(arith::XOrIOp::create(builder, anyFailed, yes), end);
  }
  for (cf::AssertOp op : own) {
    leaveUnless(op.getArg(), op->getNextNode());
    op.erase();
  }
}

namespace {
struct LowerAssertions : norm::impl::LowerAssertionsBase<LowerAssertions> {
  void runOnOperation() final {
    if (!getOperation()->removeAttr(kReturnsStatusAttrName))
      return;
    AssertionLowering(getOperation()).run();
  }
};
} // namespace
