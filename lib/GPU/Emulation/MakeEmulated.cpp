//===- MakeEmulated.cpp - Kernels for a GPU as code of this machine -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/GPU/Emulation.h"
#include "norm/GPU/Target.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using mlir::norm::kClusterMemory;
using mlir::norm::kGlobalMemory;
using mlir::norm::kSharedMemory;

/// What intrinsics of NVPTX are emulated, and by which function.
static constexpr std::pair<StringLiteral, StringLiteral> kIntrinsics[] = {
    {"llvm.nvvm.read.ptx.sreg.tid.x", "norm_emu_thread"},
    {"llvm.nvvm.read.ptx.sreg.ntid.x", "norm_emu_num_threads"},
    {"llvm.nvvm.read.ptx.sreg.ctaid.x", "norm_emu_block"},
    {"llvm.nvvm.barrier.cta.sync.aligned.all", "norm_emu_barrier"},
    {"llvm.nvvm.shfl.sync.bfly.i32", "norm_emu_shuffle_i32"},
    {"llvm.nvvm.shfl.sync.bfly.f32", "norm_emu_shuffle_f32"},
    {"llvm.nvvm.vote.any.sync", "norm_emu_vote_any"},
    {"llvm.nvvm.bar.warp.sync", "norm_emu_sync_warp"},
    {"llvm.nvvm.barrier.cluster.arrive.aligned", "norm_emu_cluster_arrive"},
    {"llvm.nvvm.barrier.cluster.arrive.relaxed.aligned",
     "norm_emu_cluster_arrive_relaxed"},
    {"llvm.nvvm.barrier.cluster.wait.aligned", "norm_emu_cluster_wait"},
    {"llvm.nvvm.mapa.shared.cluster", "norm_emu_map"},
    {"llvm.nvvm.ff.to.e4m3x2.rn", "norm_emu_to_e4m3x2"},
    {"llvm.nvvm.ff.to.e5m2x2.rn", "norm_emu_to_e5m2x2"},
    {"llvm.nvvm.e4m3x2.to.f16x2.rn", "norm_emu_from_e4m3x2"},
    {"llvm.nvvm.e5m2x2.to.f16x2.rn", "norm_emu_from_e5m2x2"},
};

/// Replaces the intrinsics of a GPU by calls.
static Error replaceIntrinsics(Module &module) {
  for (Function &function : make_early_inc_range(module)) {
    if (!function.getName().starts_with("llvm.nvvm."))
      continue;
    if (function.use_empty()) {
      function.eraseFromParent();
      continue;
    }
    const auto *known = find_if(kIntrinsics, [&](const auto &entry) {
      return entry.first == function.getName();
    });
    if (known == std::end(kIntrinsics))
      return createStringError("the emulation lacks '" + function.getName() +
                               "'");
    // A vector that fills a register is an integer for C.
    Type *result = function.getReturnType();
    if (result->isVectorTy())
      result = Type::getIntNTy(module.getContext(),
                               result->getPrimitiveSizeInBits());
    FunctionCallee callee = module.getOrInsertFunction(
        known->second,
        FunctionType::get(result, function.getFunctionType()->params(),
                          /*isVarArg=*/false));
    SmallVector<CallInst *> calls;
    for (User *user : function.users())
      calls.push_back(cast<CallInst>(user));
    for (CallInst *call : calls) {
      SmallVector<Value *> arguments(call->args());
      Instruction *replacement =
          CallInst::Create(callee, arguments, "", call->getIterator());
      if (result != function.getReturnType())
        replacement = new BitCastInst(replacement, function.getReturnType(), "",
                                      call->getIterator());
      call->replaceAllUsesWith(replacement);
      call->eraseFromParent();
    }
    function.eraseFromParent();
  }
  return Error::success();
}

/// Reports every access of memory before it happens.
static void instrument(Module &module) {
  LLVMContext &context = module.getContext();
  Type *pointer = PointerType::getUnqual(context);
  Type *i64 = Type::getInt64Ty(context), *i32 = Type::getInt32Ty(context);
  auto *type = FunctionType::get(Type::getVoidTy(context), {pointer, i64, i32},
                                 /*isVarArg=*/false);
  SmallVector<Instruction *> accesses;
  for (Function &function : module)
    for (BasicBlock &block : function)
      for (Instruction &instruction : block)
        if (isa<LoadInst, StoreInst>(instruction))
          accesses.push_back(&instruction);
  for (Instruction *access : accesses) {
    unsigned space = getLoadStoreAddressSpace(access);
    const char *name = space == kGlobalMemory    ? "norm_emu_access_global"
                       : space == kSharedMemory  ? "norm_emu_access_shared"
                       : space == kClusterMemory ? "norm_emu_access_cluster"
                                                 : nullptr;
    if (!name)
      continue;
    FunctionCallee callee = module.getOrInsertFunction(name, type);
    IRBuilder<> builder(access);
    Value *address =
        builder.CreatePtrToInt(getLoadStorePointerOperand(access), i64);
    uint64_t bytes =
        module.getDataLayout().getTypeStoreSize(getLoadStoreType(access));
    builder.CreateCall(callee, {builder.CreateIntToPtr(address, pointer),
                                ConstantInt::get(i64, bytes),
                                ConstantInt::get(i32, isa<StoreInst>(access))});
  }
}

