//===- CudaTools.cpp - PTX to machine code of GPUs ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaTools.h"

#include "ExternalProgram.h"
#include "mlir/Target/LLVM/NVVM/Utils.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace llvm;
using namespace mlir::norm;

static StringRef asText(ArrayRef<char> bytes) {
  return StringRef(bytes.data(), bytes.size());
}

/// The path of a program of the CUDA toolkit.
static Expected<std::string> findTool(StringRef name) {
  SmallVector<std::string> toolkits;
  for (StringRef variable : {"CUDA_PATH", "CUDA_HOME"})
    if (std::optional<std::string> path = sys::Process::GetEnv(variable))
      toolkits.push_back(*path);
  toolkits.push_back(mlir::NVVM::getCUDAToolkitPath().str());
  for (StringRef toolkit : toolkits) {
    if (toolkit.empty())
      continue;
    SmallString<128> bin(toolkit);
    sys::path::append(bin, "bin");
    if (ErrorOr<std::string> path =
            sys::findProgramByName(name, {StringRef(bin)}))
      return *path;
  }
  if (ErrorOr<std::string> path = sys::findProgramByName(name))
    return *path;
  return createStringError("machine code of a GPU needs '" + name +
                           "' of a CUDA toolkit, which is neither in the bin "
                           "folder of CUDA_PATH or CUDA_HOME nor in PATH; PTX "
                           "(--emit=ptx) needs none");
}

/// Makes norm.cubin in `folder` of `ptx`; what ptxas says.
static Expected<std::string> runPtxas(ProgramFolder &folder, StringRef ptx,
                                      StringRef arch, bool isVerbose) {
  Expected<std::string> ptxas = findTool("ptxas");
  if (!ptxas)
    return ptxas.takeError();
  if (Error error = folder.write("norm.ptx", ptx))
    return std::move(error);
  std::string option = ("-arch=" + arch).str();
  std::string input = folder.getPath("norm.ptx");
  std::string output = folder.getPath("norm.cubin");
  SmallVector<StringRef> arguments{option, input, "-o", output};
  if (isVerbose)
    arguments.push_back("-v");
  return folder.run(*ptxas, arguments, "refuses the kernels");
}

Error mlir::norm::assemble(KernelImage &image) {
  Expected<ProgramFolder> folder = ProgramFolder::create();
  if (!folder)
    return folder.takeError();
  Expected<std::string> said = runPtxas(*folder, asText(image.ptx), image.arch,
                                        /*isVerbose=*/false);
  if (!said)
    return said.takeError();
  return folder->read("norm.cubin", image.cubin);
}

/// The number in front of `unit` in `line`; 0 if there is none.
static int64_t findNumber(StringRef line, StringRef unit) {
  size_t end = line.find(unit);
  if (end == StringRef::npos)
    return 0;
  int64_t number = 0;
  line.take_front(end).rtrim().rsplit(' ').second.getAsInteger(10, number);
  return number;
}

/// Reads what ptxas says with -v.
static StringMap<KernelResources> parseResources(StringRef said) {
  StringMap<KernelResources> kernels;
  std::string name;
  for (StringRef line : split(said, '\n')) {
    constexpr StringLiteral kEntry = "Compiling entry function '";
    constexpr StringLiteral kProperties = "Function properties for ";
    if (size_t begin = line.find(kEntry); begin != StringRef::npos) {
      name = line.drop_front(begin + kEntry.size()).split('\'').first.str();
    } else if (begin = line.find(kProperties); begin != StringRef::npos) {
      // What kernels call follows them, and has no registers of its own.
      StringRef function = line.drop_front(begin + kProperties.size()).trim();
      if (function != name)
        name = "";
    } else if (!name.empty() && line.contains(" registers")) {
      KernelResources &kernel = kernels[name];
      kernel.registers = findNumber(line, " registers");
      kernel.sharedBytes = findNumber(line, " bytes smem");
      kernel.isMeasured = true;
    } else if (!name.empty() && line.contains("spill stores")) {
      kernels[name].spilledBytes = findNumber(line, " bytes spill stores");
    }
  }
  return kernels;
}

StringMap<KernelResources> mlir::norm::measureKernels(StringRef ptx,
                                                      StringRef arch) {
  // The model has an estimate for want of any of this.
  Expected<ProgramFolder> folder = ProgramFolder::create();
  if (!folder)
    return consumeError(folder.takeError()), StringMap<KernelResources>();
  Expected<std::string> said = runPtxas(*folder, ptx, arch, /*isVerbose=*/true);
  if (!said)
    return consumeError(said.takeError()), StringMap<KernelResources>();
  return parseResources(*said);
}

Error mlir::norm::makeFatBinary(ArrayRef<KernelImage> images,
                                SmallVectorImpl<char> &output) {
  Expected<std::string> fatbinary = findTool("fatbinary");
  if (!fatbinary)
    return fatbinary.takeError();
  Expected<ProgramFolder> folder = ProgramFolder::create();
  if (!folder)
    return folder.takeError();
  std::vector<std::string> arguments{"-64", "--create=" +
                                                folder->getPath("norm.fatbin")};
  auto add = [&](StringRef kind, const KernelImage &image,
                 ArrayRef<char> contents) -> Error {
    std::string name = image.arch + "." + kind.str();
    StringRef number = StringRef(image.arch).drop_front(strlen("sm_"));
    arguments.push_back(("--image3=kind=" + kind + ",sm=" + number +
                         ",file=" + folder->getPath(name))
                            .str());
    return folder->write(name, asText(contents));
  };
  for (const KernelImage &image : images)
    if (Error error = add("elf", image, image.cubin))
      return error;
  // PTX for one family of GPUs is of no use to the next.
  if (isDigit(images.back().arch.back()))
    if (Error error = add("ptx", images.back(), images.back().ptx))
      return error;
  SmallVector<StringRef> references(arguments.begin(), arguments.end());
  Expected<std::string> said =
      folder->run(*fatbinary, references, "cannot bundle the kernels");
  if (!said)
    return said.takeError();
  return folder->read("norm.fatbin", output);
}
