//===- Kernels.cpp - The kernels that are timed ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bench.h"
#include "Headers.inc"

using namespace norm_bench;

std::string Kernel::getName() const {
  std::string name = std::string(op) + "_" + type + "_";
  if (isGroup())
    name += std::to_string(batch) + "x" + std::to_string(channels) + "x";
  return name + std::to_string(length);
}

const std::vector<Kernel> &norm_bench::getKernels() {
  static const std::vector<Kernel> kernels{
#include "Table.inc"
  };
  return kernels;
}

const char *norm_bench::getStatusMessage(int status) {
  return norm_status_message(status);
}

size_t norm_bench::getBytes(Type type) {
  return type == Type::F32 ? 4 : type == Type::BF16 ? 2 : 1;
}

std::vector<Tensor> norm_bench::getTensors(const Kernel &kernel, int64_t rows) {
  std::string op = kernel.op;
  Type type = kernel.type == std::string("bf16") ? Type::BF16 : Type::F32;
  int64_t all = kernel.isGroup()
                    ? kernel.batch * kernel.channels * kernel.length
                    : rows * kernel.length;
  int64_t shared = kernel.isGroup() ? kernel.channels : kernel.length;
  Tensor in{type, all, false, false}, out{type, all, true, false};
  Tensor scale{type, shared, false, true};
  if (op == "empty")
    return {in, out};
  if (op == "rms")
    return {in, scale, out};
  if (op == "addrms")
    return {in, in, scale, out, out};
  if (op == "rmsfp8")
    return {in,
            scale,
            {Type::F8, all, true, false},
            {Type::F32, rows, true, false}};
  return {in, scale, scale, out};
}
