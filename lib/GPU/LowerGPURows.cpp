//===- LowerGPURows.cpp - Row programs become kernels and launches --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExactRows.h"
#include "KernelConstants.h"
#include "KernelEmitter.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "norm/CPU/Passes.h"
#include "norm/GPU/Passes.h"
#include "norm/GPU/Target.h"

namespace mlir::norm {
#define GEN_PASS_DEF_GPULOWERROWS
#include "norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {
/// Replaces one generic by launches of its kernels.
class RowLowering {
public:
  RowLowering(const RowSpace &space, ArrayRef<RowMapping> mappings,
              gpu::GPUModuleOp kernels, SmallVector<LLVM::GlobalOp> constants,
              std::string name)
      : space(space), op(space.getOp()), mappings(mappings), kernels(kernels),
        name(std::move(name)), signature(space, std::move(constants)),
        builder(op.getLoc(), op) {}

  void run();

private:
  /// The bytes that the address of a vector of operand `i` must be a multiple
  /// of; 0 if any address will do.
  int64_t getVectorBytes(unsigned i, const RowMapping &mapping) const;
  /// Whether the strides that types tell admit aligned vectors.
  bool mayAlign(const RowMapping &mapping) const;
  /// Whether addresses and strides do; null if they do for sure.
  Value emitIsAligned(const RowMapping &mapping);
  Value emitSize(ArrayRef<unsigned> dims);
  void emitChoice(unsigned first);
  void emitMapping(unsigned i);
  void emitLaunch(const RowMapping &mapping, bool aligned, StringRef kernel);
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, value);
  }

  const RowSpace &space;
  GenericOp op;
  ArrayRef<RowMapping> mappings;
  gpu::GPUModuleOp kernels;
  std::string name;
  KernelSignature signature;
  ImplicitLocOpBuilder builder;
  /// The same program in f64, if rows may need it.
  std::optional<RowSpace> exact;
  /// The function that computes it with the mapping at hand.
  LLVM::LLVMFuncOp exactFunction;
  SmallVector<Value> operands;
  Value rows, length;
};
} // namespace

int64_t RowLowering::getVectorBytes(unsigned i,
                                    const RowMapping &mapping) const {
  constexpr int64_t kWidest = 16;
  if (space.getRowDims().empty() || space.getInnerStride(i) != 1 ||
      mapping.vector == 1)
    return 0;
  return std::min(kWidest, mapping.vector * space.getElementBytes(i));
}

bool RowLowering::mayAlign(const RowMapping &mapping) const {
  for (unsigned i = 0; i < op->getNumOperands(); ++i) {
    int64_t bytes = getVectorBytes(i, mapping);
    if (bytes == 0)
      continue;
    int64_t elementBytes = space.getElementBytes(i);
    if (signature.getConstant(i) && !signature.getPosition(i) &&
        signature.getOffset(i) * elementBytes % bytes != 0)
      return false;
    SmallVector<int64_t> strides = space.getType(i).getStridesAndOffset().first;
    GenericOp generic = op;
    for (auto [stride, dim] : llvm::zip(strides, generic.getOperandDims(i)))
      if (!ShapedType::isDynamic(stride) && dim != space.getRowDims().back() &&
          stride * elementBytes % bytes != 0)
        return false;
  }
  return true;
}

Value RowLowering::emitIsAligned(const RowMapping &mapping) {
  Type i64 = builder.getI64Type();
  auto number = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(builder, builder.getI64IntegerAttr(value));
  };
  Value all;
  auto addBits = [&](Value bits, int64_t bytes) {
    Value low = arith::AndIOp::create(builder, bits, number(bytes - 1));
    all = all ? arith::OrIOp::create(builder, all, low).getResult() : low;
  };
  unsigned numSizes = signature.getSizes().size();
  for (unsigned i = 0; i < op->getNumOperands(); ++i) {
    int64_t bytes = getVectorBytes(i, mapping);
    if (bytes == 0)
      continue;
    auto addElements = [&](Value elements) {
      addBits(arith::MulIOp::create(builder, elements,
                                    number(space.getElementBytes(i))),
              bytes);
    };
    if (!signature.getConstant(i))
      addBits(LLVM::PtrToIntOp::create(builder, i64,
                                       operands[*signature.getPosition(i)]),
              bytes);
    else if (std::optional<unsigned> position = signature.getPosition(i))
      addElements(operands[*position]);
    for (auto [j, stride] : llvm::enumerate(signature.getStrides()))
      if (stride.first == i)
        addElements(operands[signature.getNumPositions() + numSizes + j]);
  }
  if (!all)
    return nullptr;
  return arith::CmpIOp::create(builder, arith::CmpIPredicate::eq, all,
                               number(0));
}

