//===- LowerPackedLinear.cpp - Linear layers to loops and vectors ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Row blocks -> panels -> register tiles -> input features. The rows are split
// evenly into tiles of at most `maxRows` rows, so that tiles have two heights;
// both are known if the number of rows is, else a switch picks the kernel. Long
// sums are cut in blocks of input features, whose accumulators wait in scratch
// memory: that changes no bit of the result.
//
//===----------------------------------------------------------------------===//

#include "LowerPackedLinear.h"
#include "LinearConsumer.h"
#include "LinearKernel.h"
#include "RowBlockPlan.h"
#include "RowTiles.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::norm {
#define GEN_PASS_DEF_LOWERPACKEDLINEAR
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Sums of more input features than this are cut in blocks, and so many panels
/// take a block before the next one: then the rows, panels and sums at work
/// stay in the second-level cache. 128x3072x768 in f32 takes .95 of the time of
/// one panel after another on Sapphire Rapids, .97 with 8 or 16 panels.
constexpr int64_t kMaxWholeSum = 1536, kGroupPanels = 4;

/// At most so many rows of x are widened at a time: they are memory.
constexpr int64_t kMaxConvertedRows = 64;

namespace {

/// Emits the loops of one layer.
class LinearLoops {
public:
  LinearLoops(PackedLinearOp op, const CPUTarget &target,
              const LinearPlan &plan, Value weight)
      : op(op), consumer(findElementwiseConsumer(op)),
        b(op.getLoc(), consumer ? consumer : op), plan(plan),
        input(cast<MemRefType>(op.getInput().getType())),
        init(cast<MemRefType>(op.getInit().getType())),
        accumulation(cast<FloatType>(
            getAccumulationType(input.getElementType(), std::nullopt))),
        rowBlock(RowBlockPlan::getRows(op)),
        kernel(b, plan, target, weight, op.getBias(), op.getInit(),
               accumulation),
        tiles(b, getSize(op.getInput(), 0), plan.maxRows) {}

  void emit();

private:
  PackedLinearOp op;
  /// Computes something of the elements of the result; null if there is none.
  GenericOp consumer;
  ImplicitLocOpBuilder b;
  LinearPlan plan;
  MemRefType input, init;
  FloatType accumulation;
  int64_t rowBlock;
  LinearKernel kernel;

  /// Rows that share registers.
  RowTiles tiles;
  OpFoldResult numIn;
  Value numOut;
  /// x, or a block of its rows in the accumulation type.
  Value x, converted;
  /// The accumulators of a row block and a group of panels, the rows of one
  /// panel below those of another; null if sums are whole.
  Value scratch;
  /// What the consumer reads at a time, of all rows of the block; null if that
  /// is the layer's result. The output feature where it begins.
  Value piece, pieceBegin;
  /// The first row of the block, and the one after its last.
  Value blockRow, endRow;

  Value getSize(Value memref, unsigned dim) {
    return makeMemRefSize(b, op.getLoc(), memref, dim);
  }
  bool convertsInput() {
    return !plan.pairs && input.getElementType() != accumulation &&
           !input.isDynamicDim(1);
  }
  /// The number of input features summed before accumulators are put away; 0
  /// if the sums are whole.
  int64_t getSumBlock();
  /// The most panels that are computed together.
  int64_t getGroupPanels() {
    int64_t numOut = init.getDimSize(1), width = plan.getPanelWidth();
    return ShapedType::isDynamic(numOut)
               ? kGroupPanels
               : std::clamp<int64_t>(llvm::divideCeil(numOut, width), 1,
                                     kGroupPanels);
  }
  /// The register tiles of a row block.
  int64_t getBlockTiles() {
    return llvm::divideCeil(rowBlock, int64_t(plan.maxRows));
  }
  void convertRows();
  void forEachTile(Value begin, Value end,
                   function_ref<void(Value row, unsigned height)> body) {
    tiles.forEach(begin, end, blockRow, body);
  }
  void emitPanel(Value panel, const PanelColumns &columns, Value beginTile,
                 Value endTile);
  void finish(ArrayRef<Value> sums, Value row, unsigned rows,
              const PanelColumns &columns);
  void emitBlockedSums(Value firstPanel, Value features, Value beginTile,
                       Value endTile);
  void emitGroup(Value firstPanel, Value features, Value beginTile,
                 Value endTile);
};

} // namespace

int64_t LinearLoops::getSumBlock() {
  int64_t size = input.getDimSize(1);
  int64_t rows = input.getDimSize(0);
  if (ShapedType::isDynamic(size) || size <= kMaxWholeSum ||
      (!ShapedType::isDynamic(rows) && rows <= plan.maxRows))
    return 0;
  int64_t blocks = llvm::divideCeil(size, kMaxWholeSum);
  return llvm::alignTo(llvm::divideCeil(size, blocks), 4);
}

