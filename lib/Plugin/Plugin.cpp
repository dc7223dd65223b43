//===- Plugin.cpp - The dialect and the passes as a plugin ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// This file is linked with neither MLIR nor LLVM: see CMakeLists.txt.
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "llvm/Config/llvm-config.h"
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <link.h>

/// Long enough for two paths and a sentence.
using Message = char[8192];

/// What follows the last slash of a path.
static const char *getFileName(const char *path) {
  const char *slash = std::strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/// Whether the code at `caller` is that of the libMLIR that the passes are
/// linked with; if not, `message` says what it is.
///
/// Versions of plugins' interfaces say little: that of MLIR 19 has the number
/// of that of MLIR 22, and other TypeIDs, vtables and functions behind it.
static bool isOurMLIR(void *caller, Message &message) {
  Dl_info info;
  link_map *object = nullptr;
  if (!dladdr1(caller, &info, reinterpret_cast<void **>(&object),
               RTLD_DL_LINKMAP)) {
    std::snprintf(message, sizeof(message),
                  "nothing is known about the MLIR of this program");
    return false;
  }
  // The name of the program itself is empty.
  const char *path = *object->l_name ? object->l_name : nullptr;
  void *handle = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
  auto getVersion =
      reinterpret_cast<void (*)(unsigned *, unsigned *, unsigned *)>(
          handle ? dlsym(handle, "LLVMGetVersion") : nullptr);
  if (getVersion) {
    unsigned major, minor, patch;
    getVersion(&major, &minor, &patch);
    if (major != LLVM_VERSION_MAJOR || minor != LLVM_VERSION_MINOR) {
      std::snprintf(message, sizeof(message),
                    "this program has LLVM/MLIR %u.%u.%u", major, minor, patch);
      return false;
    }
  }
  if (!path || std::strcmp(getFileName(path), NORM_LIBMLIR) != 0) {
    std::snprintf(message, sizeof(message),
                  "the MLIR of this program is in %s, not in a shared %s",
                  path ? path : "the program itself", NORM_LIBMLIR);
    return false;
  }
  return true;
}

/// Loads the file with the passes, which is beside this one; null after a
/// message.
static void *loadCode(Message &message) {
  Dl_info info;
  static const char here = 0;
  if (!dladdr(&here, &info) || !info.dli_fname) {
    std::snprintf(message, sizeof(message), "it cannot find its own file");
    return nullptr;
  }
  const char *file = getFileName(info.dli_fname);
  char path[4096];
  int length = std::snprintf(path, sizeof(path), "%.*s%s",
                             static_cast<int>(file - info.dli_fname),
                             info.dli_fname, NORM_CODE_FILE);
  void *handle = length < static_cast<int>(sizeof(path))
                     ? dlopen(path, RTLD_NOW | RTLD_LOCAL)
                     : nullptr;
  if (!handle)
    std::snprintf(message, sizeof(message), "it cannot load %s: %s", path,
                  dlerror());
  return handle;
}

/// The function called `name` of the file with the passes, if the code at
/// `caller` is of the MLIR that it is for; null after a message on stderr.
static void *findFunction(void *caller, const char *name) {
  Message message;
  void *handle = isOurMLIR(caller, message) ? loadCode(message) : nullptr;
  if (!handle) {
    std::fprintf(stderr,
                 "NormPlugin: not loaded: it is for LLVM/MLIR %d.%d, but %s\n",
                 LLVM_VERSION_MAJOR, LLVM_VERSION_MINOR, message);
    return nullptr;
  }
  return dlsym(handle, name);
}

/// No version that MLIR has had: who asks refuses the plugin.
static constexpr uint32_t kRefused = 0;

extern "C" ::mlir::DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
  auto function = reinterpret_cast<void (*)(mlir::DialectRegistry *)>(
      findFunction(__builtin_return_address(0), "normPluginRegisterDialects"));
  return {function ? uint32_t(MLIR_PLUGIN_API_VERSION) : kRefused, "NormPlugin",
          NORM_VERSION, function};
}

extern "C" ::mlir::PassPluginLibraryInfo mlirGetPassPluginInfo() {
  auto function = reinterpret_cast<void (*)()>(
      findFunction(__builtin_return_address(0), "normPluginRegisterPasses"));
  return {function ? uint32_t(MLIR_PLUGIN_API_VERSION) : kRefused, "NormPlugin",
          NORM_VERSION, function};
}
