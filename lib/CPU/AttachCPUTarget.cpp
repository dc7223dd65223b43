//===- AttachCPUTarget.cpp - Say for which CPU the module is compiled -----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "norm/CPU/Passes.h"
#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/TargetParser/Host.h"

namespace mlir::norm {
#define GEN_PASS_DEF_ATTACHCPUTARGET
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Every feature of the subtarget, as "+a,-b,...".
static std::string listFeatures(const llvm::MCSubtargetInfo &subtarget) {
  std::string list;
  for (const llvm::SubtargetFeatureKV &feature :
       subtarget.getAllProcessorFeatures()) {
    if (!list.empty())
      list += ',';
    list += subtarget.getFeatureBits().test(feature.Value) ? '+' : '-';
    list += feature.Key;
  }
  return list;
}

/// The host's features as of LLVM's -mattr: virtual machines hide some of what
/// the CPU's name promises.
static std::string hostFeatures() {
  std::string list;
  for (const auto &feature : llvm::sys::getHostCPUFeatures()) {
    list += feature.second ? ",+" : ",-";
    list += feature.first();
  }
  return list.empty() ? list : list.substr(1);
}

/// What is wrong with `features`, which LLVM would only warn of, on stderr;
/// empty if nothing is.
static std::string checkFeatures(llvm::StringRef features,
                                 const llvm::MCSubtargetInfo &subtarget) {
  llvm::SmallVector<llvm::StringRef> parts;
  features.split(parts, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef part : parts) {
    llvm::StringRef name = part;
    if (!name.consume_front("+") && !name.consume_front("-"))
      return "feature '" + part.str() + "' begins with neither '+' nor '-'";
    auto isNamed = [&](const llvm::SubtargetFeatureKV &feature) {
      return name == feature.Key;
    };
    if (llvm::none_of(subtarget.getAllProcessorFeatures(), isNamed))
      return "unknown feature '" + name.str() + "'";
  }
  return "";
}

/// The features without which there is no code for `triple`; empty if there is
/// none with any.
static llvm::StringRef getNeededFeatures(const llvm::Triple &triple) {
  if (triple.getArch() == llvm::Triple::aarch64)
    return "+neon";
  return triple.getArch() == llvm::Triple::x86_64 && !triple.isX32() ? "+sse2"
                                                                     : "";
}

/// The features that name a mode of the CPU, as it is in kernels. In another
/// one LLVM ends the process.
static llvm::ArrayRef<llvm::StringLiteral>
getModeFeatures(const llvm::Triple &triple) {
  static constexpr llvm::StringLiteral x86[] = {
      "+64bit", "+64bit-mode", "-32bit-mode", "-16bit-mode", "-soft-float"};
  static constexpr llvm::StringLiteral arm[] = {"+fp-armv8"};
  if (triple.isX86())
    return x86;
  return arm;
}

FailureOr<DictionaryAttr>
mlir::norm::makeCPUTargetAttr(MLIRContext *context, llvm::StringRef tripleName,
                              llvm::StringRef cpuName, llvm::StringRef features,
                              std::string &error) {
  initializeTargets();
  llvm::Triple triple(llvm::Triple::normalize(
      tripleName.empty() ? llvm::sys::getDefaultTargetTriple()
                         : tripleName.str()));
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return failure();

  llvm::StringRef needed = getNeededFeatures(triple);
  std::string unsupported =
      triple.str() + " is not supported: kernels are for x86-64 with SSE2 and "
                     "AArch64 with NEON";
  if (needed.empty()) {
    error = unsupported;
    return failure();
  }

  std::string cpu = cpuName.str(), all = features.str();
  if (cpu == "native") {
    cpu = llvm::sys::getHostCPUName().str();
    all = hostFeatures() + (all.empty() ? "" : "," + all);
  }
  // LLVM only warns of an unknown CPU, and on stderr: ask an empty subtarget.
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget(
      target->createMCSubtargetInfo(triple, "", ""));
  if (!subtarget || (!cpu.empty() && !subtarget->isCPUStringValid(cpu))) {
    error = "unknown CPU '" + cpu + "' for " + triple.str();
    return failure();
  }
  error = checkFeatures(features, *subtarget);
  if (!error.empty())
    return failure();
  subtarget.reset(target->createMCSubtargetInfo(triple, cpu, all));
  if (!subtarget->checkFeatures(needed)) {
    error = unsupported;
    return failure();
  }
  for (llvm::StringRef feature : getModeFeatures(triple))
    if (!subtarget->checkFeatures(feature)) {
      error =
          "kernels for " + triple.str() + " need the feature " + feature.str();
      return failure();
    }
  Builder builder(context);
  return builder.getDictionaryAttr(
      {builder.getNamedAttr("triple", builder.getStringAttr(triple.str())),
       builder.getNamedAttr("cpu", builder.getStringAttr(cpu)),
       builder.getNamedAttr("features",
                            builder.getStringAttr(listFeatures(*subtarget)))});
}

namespace {
struct AttachCPUTarget : norm::impl::AttachCPUTargetBase<AttachCPUTarget> {
  using AttachCPUTargetBase::AttachCPUTargetBase;

  void runOnOperation() final {
    std::string error;
    FailureOr<DictionaryAttr> attribute =
        makeCPUTargetAttr(&getContext(), triple, cpu, features, error);
    if (failed(attribute)) {
      getOperation().emitError(error);
      return signalPassFailure();
    }
    getOperation()->setAttr(kCPUTargetAttrName, *attribute);
  }
};
} // namespace
