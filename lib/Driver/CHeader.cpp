//===- CHeader.cpp - The C header of a compiled module --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/CHeader.h"

#include "mlir/IR/AffineExpr.h"
#include "norm/CPU/CInterface.h"
#include "norm/Support/Status.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// The part that all headers share
//===----------------------------------------------------------------------===//

/// The text that stands once in a program's source, whatever it includes.
static void printShared(llvm::raw_ostream &os) {
  os << "#ifndef NORM_ABI_VERSION\n#define NORM_ABI_VERSION " << kABIVersion
     << "\n\n"
        "/* What the functions return: a code in the low 8 bits; above them "
        "the "
        "position\n"
        " * of the argument that is wrong: arguments, then results, then the "
        "workspace. */\nenum norm_status {\n";
#define NORM_STATUS(name, cName, value, message)                               \
  os << "  " #cName " = " << value << ", /* " << message << " */\n";
  NORM_FOR_EACH_STATUS(NORM_STATUS)
#undef NORM_STATUS
  os << "  NORM_STATUS_MASK = 0xff\n};\n\n"
        "/* What a status says, for people. */\n"
        "static inline const char *norm_status_message(int status) {\n"
        "  switch (status & NORM_STATUS_MASK) {\n";
#define NORM_STATUS(name, cName, value, message)                               \
  os << "  case " #cName ":\n    return \"" << message << "\";\n";
  NORM_FOR_EACH_STATUS(NORM_STATUS)
#undef NORM_STATUS
  os << "  default:\n    return \"unknown status\";\n  }\n}\n\n"
        "/* Runs task(data, i, worker) for every i from 0 to count - 1, by at "
        "most\n"
        " * `workers` workers at a time; `worker` (0 to workers - 1) says by "
        "which. All\n"
        " * tasks are done when it returns. */\n"
        "typedef void (*norm_parallel_for)(void *context, int64_t count,\n"
        "                                  void (*task)(void *data, int64_t i, "
        "int worker),\n"
        "                                  void *data, int workers);\n\n"
        "#elif NORM_ABI_VERSION != "
     << kABIVersion
     << "\n#error \"headers of different versions of norm-mlir\"\n#endif\n";
}

//===----------------------------------------------------------------------===//
// Types and sizes
//===----------------------------------------------------------------------===//

/// The C type of an element or scalar.
static std::string getCType(Type type) {
  if (type.isF32())
    return "float";
  if (type.isF64())
    return "double";
  if (type.isIndex())
    return "int64_t";
  if (type.isInteger(1))
    return "uint8_t";
  unsigned width = type.getIntOrFloatBitWidth();
  return (isa<FloatType>(type) ? "uint" : "int") + std::to_string(width) + "_t";
}

/// What C does not say of an element type.
static StringRef getTypeNote(Type type) {
  if (type.isF16())
    return "f16 bits";
  if (type.isBF16())
    return "bf16 bits";
  if (isa<Float8E4M3FNType>(type))
    return "fp8 e4m3fn bits";
  if (isa<Float8E5M2Type>(type))
    return "fp8 e5m2 bits";
  if (type.isInteger(1))
    return "truth value";
  return "";
}

/// The size parameter that each symbol stands for.
static SmallVector<std::string> getSymbolNames(const CFunction &function) {
  SmallVector<std::string> names;
  for (const CParameter &size : function.parameters) {
    if (size.role != CParameterRole::Size)
      continue;
    for (const CParameter &tensor : function.parameters) {
      if (!tensor.sizes || tensor.argument != size.argument ||
          tensor.role == CParameterRole::Result)
        continue;
      auto symbol =
          dyn_cast<AffineSymbolExpr>(tensor.sizes.getResult(size.dim));
      if (!symbol)
        continue;
      names.resize(
          std::max<size_t>(names.size(), tensor.sizes.getNumSymbols()));
      if (names[symbol.getPosition()].empty())
        names[symbol.getPosition()] = size.name;
    }
  }
  return names;
}

