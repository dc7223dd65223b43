//===- Raise.cpp - linalg, arith and math -> ops of the dialect -----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KeepStatistics.h"
#include "Layers.h"
#include "Normalization.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_RAISE
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

/// Whether an assertion is about what ops in `dead` compute or use, and so is
/// there for them. A comparison is not what it is about.
static bool guardsDead(cf::AssertOp assertion,
                       const llvm::DenseSet<Operation *> &dead) {
  auto isComparison = [](Operation *op) {
    return isa<arith::CmpFOp, arith::CmpIOp, arith::AndIOp, arith::OrIOp,
               arith::XOrIOp>(op);
  };
  SmallVector<Value> conditions{assertion.getArg()};
  while (!conditions.empty()) {
    Value value = conditions.pop_back_val();
    Operation *op = value.getDefiningOp();
    if (value.getParentBlock() != assertion->getBlock() ||
        isa_and_nonnull<arith::ConstantOp>(op))
      continue;
    if (op && isComparison(op)) {
      llvm::append_range(conditions, op->getOperands());
      continue;
    }
    if ((op && dead.contains(op)) ||
        llvm::any_of(value.getUsers(), [&](Operation *user) {
          return dead.contains(user) && !isComparison(user) &&
                 !isa<cf::AssertOp>(user);
        }))
      return true;
  }
  return false;
}

/// Whether nothing happens if `op`, whose results are not used, goes. A guard
/// in a body is there for what the body computes.
static bool isRemovable(Operation *op) {
  if (!op->use_empty() || op->hasTrait<OpTrait::IsTerminator>())
    return false;
  if (!isa<linalg::LinalgOp>(op) || op->getNumResults() == 0)
    return isOpTriviallyDead(op);
  llvm::DenseSet<Operation *> all;
  for (Operation &nested : op->getRegion(0).front())
    all.insert(&nested);
  return llvm::all_of(op->getRegion(0).front(), [&](Operation &nested) {
    if (auto assertion = dyn_cast<cf::AssertOp>(nested))
      return guardsDead(assertion, all);
    return isPure(&nested) || nested.hasTrait<OpTrait::IsTerminator>();
  });
}

namespace {

/// Raises what is in one function.
class FunctionRaiser {
public:
  FunctionRaiser(func::FuncOp function, bool keepsRoundings)
      : function(function), keepsRoundings(keepsRoundings),
        rewriter(function.getContext()),
        program(function,
                [this](const Place &place) { return recognize(place); }),
        normalizations(program), statistics(program, rewriter, made) {}

  /// Makes ops and returns their number.
  unsigned run();

  /// Whether a body reads now what an op computes: more may be found in it.
  bool hasNewInputs() const { return newInputs; }
  /// Says what was not raised and why, as it was before `run`.
  void remarkRefusals();

private:
  func::FuncOp function;
  bool keepsRoundings;
  IRRewriter rewriter;
  Program program;
  NormalizationMatcher normalizations;
  StatisticKeeper statistics;
  /// By the op that computes the value or whose body does, in order.
  DenseMap<Operation *, SmallVector<Raised, 1>> raised;
  DenseMap<const Raised *, Operation *> made;
  unsigned count = 0;
  SmallVector<std::pair<Location, std::string>> refusals;
  bool newInputs = false;