/// Widens rows of x once for all panels.
void LinearLoops::convertRows() {
  OpBuilder::InsertionGuard guard(b);
  int64_t size = input.getDimSize(1), lanes = plan.lanes;
  Value row = kernel.enterLoop(blockRow, endRow, 1).getInductionVar();
  Value target = b.createOrFold<arith::SubIOp>(row, blockRow);
  auto copy = [&](Value k, int64_t count) {
    auto type = VectorType::get({count}, input.getElementType());
    Value loaded =
        vector::LoadOp::create(b, type, op.getInput(), ValueRange{row, k});
    vector::StoreOp::create(b, kernel.convert(loaded, accumulation), converted,
                            ValueRange{target, k});
  };
  int64_t main = size / lanes * lanes;
  for (int64_t k = main; k < size; ++k) {
    Value at = kernel.constant(k);
    Value scalar =
        memref::LoadOp::create(b, op.getInput(), ValueRange{row, at});
    memref::StoreOp::create(b, kernel.convert(scalar, accumulation), converted,
                            ValueRange{target, at});
  }
  copy(kernel.enterLoop(kernel.constant(0), kernel.constant(main), lanes)
           .getInductionVar(),
       lanes);
}

/// Stores sums with their biases where the next one reads them.
void LinearLoops::finish(ArrayRef<Value> sums, Value row, unsigned rows,
                         const PanelColumns &columns) {
  if (piece)
    row = b.createOrFold<arith::SubIOp>(row, blockRow);
  kernel.finish(sums, row, rows, columns, piece, pieceBegin);
}

/// Computes the panels from `firstPanel` on that hold `features` output
/// features by blocks of input features.
void LinearLoops::emitBlockedSums(Value firstPanel, Value features,
                                  Value beginTile, Value endTile) {
  Value size = getValueOrCreateConstantIndexOp(b, op.getLoc(), numIn);
  int64_t height =
      cast<MemRefType>(scratch.getType()).getDimSize(0) / getGroupPanels();
  auto local = [&](Value row) {
    return b.createOrFold<arith::SubIOp>(row, blockRow);
  };
  auto kept = [&](Value panel, Value row) {
    Value position = b.createOrFold<arith::SubIOp>(panel, firstPanel);
    return kernel.add(
        b.createOrFold<arith::MulIOp>(position, kernel.constant(height)),
        local(row));
  };
  forEachPanel(
      b, plan, features,
      [&](Value panel, const PanelColumns &columns) {
        forEachTile(beginTile, endTile, [&](Value row, unsigned rows) {
          kernel.save(kernel.zeros(rows, columns.vectors), scratch,
                      kept(panel, row), rows, columns.vectors);
        });
      },
      firstPanel);
  {
    OpBuilder::InsertionGuard guard(b);
    Value begin = kernel.enterLoop(kernel.constant(0), size, getSumBlock())
                      .getInductionVar();
    Value end =
        b.createOrFold<arith::MinUIOp>(kernel.add(begin, getSumBlock()), size);
    forEachPanel(
        b, plan, features,
        [&](Value panel, const PanelColumns &columns) {
          forEachTile(beginTile, endTile, [&](Value row, unsigned rows) {
            unsigned vectors = columns.vectors;
            Value at = kept(panel, row);
            SmallVector<Value> sums =
                kernel.restore(scratch, at, rows, vectors);
            sums =
                kernel.accumulate(sums, x, convertsInput() ? local(row) : row,
                                  rows, panel, vectors, begin, end);
            kernel.save(sums, scratch, at, rows, vectors);
          });
        },
        firstPanel);
  }
  forEachPanel(
      b, plan, features,
      [&](Value panel, const PanelColumns &columns) {
        OpBuilder::InsertionGuard guard(b);
        Value row = kernel.enterLoop(blockRow, endRow, 1).getInductionVar();
        finish(kernel.restore(scratch, kept(panel, row), 1, columns.vectors),
               row, 1, columns);
      },
      firstPanel);
}

void LinearLoops::emitPanel(Value panel, const PanelColumns &columns,
                            Value beginTile, Value endTile) {
  forEachTile(beginTile, endTile, [&](Value row, unsigned rows) {
    Value from =
        convertsInput() ? b.createOrFold<arith::SubIOp>(row, blockRow) : row;
    SmallVector<Value> sums =
        kernel.accumulate(kernel.zeros(rows, columns.vectors), x, from, rows,
                          panel, columns.vectors, b.getIndexAttr(0), numIn);
    storePanel(b, plan, numOut, columns, [&](const PanelColumns &existing) {
      finish(sums, row, rows, existing);
    });
  });
}

/// The panels from `firstPanel` on that hold `features` output features, and
/// what the consumer makes of them.
void LinearLoops::emitGroup(Value firstPanel, Value features, Value beginTile,
                            Value endTile) {
  pieceBegin = kernel.multiply(firstPanel, plan.getPanelWidth());
  if (scratch)
    emitBlockedSums(firstPanel, features, beginTile, endTile);
  else
    forEachPanel(
        b, plan, features,
        [&](Value panel, const PanelColumns &columns) {
          emitPanel(panel, columns, beginTile, endTile);
        },
        firstPanel);
  if (!consumer)
    return;
  Value numRows = b.createOrFold<arith::SubIOp>(endRow, blockRow);
  emitPiece(
      b, op, consumer,
      MatrixPiece{getAsOpFoldResult(blockRow), getAsOpFoldResult(pieceBegin),
                  getAsOpFoldResult(numRows), getAsOpFoldResult(features)},
      piece);
}

