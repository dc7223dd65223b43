//===- Pipelines.cpp - The passes of a compilation, in order --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Pipelines.h"

#include "mlir/Conversion/GPUToNVVM/GPUToNVVMPass.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include "norm/GPU/Passes.h"

using namespace mlir;
using namespace mlir::norm;

/// Canonicalization leaves much that is the same.
static void addCleanup(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

/// Passes that change constant weights, before these are packed. Each leaves
/// more to those behind it: norms that are gone, or have no scale and shift.
static void addAlgebra(OpPassManager &pm, Accuracy accuracy) {
  FoldBatchNormOptions batchNorm;
  FoldAffineOptions affine;
  batchNorm.relaxed = affine.relaxed = accuracy == Accuracy::Relaxed;
  pm.addPass(createFoldBatchNorm(batchNorm));
  pm.addPass(createFoldAffine(affine));
  if (accuracy == Accuracy::Exact)
    return;
  pm.addPass(createFoldCentering());
  pm.addPass(createDeferNormalization());
}

void mlir::norm::buildGraphPipeline(OpPassManager &pm,
                                    const GraphOptions &options) {
  pm.addPass(createInlinerPass());
  pm.addPass(createSymbolDCEPass());
  addCleanup(pm);
  // Sizes that must be equal are known only as long as the ops that need them
  // equal are there.
  pm.addNestedPass<func::FuncOp>(createGuardElements());
  pm.addNestedPass<func::FuncOp>(createRecordSignature());
  pm.addPass(createFoldEmpty());
  FusionRounding rounding = options.rounding == Rounding::Storage
                                ? FusionRounding::Storage
                                : FusionRounding::Excess;
  if (options.raise) {
    RaiseOptions raise;
    raise.rounding = rounding;
    pm.addPass(createRaise(raise));
  }
  addAlgebra(pm, options.accuracy);
  if (options.packLinear)
    pm.addPass(createPackLinear());
  pm.addPass(createExpandOps());
  pm.addPass(createGeneralize());
  // Views that cancel are no more between generics.
  pm.addPass(createCanonicalizerPass());
  FuseOptions fuse;
  fuse.rounding = rounding;
  pm.addPass(createFuse(fuse));
  // The sizes of temporaries are computed before their ops, from arguments.
  pm.addPass(memref::createResolveRankedShapeTypeResultDimsPass());
  addCleanup(pm);
}

void mlir::norm::buildCPUPipeline(OpPassManager &pm,
                                  const CPUOptions &options) {
  if (options.strided)
    pm.addPass(createAddStrided());
  pm.addNestedPass<func::FuncOp>(createCheckLowerable());
  pm.addNestedPass<func::FuncOp>(createFoldLayouts());
  addCleanup(pm);
  pm.addNestedPass<func::FuncOp>(createTileContractions());
  addCleanup(pm);
  // Code for any number of rows takes longer where there are few.
  FreeRowsOptions freeRows;
  freeRows.minRows = 8;
  pm.addPass(createFreeRows(freeRows));
  pm.addPass(createSplitNests());
  pm.addPass(createSplitGroups());
  addCleanup(pm);
  pm.addPass(createFlattenRows());
  addCleanup(pm);
  if (options.strided)
    pm.addNestedPass<func::FuncOp>(createCopyStrided());
  pm.addNestedPass<func::FuncOp>(createDestinationPassing());
  // Behind destination passing, so that blocks are written where results go; no
  // CSE before bufferization, which would make one buffer of several.
  FuseRowBlocksOptions rowBlocks;
  rowBlocks.rows = options.rowBlock;
  pm.addNestedPass<func::FuncOp>(createFuseRowBlocks(rowBlocks));
  // Its branches have destinations by now.
  pm.addPass(createHoistShared());
  pm.addNestedPass<func::FuncOp>(createHoistTemporaries());
  // norm-c-abi says better than bufferization what loops may not allocate.
  bufferization::OneShotBufferizePassOptions bufferization;
  bufferization.allowReturnAllocsFromLoops = true;
  pm.addPass(bufferization::createOneShotBufferizePass(bufferization));
  // The sizes of temporaries that bufferization made, likewise.
  pm.addPass(memref::createResolveRankedShapeTypeResultDimsPass());
  addCleanup(pm);
  // Views of the same rows are one value now, and copies between them go.
  addCleanup(pm);
  pm.addPass(createGeneralizeCopies());
  // First, since layers compute elementwise generics behind them by pieces.
  pm.addPass(createLowerPackedLinear());
  pm.addPass(createPlanRows());
  pm.addPass(createLowerRows());
  pm.addPass(createConvertLinalgToLoopsPass());
  addCleanup(pm);
  CABIOptions abi;
  abi.symbolPrefix = options.symbolPrefix;
  abi.threads = options.threads;
  abi.invoke = options.invoke;
  pm.addPass(createCABI(abi));
  pm.addNestedPass<func::FuncOp>(createLowerAssertions());
}

void mlir::norm::buildGPUPipeline(OpPassManager &pm,
                                  const CPUOptions &options) {
  CheckLowerableOptions check;
  check.gpu = true;
  pm.addNestedPass<func::FuncOp>(createCheckLowerable(check));
  SplitNestsOptions nests;
  nests.wholeRows = true;
  pm.addPass(createSplitNests(nests));
  addCleanup(pm);
  pm.addPass(createGPUSplitRows());
  // What is the same for all pieces of a row is computed by itself: as a
  // result, or where it takes long.
  pm.addPass(createSplitNests(nests));
  addCleanup(pm);
  HoistSharedOptions hoist;
  hoist.onlyF64 = true;
  pm.addPass(createHoistShared(hoist));
  addCleanup(pm);
  pm.addNestedPass<func::FuncOp>(createDestinationPassing());
  pm.addPass(bufferization::createOneShotBufferizePass());
  pm.addPass(memref::createResolveRankedShapeTypeResultDimsPass());
  addCleanup(pm);
  addCleanup(pm);
  GeneralizeCopiesOptions copies;
  copies.all = true;
  pm.addPass(createGeneralizeCopies(copies));
  pm.addPass(createGPUPlanRows());
  // Kernels use the workspace like any memory: launches are in order.
  CABIOptions abi;
  abi.symbolPrefix = options.symbolPrefix;
  abi.invoke = options.invoke;
  abi.device = true;
  pm.addPass(createCABI(abi));
  pm.addPass(createGPULowerRows());
  addCleanup(pm);
}

void mlir::norm::buildKernelPipeline(OpPassManager &pm) {
  OpPassManager &kernels = pm.nest<gpu::GPUModuleOp>();
  addCleanup(kernels);
  kernels.addPass(createGPULowerMath());
  addCleanup(kernels);
  kernels.addPass(createSCFToControlFlowPass());
  kernels.addPass(createConvertVectorToLLVMPass());
  // Before what would make calls of CUDA's library of them.
  kernels.addPass(createConvertMathToLLVMPass());
  kernels.addPass(arith::createArithExpandOpsPass());
  kernels.addPass(createArithToLLVMConversionPass());
  kernels.addPass(createConvertGpuOpsToNVVMOps());
  kernels.addPass(createConvertIndexToLLVMPass());
  kernels.addPass(createUBToLLVMConversionPass());
  kernels.addPass(createReconcileUnrealizedCastsPass());
}

void mlir::norm::buildLLVMPipeline(OpPassManager &pm,
                                   const LLVMOptions &options) {
  addCleanup(pm);
  pm.addPass(createLowerMath());
  pm.addPass(createLowerCasts());
  // Without full unrolling, transfers of several dims go through buffers that
  // are allocated on the stack in every iteration of the loops around them.
  pm.addPass(createConvertVectorToSCFPass(
      VectorTransferToSCFOptions().enableFullUnroll()));
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  addCleanup(pm);
  // Masks compare 32-bit lane numbers: half the registers of 64-bit ones.
  ConvertVectorToLLVMPassOptions vectorToLLVM;
  vectorToLLVM.force32BitVectorIndices = true;
  pm.addPass(createConvertVectorToLLVMPass(vectorToLLVM));
  // What no pass before replaced by arithmetic, libm has for scalars.
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  // The functions of norm-c-abi take addresses: memrefs of rank 0.
  ConvertFuncToLLVMPassOptions funcToLLVM;
  funcToLLVM.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(funcToLLVM));
  pm.addPass(createReconcileUnrealizedCastsPass());
  if (options.debugInfo)
    pm.addPass(LLVM::createDIScopeForLLVMFuncOpPass());
}
