// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v4" | FileCheck %s --check-prefix=V4
// RUN: norm-opt %s --norm-attach-cpu-target="triple=aarch64-linux-gnu cpu=neoverse-v2" | FileCheck %s --check-prefix=ARM
// RUN: norm-opt %s --norm-attach-cpu-target=cpu=native | FileCheck %s --check-prefix=NATIVE
// RUN: not norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=z80" 2>&1 | FileCheck %s --check-prefix=CPU
// RUN: not norm-opt %s --norm-attach-cpu-target=triple=pdp11-dec-unix 2>&1 | FileCheck %s --check-prefix=TRIPLE

// V4: module attributes {norm.cpu_target = {cpu = "x86-64-v4", features = "{{.*}}+avx512vl,{{.*}}-avx512vp2intersect,{{.*}}", triple = "x86_64-unknown-linux-gnu"}}
// ARM: features = "{{.*}}+sve2,
// NATIVE: norm.cpu_target = {cpu = "{{[a-z0-9-]+}}"
// CPU: error: unknown CPU 'z80' for x86_64-unknown-linux-gnu
// TRIPLE: error: {{.*}}pdp11
module {
}
