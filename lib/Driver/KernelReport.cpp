//===- KernelReport.cpp - What --print-plan says of kernels ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelReport.h"

#include "CudaTools.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/GPU/Target.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace mlir::norm;

std::vector<ReportedKernel> mlir::norm::collectKernels(ModuleOp module) {
  std::vector<ReportedKernel> kernels;
  module.walk([&](gpu::GPUFuncOp kernel) {
    FailureOr<KernelWork> work =
        KernelWork::fromAttr(kernel->getAttr(kKernelWorkAttrName));
    if (succeeded(work))
      kernels.push_back({kernel.getName().str(), kernel.getLoc(), *work});
  });
  return kernels;
}

/// The instructions that ptxas makes of one of PTX where no special value
/// takes the long way.
static int64_t getWeight(StringRef line) {
  // Signs and magnitudes are a part of the instruction that takes them.
  constexpr std::pair<StringLiteral, int64_t> kOthers[] = {{"div.rn.f32", 10},
                                                           {"sqrt.rn.f32", 8},
                                                           {"rcp.rn.f32", 8},
                                                           {"abs.f32", 0},
                                                           {"neg.f32", 0}};
  for (auto [name, weight] : kOthers)
    if (line.contains(name))
      return weight;
  return 1;
}

/// The instructions in the body of the kernel `name`; 0 if it has loops.
static int64_t countInstructions(StringRef ptx, StringRef name) {
  StringRef body = ptx.split((".entry " + name + "(").str()).second;
  body = body.split("\n{").second.split("\n}").first;
  llvm::StringSet<> labels;
  int64_t count = 0;
  while (!body.empty()) {
    StringRef line;
    std::tie(line, body) = body.split('\n');
    line = line.split("//").first.trim();
    if (line.consume_back(":")) {
      labels.insert(line);
      continue;
    }
    // Declarations, and what ptxas needs no instruction for.
    if (!line.ends_with(";") || line.starts_with(".") ||
        line.starts_with("mov.") || line.starts_with("ld.param"))
      continue;
    count += getWeight(line);
    StringRef target = line.drop_back().rsplit(' ').second;
    if (target.empty())
      target = line.drop_back().rsplit('\t').second;
    if (line.contains("bra") && labels.contains(target.trim()))
      return 0;
  }
  return count;
}

/// "12.3 MB".
static std::string formatBytes(double bytes) {
  constexpr std::pair<double, const char *> kUnits[] = {
      {1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}};
  std::string text;
  llvm::raw_string_ostream os(text);
  for (auto [size, unit] : kUnits)
    if (bytes >= size) {
      os << llvm::format("%.4g ", bytes / size) << unit;
      return text;
    }
  os << llvm::format("%.0f bytes", bytes);
  return text;
}

/// What the model says of one kernel.
static std::string describe(const ReportedKernel &kernel,
                            const KernelResources &resources,
                            const DeviceModel &device) {
  const KernelWork &work = kernel.work;
  KernelPrediction prediction = predict(work, resources, device);
  constexpr int64_t kWarp = 32;
  std::string text = describeLocation(kernel.loc);
  llvm::raw_string_ostream os(text);
  os << ": kernel " << kernel.name << ": "
     << llvm::divideCeil(work.threads, kWarp) << " warps a block, "
     << resources.registers << " registers"
     << (resources.isMeasured ? "" : " (estimated)");
  if (resources.spilledBytes > 0)
    os << " and " << resources.spilledBytes << " bytes spilled";
  if (resources.instructions > 0)
    os << ", " << resources.instructions << " instructions";
  os << ", " << prediction.blocksPerMultiprocessor
     << " blocks a multiprocessor, occupancy "
     << llvm::format("%.2f", prediction.occupancy) << "; ";
  if (ShapedType::isDynamic(work.rows))
    os << "for " << prediction.rows << " rows of " << work.length << ": ";
  else
    os << prediction.rows << " rows of " << work.length << ": ";
  os << prediction.blocks << " blocks, " << formatBytes(prediction.bytes);
  if (work.passes > 1)
    os << " in " << work.passes << " passes";
  os << ", " << llvm::format("%.3g us, ", prediction.seconds * 1e6)
     << llvm::format("%.2f", prediction.fraction)
     << " of the memory bandwidth of " << device.name << " predicted ("
     << prediction.limit << ")";
  return text;
}

std::vector<std::string>
mlir::norm::reportKernels(ArrayRef<ReportedKernel> kernels, StringRef ptx,
                          StringRef arch) {
  llvm::StringMap<KernelResources> measured = measureKernels(ptx, arch);
  unsigned computeCapability = 0;
  arch.drop_front(StringRef("sm_").size())
      .take_while(llvm::isDigit)
      .getAsInteger(10, computeCapability);
  const DeviceModel &device = DeviceModel::get(computeCapability);
  std::vector<std::string> lines;
  for (const ReportedKernel &kernel : kernels) {
    KernelResources resources = measured.lookup(kernel.name);
    if (!resources.isMeasured)
      resources.registers = estimateRegisters(kernel.work);
    resources.instructions = countInstructions(ptx, kernel.name);
    lines.push_back(describe(kernel, resources, device));
  }
  return lines;
}