Value RowLowering::emitSize(ArrayRef<unsigned> dims) {
  Value product = constant(1);
  for (unsigned dim : dims) {
    int64_t known = space.getSize(dim);
    Value size;
    if (ShapedType::isDynamic(known)) {
      auto [source, position] = op.getDimSource(dim);
      size = memref::DimOp::create(builder, source, position);
    } else {
      size = constant(known);
    }
    product = builder.createOrFold<arith::MulIOp>(product, size);
  }
  return product;
}

void RowLowering::run() {
  operands = signature.emitOperands(builder);
  rows = emitSize(space.getOuterDims());
  length = emitSize(space.getRowDims());
  GenericOp wide = makeExact(op);
  if (wide) {
    std::string why;
    if (FailureOr<RowSpace> wideSpace = RowSpace::get(wide, why);
        succeeded(wideSpace))
      exact.emplace(std::move(*wideSpace));
  }
  emitChoice(0);
  if (wide)
    wide.erase();
  op.erase();
}

void RowLowering::emitChoice(unsigned first) {
  const RowMapping &mapping = mappings[first];
  int64_t known = space.getLength();
  bool isLast = first + 1 == mappings.size();
  if (isLast || (!ShapedType::isDynamic(known) && mapping.admits(known)))
    return emitMapping(first);
  if (!ShapedType::isDynamic(known))
    return emitChoice(first + 1);
  // Whether the mapping admits the length, as RowMapping::admits says.
  Value rest =
      arith::RemUIOp::create(builder, length, constant(mapping.vector));
  Value admits = arith::CmpIOp::create(builder, arith::CmpIPredicate::eq, rest,
                                       constant(0));
  if (mapping.vectors != 0 && !mapping.parts)
    admits = arith::AndIOp::create(
        builder, admits,
        arith::CmpIOp::create(builder, arith::CmpIPredicate::ule, length,
                              constant(mapping.getCapacity())));
  auto branch = scf::IfOp::create(builder, admits, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  emitMapping(first);
  builder.setInsertionPointToStart(branch.elseBlock());
  emitChoice(first + 1);
}

void RowLowering::emitMapping(unsigned i) {
  const RowMapping &mapping = mappings[i];
  std::string kernel = name;
  if (mappings.size() > 1)
    kernel += "_v" + std::to_string(i);
  std::string unaligned = kernel + "_unaligned";
  if (exact)
    exactFunction = KernelEmitter(*exact, signature, mapping, /*aligned=*/false)
                        .emitExact(kernels, kernel + "_exact");
  if (!mayAlign(mapping))
    return emitLaunch(mapping, /*aligned=*/false, unaligned);
  Value isAligned = emitIsAligned(mapping);
  if (!isAligned)
    return emitLaunch(mapping, /*aligned=*/true, kernel);
  auto branch = scf::IfOp::create(builder, isAligned, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  emitLaunch(mapping, /*aligned=*/true, kernel);
  builder.setInsertionPointToStart(branch.elseBlock());
  emitLaunch(mapping, /*aligned=*/false, unaligned);
}

void RowLowering::emitLaunch(const RowMapping &mapping, bool aligned,
                             StringRef kernel) {
  gpu::GPUFuncOp function = KernelEmitter(space, signature, mapping, aligned)
                                .emit(kernels, kernel, exactFunction);
  Value grid =
      arith::CeilDivUIOp::create(builder, rows, constant(mapping.rows));
  if (mapping.cluster > 1)
    grid = arith::MulIOp::create(builder, grid, constant(mapping.cluster));
  if (mapping.parts)
    grid = arith::MulIOp::create(
        builder, grid,
        arith::CeilDivUIOp::create(builder, length,
                                   constant(mapping.getCapacity())));
  Value one = constant(1);
  gpu::LaunchFuncOp::create(
      builder, function, gpu::KernelDim3{grid, one, one},
      gpu::KernelDim3{constant(mapping.getBlockSize()), one, one},
      /*dynamicSharedMemorySize=*/Value(), operands);
}

/// The module that kernels go to.
static gpu::GPUModuleOp getKernelModule(ModuleOp module) {
  for (auto kernels : module.getOps<gpu::GPUModuleOp>())
    if (kernels.getName() == kGPUModuleName)
      return kernels;
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  module->setAttr(gpu::GPUDialect::getContainerModuleAttrName(),
                  builder.getUnitAttr());
  return gpu::GPUModuleOp::create(builder, module.getLoc(), kGPUModuleName);
}

/// Diagnoses ops that would use a device's memory on the host.
static LogicalResult checkHost(func::FuncOp function) {
  WalkResult walk = function.walk([](Operation *op) -> WalkResult {
    if (isa<memref::LoadOp, memref::StoreOp, memref::CopyOp, memref::AllocOp,
            PackedLinearOp, PackWeightOp>(op))
      return op->emitOpError("would use a tensor on the host, which has none "
                             "of them: no kernel is made of it");
    return WalkResult::advance();
  });
  return failure(walk.wasInterrupted());
}

namespace {
struct GPULowerRows : norm::impl::GPULowerRowsBase<GPULowerRows> {
  void runOnOperation() final {
    for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (failed(lower(function)))
        return signalPassFailure();
    eraseUnusedConstants(getOperation());
  }

  LogicalResult lower(func::FuncOp function) {
    SmallVector<GenericOp> ops;
    function.walk([&](GenericOp op) { ops.push_back(op); });
    std::string name = function.getName().str();
    llvm::replace(name, '.', '_');
    for (auto [i, op] : llvm::enumerate(ops)) {
      std::string why;
      FailureOr<RowSpace> space = RowSpace::get(op, why);
      if (failed(space))
        return op.emitOpError("cannot run on a GPU: ") << why;
      auto mappings = readMappings(op->getAttr(kPlanAttrName));
      if (failed(mappings))
        return op.emitOpError("has no valid '")
               << kPlanAttrName << "': run norm-gpu-plan-rows first";
      int64_t inner = space->getRowDims().empty() ? 1 : space->getInnerSize();
      for (const RowMapping &mapping : *mappings)
        if (mapping.vector > 1 && ShapedType::isDynamic(inner)
                ? space->getRowDims().size() > 1
                : inner % mapping.vector != 0)
          return op.emitOpError("cannot be lowered as its '")
                 << kPlanAttrName << "' says: rows are no multiple of vectors";
      bool usesClusters = llvm::any_of(
          *mappings, [](const RowMapping &m) { return m.cluster > 1; });
      if (usesClusters &&
          GPUTarget::get(op).computeCapability < kFirstWithClusters)
        return op.emitOpError("cannot be lowered as its '")
               << kPlanAttrName << "' says: the GPU has no clusters of blocks";
      if (mappings->back().vectors != 0 && !mappings->back().parts &&
          !space->getRowDims().empty() &&
          (ShapedType::isDynamic(space->getLength()) ||
           !mappings->back().admits(space->getLength())))
        return op.emitOpError("cannot be lowered as its '")
               << kPlanAttrName << "' says: longer rows have no plan";
      gpu::GPUModuleOp kernels = getKernelModule(getOperation());
      auto constants = addKernelConstants(op, kernels);
      if (failed(constants))
        return failure();
      RowLowering(*space, *mappings, kernels, std::move(*constants),
                  name + "_" + std::to_string(i))
          .run();
    }
    if (failed(checkHost(function)))
      return failure();
    return dropHostConstants(function);
  }
};
} // namespace
