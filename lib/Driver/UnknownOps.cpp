//===- UnknownOps.cpp - What ops that are none may stand for --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UnknownOps.h"

#include "norm/Dialect/Norm/IR/Norm.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::norm;

/// The op of the dialect whose name is nearest to `name`, if any is near.
static StringRef findNearest(StringRef name, MLIRContext &context) {
  unsigned best = name.size() / 3 + 1;
  StringRef nearest;
  for (RegisteredOperationName op : context.getRegisteredOperations()) {
    if (op.getDialectNamespace() != NormDialect::getDialectNamespace())
      continue;
    StringRef candidate = op.stripDialect();
    unsigned distance = name.edit_distance(
        candidate, /*AllowReplacements=*/true, /*MaxEditDistance=*/best);
    if (distance >= best)
      continue;
    best = distance;
    nearest = op.getStringRef();
  }
  return nearest;
}

std::string mlir::norm::suggestOp(StringRef message, MLIRContext &context) {
  StringRef name = message.split("'norm.").second.split('\'').first;
  if (name.empty() || !message.contains("unknown"))
    return "";
  if (name.contains("softmax"))
    return "softmax is linalg.softmax, or a norm.generic with a maximum and a "
           "sum";
  if (symbolizeActivationKind(name))
    return "it is an activation: norm.activation " + name.str();
  StringRef other = llvm::StringSwitch<StringRef>(name)
                        .Cases({"add", "residual"}, "arith.addf on tensors")
                        .Case("mul", "arith.mulf on tensors")
                        .Case("gelu", "norm.activation gelu_erf, or gelu_tanh")
                        .Case("swish", "norm.activation silu")
                        .Cases({"matmul", "dense", "gemm"}, "norm.linear")
                        .Default(findNearest(name, context));
  return other.empty() ? "" : "there is " + other.str();
}
