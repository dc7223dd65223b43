//===- CInterface.cpp - The C functions that norm-c-abi makes
//------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/CInterface.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// The attribute's spelling of the kinds, in the order of the enum.
static constexpr StringLiteral kKinds[] = {
    "kernel", "workspace",   "rows",   "parallel", "parallel_workspace",
    "pack",   "packed_size", "invoke",
};

/// The attribute's spelling of the roles, in the order of the enum.
static constexpr StringLiteral kRoles[] = {
    "input",   "packed",  "scalar", "result",    "packed_result",
    "size",    "begin",   "end",    "workspace", "parallel_for",
    "context", "workers", "values",
};

template <typename Enum, size_t N>
static std::optional<Enum> parseEnum(StringAttr name,
                                     const StringLiteral (&names)[N]) {
  const auto *it = llvm::find(names, name ? name.getValue() : StringRef());
  if (it == std::end(names))
    return std::nullopt;
  return static_cast<Enum>(it - std::begin(names));
}

void CFunction::set(Operation *function) const {
  Builder builder(function->getContext());
  SmallVector<Attribute> attributes;
  for (const CParameter &parameter : parameters) {
    NamedAttrList fields;
    fields.set("name", builder.getStringAttr(parameter.name));
    fields.set("role", builder.getStringAttr(
                           kRoles[static_cast<unsigned>(parameter.role)]));
    fields.set("argument", builder.getI64IntegerAttr(parameter.argument));
    if (parameter.role == CParameterRole::Size)
      fields.set("dim", builder.getI64IntegerAttr(parameter.dim));
    if (parameter.type)
      fields.set("type", TypeAttr::get(parameter.type));
    if (parameter.sizes)
      fields.set("sizes", AffineMapAttr::get(parameter.sizes));
    attributes.push_back(fields.getDictionary(builder.getContext()));
  }
  NamedAttrList fields;
  fields.set("kind",
             builder.getStringAttr(kKinds[static_cast<unsigned>(kind)]));
  fields.set("source", builder.getStringAttr(source));
  fields.set("kernel", builder.getStringAttr(kernel));
  fields.set("parameters", builder.getArrayAttr(attributes));
  if (constant)
    fields.set("constant", builder.getI64IntegerAttr(*constant));
  function->setAttr(kCFunctionAttrName,
                    fields.getDictionary(builder.getContext()));
}

std::optional<CFunction> CFunction::get(Operation *function) {
  auto fields = function->getAttrOfType<DictionaryAttr>(kCFunctionAttrName);
  if (!fields)
    return std::nullopt;
  auto kind =
      parseEnum<CFunctionKind>(fields.getAs<StringAttr>("kind"), kKinds);
  auto source = fields.getAs<StringAttr>("source");
  auto kernel = fields.getAs<StringAttr>("kernel");
  auto parameters = fields.getAs<ArrayAttr>("parameters");
  if (!kind || !source || !kernel || !parameters)
    return std::nullopt;
  CFunction result;
  result.kind = *kind;
  result.name = SymbolTable::getSymbolName(function).str();
  result.source = source.str();
  result.kernel = kernel.str();
  if (auto constant = fields.getAs<IntegerAttr>("constant"))
    result.constant = constant.getInt();
  for (Attribute attribute : parameters) {
    auto dictionary = dyn_cast<DictionaryAttr>(attribute);
    if (!dictionary)
      return std::nullopt;
    auto name = dictionary.getAs<StringAttr>("name");
    auto role =
        parseEnum<CParameterRole>(dictionary.getAs<StringAttr>("role"), kRoles);
    auto argument = dictionary.getAs<IntegerAttr>("argument");
    if (!name || !role || !argument)
      return std::nullopt;
    CParameter parameter;
    parameter.name = name.str();
    parameter.role = *role;
    parameter.argument = argument.getInt();
    if (auto dim = dictionary.getAs<IntegerAttr>("dim"))
      parameter.dim = dim.getInt();
    if (auto type = dictionary.getAs<TypeAttr>("type"))
      parameter.type = type.getValue();
    if (auto sizes = dictionary.getAs<AffineMapAttr>("sizes"))
      parameter.sizes = sizes.getValue();
    result.parameters.push_back(std::move(parameter));
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// Keywords of C11 and C++20, and what the header itself uses.
static bool isReserved(StringRef name) {
  static constexpr StringLiteral kReserved[] = {
      "alignas",
      "alignof",
      "and",
      "and_eq",
      "asm",
      "auto",
      "bitand",
      "bitor",
      "bool",
      "break",
      "case",
      "catch",
      "char",
      "char16_t",
      "char32_t",
      "char8_t",
      "class",
      "co_await",
      "co_return",
      "co_yield",
      "compl",
      "concept",
      "const",
      "const_cast",
      "consteval",
      "constexpr",
      "constinit",
      "continue",
      "decltype",
      "default",
      "delete",
      "do",
      "double",
      "dynamic_cast",
      "else",
      "enum",
      "explicit",
      "export",
      "extern",
      "false",
      "float",
      "for",
      "friend",
      "goto",
      "if",
      "inline",
      "int",
      "int16_t",
      "int32_t",
      "int64_t",
      "int8_t",
      "long",
      "mutable",
      "namespace",
      "new",
      "noexcept",
      "not",
      "not_eq",
      "nullptr",
      "operator",
      "or",
      "or_eq",
      "private",
      "protected",
      "public",
      "register",
      "reinterpret_cast",
      "requires",
      "restrict",
      "return",
      "short",
      "signed",
      "size_t",
      "sizeof",
      "static",
      "static_assert",
      "static_cast",
      "struct",
      "switch",
      "template",
      "this",
      "thread_local",
      "throw",
      "true",
      "try",
      "typedef",
      "typeid",
      "typename",
      "uint16_t",
      "uint8_t",
      "union",
      "unsigned",
      "using",
      "virtual",
      "void",
      "volatile",
      "wchar_t",
      "while",
      "xor",
      "xor_eq",
      "norm_parallel_for",
      "norm_status",
      "norm_status_message",
  };
  return llvm::is_contained(kReserved, name);
}

std::string mlir::norm::makeCIdentifier(StringRef name) {
  std::string result;
  for (char c : name)
    result += llvm::isAlnum(c) || c == '_' ? c : '_';
  // Names with a leading underscore and a digit or capital are not the user's.
  if (result.empty() || llvm::isDigit(result.front()))
    result.insert(0, "arg");
  if (isReserved(result))
    result += '_';
  return result;
}

std::string CNames::getUnique(StringRef name) {
  std::string result = makeCIdentifier(name);
  while (llvm::is_contained(taken, result))
    result += '_';
  taken.push_back(result);
  return result;
}