/// `expr` in C, with parentheses where it stands inside another.
static std::string printExpr(AffineExpr expr, ArrayRef<std::string> symbols,
                             bool nested = false) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return std::to_string(constant.getValue());
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbol.getPosition() < symbols.size() ? symbols[symbol.getPosition()]
                                                 : "?";
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return "?";
  std::string left = printExpr(binary.getLHS(), symbols, true);
  std::string right = printExpr(binary.getRHS(), symbols, true);
  std::string text;
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    text = left + " + " + right;
    break;
  case AffineExprKind::Mul:
    text = left + " * " + right;
    break;
  case AffineExprKind::Mod:
    text = left + " % " + right;
    break;
  case AffineExprKind::FloorDiv:
    text = left + " / " + right;
    break;
  default:
    text = "(" + left + " + " + right + " - 1) / " + right;
    break;
  }
  return nested ? "(" + text + ")" : text;
}

/// `float [x_d0][768]` of a tensor.
static std::string printTensor(const CParameter &parameter,
                               ArrayRef<std::string> symbols) {
  auto type = cast<RankedTensorType>(parameter.type);
  std::string text = getCType(type.getElementType()) + " ";
  for (unsigned i = 0; i < type.getRank(); ++i)
    text += "[" +
            (parameter.sizes ? printExpr(parameter.sizes.getResult(i), symbols)
                             : std::to_string(type.getDimSize(i))) +
            "]";
  if (type.getRank() == 0)
    text += "[1]";
  StringRef note = getTypeNote(type.getElementType());
  return note.empty() ? text : text + " (" + note.str() + ")";
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// A parameter as it stands in a declaration.
static std::string declare(const CParameter &parameter) {
  auto element = [&] {
    return getCType(cast<RankedTensorType>(parameter.type).getElementType());
  };
  switch (parameter.role) {
  case CParameterRole::Input:
    return "const " + element() + " *" + parameter.name;
  case CParameterRole::Result:
    return element() + " *" + parameter.name;
  case CParameterRole::Packed:
    return "const void *" + parameter.name;
  case CParameterRole::PackedResult:
  case CParameterRole::Workspace:
  case CParameterRole::Context:
  case CParameterRole::Stream:
    return "void *" + parameter.name;
  case CParameterRole::Scalar:
    return getCType(parameter.type) + " " + parameter.name;
  case CParameterRole::Size:
  case CParameterRole::Stride:
  case CParameterRole::Begin:
  case CParameterRole::End:
    return "int64_t " + parameter.name;
  case CParameterRole::ParallelFor:
    return "norm_parallel_for " + parameter.name;
  case CParameterRole::Workers:
    return "int " + parameter.name;
  case CParameterRole::Values:
    return "void **" + parameter.name;
  }
  llvm_unreachable("all roles are handled");
}

/// What the comment says of a parameter; nothing for those that speak for
/// themselves.
static std::string describe(const CParameter &parameter,
                            const CFunction &function,
                            ArrayRef<std::string> symbols) {
  switch (parameter.role) {
  case CParameterRole::Input:
    return "reads " + printTensor(parameter, symbols);
  case CParameterRole::Result:
    return "writes " + printTensor(parameter, symbols);
  case CParameterRole::Packed: {
    // With strides or without, the packed data is the same.
    StringRef kernel = function.kernel;
    if (function.kind == CFunctionKind::Strided)
      kernel.consume_back("_strided");
    return ("reads what " + kernel + "_pack_" + parameter.name + " made of " +
            printTensor(parameter, symbols))
        .str();
  }
  case CParameterRole::PackedResult:
    return "writes " + function.kernel + "_packed_size_" +
           function.parameters.front().name + "() bytes";
  case CParameterRole::Scalar:
    return getTypeNote(parameter.type).str();
  case CParameterRole::Begin:
    return "the first row";
  case CParameterRole::End:
    return "the row behind the last one";
  case CParameterRole::Workspace:
    return function.kernel +
           (function.kind == CFunctionKind::Parallel ? "_parallel_workspace"
                                                     : "_workspace") +
           "(...) bytes at any address, or NULL where that is 0";
  case CParameterRole::Stream:
    return "the CUDA stream that the work is put in; NULL is the default one";
  case CParameterRole::ParallelFor:
    return "runs tasks, given `context`";
  case CParameterRole::Workers:
    return "the number of workers, at least 1";
  default:
    return "";
  }
}

/// The function's name in the source, if a comment can hold it.
static std::string getSourceName(const CFunction &function) {
  bool isPlain = llvm::all_of(function.source, [](char c) {
    return llvm::isAlnum(c) || c == '_' || c == '.' || c == '$' || c == '-';
  });
  return "@" + (isPlain ? function.source : function.kernel);
}

/// The names of the results.
static std::string getResultNames(const CFunction &function) {
  SmallVector<StringRef> names;
  for (const CParameter &parameter : function.parameters)
    if (parameter.role == CParameterRole::Result ||
        parameter.role == CParameterRole::PackedResult)
      names.push_back(parameter.name);
  return llvm::join(names, ", ");
}

/// The comment above a function.
static void printComment(const CFunction &function, llvm::raw_ostream &os) {
  SmallVector<std::string> symbols = getSymbolNames(function);
  os << "\n/* ";
  switch (function.kind) {
  case CFunctionKind::Workspace:
    os << "The bytes of the workspace of " << function.kernel;
    if (function.constant)
      os << ": always " << *function.constant << ". */\n";
    else if (function.most)
      os << ": at most " << *function.most << ". */\n";
    else
      os << ";\n * SIZE_MAX if they are too many. */\n";
    return;
  case CFunctionKind::ParallelWorkspace:
    os << "The bytes of the workspace of " << function.kernel
       << "_parallel;\n * SIZE_MAX if they are too many. */\n";
    return;
  case CFunctionKind::PackedSize:
    os << "The bytes of the packed data";
    if (function.constant)
      os << ": always " << *function.constant;
    os << ". */\n";
    return;
  case CFunctionKind::Kernel:
    os << "Computes " << getSourceName(function) << ".";
    break;
  case CFunctionKind::Strided:
    os << "Computes " << getSourceName(function) << " on tensors with strides.";
    break;
  case CFunctionKind::Rows:
    os << "Computes the rows from `begin` to `end` (not included) of all "
          "results of\n * "
       << function.kernel
       << ", given the same pointers and sizes. Calls at the same time need "
          "workspaces\n * of their own.";
    break;
  case CFunctionKind::Parallel:
    os << "Computes " << getSourceName(function) << " by several workers.";
    break;
  case CFunctionKind::Pack:
    os << "Packs an argument of " << function.kernel
       << ", once for many calls.";
    break;
  case CFunctionKind::Invoke:
    break;
  }
  os << "\n *\n";
  size_t width = 0;
  for (const CParameter &parameter : function.parameters)
    width = std::max(width, parameter.name.size());
  for (const CParameter &parameter : function.parameters) {
    std::string text = describe(parameter, function, symbols);
    if (!text.empty())
      os << " *   " << llvm::left_justify(parameter.name, width) << "  " << text
         << "\n";
  }
  std::string results = getResultNames(function);
  if (function.kind == CFunctionKind::Strided)
    os << " *\n * x_s0 is how many elements lie from one index of x's dim 0 to "
          "the next. No\n * stride is negative, that of the last dim is 1, and "
          "elements of results are\n * apart. A tensor without elements may be "
          "NULL.\n";
  else
    os << " *\n * Tensors are contiguous, the last dim fastest; one without "
          "elements may be NULL.\n";
  if (!results.empty())
    os << " * " << results
       << " must overlap no other tensor; others may overlap each other.\n";
  os << " * Returns NORM_OK, or what is wrong, having written nothing. */\n";
}

static void printFunction(const CFunction &function, llvm::raw_ostream &os) {
  printComment(function, os);
  bool returnsBytes = function.kind == CFunctionKind::Workspace ||
                      function.kind == CFunctionKind::ParallelWorkspace ||
                      function.kind == CFunctionKind::PackedSize;
  std::string line = (returnsBytes ? "size_t " : "int ") + function.name + "(";
  std::string indent(line.size(), ' ');
  if (function.parameters.empty())
    line += "void";
  for (auto [i, parameter] : llvm::enumerate(function.parameters)) {
    std::string text = declare(parameter);
    if (i != 0) {
      line += ",";
      if (line.size() + text.size() > 77) {
        os << line << "\n";
        line = indent;
      } else {
        line += " ";
      }
    }
    line += text;
  }
  os << line << ");\n";
}

void mlir::norm::printCHeader(ModuleOp module, llvm::raw_ostream &os) {
  os << "/* Kernels compiled by norm-mlir, for C11 and C++. */\n\n"
        "#include <stddef.h>\n#include <stdint.h>\n\n"
        "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  printShared(os);
  for (Operation &op : *module.getBody()) {
    std::optional<CFunction> function = CFunction::get(&op);
    if (function && function->kind != CFunctionKind::Invoke)
      printFunction(*function, os);
  }
  os << "\n#ifdef __cplusplus\n}\n#endif\n";
}
