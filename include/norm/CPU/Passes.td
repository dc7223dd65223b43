//===- Passes.td - Passes from norm.generic to CPU vectors -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_PASSES_TD
#define NORM_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def AttachCPUTarget : Pass<"norm-attach-cpu-target", "ModuleOp"> {
  let summary = "Say for which CPU the module is compiled";
  let description = [{
    Sets the module's attribute `norm.cpu_target`, a dictionary of `triple`,
    `cpu` and `features` (complete, as LLVM's subtarget reports them), which the
    passes below read through `CPUTarget::get`. An unknown triple or CPU is an
    error.
  }];
  let options = [
    Option<"triple", "triple", "std::string", /*default=*/"\"\"",
           "Target triple; that of the host if empty">,
    Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"",
           "CPU name as of LLVM's -mcpu, or 'native'">,
    Option<"features", "features", "std::string", /*default=*/"\"\"",
           "More features, as of LLVM's -mattr">,
  ];
}

#endif // NORM_CPU_PASSES_TD
