//===- RowProgramTest.cpp - The stages of a generic's body ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Dialect/Norm/Analysis/RowProgram.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Parses one generic; its body ops are referred to by their position.
class RowProgramTest : public ::testing::Test {
protected:
  RowProgramTest() {
    context.loadDialect<NormDialect, arith::ArithDialect, func::FuncDialect,
                        math::MathDialect, tensor::TensorDialect>();
  }

  /// A function with arguments `arguments` around the generic `text`.
  RowProgram parse(StringRef arguments, StringRef text) {
    std::string source =
        ("func.func @f(" + arguments + ") {\n" + text + "\nreturn\n}\n").str();
    module = parseSourceString<ModuleOp>(source, &context);
    GenericOp generic;
    if (module)
      module->walk([&](GenericOp op) { generic = op; });
    EXPECT_TRUE(generic);
    for (Operation &op : generic.getBodyBlock()->without_terminator())
      ops.push_back(&op);
    return RowProgram(generic);
  }

  /// The positions of body ops.
  std::vector<unsigned> at(ArrayRef<Operation *> list) {
    std::vector<unsigned> positions;
    for (Operation *op : list)
      positions.push_back(llvm::find(ops, op) - ops.begin());
    return positions;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  SmallVector<Operation *> ops;
};

using Positions = std::vector<unsigned>;

Positions list(ArrayRef<unsigned> values) { return values.vec(); }

TEST_F(RowProgramTest, LayerNorm) {
  RowProgram program =
      parse("%x: tensor<?x8xf32>, %g: tensor<8xf32>, %y: tensor<?x8xf32>, "
            "%m: tensor<?xf32>",
            R"mlir(
  %r:2 = norm.generic ins(%x, %g : tensor<?x8xf32>, tensor<8xf32>)
      outs(%y, %m : tensor<?x8xf32>, tensor<?xf32>) iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%xe: f32, %ge: f32):
    %c, %mean = norm.center %xe over [1] : f32
    %q = arith.mulf %c, %c : f32
    %s = norm.reduce add %q over [1] : f32
    %n = norm.extent over [1] : f32
    %v = arith.divf %s, %n : f32
    %t = math.rsqrt %v : f32
    %h = arith.mulf %c, %t : f32
    %o = arith.mulf %h, %ge : f32
    norm.yield %o, %mean : f32, f32
  })mlir");
  ASSERT_EQ(program.getNumStages(), 3u);
  EXPECT_EQ(at(program.getReductions(0)), Positions({0}));
  EXPECT_EQ(at(program.getReductions(1)), Positions({2}));
  EXPECT_TRUE(program.getReductions(2).empty());
  EXPECT_TRUE(program.getOutputs(0).empty());
  EXPECT_EQ(list(program.getOutputs(1)), Positions({1}));
  EXPECT_EQ(list(program.getOutputs(2)), Positions({0}));
  // The first loop only reads, the second subtracts the mean and squares, the
  // third subtracts it again, as nothing is kept.
  EXPECT_TRUE(program.getElementwiseOps(0).empty());
  EXPECT_EQ(at(program.getElementwiseOps(1)), Positions({0, 1}));
  EXPECT_EQ(at(program.getElementwiseOps(2)), Positions({0, 6, 7}));
  EXPECT_EQ(at(program.getUniformOps(0)), Positions({3}));
  EXPECT_TRUE(program.getUniformOps(1).empty());
  EXPECT_EQ(at(program.getUniformOps(2)), Positions({4, 5}));
  EXPECT_EQ(list(program.getInputsRead(0)), Positions({0}));
  EXPECT_EQ(list(program.getInputsRead(1)), Positions({0}));
  EXPECT_EQ(list(program.getInputsRead(2)), Positions({0, 1}));
  // With the centred value kept the third loop needs the scale alone.
  llvm::DenseSet<Value> kept = {ops[0]->getResult(0)};
  EXPECT_EQ(at(program.getElementwiseOps(program.getWanted(2), kept)),
            Positions({6, 7}));
  EXPECT_EQ(list(program.getInputsRead(program.getWanted(2), kept)),
            Positions({1}));
}

TEST_F(RowProgramTest, SoftmaxNeedsTheExponentialsTwice) {
  RowProgram program = parse("%x: tensor<?x8xf32>, %y: tensor<?x8xf32>", R"mlir(
  %r = norm.generic ins(%x : tensor<?x8xf32>) outs(%y : tensor<?x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%xe: f32):
    %m = norm.reduce max %xe over [1] : f32
    %d = arith.subf %xe, %m : f32
    %p = math.exp %d : f32
    %s = norm.reduce add %p over [1] : f32
    %q = arith.divf %p, %s : f32
    norm.yield %q : f32
  })mlir");
  ASSERT_EQ(program.getNumStages(), 3u);
  EXPECT_EQ(at(program.getElementwiseOps(1)), Positions({1, 2}));
  EXPECT_EQ(at(program.getElementwiseOps(2)), Positions({1, 2, 4}));
  EXPECT_TRUE(program.isUniform(ops[3]->getResult(0)));
  EXPECT_FALSE(program.isUniform(ops[4]->getResult(0)));
}