/// The blocks of a cluster of `kernel`; 1 if there are none.
static int64_t getCluster(const Function &kernel) {
  int64_t blocks = 1;
  for (StringRef size : split(
           kernel.getFnAttribute("nvvm.cluster_dim").getValueAsString(), ',')) {
    int64_t number = 1;
    if (!size.getAsInteger(10, number))
      blocks *= number;
  }
  return blocks;
}

/// A function that calls `kernel` with the values at the addresses that it is
/// given.
static Function *makeEntry(Module &module, Function &kernel) {
  LLVMContext &context = module.getContext();
  Type *pointer = PointerType::getUnqual(context);
  auto *entry = Function::Create(
      FunctionType::get(Type::getVoidTy(context), {pointer}, false),
      GlobalValue::InternalLinkage, kernel.getName() + ".entry", module);
  IRBuilder<> builder(BasicBlock::Create(context, "", entry));
  SmallVector<Value *> arguments;
  for (auto [i, argument] : enumerate(kernel.args())) {
    Value *slot = builder.CreateConstGEP1_64(pointer, entry->getArg(0), i);
    Value *value = builder.CreateLoad(pointer, slot);
    arguments.push_back(builder.CreateLoad(argument.getType(), value));
  }
  builder.CreateCall(&kernel, arguments);
  builder.CreateRetVoid();
  return entry;
}

/// A constant array in memory, and its length, as members of EmulatedImage.
static void addList(Module &module, ArrayRef<Constant *> list,
                    SmallVectorImpl<Constant *> &fields) {
  LLVMContext &context = module.getContext();
  fields.push_back(ConstantInt::get(Type::getInt64Ty(context), list.size()));
  if (list.empty()) {
    fields.push_back(ConstantPointerNull::get(PointerType::getUnqual(context)));
    return;
  }
  auto *type = ArrayType::get(list.front()->getType(), list.size());
  fields.push_back(new GlobalVariable(module, type, /*isConstant=*/true,
                                      GlobalValue::InternalLinkage,
                                      ConstantArray::get(type, list)));
}

/// The variables of an address space, as EmulatedVariables.
static SmallVector<Constant *> getVariables(Module &module, unsigned space) {
  LLVMContext &context = module.getContext();
  Type *pointer = PointerType::getUnqual(context);
  Type *i64 = Type::getInt64Ty(context);
  SmallVector<Constant *> variables;
  for (GlobalVariable &global : module.globals()) {
    if (global.getAddressSpace() != space)
      continue;
    uint64_t bytes =
        module.getDataLayout().getTypeAllocSize(global.getValueType());
    Constant *address = ConstantExpr::getIntToPtr(
        ConstantExpr::getPtrToInt(&global, i64), pointer);
    variables.push_back(
        ConstantStruct::getAnon({address, ConstantInt::get(i64, bytes)}));
  }
  return variables;
}

/// Writes the EmulatedImage.
static void addImage(Module &module,
                     ArrayRef<std::pair<Function *, int64_t>> kernels) {
  LLVMContext &context = module.getContext();
  SmallVector<Constant *> entries, fields;
  Type *i64 = Type::getInt64Ty(context);
  for (auto [kernel, cluster] : kernels) {
    auto *text = ConstantDataArray::getString(context, kernel->getName());
    auto *name = new GlobalVariable(module, text->getType(), true,
                                    GlobalValue::InternalLinkage, text);
    entries.push_back(ConstantStruct::getAnon(
        {name, makeEntry(module, *kernel), ConstantInt::get(i64, cluster)}));
  }
  addList(module, entries, fields);
  addList(module, getVariables(module, kSharedMemory), fields);
  addList(module, getVariables(module, kGlobalMemory), fields);
  Constant *image = ConstantStruct::getAnon(fields);
  new GlobalVariable(module, image->getType(), /*isConstant=*/true,
                     GlobalValue::ExternalLinkage, image,
                     mlir::norm::kGPUImageName);
}

Error mlir::norm::makeEmulated(Module &kernels, TargetMachine &machine) {
  // Metadata of NVPTX means nothing elsewhere.
  if (NamedMDNode *flags = kernels.getModuleFlagsMetadata())
    flags->eraseFromParent();
  SmallVector<std::pair<Function *, int64_t>> functions;
  for (Function &function : kernels) {
    if (function.isDeclaration())
      continue;
    if (function.getCallingConv() == CallingConv::PTX_Kernel)
      functions.emplace_back(&function, getCluster(function));
    function.setCallingConv(CallingConv::C);
    function.setLinkage(GlobalValue::InternalLinkage);
    function.setAttributes(AttributeList());
  }
  kernels.setTargetTriple(machine.getTargetTriple());
  kernels.setDataLayout(machine.createDataLayout());
  if (Error error = replaceIntrinsics(kernels))
    return error;
  instrument(kernels);
  addImage(kernels, functions);
  for (Function &function : kernels)
    if (!function.isDeclaration()) {
      function.addFnAttr("target-cpu", machine.getTargetCPU());
      function.addFnAttr("target-features", machine.getTargetFeatureString());
      function.setDoesNotThrow();
    }
  return Error::success();
}
