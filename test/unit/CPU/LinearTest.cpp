//===- LinearTest.cpp - Linear layers against the interpreter -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelJit.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "norm/CPU/LinearPlan.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Interpreter/Numerics.h"
#include "norm/Interpreter/RandomInputs.h"
#include "norm/Interpreter/Tolerance.h"
#include "llvm/Support/FormatVariadic.h"
#include <cstring>
#include <gtest/gtest.h>

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::test;

namespace {

/// A linear layer that is compiled for known or unknown sizes.
struct Layer {
  std::string cpu, element, result;
  int64_t numOut, numIn;
  /// Whether the sizes are in the type; the number of rows is if it is not 0.
  bool isStatic = true;
  int64_t rows = 0;
  bool hasBias = true;
};

std::string sizeText(const Layer &layer, int64_t size) {
  return layer.isStatic ? std::to_string(size) : "?";
}

Type parseElement(StringRef text) { return parseType(text, &getContext()); }

/// The packed type of the layer's weight.
RankedTensorType getPackedType(const Layer &layer) {
  std::string error;
  OwningOpRef<ModuleOp> module =
      ModuleOp::create(UnknownLoc::get(&getContext()));
  (*module)->setAttr(
      kCPUTargetAttrName,
      *makeCPUTargetAttr(&getContext(), "", layer.cpu, "", error));
  Type element = parseElement(layer.element);
  return LinearPlan::get(CPUTarget::get(*module), element, layer.numIn)
      .getPackedType(layer.numOut, layer.numIn, element);
}

/// Functions that pack the weight and apply the layer.
std::string makeText(const Layer &layer) {
  std::string packed;
  for (auto [i, size] : llvm::enumerate(getPackedType(layer).getShape()))
    packed += (layer.isStatic || i > 1 ? std::to_string(size) : "?") + "x";
  std::string n = sizeText(layer, layer.numOut),
              k = sizeText(layer, layer.numIn);
  std::string m = layer.rows ? std::to_string(layer.rows) : "?";
  std::string x = "memref<" + m + "x" + k + "x" + layer.element + ">";
  std::string w = "memref<" + n + "x" + k + "x" + layer.element + ">";
  std::string p = "memref<" + packed + layer.element + ">";
  std::string b = "memref<" + n + "x" + layer.result + ">";
  std::string y = "memref<" + m + "x" + n + "x" + layer.result + ">";
  return "func.func @pack(%w: " + w + ", %p: " + p +
         ") attributes {llvm.emit_c_interface} {\n"
         "norm.pack_weight ins(%w : " +
         w + ") outs(%p : " + p +
         ")\n"
         "return\n}\n"
         "func.func @linear(%x: " +
         x + ", %p: " + p + ", %b: " + b + ", %y: " + y +
         ") attributes {llvm.emit_c_interface} {\n"
         "norm.packed_linear ins(%x, %p" +
         (layer.hasBias ? ", %b" : "") + " : " + x + ", " + p +
         (layer.hasBias ? ", " + b : "") + ") outs(%y : " + y +
         ")\nreturn\n}\n";
}

/// The same layer on a graph.
std::string makeGraph(const Layer &layer, int64_t rows) {
  auto tensor = [](int64_t a, int64_t b, std::string element) {
    return llvm::formatv("tensor<{0}x{1}x{2}>", a, b, element).str();
  };
  std::string x = tensor(rows, layer.numIn, layer.element);
  std::string w = tensor(layer.numOut, layer.numIn, layer.element);
  std::string b =
      "tensor<" + std::to_string(layer.numOut) + "x" + layer.result + ">";
  std::string y = tensor(rows, layer.numOut, layer.result);
  return "func.func @linear(%x: " + x + ", %w: " + w + ", %b: " + b + ") -> " +
         y + " {\n%y = norm.linear %x weight %w " +
         (layer.hasBias ? "bias %b" : "") + " : (" + x + ", " + w +
         (layer.hasBias ? ", " + b : "") + ") -> " + y + "\nreturn %y : " + y +
         "\n}\n";
}

/// The kernel of a layer. One with dynamic sizes serves all sizes.
JitModule makeModule(const Layer &layer) {
  return JitModule(makeText(layer), layer.cpu, "norm-lower-packed-linear");
}

/// Runs a layer on as many rows as given and on fewer.
class LayerRun {
public:
  LayerRun(JitModule &module, const Layer &layer, int64_t rows)
      : layer(layer), module(module) {
    graph = parseSourceString<ModuleOp>(makeGraph(layer, rows), &getContext());
    function = *graph->getOps<func::FuncOp>().begin();
    RandomOptions options;
    options.seed = layer.numOut * 1000 + layer.numIn;
    arguments = *makeRandomArguments(
        function, [](unsigned, unsigned) { return 1; }, options);
    GuardedBytes weight(arguments[1].toBytes());
    RankedTensorType type = getPackedType(layer);
    packedShape = type.getShape().vec();
    packed = std::make_unique<GuardedBytes>(type.getNumElements() *
                                            type.getElementTypeBitWidth() / 8);
    std::memset(packed->data(), 0xff, packed->size());
    module.call("pack", {{weight.data(), {layer.numOut, layer.numIn}},
                         {packed->data(), packedShape}});
  }

