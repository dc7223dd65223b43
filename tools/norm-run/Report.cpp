//===- Report.cpp - What norm-run says of a run ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "mlir/IR/TypeUtilities.h"
#include "norm/Driver/Frontend.h"
#include "norm/Driver/OutputFiles.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

/// Tensors of more elements are summarized.
static constexpr int64_t kMaxPrinted = 64;

/// What a .npy file calls elements of `type`.
static std::optional<DType> getDType(Type type) {
  if (isa<Float8E4M3FNType>(type))
    return DType::F8E4M3FN;
  if (isa<Float8E5M2Type>(type))
    return DType::F8E5M2;
  if (type.isF16())
    return DType::F16;
  if (type.isBF16())
    return DType::BF16;
  if (type.isF32())
    return DType::F32;
  if (type.isF64())
    return DType::F64;
  if (type.isInteger(1))
    return DType::Bool;
  if (type.isInteger(8))
    return DType::I8;
  if (type.isInteger(16))
    return DType::I16;
  if (type.isInteger(32))
    return DType::I32;
  if (type.isInteger(64) || type.isIndex())
    return DType::I64;
  return std::nullopt;
}

bool mlir::norm::findResults(
    Session &session, StringRef entry,
    ArrayRef<std::pair<std::string, std::string>> files,
    std::vector<ResultFile> &results) {
  if (files.empty())
    return true;
  FailureOr<func::FuncOp> function = selectFunction(session.getModule(), entry);
  if (failed(function))
    return false;
  for (const auto &[name, path] : files) {
    std::optional<unsigned> index = findResult(*function, name);
    if (!index) {
      session.error("'" + function->getName() + "' has no result '" + name +
                    "'");
      return false;
    }
    std::optional<DType> type =
        getDType(getElementTypeOrSelf(function->getResultTypes()[*index]));
    if (!type) {
      session.error("'" + path + "': a .npy file cannot hold result '" + name +
                    "'");
      return false;
    }
    results.push_back({*index, *type, path});
  }
  return true;
}

bool mlir::norm::writeResults(Session &session, const RunReport &report,
                              ArrayRef<ResultFile> files) {
  OutputFiles outputs;
  auto check = [&](llvm::Error error) {
    if (!error)
      return true;
    session.error(llvm::toString(std::move(error)));
    return false;
  };
  for (const ResultFile &file : files) {
    const InterpValue &result = report.results[file.result];
    llvm::Expected<std::string> contents =
        makeNpy(file.path, file.type, result.getShape(), result.toBytes());
    if (!contents)
      return check(contents.takeError());
    outputs.add(file.path, *contents);
  }
  return check(outputs.commit());
}

/// Prints the elements from `begin` on that dim `dim` and those inside it hold.
static void printElements(const InterpValue &value, unsigned dim,
                          int64_t &begin, llvm::raw_ostream &os) {
  if (dim == value.getShape().size()) {
    if (value.isFloat())
      os << llvm::format("%.6g", value.getElement(begin));
    else
      os << value.getInts()[begin];
    ++begin;
    return;
  }
  os << '[';
  for (int64_t i = 0; i < value.getShape()[dim]; ++i) {
    if (i > 0)
      os << ", ";
    printElements(value, dim + 1, begin, os);
  }
  os << ']';
}

/// Prints the elements, or the range that they are in.
static void printValue(const InterpValue &value, llvm::raw_ostream &os) {
  int64_t count = value.getNumElements();
  if (count == 0) {
    os << "no elements";
    return;
  }
  if (count <= kMaxPrinted) {
    int64_t begin = 0;
    printElements(value, 0, begin, os);
    return;
  }
  double low = INFINITY, high = -INFINITY, sum = 0;
  int64_t nans = 0;
  for (int64_t i = 0; i < count; ++i) {
    double element = value.getElement(i);
    if (std::isnan(element)) {
      ++nans;
      continue;
    }
    low = std::min(low, element);
    high = std::max(high, element);
    sum += element;
  }
  if (nans < count)
    os << llvm::format("from %.6g to %.6g, mean %.6g", low, high,
                       sum / static_cast<double>(count - nans));
  if (nans > 0)
    os << (nans < count ? ", " : "") << nans << " NaN";
}

void mlir::norm::printText(const RunReport &report, bool withPlan,
                           llvm::raw_ostream &os) {
  if (withPlan)
    for (const std::string &line : report.plan)
      os << line << '\n';
  for (auto [i, result] : llvm::enumerate(report.results)) {
    os << report.resultNames[i] << " : " << result.getType() << " = ";
    printValue(result, os);
    os << '\n';
  }
  for (auto [i, check] : llvm::enumerate(report.checks))
    os << report.resultNames[i] << ": largest error "
       << llvm::format("%.3g, %.3g", check.maxError, check.maxRatio)
       << " of what is admissible\n";
  if (report.timing)
    os << llvm::format("%.4g us a call, %.4g GB/s\n",
                       report.timing->medianSeconds * 1e6,
                       report.timing->bytesPerSecond * 1e-9);
}

/// JSON has no infinity and no NaN.
static llvm::json::Value asJSON(double number) {
  if (std::isfinite(number))
    return number;
  return nullptr;
}

/// Writes the names and types of values.
static void printTypes(StringRef key, ArrayRef<std::string> names,
                       ArrayRef<InterpValue> values, llvm::json::OStream &json,
                       ArrayRef<ResultCheck> checks = {}) {
  json.attributeArray(key, [&] {
    for (auto [i, value] : llvm::enumerate(values))
      json.object([&, index = i, &element = value] {
        std::string type;
        llvm::raw_string_ostream(type) << element.getType();
        json.attribute("name", names[index]);
        json.attribute("type", type);
        if (index >= checks.size())
          return;
        json.attribute("passed", checks[index].passed);
        json.attribute("max_error", asJSON(checks[index].maxError));
        json.attribute("max_ratio", asJSON(checks[index].maxRatio));
        json.attribute("loose_elements", checks[index].numLoose);
      });
  });
}

void mlir::norm::printJSON(const RunReport &report, llvm::raw_ostream &os) {
  llvm::json::OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("function", report.function);
    printTypes("arguments", report.argumentNames, report.arguments, json);
    printTypes("results", report.resultNames, report.results, json,
               report.checks);
    if (report.cpu.empty())
      return;
    json.attribute("cpu", report.cpu);
    json.attribute("object_bytes", report.objectBytes);
    json.attribute("workspace_bytes", report.workspaceBytes);
    json.attributeArray("plan", [&] {
      for (const std::string &line : report.plan)
        json.value(line);
    });
    if (!report.timing)
      return;
    json.attribute("time_us", report.timing->medianSeconds * 1e6);
    json.attribute("gb_per_s", report.timing->bytesPerSecond * 1e-9);
  });
  os << '\n';
}

void mlir::norm::warnOfLooseness(Session &session, const RunReport &report) {
  for (auto [i, check] : llvm::enumerate(report.checks))
    if (check.passed && !check.looseness.empty())
      session.warning("'" + report.function + "', result '" +
                      report.resultNames[i] +
                      "': --verify says little: " + check.looseness);
}

void mlir::norm::printMismatch(Session &session, const RunReport &report) {
  if (!report.overrun.empty())
    session.error("'" + report.function + "' wrote outside of '" +
                  report.overrun + "'");
  for (auto [i, check] : llvm::enumerate(report.checks))
    if (!check.passed)
      session.error("'" + report.function + "', result '" +
                    report.resultNames[i] + "': " + check.description);
}
