//===- Cuda.c - Launches of kernels by CUDA's driver ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The driver is loaded when the first kernel is launched: programs are built
// and linked without CUDA, and start on machines that have none. The functions
// are those of the CUDA Driver API, whose types are declared here by hand.
//
//===----------------------------------------------------------------------===//

#include "Runtime.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { kNoDevice = 5, kDeviceError = 6, kBadSize = 1 };
/* The most blocks of a grid. */
static const int64_t kMaxGrid = 0x7fffffff;

typedef int CUresult;
typedef int CUdevice;
typedef struct CUctx_st *CUcontext;
typedef struct CUmod_st *CUmodule;
typedef struct CUfunc_st *CUfunction;
typedef struct CUstream_st *CUstream;

struct driver {
  CUresult (*init)(unsigned flags);
  CUresult (*getDevice)(CUdevice *device, int ordinal);
  CUresult (*retainContext)(CUcontext *context, CUdevice device);
  CUresult (*getContext)(CUcontext *context);
  CUresult (*setContext)(CUcontext context);
  CUresult (*loadModule)(CUmodule *module, const void *image);
  CUresult (*getFunction)(CUfunction *function, CUmodule module,
                          const char *name);
  CUresult (*launch)(CUfunction function, unsigned gridX, unsigned gridY,
                     unsigned gridZ, unsigned blockX, unsigned blockY,
                     unsigned blockZ, unsigned sharedBytes, CUstream stream,
                     void **arguments, void **extra);
};

/* A kernel in a context; contexts are seldom many, and never end in most
 * programs. */
struct entry {
  CUcontext context;
  const char *image;
  const char *name;
  CUmodule module;
  CUfunction function;
  struct entry *next;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct driver driver;
static int state; /* 0: not loaded yet, 1: loaded, -1: not there. */
static struct entry *entries;

static int findFunction(void *library, const char *name, void *function) {
  void *address = dlsym(library, name);
  memcpy(function, &address, sizeof(address));
  return address != NULL;
}

static int loadDriver(void) {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL);
  if (!library)
    return 0;
  return findFunction(library, "cuInit", &driver.init) &&
         findFunction(library, "cuDeviceGet", &driver.getDevice) &&
         findFunction(library, "cuDevicePrimaryCtxRetain",
                      &driver.retainContext) &&
         findFunction(library, "cuCtxGetCurrent", &driver.getContext) &&
         findFunction(library, "cuCtxSetCurrent", &driver.setContext) &&
         findFunction(library, "cuModuleLoadData", &driver.loadModule) &&
         findFunction(library, "cuModuleGetFunction", &driver.getFunction) &&
         findFunction(library, "cuLaunchKernel", &driver.launch) &&
         driver.init(0) == 0;
}

/* The current context, or that of the runtime API on the first device. */
static CUcontext findContext(void) {
  CUcontext context = NULL;
  CUdevice device;
  if (driver.getContext(&context) == 0 && context)
    return context;
  if (driver.getDevice(&device, 0) != 0 ||
      driver.retainContext(&context, device) != 0 ||
      driver.setContext(context) != 0)
    return NULL;
  return context;
}

/* The kernel, loaded at its first launch in the context. */
static int findKernel(const char *image, const char *name,
                      CUfunction *function) {
  CUcontext context;
  struct entry *entry;
  CUmodule module = NULL;
  if (state == 0)
    state = loadDriver() ? 1 : -1;
  if (state < 0 || !(context = findContext()))
    return kNoDevice;
  for (entry = entries; entry; entry = entry->next) {
    if (entry->context != context || entry->image != image)
      continue;
    module = entry->module;
    if (entry->name == name) {
      *function = entry->function;
      return 0;
    }
  }
  if (!module && driver.loadModule(&module, image) != 0)
    return kDeviceError;
  if (driver.getFunction(function, module, name) != 0 ||
      !(entry = malloc(sizeof(*entry))))
    return kDeviceError;
  entry->context = context;
  entry->image = image;
  entry->name = name;
  entry->module = module;
  entry->function = *function;
  entry->next = entries;
  entries = entry;
  return 0;
}

void norm_cuda_launch(struct norm_launch *launch, const char *image,
                      const char *name, int64_t grid, int32_t block,
                      void **arguments) {
  CUfunction function;
  int status;
  if (launch->status != 0 || grid == 0)
    return;
  if (grid < 0 || grid > kMaxGrid) {
    launch->status = kBadSize;
    return;
  }
  pthread_mutex_lock(&mutex);
  status = findKernel(image, name, &function);
  pthread_mutex_unlock(&mutex);
  if (status == 0 &&
      driver.launch(function, (unsigned)grid, 1, 1, (unsigned)block, 1, 1, 0,
                    (CUstream)launch->stream, arguments, NULL) != 0)
    status = kDeviceError;
  launch->status = status;
}
