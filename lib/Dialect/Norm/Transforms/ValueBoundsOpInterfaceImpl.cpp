//===- ValueBoundsOpInterfaceImpl.cpp - Sizes of results ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Dialect/Norm/Transforms/InterfaceModels.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
/// A result has the sizes of its init.
template <typename OpTy>
struct SizeModel
    : ValueBoundsOpInterface::ExternalModel<SizeModel<OpTy>, OpTy> {
  void populateBoundsForShapedValueDim(Operation *op, Value value, int64_t dim,
                                       ValueBoundsConstraintSet &set) const {
    OpOperand *init = cast<DestinationStyleOpInterface>(op).getTiedOpOperand(
        cast<OpResult>(value));
    set.bound(value)[dim] == set.getExpr(init->get(), dim);
  }
};
} // namespace

void mlir::norm::registerValueBoundsOpInterfaceModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, NormDialect *) {
    GenericOp::attachInterface<SizeModel<GenericOp>>(*context);
    PackedLinearOp::attachInterface<SizeModel<PackedLinearOp>>(*context);
    PackWeightOp::attachInterface<SizeModel<PackWeightOp>>(*context);
  });
}
