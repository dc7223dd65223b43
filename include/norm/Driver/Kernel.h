//===- Kernel.h - A kernel in this process, and calls of it -----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_KERNEL_H
#define NORM_DRIVER_KERNEL_H

#include "norm/CPU/CInterface.h"
#include "norm/Driver/Compile.h"
#include "norm/Driver/JIT.h"
#include "norm/Interpreter/Value.h"
#include "norm/Support/CudaDevice.h"
#include <memory>
#include <vector>

namespace mlir::norm {

/// Zeroed memory with guard bytes on both sides, which tell whether somebody
/// wrote outside.
class GuardedBuffer {
public:
  /// Null if there is no such memory.
  static std::unique_ptr<GuardedBuffer> allocate(size_t bytes);

  char *data() { return begin; }
  size_t size() const { return bytes; }
  /// Whether the guard bytes are what they were.
  bool isIntact() const;

  /// The bytes of each of the guards, and all of the memory with them.
  static constexpr size_t kGuardBytes = 64;
  MutableArrayRef<char> getGuarded() {
    return {begin - kGuardBytes, bytes + 2 * kGuardBytes};
  }

private:
  GuardedBuffer(char *memory, size_t bytes);

  std::unique_ptr<char[]> memory;
  char *begin;
  size_t bytes;
};

/// A function of a module, compiled for this machine.
class Kernel {
public:
  /// Compiles `module`, which has the target of this machine and is consumed,
  /// and links it. Errors are diagnostics.
  static FailureOr<std::unique_ptr<Kernel>>
  compile(ModuleOp module, StringRef function, CompileOptions options,
          const CompileObserver &observer = {});

  ~Kernel();

  /// The bytes of the object file.
  size_t getObjectSize() const { return objectSize; }

private:
  friend class KernelCall;
  /// The function of this kernel of a kind and, unless empty, a name.
  const CFunction *find(CFunctionKind kind, StringRef name = "") const;
  LogicalResult link(ModuleOp module, ArrayRef<char> object,
                     StringRef function);

  std::vector<CFunction> functions;
  const CFunction *kernel = nullptr;
  std::unique_ptr<LinkedObject> object;
  size_t objectSize = 0;
  /// Whether threads wait in the object's code for more work.
  bool hasThreads = false;
  /// Whether it runs kernels for a GPU.
  bool isEmulated = false;
};

/// The memory of a call, in that of a GPU.
struct DeviceCopy {
  /// Of each buffer, with its guards; 0 where there is none.
  std::vector<DeviceAddress> buffers;
  /// The parameters, and their addresses.
  std::vector<int64_t> words;
  std::vector<void *> values;
};

/// One set of arguments and memory for results, to call a kernel with, once or
/// often. Arguments that the kernel takes packed are packed here.
class KernelCall {
public:
  /// Errors, also those of packing, are diagnostics. Kernels for a GPU that is
  /// not emulated need the `device`.
  static FailureOr<std::unique_ptr<KernelCall>>
  prepare(Kernel &kernel, MLIRContext *context, ArrayRef<InterpValue> arguments,
          CudaDevice *device = nullptr);
  ~KernelCall();

  /// Calls the kernel; its status. On a GPU, waits for the results.
  int32_t run();
  /// The seconds of a call on a GPU, the mean of `count` in a row. They use
  /// different memory in turns, so that no cache has it.
  FailureOr<double> timeOnDevice(int64_t count);

  /// What a status other than 0 says.
  std::string describeStatus(int32_t status) const;

  /// The results that the last call wrote, as values of `types`, those of the
  /// function that the kernel was made of.
  SmallVector<InterpValue> getResults(TypeRange types) const;

  /// The parameter that the kernel wrote outside of; empty if all is well.
  std::string findOverrun() const;

  /// The bytes of all arguments and results, without the workspace.
  int64_t getBytes() const { return totalBytes; }
  /// The bytes of the workspace.
  int64_t getWorkspaceBytes() const { return workspaceBytes; }

private:
  KernelCall(Kernel &kernel, MLIRContext *context, CudaDevice *device)
      : kernel(kernel), context(context), device(device) {}

  LogicalResult init(ArrayRef<InterpValue> arguments);
  LogicalResult initParameter(const CParameter &parameter,
                              ArrayRef<InterpValue> arguments);
  LogicalResult initWorkspace();
  LogicalResult initPacked(const CParameter &parameter,
                           const InterpValue &argument);
  /// Makes memory for the parameter and passes its address; an error if there
  /// is too little.
  FailureOr<GuardedBuffer *> addBuffer(size_t bytes);
  /// Passes 8 bytes.
  void addWord(int64_t word);
  /// What a function of sizes returns; an error if it cannot be called.
  FailureOr<int64_t> callForBytes(const CFunction &function,
                                  ArrayRef<int64_t> sizes);
  /// Makes another copy of all memory on the GPU.
  LogicalResult addDeviceCopy();
  LogicalResult addDeviceBuffer(GuardedBuffer &buffer, DeviceCopy &copy);
  /// So many copies that no cache has what the next call needs.
  LogicalResult addDeviceCopies();
  int32_t runOnDevice();
  /// The address of a symbol; an error if it has none.
  FailureOr<void *> lookup(StringRef name);

  Kernel &kernel;
  MLIRContext *context;
  CudaDevice *device;
  std::vector<std::unique_ptr<DeviceCopy>> deviceCopies;
  int32_t (*invoke)(void **) = nullptr;
  SmallVector<int64_t> symbols;
  /// A parameter's memory, or null if it has none.
  std::vector<std::unique_ptr<GuardedBuffer>> buffers;
  /// What the parameters are: addresses, sizes, or the bytes of scalars.
  std::vector<int64_t> words;
  /// The addresses of the words.
  std::vector<void *> values;
  int64_t totalBytes = 0;
  int64_t workspaceBytes = 0;
};

} // namespace mlir::norm

#endif // NORM_DRIVER_KERNEL_H
