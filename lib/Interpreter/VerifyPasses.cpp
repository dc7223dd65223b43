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
constexpr Trial kTrials[] = {{1, 0}, {1e-3, 0}, {1e-6, 0}, {1, 3}};

bool isTensorFunction(func::FuncOp function) {
  auto isKnown = [](Type type) {
    return isa<RankedTensorType>(type) || type.isIntOrIndexOrFloat();
  };
  auto isTensor = [](Type type) { return isa<RankedTensorType>(type); };
  return !function.isExternal() &&
         llvm::all_of(function.getArgumentTypes(), isKnown) &&
         llvm::all_of(function.getResultTypes(), isKnown) &&
         llvm::any_of(function.getResultTypes(), isTensor);
}

/// Sizes to try for all dynamic dims: two that most graphs take, then those
/// that occur in it, for graphs that expect one of them.
SmallVector<int64_t> candidateSizes(func::FuncOp function) {
  llvm::SmallSetVector<int64_t, 8> sizes;
  sizes.insert(5);
  sizes.insert(1);
  auto insertSizesOf = [&](TypeRange types) {
    for (Type type : types)
      if (auto tensor = dyn_cast<RankedTensorType>(type))
        for (int64_t size : tensor.getShape())
          if (!ShapedType::isDynamic(size) && size > 0 && size <= 4096)
            sizes.insert(size);
  };
  insertSizesOf(function.getArgumentTypes());
  function.walk([&](Operation *op) { insertSizesOf(op->getResultTypes()); });
  return llvm::to_vector(sizes.getArrayRef().take_front(10));
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
  if (hasDynamicDims(before))
    sizes = candidateSizes(before);
  unsigned ran = 0;
  for (int64_t size : sizes) {
    // The sizes of the graph are for graphs that take neither 5 nor 1.
    if (ran > 0 && size != 1)
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
};

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
    if (!isTensorFunction(before) || !function)
      return;
    auto fingerprint = snapshot.fingerprints.find(before.getName());
    if (fingerprint != snapshot.fingerprints.end() &&
        fingerprint->second == OperationFingerPrint(function))
      return;
    verify(pass, before, function);
  });
}

void PassVerification::verify(Pass *pass, func::FuncOp before,
                              func::FuncOp after) {
  StringRef name =
      pass->getArgument().empty() ? pass->getName() : pass->getArgument();
  std::string reason;
  FailureOr<std::string> difference = failure();
  if (before.getFunctionType() == after.getFunctionType())
    difference = findDifference(before, after, options.seed, reason);
  else
    reason = "its type changed";
  if (failed(difference)) {
    InFlightDiagnostic diagnostic =
        options.strict ? emitError(after.getLoc()) : emitRemark(after.getLoc());
    diagnostic << "pass '" << name << "' on '" << after.getName()
               << "' could not be verified: " << reason;
    if (options.strict)
      signalPassFailure(pass);
    return;
  }
  if (difference->empty())
    return;
  emitError(after.getLoc()) << "pass '" << name << "' changed what '"
                            << after.getName() << "' computes: " << *difference;
  signalPassFailure(pass);
}

} // namespace

void mlir::norm::addPassVerification(PassManager &pm,
                                     const PassVerificationOptions &options) {
  // A snapshot is of the whole module, which no other thread may change.
  pm.getContext()->disableMultithreading();
  pm.addInstrumentation(std::make_unique<PassVerification>(options));
}