  /// The bytes of the result for the first `rows` rows.
  std::vector<char> run(int64_t rows) {
    Type element = parseElement(layer.element),
         out = parseElement(layer.result);
    std::vector<char> bytes = arguments[0].toBytes();
    bytes.resize(rows * layer.numIn * getStorageBytes(element));
    GuardedBytes x(bytes), bias(arguments[2].toBytes());
    GuardedBytes y(rows * layer.numOut * getStorageBytes(out));
    std::memset(y.data(), 0xff, y.size());
    module.call("linear", {{x.data(), {rows, layer.numIn}},
                           {packed->data(), packedShape},
                           {bias.data(), {layer.numOut}},
                           {y.data(), {rows, layer.numOut}}});
    return y.toVector();
  }

  /// What is wrong with the result for all rows.
  std::string check(const std::vector<char> &bytes) {
    FailureOr<Reference> reference = interpretWithBounds(function, arguments);
    if (failed(reference))
      return "not interpreted";
    const InterpValue &expected = reference->results[0];
    FailureOr<InterpValue> actual = InterpValue::fromBytes(
        expected.getElementType(), expected.getShape(), bytes);
    if (failed(actual))
      return "wrong size";
    Comparison result = compare(expected, reference->bounds[0], *actual);
    return describe(result, expected, reference->bounds[0], *actual);
  }

