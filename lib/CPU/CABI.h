//===- CABI.h - The parts of norm-c-abi -----------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_CABI_H
#define NORM_CPU_CABI_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/IntegerSet.h"
#include "norm/CPU/CInterface.h"
#include "norm/CPU/ElementSize.h"
#include "norm/Support/Status.h"

namespace mlir::norm {

/// Bytes before packed data; the first 8 hold the tag.
constexpr int64_t kPackHeaderBytes = 64;
/// What every temporary in the workspace is aligned to.
constexpr int64_t kWorkspaceAlignment = 64;
/// The bytes, SIZE_MAX in C, of a workspace that no address space has room for.
constexpr int64_t kTooManyBytes = -1;

//===----------------------------------------------------------------------===//
// What a function takes
//===----------------------------------------------------------------------===//

/// An argument of the memref-level function: a tensor or a scalar.
struct KernelArgument {
  std::string name;
  bool isResult = false;
  /// The tag of packed data.
  std::optional<int64_t> tag;
  /// Whether its leading dim are the rows, each computed alone.
  bool hasRows = false;
  /// The number of rows that C programs pass; any number if absent.
  std::optional<int64_t> numRows;
  /// The tensor type of the source (before packing), or the scalar type.
  Type type;
  /// The type in the function; null for scalars.
  MemRefType buffer;
  /// The sizes of `type` over the symbols.
  AffineMap sizes;

  bool isTensor() const { return static_cast<bool>(buffer); }
};

/// A size or stride that the caller passes: of a dim of an argument.
struct SizeParameter {
  std::string name;
  unsigned argument;
  unsigned dim;
};

/// What a symbol stands for: a size parameter or a number.
struct KernelSymbol {
  std::optional<unsigned> size;
  int64_t constant = 0;
};

/// A memref-level function as its C functions see it.
struct KernelInterface {
  /// The name in C, and that of the source's function.
  std::string name, source;
  SmallVector<KernelArgument> arguments;
  SmallVector<SizeParameter> sizes;
  /// Whether tensors have strides, and the strides that the caller passes.
  bool isStrided = false;
  SmallVector<SizeParameter> strides;
  SmallVector<KernelSymbol> symbols;
  /// The arguments that are integers, which the constraints have as symbols
  /// behind those of the sizes.
  SmallVector<unsigned> scalars;
  /// What must hold beyond equal symbols.
  std::optional<IntegerSet> constraints;
  /// The threads that the kernel uses by itself: none if empty, or "pool" or
  /// "openmp", as functions of lib/Runtime are named.
  std::string threads;
  /// The target and other attributes of all functions made for it.
  ArrayAttr passthrough;

  /// Reads `function`; diagnoses what has no C counterpart.
  static FailureOr<KernelInterface> get(func::FuncOp function, StringRef prefix,
                                        StringRef suffix = "");

  /// The function that returns the bytes for one worker.
  std::string getWorkspaceName() const {
    return name + (threads.empty() ? "_workspace" : ".workspace");
  }

  /// The sizes of `argument` with the numbers that symbols stand for.
  AffineMap getCallerSizes(const KernelArgument &argument) const;

