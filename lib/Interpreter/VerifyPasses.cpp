//===- VerifyPasses.cpp - Interpreting before and after each pass ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Interpreter/VerifyPasses.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "norm/Interpreter/RandomInputs.h"
#include "norm/Interpreter/Tolerance.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Larger arguments make a pass wait too long.
constexpr int64_t kMaxElements = int64_t(1) << 24;

/// Two functions that mean the same round differently.
constexpr double kSlack = 2.0;

/// Random data that finds different mistakes: a forgotten epsilon shows where
/// the variance is small, a wrong mean where the mean is large, wrong bounds in
/// dims of one element.
struct Trial {
  double stddev;
  double mean;
};
constexpr Trial kTrials[] = {{1, 0}, {1e-3, 0}, {1e-6, 0}, {1, 3}, {1, -3}};

/// Whether the function computes results from values. One that works on
/// memrefs returns nothing, and one of no results has nothing to compare.
bool isValueFunction(func::FuncOp function) {
  auto isKnown = [](Type type) {
    return isa<RankedTensorType>(type) || type.isIntOrIndexOrFloat();
  };
  return !function.isExternal() && function.getNumResults() > 0 &&
         llvm::all_of(function.getArgumentTypes(), isKnown) &&
         llvm::all_of(function.getResultTypes(), isKnown);
}

/// Sizes to try for all dynamic dims, which most graphs take: a few elements,
/// one, none, and more than the chunks and blocks that passes cut dims into.
constexpr int64_t kGeneralSizes[] = {5, 1, 0, 9};

/// The elements of all arguments with a general size.
constexpr int64_t kMaxGeneralElements = int64_t(1) << 14;

/// Sizes that occur in the graph, which may expect one of them.
SmallVector<int64_t> candidateSizes(func::FuncOp function) {
  llvm::SmallSetVector<int64_t, 8> sizes;
  auto insertSizesOf = [&](TypeRange types) {
    for (Type type : types)
      if (auto tensor = dyn_cast<RankedTensorType>(type))
        for (int64_t size : tensor.getShape())
          if (!ShapedType::isDynamic(size) && size > 0 && size <= 4096)
            sizes.insert(size);
  };
  insertSizesOf(function.getArgumentTypes());
  function.walk([&](Operation *op) { insertSizesOf(op->getResultTypes()); });
  return llvm::to_vector(sizes.getArrayRef().take_front(8));
}

/// The elements of all arguments if dynamic dims have the size `size`.
int64_t countArgumentElements(func::FuncOp function, int64_t size) {
  int64_t total = 0;
  for (Type type : function.getArgumentTypes()) {
    int64_t elements = 1;
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      for (int64_t dim : tensor.getShape())
        elements = llvm::SaturatingMultiply<uint64_t>(
            elements, ShapedType::isDynamic(dim) ? size : dim);
    total = llvm::SaturatingAdd<uint64_t>(total, elements);
  }
  return total;
}

bool hasDynamicDims(func::FuncOp function) {
  return llvm::any_of(function.getArgumentTypes(), [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && !tensor.hasStaticShape();
  });
}

/// Keeps the first error message from being printed.
class CapturedErrors {
public:
  CapturedErrors(MLIRContext *context, std::string &message)
      : handler(context, [&message](Diagnostic &diagnostic) {
          if (message.empty() &&
              diagnostic.getSeverity() == DiagnosticSeverity::Error)
            message = diagnostic.str();
          return success();
        }) {}

private:
  ScopedDiagnosticHandler handler;
};

/// Compares one run of both functions.
FailureOr<std::string> compareOnce(func::FuncOp before, func::FuncOp after,
                                   int64_t size, const RandomOptions &options,
                                   std::string &reason) {
  CapturedErrors errors(before.getContext(), reason);
  FailureOr<SmallVector<InterpValue>> arguments = makeRandomArguments(
      before, [&](unsigned, unsigned) { return size; }, options);
  if (failed(arguments))
    return failure();
  FailureOr<Reference> reference = interpretWithBounds(before, *arguments);
  if (failed(reference))
    return failure();
  FailureOr<SmallVector<InterpValue>> actual = interpret(after, *arguments);
  if (failed(actual)) {
    // What ran before must run after, but for what the interpreter says of
    // itself that it cannot do.
    if (StringRef(reason).contains("the interpreter"))
      return failure();
    return "it fails: " + reason;
  }
  for (auto [i, expected] : llvm::enumerate(reference->results)) {
    const ErrorBound &bound = reference->bounds[i];
    Comparison result = compare(expected, bound, (*actual)[i], kSlack);
    if (!result.passed())
      return "result " + std::to_string(i) + ": " +
             describe(result, expected, bound, (*actual)[i], kSlack);
  }
  return std::string();
}

} // namespace

