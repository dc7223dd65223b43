//===- Fuse.cpp - Make one norm.generic of neighbours ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fusion.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::norm {
#define GEN_PASS_DEF_FUSE
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The inits of generics are never read: that of another generic's result
/// serves as well, and does not make the one need the other.
static void forwardInits(RewriterBase &rewriter, GenericOp op) {
  for (OpOperand &init : op.getOutputsMutable()) {
    Value value = init.get();
    while (auto producer = value.getDefiningOp<GenericOp>())
      value = producer.getOutputs()[cast<OpResult>(value).getResultNumber()];
    if (value != init.get())
      rewriter.modifyOpInPlace(op, [&] { init.set(value); });
  }
}

/// Moves what computes `value` in the block of `op` before `op`, if it is pure.
static LogicalResult hoistBefore(RewriterBase &rewriter, Value value,
                                 Operation *op) {
  Operation *def = value.getDefiningOp();
  if (!def || def->getBlock() != op->getBlock() || def->isBeforeInBlock(op))
    return success();
  if (def == op || !isPure(def) || def->getNumRegions() != 0)
    return failure();
  for (Value operand : def->getOperands())
    if (failed(hoistBefore(rewriter, operand, op)))
      return failure();
  rewriter.moveOpBefore(def, op);
  return success();
}

/// Erases views, sizes and empty tensors that nothing needs any more.
static void eraseDeadTensors(RewriterBase &rewriter, Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::EmptyOp,
            tensor::DimOp>(op) &&
        isOpTriviallyDead(&op))
      rewriter.eraseOp(&op);
}

namespace {

/// Why two ops were not fused.
struct Refusal {
  Location first, second;
  std::string reason;
};

/// Fuses the generics of one block.
class BlockFuser {
public:
  BlockFuser(RewriterBase &rewriter, FusionRounding rounding)
      : rewriter(rewriter), rounding(rounding) {}

  /// Fuses until nothing more fuses; the number of fusions.
  unsigned run(Block &block);

private:
  /// Fuses producers into `op` until none is left that can be.
  GenericOp fuseProducers(GenericOp op);
  /// Fuses one producer into `op`; null if there is none.
  GenericOp fuseProducer(GenericOp op);
  /// Fuses the producer of `input`, an input of `op`.
  GenericOp fuseProducerOf(GenericOp op, Value input);
  /// The same where a tensor.collapse_shape is between the two.
  GenericOp fuseThroughCollapse(GenericOp first,
                                tensor::CollapseShapeOp collapse,
                                GenericOp second);
  /// The same where a tensor.expand_shape is between the two.
  GenericOp fuseThroughExpand(GenericOp first, tensor::ExpandShapeOp expand,
                              GenericOp second);
  /// Fuses the two if they can be; null if not.
  GenericOp fuse(GenericOp first, GenericOp second);
  /// Fuses generics that read the same tensor; whether there were any.
  bool fuseSiblings(Block &block);
  /// Notes why nothing became of the two.
  void refuse(GenericOp first, GenericOp second, StringRef reason) {
    refusals.push_back({first.getLoc(), second.getLoc(), reason.str()});
  }

  RewriterBase &rewriter;
  FusionRounding rounding;
  unsigned numFused = 0;
  SmallVector<Refusal> refusals;
};

/// Fuses the generics of a block that are neighbours.
struct Fuse : norm::impl::FuseBase<Fuse> {
  using FuseBase::FuseBase;