  /// The parameters of a C function: arguments, results and sizes.
  SmallVector<CParameter> getParameters() const;
  /// Their types; tensors are memrefs of rank 0 with the address.
  SmallVector<Type> getParameterTypes(MLIRContext *context) const;
};

/// How C passes a scalar of `type`.
Type getCScalarType(Type type);
/// The memref of rank 0 that stands for the address of the tensor `argument`.
MemRefType getPointerType(const KernelArgument &argument);

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

/// The values of the symbols, as indices, given the size parameters (i64).
SmallVector<Value> emitSymbols(ImplicitLocOpBuilder &builder,
                               const KernelInterface &kernel,
                               ValueRange sizeParameters);
/// The value of an expression over symbols, an index.
Value emitExpr(ImplicitLocOpBuilder &builder, AffineExpr expr,
               ValueRange symbols);
/// The address in `pointer`, a memref of rank 0, as i64.
Value emitAddress(ImplicitLocOpBuilder &builder, Value pointer);
/// The memref of rank 0 of `type` at `address`, an !llvm.ptr.
Value emitPointer(ImplicitLocOpBuilder &builder, Value address,
                  MemRefType type);
/// `pointer`, a memref of rank 0, moved on by `bytes`, an i64.
Value emitMovedPointer(ImplicitLocOpBuilder &builder, Value pointer,
                       Value bytes);

/// Declares a function of lib/Runtime in the module of `before`.
LLVM::LLVMFuncOp declareRuntime(func::FuncOp before, StringRef name,
                                LLVM::LLVMFunctionType type);

/// Whether a result has elements, given checked sizes.
Value emitHasElements(ImplicitLocOpBuilder &builder,
                      const KernelInterface &kernel, ValueRange symbols);
/// The status `code` of argument `argument`.
Value emitStatus(ImplicitLocOpBuilder &builder, Status code, unsigned argument);
/// Whether `status` is that of success.
Value emitIsOk(ImplicitLocOpBuilder &builder, Value status);
/// Whether an assertion is left in `function`: its body returns a status then.
bool hasAssertions(func::FuncOp function);
/// Calls `body`; returns its status, that of success if it has none.
Value emitBodyCall(ImplicitLocOpBuilder &builder, func::FuncOp body,
                   ValueRange operands);
/// If `status` is that of success and a result has elements, the status that
/// `run`, called in a branch, returns; else `status`.
Value emitRun(ImplicitLocOpBuilder &builder, const KernelInterface &kernel,
              Value status, ValueRange symbols, function_ref<Value()> run);

/// Hides `function` from everything outside the object.
void makeInternal(func::FuncOp function);
/// A new function in front of `before` with an empty entry block. Only public
/// ones are seen from outside the object.
func::FuncOp createFunction(Operation *before, StringRef name,
                            ArrayRef<Type> inputs, ArrayRef<Type> results,
                            const KernelInterface &kernel, bool isPublic);

/// Turns the memref-level `function` into the body of the kernel: a private
/// function of addresses, symbols and the workspace. Its temporaries become
/// parts of the workspace, whose size the new function `<name>_workspace`
/// returns. Returns the size if it is constant.
FailureOr<std::optional<int64_t>> makeBody(func::FuncOp function,
                                           const KernelInterface &kernel);

/// Moves the top-level allocations of `body` to `workspace` (an argument of it)
/// and creates the function that returns its size in bytes.
FailureOr<std::optional<int64_t>> planWorkspace(func::FuncOp body,
                                                const KernelInterface &kernel,
                                                ValueRange symbols,
                                                Value workspace);

/// A parameter behind the kernel's own.
struct ExtraParameter {
  StringRef name;
  CParameterRole role;
  /// The position that a status names.
  unsigned argument;
};

/// Describes `function` as one of `kernel`'s, with its parameters (or just the
/// sizes) and then `extra`.
void describeFunction(func::FuncOp function, CFunctionKind kind,
                      const KernelInterface &kernel,
                      ArrayRef<ExtraParameter> extra = {},
                      std::optional<int64_t> constant = std::nullopt,
                      std::optional<int64_t> most = std::nullopt);

/// Creates the function that checks the parameters of the kernel and returns a
/// status.
func::FuncOp makeCheck(func::FuncOp body, const KernelInterface &kernel,
                       std::optional<int64_t> workspaceBytes);

/// Creates the kernel's function that C programs call.
func::FuncOp makeEntry(func::FuncOp body, func::FuncOp check,
                       const KernelInterface &kernel);
/// The same of a body that launches kernels on a device: it gets the address of
/// a norm_launch of lib/Runtime, behind its other arguments.
func::FuncOp makeDeviceEntry(func::FuncOp body, func::FuncOp check,
                             const KernelInterface &kernel);
/// The symbol that counts the rows; none if blocks of rows of the kernel cannot
/// be computed alone.
std::optional<unsigned> getRowSymbol(const KernelInterface &kernel);
/// The address of row `row` (an index) of `argument`.
Value emitRow(ImplicitLocOpBuilder &builder, const KernelArgument &argument,
              Value pointer, ValueRange symbols, Value row);
/// The entry that computes a block of rows.
void makeRows(func::FuncOp body, func::FuncOp check,
              const KernelInterface &kernel);
/// The entry that lets several workers compute the rows, and the function that
/// returns the bytes of their workspaces.
void makeParallel(func::FuncOp body, func::FuncOp check,
                  const KernelInterface &kernel);
/// The type of a norm_parallel_for.
LLVM::LLVMFunctionType getParallelForType(MLIRContext *context);
/// Hands the rows out as tasks. `operands` are those of the body, with the
/// workspace of all workers; `parallel` are a norm_parallel_for, its context
/// and the number of workers.
void emitTasks(ImplicitLocOpBuilder &builder, func::FuncOp body,
               const KernelInterface &kernel, ValueRange operands,
               ValueRange sizes, ValueRange parallel);
/// The bytes of the workspaces of `workers` (an i32), kTooManyBytes if there
/// are too many.
Value emitAllWorkspaces(ImplicitLocOpBuilder &builder,
                        const KernelInterface &kernel, ValueRange sizes,
                        Value workers);
/// Computes all rows by as many of the kernel's own threads as are worth it.
void emitThreads(ImplicitLocOpBuilder &builder, func::FuncOp body,
                 const KernelInterface &kernel, ValueRange operands,
                 ValueRange sizes);
/// Creates the function that returns the bytes for all of the kernel's own
/// threads, each of which needs `bytes`, if known.
void makeThreadsWorkspace(func::FuncOp body, const KernelInterface &kernel,
                          std::optional<int64_t> bytes);
/// The entry that takes pointers to the values of the parameters.
void makeInvoke(func::FuncOp entry, const KernelInterface &kernel);

/// Makes the C functions of `function`, which packs argument `argument` of
/// `kernel`.
LogicalResult makePack(func::FuncOp function, const KernelInterface &kernel,
                       unsigned argument);

} // namespace mlir::norm

#endif // NORM_CPU_CABI_H