FailureOr<std::string> mlir::norm::findDifference(func::FuncOp before,
                                                  func::FuncOp after,
                                                  uint64_t seed,
                                                  std::string &reason) {
  for (Type type : before.getArgumentTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      if (tensor.hasStaticShape() && tensor.getNumElements() > kMaxElements) {
        reason = "an argument has more than " + std::to_string(kMaxElements) +
                 " elements";
        return failure();
      }
  // All dynamic dims get one size: what must be equal then is.
  SmallVector<int64_t> sizes{1};
  if (hasDynamicDims(before)) {
    sizes.assign({kGeneralSizes[0]});
    for (int64_t size : llvm::drop_begin(kGeneralSizes))
      if (countArgumentElements(before, size) <= kMaxGeneralElements)
        sizes.push_back(size);
  }
  unsigned numGeneral = sizes.size(), ran = 0;
  if (hasDynamicDims(before))
    llvm::append_range(sizes, candidateSizes(before));
  for (auto [i, size] : llvm::enumerate(sizes)) {
    // The sizes of the graph are for graphs that take no other.
    if (ran > 0 && i >= numGeneral)
      break;
    bool runs = false;
    for (const Trial &trial : kTrials) {
      RandomOptions options;
      options.seed = seed;
      options.stddev = trial.stddev;
      options.mean = trial.mean;
      FailureOr<std::string> difference =
          compareOnce(before, after, size, options, reason);
      if (failed(difference))
        break;
      if (!difference->empty())
        return *difference;
      runs = true;
    }
    ran += runs;
  }
  if (ran == 0)
    return failure();
  return std::string();
}

namespace {

/// Keeps what the functions were before a pass.
class PassVerification : public PassInstrumentation {
public:
  explicit PassVerification(const PassVerificationOptions &options)
      : options(options) {}

  void runBeforePass(Pass *pass, Operation *op) override;
  void runAfterPass(Pass *pass, Operation *op) override;
  void runAfterPassFailed(Pass *pass, Operation *op) override {
    if (!isPipeline(pass))
      snapshots.pop_back();
  }

private:
  struct Snapshot {
    OwningOpRef<Operation *> root;
    llvm::StringMap<OperationFingerPrint> fingerprints;
  };
  PassVerificationOptions options;
  /// One for each pass that is running: a pass may run a pipeline.
  std::vector<Snapshot> snapshots;

  /// Whether this is what runs a nested pipeline, whose passes are verified.
  static bool isPipeline(Pass *pass) {
    return pass->getName().contains("OpToOpPassAdaptor");
  }
  static Operation *rootOf(Operation *op) {
    while (Operation *parent = op->getParentOp())
      op = parent;
    return op;
  }
  void verify(Pass *pass, func::FuncOp before, func::FuncOp after);
  /// Says that `function` could not be verified.
  void report(Pass *pass, func::FuncOp function, StringRef reason);
};

/// What the pass is called.
StringRef getPassName(Pass *pass) {
  return pass->getArgument().empty() ? pass->getName() : pass->getArgument();
}

void PassVerification::runBeforePass(Pass *pass, Operation *op) {
  if (isPipeline(pass))
    return;
  Operation *root = rootOf(op);
  Snapshot snapshot;
  snapshot.root = root->clone();
  root->walk([&](func::FuncOp function) {
    snapshot.fingerprints.try_emplace(function.getName(), function);
  });
  snapshots.push_back(std::move(snapshot));
}

void PassVerification::runAfterPass(Pass *pass, Operation *op) {
  if (isPipeline(pass))
    return;
  Snapshot snapshot = std::move(snapshots.back());
  snapshots.pop_back();
  llvm::StringMap<func::FuncOp> after;
  rootOf(op)->walk(
      [&](func::FuncOp function) { after[function.getName()] = function; });
  snapshot.root->walk([&](func::FuncOp before) {
    func::FuncOp function = after.lookup(before.getName());
    if (!isValueFunction(before))
      return;
    if (!function) {
      // Private functions go when they are inlined.
      if (before.isPublic())
        report(pass, before, "it is gone");
      return;
    }
    auto fingerprint = snapshot.fingerprints.find(before.getName());
    if (fingerprint != snapshot.fingerprints.end() &&
        fingerprint->second == OperationFingerPrint(function))
      return;
    verify(pass, before, function);
  });
}

void PassVerification::report(Pass *pass, func::FuncOp function,
                              StringRef reason) {
  InFlightDiagnostic diagnostic = options.strict
                                      ? emitError(function.getLoc())
                                      : emitRemark(function.getLoc());
  diagnostic << "pass '" << getPassName(pass) << "' on '" << function.getName()
             << "' could not be verified: " << reason;
  if (options.strict)
    signalPassFailure(pass);
}

void PassVerification::verify(Pass *pass, func::FuncOp before,
                              func::FuncOp after) {
  std::string reason;
  FailureOr<std::string> difference = failure();
  if (before.getFunctionType() == after.getFunctionType())
    difference = findDifference(before, after, options.seed, reason);
  else
    reason = "its type changed";
  if (failed(difference))
    return report(pass, after, reason);
  if (difference->empty())
    return;
  emitError(after.getLoc())
      << "pass '" << getPassName(pass) << "' changed what '" << after.getName()
      << "' computes: " << *difference;
  signalPassFailure(pass);
}

} // namespace

void mlir::norm::addPassVerification(PassManager &pm,
                                     const PassVerificationOptions &options) {
  // A snapshot is of the whole module, which no other thread may change.
  pm.getContext()->disableMultithreading();
  pm.addInstrumentation(std::make_unique<PassVerification>(options));
}
