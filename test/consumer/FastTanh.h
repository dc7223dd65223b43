//===- FastTanh.h - A pass that goes between those of norm-mlir -*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CONSUMER_FASTTANH_H
#define CONSUMER_FASTTANH_H

#include "mlir/Pass/Pass.h"

namespace consumer {

/// A pass on modules, `consumer-fast-tanh`: replaces math.tanh in the bodies of
/// norm.generic ops by x * (27 + x^2) / (27 + 9 * x^2), its Pade approximant,
/// between -3 and 3, and remarks how many stages each body has.
std::unique_ptr<mlir::Pass> createFastTanh();

} // namespace consumer

#endif // CONSUMER_FASTTANH_H