  void runOnOperation() override {
    // Sizes asked of a generic's result would make every op between need it.
    RewritePatternSet patterns(&getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    tensor::DimOp::getCanonicalizationPatterns(patterns, &getContext());
    GreedyRewriteConfig config;
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    // The other way the users of every size move up the graph step by step.
    config.setUseTopDownTraversal(true);
    SmallVector<Block *> blocks;
    getOperation()->walk([&](GenericOp op) {
      if (!op.hasBufferSemantics() &&
          !llvm::is_contained(blocks, op->getBlock()))
        blocks.push_back(op->getBlock());
    });
    if (blocks.empty())
      return;
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    for (Block *block : blocks)
      numFusions += BlockFuser(rewriter, rounding).run(*block);
  }
};

} // namespace

GenericOp BlockFuser::fuse(GenericOp first, GenericOp second) {
  std::string reason;
  FailureOr<FusionPlan> plan = planFusion(first, second, reason);
  if (failed(plan)) {
    refuse(first, second, reason);
    return {};
  }
  std::string place = describeLocation(first.getLoc());
  // An op may be several generics, which is nothing to say.
  if (place != describeLocation(second.getLoc()))
    remark::passed(second.getLoc(),
                   remark::RemarkOpts::name("Fused").category("norm-fuse"))
        << "fused into it: the generic at " << place;
  ++numFused;
  return applyFusion(rewriter, *plan, rounding);
}

GenericOp BlockFuser::fuseThroughCollapse(GenericOp first,
                                          tensor::CollapseShapeOp collapse,
                                          GenericOp second) {
  unsigned operand = llvm::find(second.getInputs(), collapse.getResult()) -
                     second.getInputs().begin();
  rewriter.setInsertionPoint(second);
  unsigned result = cast<OpResult>(collapse.getSrc()).getResultNumber();
  // The sizes of the result are those of its init, which is there earlier.
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(
      rewriter, collapse.getLoc(), first.getOutputs()[result]);
  SmallVector<DimSplit> splits =
      getSplits(second, operand, collapse.getReassociationIndices(), sizes);
  std::string reason;
  FailureOr<GenericOp> copy = splitDims(rewriter, second, splits, reason);
  if (failed(copy)) {
    refuse(first, second, reason);
    return {};
  }
  GenericOp fused = fuse(first, *copy);
  if (!fused) {
    rewriter.eraseOp(*copy);
    return {};
  }
  // The results of the copy are the last ones.
  unsigned offset = fused.getNumResults() - second.getNumResults();
  rewriter.setInsertionPoint(second);
  unsigned numInputs = second.getInputs().size();
  SmallVector<Value> replacements;
  for (OpResult old : second->getResults())
    replacements.push_back(collapseResult(
        rewriter, second.getLoc(),
        fused->getResult(offset + old.getResultNumber()),
        cast<RankedTensorType>(old.getType()),
        getGroupSizes(second, numInputs + old.getResultNumber(), splits)));
  rewriter.replaceOp(second, replacements);
  if (collapse->use_empty())
    rewriter.eraseOp(collapse);
  return fused;
}

GenericOp BlockFuser::fuseThroughExpand(GenericOp first,
                                        tensor::ExpandShapeOp expand,
                                        GenericOp second) {
  for (Value size : expand.getOutputShape())
    if (failed(hoistBefore(rewriter, size, first))) {
      refuse(first, second, "the sizes between them are known too late");
      return {};
    }
  unsigned result = cast<OpResult>(expand.getSrc()).getResultNumber();
  unsigned numInputs = first.getInputs().size();
  SmallVector<DimSplit> splits =
      getSplits(first, numInputs + result, expand.getReassociationIndices(),
                expand.getMixedOutputShape());
  std::string reason;
  FailureOr<GenericOp> copy = splitDims(rewriter, first, splits, reason);
  if (failed(copy)) {
    refuse(first, second, reason);
    return {};
  }
  // The other users of the first see the copy's results joined again.
  SmallVector<Operation *> collapses;
  rewriter.setInsertionPointAfter(*copy);
  for (OpResult old : first->getResults()) {
    Value replacement = copy->getResult(old.getResultNumber());
    if (old.getResultNumber() == result)
      rewriter.replaceAllUsesWith(expand.getResult(), replacement);
    bool isOtherwiseUsed = llvm::any_of(
        old.getUsers(), [&](Operation *user) { return user != expand; });
    if (!isOtherwiseUsed)
      continue;
    Value joined = collapseResult(
        rewriter, first.getLoc(), replacement,
        cast<RankedTensorType>(old.getType()),
        getGroupSizes(first, numInputs + old.getResultNumber(), splits));
    if (joined != replacement)
      collapses.push_back(joined.getDefiningOp());
    rewriter.replaceUsesWithIf(
        old, joined, [&](OpOperand &use) { return use.getOwner() != expand; });
  }
  if (GenericOp fused = fuse(*copy, second)) {
    rewriter.eraseOp(expand);
    rewriter.eraseOp(first);
    return fused;
  }
  // Undo it: a view is only worth moving for a fusion.
  for (OpResult old : first->getResults()) {
    Value replacement = copy->getResult(old.getResultNumber());
    for (Operation *collapse : collapses)
      if (collapse->getOperand(0) == replacement) {
        rewriter.replaceAllUsesWith(collapse->getResult(0), old);
        rewriter.eraseOp(collapse);
      }
    rewriter.replaceAllUsesWith(replacement, old.getResultNumber() == result
                                                 ? expand.getResult()
                                                 : Value(old));
  }
  rewriter.eraseOp(*copy);
  return {};
}

GenericOp BlockFuser::fuseProducerOf(GenericOp op, Value input) {
  auto inBlock = [&](Value value) {
    auto producer = value.getDefiningOp<GenericOp>();
    return producer && producer->getBlock() == op->getBlock() ? producer
                                                              : GenericOp();
  };
  if (GenericOp producer = inBlock(input))
    return fuse(producer, op);
  if (auto collapse = input.getDefiningOp<tensor::CollapseShapeOp>())
    if (GenericOp producer = inBlock(collapse.getSrc());
        producer && collapse.getResultType().getRank() != 0)
      return fuseThroughCollapse(producer, collapse, op);
  if (auto expand = input.getDefiningOp<tensor::ExpandShapeOp>())
    if (GenericOp producer = inBlock(expand.getSrc());
        producer && expand.getSrcType().getRank() != 0)
      return fuseThroughExpand(producer, expand, op);
  return {};
}

GenericOp BlockFuser::fuseProducer(GenericOp op) {
  for (OpOperand &input : op.getInputsMutable())
    if (Value source = lookThroughReshapes(input.get()); source != input.get())
      rewriter.modifyOpInPlace(op, [&] { input.set(source); });
  llvm::SmallSetVector<Value, 8> inputs(op.getInputs().begin(),
                                        op.getInputs().end());
  llvm::SmallPtrSet<Operation *, 4> refused;
  for (Value input : inputs) {
    Operation *def = input.getDefiningOp();
    if (!def || !refused.insert(def).second)
      continue;
    if (GenericOp fused = fuseProducerOf(op, input))
      return fused;
  }
  return {};
}

GenericOp BlockFuser::fuseProducers(GenericOp op) {
  while (true) {
    size_t numRefusals = refusals.size();
    GenericOp fused = fuseProducer(op);
    if (!fused)
      return op;
    // What was refused on the way is tried again.
    refusals.truncate(numRefusals);
    op = fused;
  }
}

bool BlockFuser::fuseSiblings(Block &block) {
  bool changed = false;
  // The last generic that reads a tensor with all its dims.
  DenseMap<Value, GenericOp> readers;
  for (GenericOp op : llvm::to_vector(block.getOps<GenericOp>())) {
    llvm::SmallPtrSet<Operation *, 4> tried;
    for (unsigned i = 0; i < op.getInputs().size(); ++i) {
      if (op.getMap(i).getNumResults() != op.getNumLoops())
        continue;
      GenericOp reader = readers.lookup(op.getInputs()[i]);
      if (!reader || reader == op || !reader->isBeforeInBlock(op) ||
          !tried.insert(reader).second)
        continue;
      size_t numRefusals = refusals.size();
      GenericOp fused = fuse(reader, op);
      refusals.truncate(numRefusals);
      if (!fused)
        continue;
      // What read through the other ones is read by the fused op.
      for (auto &entry : readers)
        if (entry.second == reader)
          entry.second = fused;
      op = fused;
      i = -1;
      changed = true;
    }
    for (unsigned i = 0; i < op.getInputs().size(); ++i)
      if (op.getMap(i).getNumResults() == op.getNumLoops())
        readers[op.getInputs()[i]] = op;
  }
  return changed;
}

unsigned BlockFuser::run(Block &block) {
  for (GenericOp op : block.getOps<GenericOp>())
    forwardInits(rewriter, op);
  do {
    refusals.clear();
    for (GenericOp op : llvm::to_vector(block.getOps<GenericOp>()))
      fuseProducers(op);
  } while (fuseSiblings(block));
  eraseDeadTensors(rewriter, block);
  if (numFused != 0)
    for (GenericOp op : llvm::to_vector(block.getOps<GenericOp>()))
      dropUnused(rewriter, op);
  for (const Refusal &refusal : refusals)
    remark::missed(refusal.second,
                   remark::RemarkOpts::name("NotFused").category("norm-fuse"))
        << "not fused because " << refusal.reason;
  return numFused;
}
