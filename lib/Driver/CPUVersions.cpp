//===- CPUVersions.cpp - One object for several CPUs ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CPUVersions.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "norm/CPU/CInterface.h"
#include "norm/Support/Status.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Linker/Linker.h"

using namespace mlir;
using namespace mlir::norm;

/// The features that can be tested at run time, a bit each.
static constexpr StringLiteral kFeatures[] = {
#define NORM_X86_FEATURE(name, leaf, subleaf, reg, bit, state) name,
#include "../Runtime/X86Features.def"
#undef NORM_X86_FEATURE
};

/// The bits of the features that `target` has.
static uint64_t getFeatureMask(DictionaryAttr target) {
  uint64_t mask = 0;
  StringRef rest = target.getAs<StringAttr>("features").getValue();
  while (!rest.empty()) {
    StringRef feature;
    std::tie(feature, rest) = rest.split(',');
    const auto *it = feature.consume_front("+") ? llvm::find(kFeatures, feature)
                                                : std::end(kFeatures);
    if (it != std::end(kFeatures))
      mask |= uint64_t(1) << (it - std::begin(kFeatures));
  }
  return mask;
}

/// Appends the name of the CPU to that of every function, and hides them all.
static void renameFunctions(llvm::Module &module, StringRef cpu) {
  for (llvm::GlobalObject &global : module.global_objects()) {
    if (global.isDeclaration())
      continue;
    global.setName(global.getName() + "." + cpu);
    if (!global.hasLocalLinkage())
      global.setVisibility(llvm::GlobalValue::HiddenVisibility);
  }
}

namespace {
/// Makes the functions that call those of the best version.
class Dispatcher {
public:
  Dispatcher(ArrayRef<CPUVersion> versions, llvm::Module &module)
      : versions(versions), module(module), builder(module.getContext()) {}

  void makeSelector();
  void makeEntry(const CFunction &description);

private:
  std::string getVersionName(StringRef name, unsigned version) const {
    return (name + "." +
            versions[version].target.getAs<StringAttr>("cpu").getValue())
        .str();
  }
  llvm::BasicBlock *createBlock(const Twine &name) {
    return llvm::BasicBlock::Create(module.getContext(), name,
                                    builder.GetInsertBlock()->getParent());
  }

  ArrayRef<CPUVersion> versions;
  llvm::Module &module;
  llvm::IRBuilder<> builder;
  llvm::Function *selector = nullptr;
};
} // namespace

/// The function that returns which version is the best, counted from 1; what is
/// no version if there is none. It asks the CPU once; who asks at the same time
/// gets the same answer.
void Dispatcher::makeSelector() {
  llvm::Type *i32 = builder.getInt32Ty(), *i64 = builder.getInt64Ty();
  auto *cache = new llvm::GlobalVariable(
      module, i32, /*isConstant=*/false, llvm::GlobalValue::InternalLinkage,
      builder.getInt32(0), "norm.cpu_version");
  selector = llvm::Function::Create(llvm::FunctionType::get(i32, false),
                                    llvm::GlobalValue::InternalLinkage,
                                    "norm.select_version", module);
  selector->setDoesNotThrow();
  auto *entry =
      llvm::BasicBlock::Create(module.getContext(), "entry", selector);
  builder.SetInsertPoint(entry);
  llvm::BasicBlock *known = createBlock("known"), *ask = createBlock("ask");
  auto *cached = builder.CreateAlignedLoad(i32, cache, llvm::Align(4));
  cached->setAtomic(llvm::AtomicOrdering::Monotonic);
  builder.CreateCondBr(builder.CreateICmpNE(cached, builder.getInt32(0)), known,
                       ask);
  builder.SetInsertPoint(known);
  builder.CreateRet(cached);

  builder.SetInsertPoint(ask);
  // Where the system refuses the tile registers, a version without them is
  // next.
  bool asksForTiles = module.getFunction("norm_x86_permit_tiles") != nullptr;
  llvm::Value *features = builder.CreateCall(
      module.getOrInsertFunction("norm_x86_features", i64, i32),
      {builder.getInt32(asksForTiles)});
  SmallVector<std::pair<uint64_t, unsigned>> order;
  for (auto [i, version] : llvm::enumerate(versions))
    order.push_back({getFeatureMask(version.target), i});
  // The most features first; of as many, the version that was named first.
  llvm::sort(order, [](const auto &a, const auto &b) {
    return std::pair(-llvm::popcount(a.first), a.second) <
           std::pair(-llvm::popcount(b.first), b.second);
  });
  llvm::Value *best = builder.getInt32(versions.size() + 1);
  for (auto [mask, i] : llvm::reverse(order)) {
    llvm::Value *bits = builder.getInt64(mask);
    best = builder.CreateSelect(
        builder.CreateICmpEQ(builder.CreateAnd(features, bits), bits),
        builder.getInt32(i + 1), best);
  }
  builder.CreateAlignedStore(best, cache, llvm::Align(4))
      ->setAtomic(llvm::AtomicOrdering::Monotonic);
  builder.CreateRet(best);
}

