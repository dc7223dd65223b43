//===- Usage.cpp - Which options go together ------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Usage.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace mlir::norm;

std::string mlir::norm::getDefaultCPU(const CompileOptions &options) {
  if (options.gpu.isGPU())
    return "";
  return options.target.triple.empty() ? "native" : "generic";
}

bool mlir::norm::hasCFunctions(const CompileOptions &options, EmitKind kind) {
  if (options.gpu.isGPU() && (isKernelsAlone(kind) || kind == EmitKind::LLVM))
    return false;
  return kind != EmitKind::MLIR;
}

/// Whether C functions may have names that begin with `prefix`.
static bool isNamePrefix(StringRef prefix) {
  return llvm::all_of(prefix,
                      [](char c) { return c == '_' || llvm::isAlnum(c); }) &&
         (prefix.empty() || !llvm::isDigit(prefix.front()));
}

std::string mlir::norm::findConflict(const CompileOptions &options) {
  if (!options.gpu.isGPU() && !options.gpu.arch.empty())
    return "--gpu-arch is for kernels on a GPU, not for --target=cpu";
  const std::string &threads = options.cpu.threads;
  if (!llvm::is_contained({"", "pool", "openmp"}, StringRef(threads)))
    return "--threads=" + threads + " is unknown; there are pool and openmp";
  if (options.gpu.isGPU() && !threads.empty())
    return "--threads is for kernels on CPUs";
  if (options.gpu.isGPU() && options.cpu.rowBlock != 0)
    return "--row-block is for kernels on CPUs";
  if (!isNamePrefix(options.cpu.symbolPrefix))
    return "--symbol-prefix: no name in C begins with '" +
           options.cpu.symbolPrefix + "'";
  return "";
}

/// Whether the host's linker makes libraries for `triple`.
static bool isLinkedHere(StringRef triple) {
  llvm::Triple wanted(llvm::Triple::normalize(triple));
  llvm::Triple host(llvm::sys::getProcessTriple());
  return triple.empty() ||
         (wanted.getArch() == host.getArch() && wanted.getOS() == host.getOS());
}

/// Why a compilation for a GPU, or for none, cannot give this.
static std::string findGPUConflict(const CompileOptions &options,
                                   EmitKind kind) {
  if (!options.gpu.isGPU())
    return isKernelsAlone(kind) ? "PTX is for a GPU: --target=nvptx" : "";
  if (kind == EmitKind::Assembly)
    return "--target=nvptx: the assembly of a GPU is PTX, --emit=ptx";
  if (options.cpu.strided)
    return "--strided is for kernels on CPUs";
  if (!hasCFunctions(options, kind) && kind != EmitKind::MLIR)
    for (auto [option, value] :
         {std::pair("--mcpu", &options.target.cpu),
          std::pair("--mattr", &options.target.features),
          std::pair("--mtriple", &options.target.triple)})
      if (!value->empty())
        return std::string(option) + "=" + *value +
               " is for the functions that launch kernels, and kernels alone "
               "have none; --gpu-arch names a GPU";
  if (StringRef(options.target.cpu).contains(','))
    return "--mcpu=" + options.target.cpu +
           ": what launches kernels is for one CPU";
  if (StringRef(options.gpu.arch).contains(',') && kind != EmitKind::FatBinary)
    return "--gpu-arch=" + options.gpu.arch +
           ": only a fatbin holds kernels for several GPUs";
  return "";
}

std::string mlir::norm::findConflict(const CompileOptions &options,
                                     EmitKind kind, bool wantsHeader) {
  if (std::string conflict = findConflict(options); !conflict.empty())
    return conflict;
  if (std::string conflict = findGPUConflict(options, kind); !conflict.empty())
    return conflict;
  bool isMLIR = kind == EmitKind::MLIR || kind == EmitKind::VectorMLIR;
  if (isMLIR && StringRef(options.target.cpu).contains(','))
    return "--mcpu=" + options.target.cpu +
           ": MLIR is for one CPU, several are for machine code";
  if (kind == EmitKind::Shared && !isLinkedHere(options.target.triple))
    return "this machine links no shared library for '" +
           options.target.triple + "'; write an object, .o";
  if (wantsHeader && !hasCFunctions(options, kind))
    return kind == EmitKind::MLIR
               ? "--header: a graph has no C functions"
               : "--header: kernels alone have no C functions; write an "
                 "object, .o";
  return "";
}
