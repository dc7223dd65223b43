//===- Main.cpp - Times kernels on a GPU ----------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program by itself: the kernels are in it, and it needs a driver of CUDA, no
// toolkit. docs/performance.md describes what it measures.
//
//===----------------------------------------------------------------------===//

#include "Bench.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace norm_bench;
using mlir::norm::CudaDevice;
using mlir::norm::DeviceAddress;

/// Exit statuses; those of norm-run.
enum { kDone = 0, kFailed = 1, kUsage = 2, kMismatch = 3, kNoDevice = 4 };

static constexpr char kUsageText[] =
    "usage: norm-gpu-bench [--filter=TEXT] [--bytes=N] [--rounds=N] [--list]\n"
    "\n"
    "Times the kernels whose names contain TEXT on the first GPU: with as "
    "many\n"
    "rows as move N bytes (268435456), and with 1, 8 and 64. Prints the "
    "median\n"
    "of the rounds (15), bytes per second, and those as a part of what a copy "
    "on\n"
    "the GPU moves, measured before. Exit status: 0 done, 1 the GPU fails, 2\n"
    "usage, 3 results are wrong, 4 there is no GPU\n";

namespace {
struct Options {
  std::string filter;
  int64_t bytes = int64_t(256) << 20;
  int64_t rounds = 15;
  bool list = false;
};

/// All that is timed on one GPU.
class Bench {
public:
  Bench(CudaDevice &device, const Options &options)
      : device(device), options(options) {}
  int run();

private:
  /// One kernel and number of rows; false after a message if the GPU fails.
  bool runCase(const Kernel &kernel, int64_t rows);
  bool runKernel(const Kernel &kernel);
  bool measureCopy();
  /// Memory for a call; that of the first has its arguments.
  bool allocate(const Kernel &kernel, int64_t rows, Buffers &buffers,
                const Buffers *first);
  bool fill(const Tensor &tensor, int64_t number, DeviceAddress to);
  /// The median seconds of a call; less than 0 if there is none.
  double measure(const std::function<bool(int64_t)> &call);
  void release();
  bool fail(const std::string &what);

  CudaDevice &device;
  const Options &options;
  std::vector<DeviceAddress> memory;
  /// Bytes per second of a copy, and seconds of a kernel that does nothing.
  double copyRate = 0, emptySeconds = 0;
  bool isWrong = false;
};
} // namespace

bool Bench::fail(const std::string &what) {
  std::fprintf(stderr, "norm-gpu-bench: %s: %s\n", what.c_str(),
               device.getError().c_str());
  return false;
}

void Bench::release() {
  for (DeviceAddress address : memory)
    device.free(address);
  memory.clear();
}

