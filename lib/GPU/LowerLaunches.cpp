//===- LowerLaunches.cpp - Launches become calls of the runtime -----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "norm/GPU/Passes.h"
#include "norm/GPU/Target.h"

namespace mlir::norm {
#define GEN_PASS_DEF_GPULOWERLAUNCHES
#include "norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The function of lib/Runtime, or of the emulation.
static constexpr llvm::StringLiteral kLaunchName = "norm_cuda_launch";

/// Declares what all launches of `module` need.
static void declareRuntime(ModuleOp module) {
  auto builder =
      ImplicitLocOpBuilder::atBlockBegin(module.getLoc(), module.getBody());
  MLIRContext *context = module.getContext();
  auto pointer = LLVM::LLVMPointerType::get(context);
  Type i32 = builder.getI32Type(), i64 = builder.getI64Type();
  if (!module.lookupSymbol(kLaunchName))
    LLVM::LLVMFuncOp::create(
        builder, kLaunchName,
        LLVM::LLVMFunctionType::get(
            LLVM::LLVMVoidType::get(context),
            {pointer, pointer, pointer, i64, i32, pointer}));
  if (!module.lookupSymbol(kGPUImageName))
    LLVM::GlobalOp::create(builder, builder.getI8Type(), /*isConstant=*/true,
                           LLVM::Linkage::External, kGPUImageName, Attribute());
}

/// The address of a constant with the kernel's name.
static Value emitName(ImplicitLocOpBuilder &builder, ModuleOp module,
                      StringRef kernel) {
  std::string symbol = ("norm_gpu_name." + kernel).str();
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  if (!module.lookupSymbol(symbol)) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    std::string text = kernel.str() + '\0';
    LLVM::GlobalOp::create(
        builder, LLVM::LLVMArrayType::get(builder.getI8Type(), text.size()),
        /*isConstant=*/true, LLVM::Linkage::Internal, symbol,
        builder.getStringAttr(text));
  }
  return LLVM::AddressOfOp::create(builder, pointer, symbol);
}

static LogicalResult lower(ModuleOp module, gpu::LaunchFuncOp launch) {
  auto function = launch->getParentOfType<func::FuncOp>();
  if (!function || function.getNumArguments() == 0 ||
      !isa<LLVM::LLVMPointerType>(function.getArgumentTypes().back()))
    return launch.emitOpError("is in no function whose last argument is the "
                              "address of a norm_launch");
  declareRuntime(module);
  MLIRContext *context = module.getContext();
  auto pointer = LLVM::LLVMPointerType::get(context);
  ImplicitLocOpBuilder builder(launch.getLoc(), launch);
  Type i32 = builder.getI32Type(), i64 = builder.getI64Type();
  OperandRange operands = launch.getKernelOperands();

  // In the entry block: launches in loops use the same memory each time.
  builder.setInsertionPointToStart(&function.getBody().front());
  auto allocate = [&](Type type, int64_t count) -> Value {
    Value size =
        LLVM::ConstantOp::create(builder, builder.getI32IntegerAttr(count));
    return LLVM::AllocaOp::create(builder, pointer, type, size, 8);
  };
  Value list = allocate(pointer, std::max<int64_t>(1, operands.size()));
  SmallVector<Value> slots;
  for (Value operand : operands)
    slots.push_back(allocate(operand.getType(), 1));
  builder.setInsertionPoint(launch);
  for (auto [i, operand] : llvm::enumerate(operands)) {
    LLVM::StoreOp::create(builder, operand, slots[i]);
    Value entry =
        LLVM::GEPOp::create(builder, pointer, pointer, list,
                            ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
    LLVM::StoreOp::create(builder, slots[i], entry);
  }
  Value grid = arith::IndexCastOp::create(builder, i64, launch.getGridSizeX());
  Value block =
      arith::IndexCastOp::create(builder, i32, launch.getBlockSizeX());
  Value image = LLVM::AddressOfOp::create(builder, pointer, kGPUImageName);
  Value name = emitName(builder, module, launch.getKernelName().getValue());
  LLVM::CallOp::create(builder, TypeRange(), kLaunchName,
                       ValueRange{function.getArguments().back(), image, name,
                                  grid, block, list});
  launch.erase();
  return success();
}

namespace {
struct GPULowerLaunches : norm::impl::GPULowerLaunchesBase<GPULowerLaunches> {
  void runOnOperation() final {
    SmallVector<gpu::LaunchFuncOp> launches;
    getOperation()->walk(
        [&](gpu::LaunchFuncOp launch) { launches.push_back(launch); });
    for (gpu::LaunchFuncOp launch : launches)
      if (failed(lower(getOperation(), launch)))
        return signalPassFailure();
  }
};
} // namespace
