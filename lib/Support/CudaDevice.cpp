//===- CudaDevice.cpp - Memory and time of a GPU --------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions are those of the CUDA Driver API, whose types are declared here
// by hand.
//
//===----------------------------------------------------------------------===//

#include "norm/Support/CudaDevice.h"

#include <cstring>
#include <dlfcn.h>

using namespace mlir::norm;

/// Values of CUdevice_attribute.
enum { kCacheBytes = 38, kMajor = 75, kMinor = 76 };

struct CudaDevice::Driver {
  int (*init)(unsigned);
  int (*getCount)(int *);
  int (*getDevice)(int *, int);
  int (*getName)(char *, int, int);
  int (*getAttribute)(int *, int, int);
  int (*retainContext)(void **, int);
  int (*setContext)(void *);
  int (*synchronize)();
  int (*allocate)(DeviceAddress *, size_t);
  int (*free)(DeviceAddress);
  int (*upload)(DeviceAddress, const void *, size_t);
  int (*download)(void *, DeviceAddress, size_t);
  int (*copy)(DeviceAddress, DeviceAddress, size_t, void *);
  int (*fill)(DeviceAddress, unsigned char, size_t, void *);
  int (*createEvent)(void **, unsigned);
  int (*recordEvent)(void *, void *);
  int (*waitForEvent)(void *);
  int (*getTime)(float *, void *, void *);
  int (*destroyEvent)(void *);
  int (*getErrorString)(int, const char **);

  /// Empty, or the function that the library lacks.
  std::string load(void *library);
};

std::string CudaDevice::Driver::load(void *library) {
  std::string missing;
  auto find = [&](const char *name, auto &function) {
    void *address = dlsym(library, name);
    static_assert(sizeof(function) == sizeof(address));
    std::memcpy(&function, &address, sizeof(address));
    if (!address && missing.empty())
      missing = name;
  };
  find("cuInit", init);
  find("cuDeviceGetCount", getCount);
  find("cuDeviceGet", getDevice);
  find("cuDeviceGetName", getName);
  find("cuDeviceGetAttribute", getAttribute);
  find("cuDevicePrimaryCtxRetain", retainContext);
  find("cuCtxSetCurrent", setContext);
  find("cuCtxSynchronize", synchronize);
  find("cuMemAlloc_v2", allocate);
  find("cuMemFree_v2", free);
  find("cuMemcpyHtoD_v2", upload);
  find("cuMemcpyDtoH_v2", download);
  find("cuMemcpyDtoDAsync_v2", copy);
  find("cuMemsetD8Async", fill);
  find("cuEventCreate", createEvent);
  find("cuEventRecord", recordEvent);
  find("cuEventSynchronize", waitForEvent);
  find("cuEventElapsedTime", getTime);
  find("cuEventDestroy_v2", destroyEvent);
  find("cuGetErrorString", getErrorString);
  return missing;
}

CudaDevice::CudaDevice() : driver(new Driver()) {}

CudaDevice::~CudaDevice() {
  for (void *event : events)
    if (event)
      driver->destroyEvent(event);
}

bool CudaDevice::check(int result, const char *what) {
  if (result == 0)
    return true;
  const char *text = nullptr;
  if (driver->getErrorString(result, &text) != 0 || !text)
    text = "an unknown error";
  error = std::string(what) + ": " + text + " (" + std::to_string(result) + ")";
  return false;
}

std::unique_ptr<CudaDevice> CudaDevice::open(std::string &error) {
  constexpr char kName[] = "libcuda.so.1";
  void *library = dlopen(kName, RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    const char *why = dlerror();
    error = std::string("there is no driver of CUDA: ") + (why ? why : kName);
    return nullptr;
  }
  std::unique_ptr<CudaDevice> device(new CudaDevice());
  if (std::string missing = device->driver->load(library); !missing.empty()) {
    error = "the driver of CUDA is too old: it lacks " + missing;
    return nullptr;
  }
  if (!device->init()) {
    error = "there is no GPU: " + device->error;
    return nullptr;
  }
  return device;
}

bool CudaDevice::init() {
  int count = 0, handle = 0, major = 0, minor = 0, cache = 0;
  char text[256] = "";
  void *context = nullptr;
  if (!check(driver->init(0), "cuInit") ||
      !check(driver->getCount(&count), "cuDeviceGetCount"))
    return false;
  if (count == 0) {
    error = "the driver of CUDA finds none";
    return false;
  }
  if (!check(driver->getDevice(&handle, 0), "cuDeviceGet") ||
      !check(driver->getName(text, sizeof(text) - 1, handle),
             "cuDeviceGetName") ||
      !check(driver->getAttribute(&major, kMajor, handle),
             "cuDeviceGetAttribute") ||
      !check(driver->getAttribute(&minor, kMinor, handle),
             "cuDeviceGetAttribute") ||
      !check(driver->getAttribute(&cache, kCacheBytes, handle),
             "cuDeviceGetAttribute") ||
      !check(driver->retainContext(&context, handle),
             "cuDevicePrimaryCtxRetain") ||
      !check(driver->setContext(context), "cuCtxSetCurrent"))
    return false;
  for (void *&event : events)
    if (!check(driver->createEvent(&event, 0), "cuEventCreate"))
      return false;
  name = text;
  computeCapability = static_cast<unsigned>(10 * major + minor);
  cacheBytes = static_cast<size_t>(cache);
  return true;
}

DeviceAddress CudaDevice::allocate(size_t bytes) {
  DeviceAddress address = 0;
  return check(driver->allocate(&address, bytes == 0 ? 1 : bytes), "cuMemAlloc")
             ? address
             : 0;
}

void CudaDevice::free(DeviceAddress address) {
  if (address != 0)
    (void)check(driver->free(address), "cuMemFree");
}

bool CudaDevice::upload(DeviceAddress to, const void *from, size_t bytes) {
  return bytes == 0 || check(driver->upload(to, from, bytes), "cuMemcpyHtoD");
}

bool CudaDevice::download(void *to, DeviceAddress from, size_t bytes) {
  return bytes == 0 || check(driver->download(to, from, bytes), "cuMemcpyDtoH");
}

bool CudaDevice::copy(DeviceAddress to, DeviceAddress from, size_t bytes) {
  return bytes == 0 ||
         check(driver->copy(to, from, bytes, nullptr), "cuMemcpyDtoDAsync");
}

bool CudaDevice::fill(DeviceAddress to, unsigned char byte, size_t bytes) {
  return bytes == 0 ||
         check(driver->fill(to, byte, bytes, nullptr), "cuMemsetD8Async");
}

bool CudaDevice::synchronize() {
  return check(driver->synchronize(), "cuCtxSynchronize");
}

bool CudaDevice::time(const std::function<bool()> &launch, double &seconds) {
  float milliseconds = 0;
  if (!check(driver->recordEvent(events[0], nullptr), "cuEventRecord") ||
      !launch() ||
      !check(driver->recordEvent(events[1], nullptr), "cuEventRecord") ||
      !check(driver->waitForEvent(events[1]), "cuEventSynchronize") ||
      !check(driver->getTime(&milliseconds, events[0], events[1]),
             "cuEventElapsedTime"))
    return false;
  seconds = static_cast<double>(milliseconds) * 1e-3;
  return true;
}
