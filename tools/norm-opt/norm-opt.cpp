//===- norm-opt.cpp - The norm-mlir optimizer driver ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/DialectRegistry.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "norm/Driver/Pipelines.h"
#include "norm/Interpreter/VerifyPasses.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;

namespace {
enum class VerifyPasses { Off, On, Strict };
} // namespace

static llvm::cl::opt<VerifyPasses> verifyPasses(
    "norm-verify-passes", llvm::cl::ValueOptional,
    llvm::cl::desc("Interpret every function before and after each pass on the "
                   "same random data and compare"),
    llvm::cl::init(VerifyPasses::Off),
    llvm::cl::values(clEnumValN(VerifyPasses::On, "",
                                "remark on what cannot be interpreted"),
                     clEnumValN(VerifyPasses::Strict, "strict",
                                "what cannot be interpreted is an error")));

/// As mlir-opt, with every pass verified.
static LogicalResult runVerified(StringRef inputFilename,
                                 StringRef outputFilename,
                                 DialectRegistry &registry) {
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> input =
      openInputFile(inputFilename, &message);
  std::unique_ptr<llvm::ToolOutputFile> output;
  if (input)
    output = openOutputFile(outputFilename, &message);
  if (!output) {
    llvm::errs() << message << "\n";
    return failure();
  }
  MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  MlirOptMainConfig verified = config;
  verified.setPassPipelineSetupFn([&](PassManager &pm) {
    norm::PassVerificationOptions options;
    options.strict = verifyPasses == VerifyPasses::Strict;
    norm::addPassVerification(pm, options);
    return config.setupPassPipeline(pm);
  });
  if (failed(MlirOptMain(output->os(), std::move(input), registry, verified)))
    return failure();
  output->keep();
  return success();
}

int main(int argc, char **argv) {
  DialectRegistry registry;
  norm::registerDialects(registry);
  registerAllPasses();
  norm::registerPassesAndPipelines();
  auto [input, output] = registerAndParseCLIOptions(
      argc, argv, "norm-mlir optimizer driver\n", registry);
  if (verifyPasses != VerifyPasses::Off)
    return asMainReturnCode(runVerified(input, output, registry));
  return asMainReturnCode(MlirOptMain(argc, argv, input, output, registry));
}
