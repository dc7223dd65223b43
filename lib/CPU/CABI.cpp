//===- CABI.cpp - From memref functions to C functions --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::norm {
#define GEN_PASS_DEF_CABI
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// An argument of a kernel that is packed by a function of its own.
static FailureOr<std::pair<func::FuncOp, unsigned>>
getPackedArgument(ModuleOp module, func::FuncOp function) {
  auto of = function->getAttrOfType<DictionaryAttr>(kPackOfAttrName);
  auto name = of ? of.getAs<FlatSymbolRefAttr>("function") : nullptr;
  auto argument = of ? of.getAs<IntegerAttr>("argument") : nullptr;
  auto kernel =
      name ? module.lookupSymbol<func::FuncOp>(name.getAttr()) : nullptr;
  if (!kernel || !argument || argument.getInt() < 0 ||
      argument.getInt() >= kernel.getNumArguments() ||
      !kernel.getArgAttr(argument.getInt(), kPackedAttrName))
    return function.emitError()
           << "'" << function.getSymName() << "': '" << kPackOfAttrName
           << "' names no packed argument of a function";
  return std::make_pair(kernel, static_cast<unsigned>(argument.getInt()));
}

namespace {
/// A function that packs, and what it packs for.
struct PackFunction {
  func::FuncOp function;
  func::FuncOp kernel;
  unsigned argument;
};

struct CABI : norm::impl::CABIBase<CABI> {
  using CABIBase::CABIBase;

  void runOnOperation() final {
    if (failed(run(getOperation())))
      signalPassFailure();
  }

  LogicalResult run(ModuleOp module) {
    if (!llvm::is_contained({"", "pool", "openmp"}, threads))
      return module.emitError("there are no threads '")
             << threads << "', but pool and openmp";
    if (failed(checkCalls(module)))
      return failure();
    SmallVector<func::FuncOp> kernels;
    SmallVector<PackFunction> packs;
    for (auto function : module.getOps<func::FuncOp>()) {
      if (function.isExternal() || function.isPrivate() ||
          CFunction::get(function))
        continue;
      if (!function.getBody().hasOneBlock())
        return function.emitError() << "'" << function.getSymName()
                                    << "': has control flow between blocks";
      if (!function->hasAttr(kPackOfAttrName)) {
        kernels.push_back(function);
        continue;
      }
      auto packed = getPackedArgument(module, function);
      if (failed(packed))
        return failure();
      packs.push_back({function, packed->first, packed->second});
    }
    // All are read before any is rewritten: each refers to the others.
    DenseMap<Operation *, KernelInterface> interfaces;
    for (func::FuncOp function : kernels) {
      auto kernel =
          KernelInterface::get(function, symbolPrefix, device ? "_cuda" : "");
      if (failed(kernel))
        return failure();
      // A worker has no way to say that an assertion did not hold.
      if (hasAssertions(function))
        for (KernelArgument &argument : kernel->arguments)
          argument.hasRows = false;
      // Without rows there is nothing to share out.
      if (getRowSymbol(*kernel) && !kernel->isStrided)
        kernel->threads = threads;
      interfaces[function] = std::move(*kernel);
    }
    for (const PackFunction &pack : packs)
      if (failed(
              makePack(pack.function, interfaces[pack.kernel], pack.argument)))
        return failure();
    for (func::FuncOp function : kernels)
      if (failed(makeKernel(function, interfaces[function])))
        return failure();
    return checkNames(module);
  }

  LogicalResult makeKernel(func::FuncOp function,
                           const KernelInterface &kernel) {
    FailureOr<std::optional<int64_t>> workspace = makeBody(function, kernel);
    if (failed(workspace))
      return failure();
    if (!kernel.threads.empty())
      makeThreadsWorkspace(function, kernel, *workspace);
    func::FuncOp check = makeCheck(function, kernel, *workspace);
    if (device) {
      func::FuncOp entry = makeDeviceEntry(function, check, kernel);
      if (invoke)
        makeInvoke(entry, kernel);
      return success();
    }
    func::FuncOp entry = makeEntry(function, check, kernel);
    if (kernel.isStrided)
      return success();
    if (getRowSymbol(kernel))
      makeRows(function, check, kernel);
    makeParallel(function, check, kernel);
    if (invoke)
      makeInvoke(entry, kernel);
    return success();
  }

  /// Bodies change their types, so nothing may call them.
  static LogicalResult checkCalls(ModuleOp module) {
    WalkResult walk = module.walk([&](func::CallOp call) -> WalkResult {
      auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
      if (callee && !callee.isExternal() && callee.isPublic())
        return call.emitError("a kernel cannot be called by another (inline it "
                              "first)");
      return WalkResult::advance();
    });
    return failure(walk.wasInterrupted());
  }

  /// Every name is given once.
  static LogicalResult checkNames(ModuleOp module) {
    llvm::StringSet<llvm::MallocAllocator> names;
    for (auto function : module.getOps<func::FuncOp>())
      if (!names.insert(function.getSymName()).second)
        return function.emitError() << "two functions would be called '"
                                    << function.getSymName() << "' in C";
    return success();
  }
};
} // namespace
