// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v4" | FileCheck %s --check-prefix=V4
// RUN: norm-opt %s --norm-attach-cpu-target="triple=aarch64-linux-gnu cpu=neoverse-v2" | FileCheck %s --check-prefix=ARM
// RUN: norm-opt %s --norm-attach-cpu-target=cpu=native | FileCheck %s --check-prefix=NATIVE
// RUN: not norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=z80" 2>&1 | FileCheck %s --check-prefix=CPU
// RUN: not norm-opt %s --norm-attach-cpu-target=triple=pdp11-dec-unix 2>&1 | FileCheck %s --check-prefix=TRIPLE
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v4 features=+avx512bf16,-lzcnt" | FileCheck %s --check-prefix=FEATURES
// RUN: not norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu features=+bogus" 2>&1 | FileCheck %s --check-prefix=FEATURE
// RUN: not norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu features=avx2" 2>&1 | FileCheck %s --check-prefix=SIGN
// RUN: not norm-opt %s --norm-attach-cpu-target=triple=i686-linux-gnu 2>&1 | FileCheck %s --check-prefix=SUPPORT
// RUN: not norm-opt %s --norm-attach-cpu-target=triple=riscv64-linux-gnu 2>&1 | FileCheck %s --check-prefix=SUPPORT
// RUN: not norm-opt %s --norm-attach-cpu-target=triple=aarch64_be-linux-gnu 2>&1 | FileCheck %s --check-prefix=SUPPORT
// RUN: not norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu features=-sse2" 2>&1 | FileCheck %s --check-prefix=SUPPORT
// RUN: not norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu features=-64bit" 2>&1 | FileCheck %s --check-prefix=BITS
// RUN: not norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu features=-64bit-mode" 2>&1 | FileCheck %s --check-prefix=MODE
// RUN: not norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu features=+16bit-mode" 2>&1 | FileCheck %s --check-prefix=MODE16
// RUN: not norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu features=+32bit-mode" 2>&1 | FileCheck %s --check-prefix=MODE32
// RUN: not norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu features=+soft-float" 2>&1 | FileCheck %s --check-prefix=SOFT

// V4: module attributes {norm.cpu_target = {cpu = "x86-64-v4", features = "{{.*}}+avx512vl,{{.*}}-avx512vp2intersect,{{.*}}", triple = "x86_64-unknown-linux-gnu"}}
// ARM: features = "{{.*}}+sve2,
// NATIVE: norm.cpu_target = {cpu = "{{[a-z0-9-]+}}"
// CPU: error: unknown CPU 'z80' for x86_64-unknown-linux-gnu
// FEATURES: features = "{{.*}}+avx512bf16,{{.*}}-lzcnt,
// FEATURE: error: unknown feature 'bogus'
// FEATURE-NOT: ignoring
// SIGN: error: feature 'avx2' begins with neither '+' nor '-'
// SUPPORT: error: {{.*}}-linux-gnu is not supported: kernels are for x86-64 with SSE2 and AArch64 with NEON
// BITS: error: kernels for x86_64-unknown-linux-gnu need the feature +64bit
// MODE: error: kernels for x86_64-unknown-linux-gnu need the feature +64bit-mode
// MODE16: error: kernels for x86_64-unknown-linux-gnu need the feature -16bit-mode
// MODE32: error: kernels for x86_64-unknown-linux-gnu need the feature -32bit-mode
// SOFT: error: kernels for x86_64-unknown-linux-gnu need the feature -soft-float
// TRIPLE: error: {{.*}}pdp11
module {
}
