//===- Remarks.cpp - What passes remark, as diagnostics -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Remarks.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Makes a diagnostic of each remark.
class RemarkPrinter : public remark::detail::MLIRRemarkStreamerBase {
public:
  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    std::string message;
    for (const remark::detail::Remark::Arg &argument : remark.getArgs())
      message += argument.val;
    emitRemark(remark.getLocation())
        << remark.getCategoryName() << ": " << message;
  }
};

} // namespace

void mlir::norm::emitRemarksAsDiagnostics(MLIRContext &context) {
  remark::RemarkCategories categories;
  categories.all = categories.passed = categories.missed = categories.analysis =
      categories.failed = "norm-.*";
  // Fails only if the context has remarks already.
  (void)remark::enableOptimizationRemarks(
      context, std::make_unique<RemarkPrinter>(),
      std::make_unique<remark::RemarkEmittingPolicyAll>(), categories);
}
