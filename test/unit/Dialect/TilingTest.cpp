//===- TilingTest.cpp - Tiles of operands that ops are asked for ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Parser/Parser.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// A generic that reads one tensor as it is and transposed.
class TilingTest : public ::testing::Test {
protected:
  TilingTest() : builder(&context) {
    context
        .loadDialect<NormDialect, func::FuncDialect, tensor::TensorDialect>();
    module = parseSourceString<ModuleOp>(R"(
      func.func @f(%p: tensor<8x8xf32>, %e: tensor<8x8xf32>) -> tensor<8x8xf32> {
        %y = norm.generic ins(%p, %p : tensor<8x8xf32>, tensor<8x8xf32>) outs(%e : tensor<8x8xf32>)
            iterators [parallel, parallel]
            maps [(a, b) -> (a, b), (a, b) -> (b, a), (a, b) -> (a, b)] {
        ^bb0(%v: f32, %w: f32):
          norm.yield %w : f32
        }
        return %y : tensor<8x8xf32>
      })",
                                         &context);
    module->walk([&](GenericOp op) { generic = op; });
  }

  /// Whether both inputs may be the tile at `offset` of size 4x4.
  bool takes(int64_t row, int64_t column) {
    auto get = [&](ArrayRef<int64_t> values) {
      return getAsIndexOpFoldResult(&context, values);
    };
    SmallVector<OpFoldResult> offset = get({row, column}), size = get({4, 4});
    SmallVector<OpFoldResult> domainOffsets, domainSizes;
    return succeeded(generic.getIterationDomainTileFromOperandTiles(
        builder, {0, 1}, {offset, offset}, {size, size}, domainOffsets,
        domainSizes));
  }

  MLIRContext context;
  OpBuilder builder;
  OwningOpRef<ModuleOp> module;
  GenericOp generic;
};

TEST_F(TilingTest, TilesOfOperandsHaveToAgree) {
  ASSERT_TRUE(generic);
  EXPECT_TRUE(takes(4, 4));
  EXPECT_FALSE(takes(0, 4));
}

} // namespace
