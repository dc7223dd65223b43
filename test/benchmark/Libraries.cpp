//===- Libraries.cpp - Contenders that are plug-ins or compiled kernels ---===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contender.h"
#include "Memory.h"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <memory>
#include <set>

using namespace bench;

template <typename F> static F symbol(void *library, const char *name) {
  return reinterpret_cast<F>(dlsym(library, name));
}

/// The plug-in at the path as a contender, with an empty name where it cannot
/// be loaded.
static Contender loadPlugin(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    std::fprintf(stderr, "norm-bench: %s\n", dlerror());
    return {};
  }
  auto name = symbol<const char *(*)()>(library, "benchPluginName");
  auto make =
      symbol<void *(*)(const Case *, const Data *)>(library, "benchPluginMake");
  auto run = symbol<void (*)(void *)>(library, "benchPluginRun");
  auto free = symbol<void (*)(void *)>(library, "benchPluginFree");
  if (!name || !make || !run || !free)
    return {};
  return {name(), [=](const Case &c, const Data &d) -> Runner {
            void *work = make(&c, &d);
            if (!work)
              return {};
            std::shared_ptr<void> owner(work, free);
            return [owner, run] { run(owner.get()); };
          }};
}

std::vector<Contender> bench::libraries() {
  std::vector<Contender> all;
  for (const char *path : {NORM_BENCH_PLUGINS}) {
    Contender contender = loadPlugin(path);
    if (!contender.name.empty())
      all.push_back(contender);
  }
  return all;
}

static Runner makeKernel(const std::string &contender, const Case &c,
                         const Data &d) {
  static const std::vector<Kernel> kernels = allKernels();
  for (const Kernel &kernel : kernels) {
    if (c.name != kernel.caseName || contender != kernel.contender)
      continue;
    std::shared_ptr<void> workspace = allocateOwn(kernel.workspaceSize(c));
    std::vector<std::shared_ptr<void>> owners;
    std::vector<const void *> packed;
    for (const PackedWeight &weight : kernel.weights) {
      owners.push_back(allocateOwn(weight.size()));
      packed.push_back(owners.back().get());
      if (weight.pack(d, owners.back().get()) != 0)
        return {};
    }
    auto run = kernel.run;
    int status = run(c, d, workspace.get(), packed.data());
    if (status != 0) {
      std::fprintf(stderr, "norm-bench: %s returns status %d\n", kernel.name,
                   status);
      return {};
    }
    return [=, owners = std::move(owners)] {
      run(c, d, workspace.get(), packed.data());
    };
  }
  return {};
}

std::vector<Contender> bench::compiledKernels() {
  std::set<std::string> names;
  for (const Kernel &kernel : allKernels())
    names.insert(kernel.contender);
  std::vector<Contender> all;
  for (const std::string &name : names)
    all.push_back({name, [name](const Case &c, const Data &d) {
                     return makeKernel(name, c, d);
                   }});
  return all;
}