  Layer layer;
  SmallVector<InterpValue> arguments;

private:
  JitModule &module;
  OwningOpRef<ModuleOp> graph;
  func::FuncOp function;
  std::unique_ptr<GuardedBytes> packed;
  std::vector<int64_t> packedShape;
};

std::string describeLayer(const Layer &layer) {
  return llvm::formatv("{0} {1} -> {2}, {3} out, {4} in, {5}", layer.cpu,
                       layer.element, layer.result, layer.numOut, layer.numIn,
                       layer.isStatic ? "static" : "dynamic");
}

/// All rows against the interpreter; fewer rows must give the same bits.
void checkLayer(JitModule &module, const Layer &layer,
                ArrayRef<int64_t> rowCounts) {
  SCOPED_TRACE(describeLayer(layer));
  int64_t most = *llvm::max_element(rowCounts);
  LayerRun run(module, layer, most);
  std::vector<char> all = run.run(most);
  EXPECT_EQ(run.check(all), "");
  for (int64_t rows : rowCounts) {
    std::vector<char> some = run.run(rows);
    EXPECT_EQ(std::memcmp(some.data(), all.data(), some.size()), 0)
        << "the bits of " << rows << " rows";
  }
}

void checkLayer(const Layer &layer, ArrayRef<int64_t> rowCounts) {
  JitModule module = makeModule(layer);
  checkLayer(module, layer, rowCounts);
}

/// The element types whose code for a CPU is unlike that for another one: of
/// AVX512_BF16 only bf16 makes use.
std::vector<std::string> getElements(const std::string &cpu) {
  if (cpu == "native" || cpu == "cooperlake")
    return {"bf16"};
  return {"f32", "f64", "f16", "bf16"};
}

const std::vector<int64_t> kManyRows{0,  1,  2,  3,  4,  5,  6,  7,
                                     8,  9,  10, 11, 12, 13, 14, 15,
                                     16, 17, 18, 19, 20, 33, 100};

/// One kernel for all sizes.
TEST(Linear, DynamicSizes) {
  std::vector<std::pair<int64_t, int64_t>> sizes{{1, 1},  {5, 2},    {47, 31},
                                                 {48, 2}, {49, 384}, {384, 31}};
  for (const std::string &cpu : getRunnableCPUs())
    for (const std::string &element : getElements(cpu)) {
      Layer layer{cpu, element, element, 0, 0, false};
      JitModule module = makeModule(layer);
      for (auto [numOut, numIn] : sizes) {
        layer.numOut = numOut;
        layer.numIn = numIn;
        checkLayer(module, layer, kManyRows);
      }
    }
}

/// Panels of known number, the last one narrower: of one lane, whose store must
/// not reach the next row.
TEST(Linear, StaticFeatures) {
  for (const std::string &cpu : getRunnableCPUs())
    for (const std::string &element : getElements(cpu))
      for (int64_t numOut : {1, 49})
        checkLayer({cpu, element, element, numOut, 31}, kManyRows);
  checkLayer({"x86-64-v3", "f16", "f16", 48, 5}, kManyRows);
}

/// Several blocks of rows, and features that are whole tiles, or nearly; so
/// many panels that rows are copied, and so long ones that they come in parts.
TEST(Linear, ManyRowsAndTiles) {
  for (const std::string &cpu : getRunnableCPUs())
    for (auto [numOut, numIn] :
         {std::pair(32, 64), std::pair(63, 65), std::pair(97, 32),
          std::pair(545, 32), std::pair(33, 1056), std::pair(35, 1025)})
      checkLayer({cpu, "bf16", "bf16", numOut, numIn},
                 {1, 15, 16, 17, 31, 32, 47, 48, 129, 257, 270});
}

TEST(Linear, StaticRows) {
  for (int64_t rows : {1, 33, 100})
    checkLayer({"x86-64-v3", "f32", "f32", 49, 31, true, rows}, {rows});
}

TEST(Linear, WiderResultsAndNoBias) {
  for (const std::string &cpu : getRunnableCPUs())
    checkLayer({cpu, "bf16", "f32", 49, 31, true, 20, false}, {20});
  checkLayer({"x86-64-v3", "f16", "f32", 49, 31, true, 9}, {9});
  checkLayer({"x86-64-v3", "f32", "f64", 49, 31, true, 9}, {9});
}

/// Sums that are cut in blocks of input features.
TEST(Linear, LongSums) {
  for (const std::string &cpu : getRunnableCPUs()) {
    std::string element = getElements(cpu).front();
    checkLayer({cpu, element, element, 5, 2049}, {1, 7, 8, 9, 70});
  }
  checkLayer({"x86-64-v3", "f16", "f16", 17, 4100, true, 9}, {9});
}

/// A row of NaN or infinities harms no other.
TEST(Linear, RowsAreIndependent) {
  for (const std::string &cpu : getRunnableCPUs()) {
    std::string element = getElements(cpu).front();
    Layer layer{cpu, element, element, 49, 31, true, 20};
    JitModule module = makeModule(layer);
    LayerRun run(module, layer, 20);
    std::vector<char> clean = run.run(20);
    std::vector<double> x(run.arguments[0].getFloats());
    for (int64_t k = 0; k < 31; ++k)
      x[3 * 31 + k] = k % 2 ? NAN : INFINITY;
    run.arguments[0] = InterpValue::floats(parseElement(element), {20, 31}, x);
    std::vector<char> dirty = run.run(20);
    size_t row = clean.size() / 20;
    for (size_t r = 0; r < 20; ++r) {
      bool same =
          !std::memcmp(clean.data() + r * row, dirty.data() + r * row, row);
      EXPECT_EQ(same, r != 3) << cpu << " " << element << " row " << r;
    }
  }
}

} // namespace