void Dispatcher::makeEntry(const CFunction &description) {
  llvm::Function *first =
      module.getFunction(getVersionName(description.name, 0));
  auto *entry = llvm::Function::Create(first->getFunctionType(),
                                       llvm::GlobalValue::ExternalLinkage,
                                       description.name, module);
  entry->setDoesNotThrow();
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "entry", entry));
  llvm::BasicBlock *none = createBlock("none");
  llvm::SwitchInst *choice =
      builder.CreateSwitch(builder.CreateCall(selector), none, versions.size());
  SmallVector<llvm::Value *> operands(llvm::make_pointer_range(entry->args()));
  for (unsigned i = 0; i < versions.size(); ++i) {
    llvm::BasicBlock *block = createBlock("version");
    choice->addCase(builder.getInt32(i + 1), block);
    builder.SetInsertPoint(block);
    llvm::CallInst *call = builder.CreateCall(
        module.getFunction(getVersionName(description.name, i)), operands);
    call->setTailCall();
    builder.CreateRet(call);
  }
  // Bytes that nobody has keep a program from going on.
  builder.SetInsertPoint(none);
  builder.CreateRet(
      entry->getReturnType()->isIntegerTy(32)
          ? builder.getInt32(static_cast<uint32_t>(Status::NoDevice))
          : llvm::Constant::getAllOnesValue(entry->getReturnType()));
}

/// The functions of `module` that C programs may call.
static SmallVector<std::pair<Operation *, CFunction>>
getCFunctions(ModuleOp module) {
  SmallVector<std::pair<Operation *, CFunction>> functions;
  for (Operation &op : *module.getBody())
    if (std::optional<CFunction> function = CFunction::get(&op))
      functions.push_back({&op, std::move(*function)});
  return functions;
}

/// Whether C sees no difference; a constant may differ.
static bool areSame(const CFunction &a, const CFunction &b) {
  return a.kind == b.kind && a.name == b.name &&
         llvm::equal(a.parameters, b.parameters,
                     [](const CParameter &p, const CParameter &q) {
                       return p.name == q.name && p.role == q.role &&
                              p.type == q.type && p.sizes == q.sizes;
                     });
}

/// Drops the constants of `module` that `other` has not; an error if other
/// functions are called otherwise.
static LogicalResult reconcile(ModuleOp module, ModuleOp other) {
  auto functions = getCFunctions(module), others = getCFunctions(other);
  if (functions.size() != others.size())
    return module.emitError("the C functions differ between the CPUs");
  for (auto [function, otherFunction] : llvm::zip(functions, others)) {
    auto &[op, description] = function;
    if (!areSame(description, otherFunction.second))
      return module.emitError("'")
             << description.name << "' differs between the CPUs";
    if (description.constant == otherFunction.second.constant)
      continue;
    description.constant.reset();
    description.set(op);
  }
  return success();
}

FailureOr<std::unique_ptr<llvm::Module>>
mlir::norm::mergeVersions(MutableArrayRef<CPUVersion> versions) {
  CPUVersion &first = versions.front();
  for (CPUVersion &other : versions.drop_front())
    if (failed(reconcile(first.module, other.module)))
      return failure();
  for (CPUVersion &version : versions)
    renameFunctions(*version.llvmModule,
                    version.target.getAs<StringAttr>("cpu").getValue());
  std::unique_ptr<llvm::Module> result = std::move(first.llvmModule);
  llvm::Linker linker(*result);
  for (CPUVersion &other : versions.drop_front())
    if (linker.linkInModule(std::move(other.llvmModule)))
      return first.module.emitError("LLVM cannot link the versions");
  for (llvm::GlobalObject &global : result->global_objects())
    if (!global.isDeclaration())
      global.setLinkage(llvm::GlobalValue::InternalLinkage);
  Dispatcher dispatcher(versions, *result);
  dispatcher.makeSelector();
  for (auto &[op, function] : getCFunctions(first.module))
    dispatcher.makeEntry(function);
  return std::move(result);
}