TEST_F(RowProgramTest, QuantizationHasItsScaleAsASecondOutput) {
  RowProgram program = parse(
      "%x: tensor<?x8xf32>, %y: tensor<?x8xi8>, %z: tensor<?xf32>", R"mlir(
  %r:2 = norm.generic ins(%x : tensor<?x8xf32>) outs(%y, %z : tensor<?x8xi8>, tensor<?xf32>)
      iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%xe: f32):
    %c127 = arith.constant 127.0 : f32
    %a = math.absf %xe : f32
    %m = norm.reduce max %a over [1] : f32
    %s = arith.divf %m, %c127 : f32
    %q = arith.divf %xe, %s : f32
    %e = math.roundeven %q : f32
    %i = arith.fptosi %e : f32 to i8
    norm.yield %i, %s : i8, f32
  })mlir");
  ASSERT_EQ(program.getNumStages(), 2u);
  EXPECT_EQ(at(program.getElementwiseOps(0)), Positions({1}));
  EXPECT_EQ(at(program.getElementwiseOps(1)), Positions({4, 5, 6}));
  EXPECT_EQ(at(program.getUniformOps(0)), Positions({0}));
  EXPECT_EQ(at(program.getUniformOps(1)), Positions({3}));
  EXPECT_EQ(list(program.getOutputs(1)), Positions({0, 1}));
}

TEST_F(RowProgramTest, ReductionsOverDifferentSubsets) {
  RowProgram program =
      parse("%x: tensor<?x4x8xf32>, %y: tensor<?x4x8xf32>, %z: tensor<?x4xf32>",
            R"mlir(
  %r:2 = norm.generic ins(%x : tensor<?x4x8xf32>) outs(%y, %z : tensor<?x4x8xf32>, tensor<?x4xf32>)
      iterators [parallel, reduction, reduction]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1)] {
  ^bb0(%xe: f32):
    %b = norm.reduce max %xe over [2] : f32
    %c = arith.negf %b : f32
    %t = norm.reduce add %c over [1] : f32
    %w = norm.reduce add %xe over [1, 2] : f32
    %u = arith.mulf %t, %w : f32
    %o = arith.mulf %xe, %u : f32
    norm.yield %o, %c : f32, f32
  })mlir");
  ASSERT_EQ(program.getNumStages(), 3u);
  EXPECT_EQ(at(program.getReductions(0)), Positions({0, 3}));
  EXPECT_EQ(at(program.getReductions(1)), Positions({2}));
  // The block maximum varies over the blocks: it is no uniform value, and the
  // sum over the blocks takes it as it is, without reading its elements again.
  Value block = ops[0]->getResult(0);
  EXPECT_FALSE(program.isUniform(block));
  EXPECT_TRUE(program.isVarying(block, 1));
  EXPECT_FALSE(program.isVarying(block, 2));
  EXPECT_TRUE(program.isUniform(ops[3]->getResult(0)));
  EXPECT_EQ(at(program.getElementwiseOps(1)), Positions({1}));
  EXPECT_TRUE(program.getInputsRead(1).empty());
  EXPECT_EQ(list(program.getOutputs(1)), Positions({1}));
  EXPECT_EQ(at(program.getUniformOps(2)), Positions({4}));
  EXPECT_EQ(program.getStage(ops[3]->getResult(0)), 1u);
  EXPECT_EQ(program.getStage(ops[4]->getResult(0)), 2u);
}

TEST_F(RowProgramTest, WithoutReductionsThereIsOneStage) {
  RowProgram program = parse(
      "%x: tensor<?x8xf32>, %m: tensor<8xf32>, %y: tensor<?x8xf32>, %e: f32",
      R"mlir(
  %r = norm.generic ins(%x, %m : tensor<?x8xf32>, tensor<8xf32>) outs(%y : tensor<?x8xf32>)
      iterators [parallel, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%xe: f32, %me: f32):
    %k = arith.negf %e : f32
    %a = arith.addf %me, %k : f32
    %o = arith.subf %xe, %a : f32
    norm.yield %o : f32
  })mlir");
  ASSERT_EQ(program.getNumStages(), 1u);
  EXPECT_TRUE(program.getReductions(0).empty());
  EXPECT_EQ(at(program.getUniformOps(0)), Positions({0}));
  EXPECT_EQ(at(program.getElementwiseOps(0)), Positions({1, 2}));
  EXPECT_EQ(list(program.getInputsRead(0)), Positions({0, 1}));
  EXPECT_EQ(list(program.getOutputs(0)), Positions({0}));
}

TEST_F(RowProgramTest, NormAfterNorm) {
  RowProgram program =
      parse("%x: tensor<?x8xf32>, %y: tensor<?x8xf32>, %g: tensor<?xf32>",
            R"mlir(
  %r = norm.generic ins(%x, %g : tensor<?x8xf32>, tensor<?xf32>) outs(%y : tensor<?x8xf32>)
      iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0, d1)] {
  ^bb0(%xe: f32, %ge: f32):
    %q = arith.mulf %xe, %xe : f32
    %s = norm.reduce add %q over [1] : f32
    %t = arith.mulf %s, %ge : f32
    %h = arith.mulf %xe, %t : f32
    %c, %mean = norm.center %h over [1] : f32
    %u = arith.mulf %c, %c : f32
    %v = norm.reduce add %u over [1] : f32
    %o = arith.mulf %c, %v : f32
    norm.yield %o : f32
  })mlir");
  ASSERT_EQ(program.getNumStages(), 4u);
  EXPECT_EQ(at(program.getReductions(1)), Positions({4}));
  EXPECT_EQ(at(program.getReductions(2)), Positions({6}));
  EXPECT_EQ(at(program.getElementwiseOps(1)), Positions({3}));
  EXPECT_EQ(at(program.getElementwiseOps(2)), Positions({3, 4, 5}));
  EXPECT_EQ(at(program.getElementwiseOps(3)), Positions({3, 4, 7}));
  // The per-row factor is uniform: no loop reads it per element.
  EXPECT_EQ(list(program.getInputsRead(1)), Positions({0}));
}

} // namespace