  Recognition recognize(const Place &place);
  Operation *make(const Raised &raised);
  void rewriteOp(Operation *op);
  void rewrite(Block &block);
  void cleanUp();
  void remark(const Raised &raised);
  void collectRefusals();
};

Recognition FunctionRaiser::recognize(const Place &place) {
  // What is widened here was rounded before.
  if (place.expr->type != getElementTypeOrSelf(place.value.getType()))
    return Recognition::OnceRounded;
  if (keepsRoundings && place.expr->type.getIntOrFloatBitWidth() < 32)
    return Recognition::No;
  bool onceRounded = false;
  std::optional<Raised> match = normalizations.match(place, onceRounded);
  if (!match)
    match = matchLinear(program, place, onceRounded);
  if (!match)
    match = matchBatchNorm(program, place);
  if (match) {
    raised[place.getOp()].push_back(std::move(*match));
    return Recognition::Yes;
  }
  // One may be a part of another some steps later: it is no leaf.
  if ((match = matchActivation(program, place)))
    raised[place.getOp()].push_back(std::move(*match));
  return onceRounded ? Recognition::OnceRounded : Recognition::No;
}

void FunctionRaiser::remark(const Raised &raised) {
  if (auto remark = remark::passed(
          raised.place.value.getLoc(),
          remark::RemarkOpts::name("Raised").category("norm-raise")))
    remark << "raised to " << raised.name;
}

/// The ops of the body of `op` that nothing uses but such ops, and assertions
/// about them, users before what they use.
static SmallVector<Operation *> findDeadInBody(linalg::LinalgOp op) {
  llvm::DenseSet<Operation *> dead;
  auto mark = [&](function_ref<bool(cf::AssertOp)> isDead) {
    dead.clear();
    SmallVector<Operation *> order;
    for (Operation &nested : llvm::reverse(*op.getBlock())) {
      auto assertion = dyn_cast<cf::AssertOp>(nested);
      bool isUsed = llvm::any_of(nested.getUsers(), [&](Operation *user) {
        return !dead.contains(user);
      });
      if (assertion ? !isDead(assertion)
                    : isUsed || !wouldOpBeTriviallyDead(&nested))
        continue;
      dead.insert(&nested);
      order.push_back(&nested);
    }
    return order;
  };
  mark([](cf::AssertOp) { return true; });
  llvm::DenseSet<Operation *> withoutAssertions = dead;
  return mark([&](cf::AssertOp assertion) {
    return guardsDead(assertion, withoutAssertions);
  });
}

/// The op for `raised`, made when it is first needed; null if it cannot be.
Operation *FunctionRaiser::make(const Raised &raised) {
  auto [it, isNew] = made.try_emplace(&raised, nullptr);
  if (!isNew)
    return it->second;
  Operation *op = makeOp(raised, rewriter, [&](const Source &source) -> Value {
    // A scalar that is raised itself: its op, over the same loops.
    auto it = this->raised.find(source.scalar->getOp());
    if (it == this->raised.end())
      return {};
    for (const Raised &other : it->second)
      if (other.place.value == source.scalar->value && &other != &raised &&
          other.place.loops == source.loops)
        if (Operation *op = make(other))
          return op->getResult(0);
    return {};
  });
  made[&raised] = op;
  if (op) {
    statistics.add(op, raised);
    remark(raised);
    ++count;
  }
  return op;
}

/// Puts in place what was recognised in `op`, the largest first.
void FunctionRaiser::rewriteOp(Operation *op) {
  auto it = raised.find(op);
  if (it == raised.end())
    return;
  SmallVector<Operation *> dead;
  auto isDead = [&](Value value) {
    return value.use_empty() || llvm::is_contained(dead, value.getDefiningOp());
  };
  for (const Raised &match : llvm::reverse(it->second)) {
    if (isRemovable(op) || isDead(match.place.value))
      continue;
    Operation *replacement = make(match);
    if (!replacement || failed(replaceBy(match, replacement, rewriter)))
      continue;
    if (match.place.body) {
      dead = findDeadInBody(match.place.body);
      newInputs |= !isRemovable(op);
    }
  }
  for (Operation *nested : dead)
    rewriter.eraseOp(nested);
}

/// Users before what they use, so that what is a part of something larger is
/// dead when it comes to it.
void FunctionRaiser::rewrite(Block &block) {
  // Not what is made on the way: only the ops of the graph are described.
  SmallVector<Operation *> ops = llvm::map_to_vector(
      block.getOperations(), [](Operation &op) { return &op; });
  for (Operation *op : llvm::reverse(ops)) {
    rewriteOp(op);
    statistics.replaceResults(op);
    if (isRemovable(op))
      rewriter.eraseOp(op);
  }
}

unsigned FunctionRaiser::run() {
  program.run();
  collectRefusals();
  if (raised.empty())
    return 0;
  rewrite(function.getBody().front());
  cleanUp();
  return count;
}

/// Operands of linalg ops that nothing reads any more.
void FunctionRaiser::cleanUp() {
  RewritePatternSet patterns(function.getContext());
  linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
  (void)applyPatternsGreedily(function, std::move(patterns));
}

void FunctionRaiser::collectRefusals() {
  llvm::DenseSet<Expr> told;
  for (const Place &place : program.getStatisticRoots()) {
    if (!place.expr->is(Kind::Product))
      continue;
    for (Expr base : place.expr->operands) {
      std::string reason = normalizations.getRefusal(base);
      if (!reason.empty() && told.insert(base).second)
        refusals.emplace_back(place.value.getLoc(), reason);
    }
  }
}

void FunctionRaiser::remarkRefusals() {
  for (const auto &[location, reason] : refusals)
    remark::missed(location,
                   remark::RemarkOpts::name("NotRaised").category("norm-raise"))
        << "not raised because " << reason;
}

/// Orders the loops of `op` as the dims of its result: an op of the dialect in
/// place of a scalar of the body would be over the loops, and transposed.
static void orderLoops(linalg::GenericOp op, RewriterBase &rewriter) {
  if (!op.hasPureTensorSemantics() || op.getNumReductionLoops() != 0 ||
      op->getNumResults() == 0)
    return;
  SmallVector<int64_t> order;
  for (AffineExpr index :
       op.getIndexingMapMatchingResult(op->getResult(0)).getResults())
    if (auto dim = dyn_cast<AffineDimExpr>(index))
      order.push_back(dim.getPosition());
  unsigned numLoops = op.getNumLoops();
  if (order.size() != numLoops || !isPermutationVector(order) ||
      llvm::is_sorted(order))
    return;
  SmallVector<int64_t> places = invertPermutationVector(order);
  SmallVector<AffineExpr> renamed;
  for (int64_t place : places)
    renamed.push_back(rewriter.getAffineDimExpr(place));
  SmallVector<AffineMap> maps;
  for (AffineMap map : op.getIndexingMapsArray())
    maps.push_back(map.replaceDimsAndSymbols(renamed, {}, numLoops, 0));
  rewriter.modifyOpInPlace(op, [&] {
    op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
    op.getRegion().walk(
        [&](linalg::IndexOp index) { index.setDim(places[index.getDim()]); });
  });
}

/// What is fused with what it is made of comes apart in as many steps.
constexpr unsigned kMaxRounds = 4;

struct Raise : norm::impl::RaiseBase<Raise> {
  using RaiseBase::RaiseBase;

  // One function after the other: MLIR's remark engine is for one thread.
  void runOnOperation() final {
    getOperation()->walk([&](func::FuncOp function) { run(function); });
  }

  void run(func::FuncOp function) {
    if (!function.getBody().hasOneBlock())
      return;
    IRRewriter rewriter(&getContext());
    for (auto op : function.getBody().front().getOps<linalg::GenericOp>())
      orderLoops(op, rewriter);
    for (unsigned round = 1;; ++round) {
      FunctionRaiser raiser(function, rounding == FusionRounding::Storage);
      numRaised += raiser.run();
      if (!raiser.hasNewInputs() || round == kMaxRounds)
        return raiser.remarkRefusals();
    }
  }
};

} // namespace
