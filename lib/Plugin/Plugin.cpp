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

namespace {
/// A library that is open as long as this lives; null if it is not there.
class Library {
public:
  Library(const char *path, int flags) : handle(dlopen(path, flags)) {}
  Library(const Library &) = delete;
  Library &operator=(const Library &) = delete;
  ~Library() {
    if (handle)
      dlclose(handle);
  }
  explicit operator bool() const { return handle; }
  /// Libraries are alike if they are one.
  bool operator!=(const Library &other) const { return handle != other.handle; }
  /// What is called `name` there; null if nothing is.
  void *find(const char *name) const {
    return handle ? dlsym(handle, name) : nullptr;
  }

private:
  void *handle;
};
} // namespace

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
  Library mlir(path, RTLD_LAZY | RTLD_NOLOAD);
  auto getVersion =
      reinterpret_cast<void (*)(unsigned *, unsigned *, unsigned *)>(
          mlir.find("LLVMGetVersion"));
  if (getVersion) {
    unsigned major, minor, patch;
    getVersion(&major, &minor, &patch);
    if (major != LLVM_VERSION_MAJOR || minor != LLVM_VERSION_MINOR) {
      std::snprintf(message, sizeof(message),
                    "this program has LLVM/MLIR %u.%u.%u", major, minor, patch);
      return false;
    }
  }
  // By whatever name it was opened: that of the passes must be the same.
  Library needed(NORM_LIBMLIR, RTLD_LAZY | RTLD_NOLOAD);
  if (!needed || needed != mlir) {
    std::snprintf(message, sizeof(message),
                  "the MLIR of this program is in %s, not in a shared %s",
                  path ? path : "the program itself", NORM_LIBMLIR);
    return false;
  }
  return true;
}

/// The function called `name` of the file with the passes, which is beside this
/// one; null after a message.
static void *findInCode(const char *name, Message &message) {
  Dl_info info;
  static const char here = 0;
  if (!dladdr(&here, &info) || !info.dli_fname) {
    std::snprintf(message, sizeof(message), "it cannot find its own file");
    return nullptr;
  }
  const char *slash = std::strrchr(info.dli_fname, '/');
  int folder = slash ? static_cast<int>(slash + 1 - info.dli_fname) : 0;
  char path[4096];
  int length = std::snprintf(path, sizeof(path), "%.*s%s", folder,
                             info.dli_fname, NORM_CODE_FILE);
  if (length < 0 || length >= static_cast<int>(sizeof(path))) {
    std::snprintf(message, sizeof(message),
                  "the path of its folder is too long");
    return nullptr;
  }
  // It stays when it is closed: it is linked with -z nodelete.
  Library code(path, RTLD_NOW | RTLD_LOCAL);
  if (!code) {
    std::snprintf(message, sizeof(message), "it cannot load %s: %s", path,
                  dlerror());
    return nullptr;
  }
  void *function = code.find(name);
  if (!function)
    std::snprintf(message, sizeof(message), "%s has no %s", path, name);
  return function;
}

/// The function called `name` of the file with the passes, if the code at
/// `caller` is of the MLIR that it is for; null after a message on stderr.
static void *findFunction(void *caller, const char *name) {
  Message message;
  void *function =
      isOurMLIR(caller, message) ? findInCode(name, message) : nullptr;
  if (!function)
    std::fprintf(stderr,
                 "NormPlugin: not loaded: it is for LLVM/MLIR %d.%d, but %s\n",
                 LLVM_VERSION_MAJOR, LLVM_VERSION_MINOR, message);
  return function;
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