double Bench::measure(const std::function<bool(int64_t)> &call) {
  constexpr double kSecondsARound = 2e-3;
  constexpr int64_t kMostCalls = 1 << 16;
  auto timeCalls = [&](int64_t count) {
    double seconds = 0;
    bool isDone = device.time(
        [&]() {
          for (int64_t i = 0; i < count; ++i)
            if (!call(i))
              return false;
          return true;
        },
        seconds);
    return isDone ? seconds : -1;
  };
  int64_t count = 1;
  while (count < kMostCalls) {
    double seconds = timeCalls(count);
    if (seconds < 0)
      return seconds;
    if (seconds >= kSecondsARound)
      break;
    count *= 2;
  }
  std::vector<double> times;
  for (int64_t round = 0; round < options.rounds; ++round) {
    double seconds = timeCalls(count);
    if (seconds < 0)
      return seconds;
    times.push_back(seconds / static_cast<double>(count));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

bool Bench::measureCopy() {
  int64_t half = options.bytes / 2;
  for (int i = 0; i < 2; ++i) {
    memory.push_back(device.allocate(half));
    if (memory.back() == 0 || !device.fill(memory.back(), 0, half))
      return fail("no memory for a copy");
  }
  double seconds =
      measure([&](int64_t) { return device.copy(memory[1], memory[0], half); });
  release();
  if (seconds <= 0)
    return fail("the copy cannot be timed");
  copyRate = static_cast<double>(2 * half) / seconds;
  return true;
}

bool Bench::fill(const Tensor &tensor, int64_t number, DeviceAddress to) {
  // As many numbers as getNumber has.
  constexpr int64_t kPeriod = 1048573;
  int64_t bytes = static_cast<int64_t>(getBytes(tensor.type));
  int64_t count = std::min(kPeriod, tensor.elements);
  std::vector<char> numbers(count * bytes);
  for (int64_t i = 0; i < count; ++i)
    store(tensor.type, getNumber(number, i), numbers.data() + i * bytes);
  for (int64_t begin = 0; begin < tensor.elements; begin += kPeriod)
    if (!device.upload(to + begin * bytes, numbers.data(),
                       std::min(count, tensor.elements - begin) * bytes))
      return false;
  return true;
}

bool Bench::allocate(const Kernel &kernel, int64_t rows, Buffers &buffers,
                     const Buffers *first) {
  for (const Tensor &tensor : getTensors(kernel, rows)) {
    auto number = static_cast<int64_t>(buffers.tensors.size());
    size_t bytes = tensor.elements * getBytes(tensor.type);
    DeviceAddress address = device.allocate(bytes);
    memory.push_back(address);
    if (address == 0)
      return fail("no memory");
    bool isFilled = true;
    if (tensor.isResult)
      isFilled = device.fill(address, 0xff, bytes);
    else if (first)
      isFilled = device.copy(
          address,
          reinterpret_cast<DeviceAddress>(first->tensors[number].address),
          bytes);
    else
      isFilled = fill(tensor, number, address);
    if (!isFilled)
      return fail("memory cannot be filled");
    buffers.tensors.push_back({reinterpret_cast<void *>(address)});
  }
  if (size_t bytes = kernel.getWorkspaceBytes(rows)) {
    memory.push_back(device.allocate(bytes));
    if (memory.back() == 0)
      return fail("no memory for the workspace");
    buffers.workspace = reinterpret_cast<void *>(memory.back());
  }
  return true;
}

bool Bench::runCase(const Kernel &kernel, int64_t rows) {
  double bytes = 0;
  for (const Tensor &tensor : getTensors(kernel, rows))
    bytes += static_cast<double>(tensor.elements * getBytes(tensor.type));
  // Calls use different memory in turns, so that no cache has what they need.
  constexpr int64_t kMostCopies = 64;
  auto wanted = static_cast<int64_t>(
      4 * static_cast<double>(device.getCacheBytes()) / bytes);
  std::vector<Buffers> copies(std::min(kMostCopies, wanted + 1));
  for (Buffers &buffers : copies)
    if (!allocate(kernel, rows, buffers,
                  &buffers == &copies.front() ? nullptr : &copies.front()))
      return false;
  int status = 0;
  auto call = [&](int64_t i) {
    const Buffers &buffers = copies[i % copies.size()];
    status = kernel.run(buffers.tensors.data(), rows, buffers.workspace);
    return status == 0;
  };
  std::string name = kernel.getName();
  if (!call(0))
    return fail(name + ": " + getStatusMessage(status));
  if (!device.synchronize())
    return fail(name);
  double error = findError(device, kernel, rows, copies.front());
  double seconds = error < 0 ? -1 : measure(call);
  release();
  if (seconds < 0)
    return fail(name + ": " + getStatusMessage(status));
  if (kernel.op == std::string("empty")) {
    emptySeconds = seconds;
    return true;
  }
  bool isRight = error <= 1;
  isWrong |= !isRight;
  double rate = bytes / seconds;
  double least = emptySeconds + bytes / copyRate;
  std::printf("| %-22s | %8lld | %9.2f | %7.0f | %6.3f | %6.2f | %s |\n",
              name.c_str(), static_cast<long long>(rows), seconds * 1e6,
              rate * 1e-9, rate / copyRate, seconds / least,
              isRight ? "yes" : "WRONG");
  std::fflush(stdout);
  return true;
}

bool Bench::runKernel(const Kernel &kernel) {
  if (kernel.isGroup() || kernel.op == std::string("empty"))
    return runCase(kernel, 1);
  double bytesOfRow = 0;
  for (const Tensor &tensor : getTensors(kernel, 1))
    if (!tensor.isShared)
      bytesOfRow +=
          static_cast<double>(tensor.elements * getBytes(tensor.type));
  auto many = static_cast<int64_t>(
      std::ceil(static_cast<double>(options.bytes) / bytesOfRow));
  for (int64_t rows : {many, int64_t(1), int64_t(8), int64_t(64)})
    if (!runCase(kernel, rows))
      return false;
  return true;
}

int Bench::run() {
  if (!measureCopy() || !runKernel(getKernels().back()))
    return kFailed;
  std::printf("%s, sm_%u. A copy moves %.0f GB/s, read and written; a kernel "
              "that does nothing takes %.2f us.\n\n",
              device.getName().c_str(), device.getComputeCapability(),
              copyRate * 1e-9, emptySeconds * 1e6);
  std::printf("| kernel                 |     rows |        us |    GB/s | / "
              "copy | / least | right |\n"
              "|------------------------|---------:|----------:|--------:|---"
              "----:|-------:|------:|\n");
  for (const Kernel &kernel : getKernels())
    if (kernel.op != std::string("empty") &&
        kernel.getName().find(options.filter) != std::string::npos &&
        !runKernel(kernel))
      return kFailed;
  return isWrong ? kMismatch : kDone;
}

/// The number behind `name` in `argument`; false if there is none above 0.
static bool readNumber(const char *argument, const char *name,
                       int64_t &number) {
  size_t length = std::strlen(name);
  if (std::strncmp(argument, name, length) != 0)
    return false;
  char *end = nullptr;
  long long value = std::strtoll(argument + length, &end, 10);
  if (end == argument + length || *end != '\0' || value <= 0)
    return false;
  number = value;
  return true;
}

int main(int argc, char **argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument == "--list") {
      options.list = true;
    } else if (argument.rfind("--filter=", 0) == 0) {
      options.filter = argument.substr(std::strlen("--filter="));
    } else if (!readNumber(argv[i], "--bytes=", options.bytes) &&
               !readNumber(argv[i], "--rounds=", options.rounds)) {
      std::fputs(kUsageText, stderr);
      return kUsage;
    }
  }
  if (options.list) {
    for (const Kernel &kernel : getKernels())
      if (kernel.op != std::string("empty"))
        std::printf("%s\n", kernel.getName().c_str());
    return kDone;
  }
  std::string why;
  std::unique_ptr<CudaDevice> device = CudaDevice::open(why);
  if (!device) {
    std::fprintf(stderr, "norm-gpu-bench: %s\n", why.c_str());
    return kNoDevice;
  }
  return Bench(*device, options).run();
}
