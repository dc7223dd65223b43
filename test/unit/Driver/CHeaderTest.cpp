//===- CHeaderTest.cpp - C headers ----------------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/CHeader.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "gtest/gtest.h"
#include <cstdlib>
#include <fstream>

using namespace mlir;
using namespace mlir::norm;

/// Kernels with all kinds of parameters; a name that a C comment cannot hold.
static const char *const kKernels = R"(
#x = affine_map<()[s0, s1] -> (s0, s1 * 4)>
#n = affine_map<()[s0, s1] -> (s1)>
#y = affine_map<()[s0, s1] -> (s0, s1, 4)>
func.func @f(%x: memref<?x?xf16> {norm.name = "x", norm.rows, norm.sizes = #x},
             %n: memref<?xf64> {norm.name = "class", norm.sizes = #n},
             %w: memref<2x8xf32> {norm.name = "w", norm.packed = {tag = 7 : i64, type = tensor<16xf32>}},
             %s: i1 {norm.name = "s"},
             %y: memref<?x?x4xf8E5M2> {norm.result = 0 : i64, norm.rows, norm.sizes = #y}) {
  return
}
func.func @f_pack_w(%w: memref<16xf32>, %p: memref<2x8xf32> {norm.result = 0 : i64})
    attributes {norm.pack_of = {function = @f, argument = 2 : i64}} {
  return
}
func.func @"a*/b"(%x: memref<i8>) {
  return
}
func.func @macros(%a: memref<i8> {norm.name = "NULL"}, %b: memref<i8> {norm.name = "linux"},
                  %c: memref<i8> {norm.name = "INT8_MAX"}, %d: memref<i8> {norm.name = "NORM_OK"},
                  %e: memref<i8> {norm.name = "__x86_64__"},
                  %f: memref<i8> {norm.name = "typeof"},
                  %g: memref<i8> {norm.name = "typeof_unqual"}) {
  return
}
)";

/// The header of kKernels with `prefix` before the names.
static std::string getHeader(StringRef prefix) {
  DialectRegistry registry;
  registerAllDialects(registry);
  registry.insert<NormDialect>();
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(kKernels, &context);
  EXPECT_TRUE(module);
  if (!module)
    return "";
  PassManager pm(&context);
  CABIOptions options;
  options.symbolPrefix = prefix.str();
  options.invoke = true;
  pm.addPass(createCABI(options));
  EXPECT_TRUE(succeeded(pm.run(*module)));
  std::string text;
  llvm::raw_string_ostream os(text);
  printCHeader(*module, os);
  return text;
}

TEST(CHeaderTest, DeclaresAndDocuments) {
  std::string header = getHeader("p_");
  for (const char *expected :
       {"int p_f(const uint16_t *x, const double *class_, const void *w, "
        "uint8_t s,",
        "uint8_t *y, int64_t x_d0, int64_t x_d1, int64_t class__d0,\n",
        "size_t p_f_workspace(int64_t x_d0, int64_t x_d1, int64_t class__d0);",
        "int p_f_pack_w(const float *w, void *packed);",
        "size_t p_f_packed_size_w(void);", "always 128",
        "int64_t begin, int64_t end,", "norm_parallel_for parallel_for",
        "reads uint16_t [x_d0][class__d0 * 4] (f16 bits)",
        "writes uint8_t [x_d0][class__d0][4] (fp8 e5m2 bits)", "Computes @f.",
        "int p_a__b(const int8_t *arg0, void *workspace);",
        "int p_macros(const int8_t *NULL_, const int8_t *linux_,",
        "const int8_t *INT8_MAX_, const int8_t *NORM_OK_,",
        "const int8_t *__x86_64___,", "const int8_t *typeof_,",
        "const int8_t *typeof_unqual_,", "SIZE_MAX if they are too many"})
    EXPECT_NE(header.find(expected), std::string::npos)
        << expected << "\nis not in\n"
        << header;
  EXPECT_EQ(header.find("invoke"), std::string::npos);
  EXPECT_EQ(header.find("a*/b"), std::string::npos);
}

TEST(CHeaderTest, CompilesAsStrictCAndCxx) {
  std::string folder = ::testing::TempDir();
  std::ofstream(folder + "norm_header_a.h") << getHeader("a_");
  std::ofstream(folder + "norm_header_b.h") << getHeader("b_");
  std::string source = folder + "norm_header.c";
  std::ofstream(source) << "#include \"norm_header_a.h\"\n"
                           "#include \"norm_header_b.h\"\n"
                           "#include \"norm_header_a.h\"\n"
                           "const char *message(void);\n"
                           "const char *message(void) {\n"
                           "  return norm_status_message(NORM_OVERLAP);\n}\n";
  std::string flags = " -Wall -Wextra -pedantic -Werror -fsyntax-only ";
  for (const char *standard : {"c11", "gnu17"}) {
    std::string language = std::string(" -std=") + standard + " -x c";
    EXPECT_EQ(std::system((NORM_HOST_CC + language + flags + source).c_str()),
              0);
  }
  EXPECT_EQ(std::system(
                (NORM_HOST_CXX " -std=c++11 -x c++" + flags + source).c_str()),
            0);
}
