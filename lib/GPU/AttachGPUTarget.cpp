//===- AttachGPUTarget.cpp - Say for which GPU kernels are compiled -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "norm/CPU/Target.h"
#include "norm/GPU/Passes.h"
#include "norm/GPU/Target.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/TargetParser/Triple.h"

namespace mlir::norm {
#define GEN_PASS_DEF_GPUATTACHTARGET
#include "norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The number in "sm_90" and "sm_90a"; 0 of what is no such name.
static unsigned parseArch(llvm::StringRef arch) {
  unsigned number = 0;
  if (!arch.consume_front("sm_") || arch.consumeInteger(10, number) ||
      !(arch.empty() || arch == "a" || arch == "f"))
    return 0;
  return number;
}

GPUTarget GPUTarget::get(Operation *op) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    module = op->getParentOfType<ModuleOp>();
  auto attribute =
      module ? module->getAttrOfType<DictionaryAttr>(kGPUTargetAttrName)
             : DictionaryAttr();
  auto arch = attribute ? attribute.getAs<StringAttr>("arch") : StringAttr();
  GPUTarget target;
  if (unsigned number = arch ? parseArch(arch.getValue()) : 0)
    target.computeCapability = number;
  return target;
}

FailureOr<DictionaryAttr> mlir::norm::makeGPUTargetAttr(MLIRContext *context,
                                                        llvm::StringRef arch,
                                                        std::string &error) {
  initializeTargets();
  llvm::Triple triple(kGPUTriple);
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return failure();
  // LLVM only warns of an unknown name, and on stderr: ask an empty subtarget.
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget(
      target->createMCSubtargetInfo(triple, "", ""));
  unsigned number = parseArch(arch);
  if (number == 0 || !subtarget || !subtarget->isCPUStringValid(arch)) {
    error = "unknown GPU architecture '" + arch.str() +
            "'; there are sm_80, sm_90, sm_100 and others";
    return failure();
  }
  if (number < kOldestGPU) {
    error = "kernels are for sm_80 and newer GPUs, not for " + arch.str();
    return failure();
  }
  // LLVM writes the first PTX version that knows the architecture; the first
  // ones for sm_89 and sm_90 lack what these have for 8-bit floats and
  // clusters.
  const char *features = number == 89 || number == 90 ? "+ptx81" : "";
  Builder builder(context);
  return builder.getDictionaryAttr(
      {builder.getNamedAttr("arch", builder.getStringAttr(arch)),
       builder.getNamedAttr("features", builder.getStringAttr(features))});
}

std::string mlir::norm::chooseGPUArch(unsigned computeCapability) {
  MLIRContext context;
  for (unsigned number = computeCapability; number > kOldestGPU; --number) {
    std::string arch = "sm_" + std::to_string(number), error;
    if (succeeded(makeGPUTargetAttr(&context, arch, error)))
      return arch;
  }
  return "sm_" + std::to_string(kOldestGPU);
}

namespace {
struct GPUAttachTarget : norm::impl::GPUAttachTargetBase<GPUAttachTarget> {
  using GPUAttachTargetBase::GPUAttachTargetBase;

  void runOnOperation() final {
    std::string error;
    FailureOr<DictionaryAttr> attribute =
        makeGPUTargetAttr(&getContext(), arch, error);
    if (failed(attribute)) {
      getOperation().emitError(error);
      return signalPassFailure();
    }
    getOperation()->setAttr(kGPUTargetAttrName, *attribute);
  }
};
} // namespace