void LinearLoops::emit() {
  numIn = getMemRefSize(b, op.getLoc(), op.getInput(), 1);
  numOut = getSize(op.getInit(), 1);
  x = op.getInput();
  if (convertsInput())
    rowBlock = std::min(rowBlock, kMaxConvertedRows);
  int64_t blockRows = getBlockTiles() * plan.maxRows;
  if (!input.isDynamicDim(0))
    blockRows = std::min(blockRows, input.getDimSize(0));
  if (convertsInput())
    x = converted =
        kernel.allocate({blockRows, input.getDimSize(1)}, accumulation);
  int64_t width = plan.getPanelWidth();
  if (getSumBlock())
    scratch =
        kernel.allocate({getGroupPanels() * blockRows, width}, accumulation);
  if (consumer && isOnlyConsumer(op, consumer) &&
      !llvm::is_contained(consumer.getOutputs(), op.getInit()))
    piece = kernel.allocate({blockRows, getGroupPanels() * width},
                            init.getElementType());
  auto loop =
      scf::ForOp::create(b, kernel.constant(0), tiles.getCount(),
                         kernel.constant(getBlockTiles()), kernel.constant(0));
  b.setInsertionPointToStart(loop.getBody());
  Value begin = loop.getInductionVar();
  blockRow = loop.getRegionIterArg(0);
  Value end = b.createOrFold<arith::MinUIOp>(kernel.add(begin, getBlockTiles()),
                                             tiles.getCount());
  endRow = tiles.getFirstRow(end);
  b.setInsertionPoint(scf::YieldOp::create(b, endRow));
  if (convertsInput())
    convertRows();
  if (scratch || consumer)
    forEachPanelGroup(b, plan, numOut, getGroupPanels(),
                      [&](Value first, Value features) {
                        emitGroup(first, features, begin, end);
                      });
  else
    forEachPanel(b, plan, numOut,
                 [&](Value panel, const PanelColumns &columns) {
                   emitPanel(panel, columns, begin, end);
                 });
  if (consumer)
    consumer.erase();
  op.erase();
}

/// Whether neighbours in the last dim of a memref are neighbours in memory.
static bool hasUnitStride(MemRefType type) {
  int64_t offset;
  SmallVector<int64_t> strides;
  return succeeded(type.getStridesAndOffset(strides, offset)) &&
         strides.back() == 1;
}

LogicalResult mlir::norm::lowerPackedLinear(PackedLinearOp op,
                                            const CPUTarget &target) {
  auto weightType = cast<MemRefType>(op.getWeight().getType());
  FailureOr<LinearPlan> plan = LinearPlan::getOf(target, weightType);
  if (failed(plan)) {
    LinearPlan expected = LinearPlan::get(target, weightType.getElementType(),
                                          ShapedType::kDynamic);
    return op.emitOpError("weight ")
           << weightType << " was packed for another target: panels of "
           << expected.lanes << "-lane vectors"
           << (expected.pairs ? " of pairs" : "") << " are expected";
  }
  for (OpOperand &operand : op->getOpOperands())
    if (!hasUnitStride(cast<MemRefType>(operand.get().getType())))
      return op.emitOpError("operand ")
             << operand.getOperandNumber() << " of type "
             << operand.get().getType() << " is not contiguous in its last dim";

  Value weight = op.getWeight();
  if (plan->pairs) {
    SmallVector<ReassociationIndices> groups{{0}, {1}, {2, 3}};
    if (!memref::CollapseShapeOp::isGuaranteedCollapsible(weightType, groups))
      return op.emitOpError("weight ")
             << weightType << " has panels that are not contiguous";
    OpBuilder builder(op);
    weight =
        memref::CollapseShapeOp::create(builder, op.getLoc(), weight, groups);
  }
  if (plan->tiles)
    emitTiledLinear(op, target, *plan, weight);
  else
    LinearLoops(op, target, *plan, weight).emit();
  return success();
}

namespace {
struct LowerPackedLinear
    : norm::impl::LowerPackedLinearBase<LowerPackedLinear> {
  void runOnOperation() final {
    CPUTarget target = CPUTarget::get(getOperation());
    bool failure = false;
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa<PackedLinearOp, PackWeightOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      auto destination = cast<DestinationStyleOpInterface>(op);
      if (!destination.hasPureBufferSemantics()) {
        op->emitOpError("is on tensors, but only those on buffers are lowered "
                        "to loops: bufferize first");
        failure = true;
        continue;
      }
      if (auto linear = dyn_cast<PackedLinearOp>(op))
        failure |= failed(lowerPackedLinear(linear, target));
      else
        failure |= failed(lowerPackWeight(cast<PackWeightOp>(op), target));
    }
    if (failure)
      signalPassFailure();
  }
};
} // namespace
