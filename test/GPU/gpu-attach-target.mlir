// RUN: norm-opt %s --norm-gpu-attach-target=arch=sm_90 | FileCheck %s --check-prefix=SM90
// RUN: norm-opt %s --norm-gpu-attach-target=arch=sm_100a | FileCheck %s --check-prefix=SM100
// RUN: not norm-opt %s --norm-gpu-attach-target=arch=sm_12345 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not norm-opt %s --norm-gpu-attach-target=arch=gfx942 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: not norm-opt %s --norm-gpu-attach-target=arch=sm_75 2>&1 | FileCheck %s --check-prefix=OLD

// SM90: module attributes {norm.gpu_target = {arch = "sm_90", features = "+ptx81"}}
// SM100: module attributes {norm.gpu_target = {arch = "sm_100a", features = ""}}
// UNKNOWN: error: unknown GPU architecture 'sm_12345'; there are sm_80, sm_90, sm_100 and others
// OTHER: error: unknown GPU architecture 'gfx942'
// OLD: error: kernels are for sm_80 and newer GPUs, not for sm_75
module {
}
