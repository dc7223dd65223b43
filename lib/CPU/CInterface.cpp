//===- CInterface.cpp - The C functions that norm-c-abi makes -------------===//
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
    "kernel", "workspace",   "rows",    "parallel", "parallel_workspace",
    "pack",   "packed_size", "strided", "invoke",
};

/// The attribute's spelling of the roles, in the order of the enum.
static constexpr StringLiteral kRoles[] = {
    "input",        "packed",  "scalar",  "result", "packed_result",
    "size",         "stride",  "begin",   "end",    "workspace",
    "parallel_for", "context", "workers", "values", "stream",
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
    if (parameter.role == CParameterRole::Size ||
        parameter.role == CParameterRole::Stride)
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
  if (most)
    fields.set("most", builder.getI64IntegerAttr(*most));
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
  if (auto most = fields.getAs<IntegerAttr>("most"))
    result.most = most.getInt();
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

/// Words as they stand in the text of a table.
static bool isOneOf(StringRef name, StringRef table) {
  while (!table.empty()) {
    StringRef word;
    std::tie(word, table) = table.split(' ');
    if (word == name)
      return true;
  }
  return false;
}

/// Keywords of C23, of GNU C and of C++20, what the header itself uses, and
/// macros.
static bool isReserved(StringRef name) {
  static constexpr StringLiteral kReserved =
      "BUFSIZ EOF I NULL alignas alignof and and_eq asm assert auto "
      "bitand bitor bool break case catch char char16_t char32_t char8_t "
      "class co_await co_return co_yield compl complex concept const "
      "const_cast consteval constexpr constinit continue decltype "
      "default delete do double dynamic_cast else enum errno explicit "
      "export extern false float for friend goto i386 if inline int "
      "int16_t int32_t int64_t int8_t intptr_t linux long max_align_t "
      "mutable namespace new noexcept norm_parallel_for norm_status "
      "norm_status_message not not_eq nullptr offsetof operator or or_eq "
      "private protected ptrdiff_t public register reinterpret_cast "
      "requires restrict return short signed size_t sizeof static "
      "static_assert static_cast stderr stdin stdout struct switch "
      "template this thread_local throw true try typedef typeid typename "
      "typeof typeof_unqual uint16_t uint32_t uint64_t uint8_t uintptr_t union "
      "unix unsigned "
      "using virtual void volatile wchar_t while xor xor_eq";
  // Macros of <stdint.h> and of the header, and names of compilers.
  bool isUpper = llvm::none_of(name, llvm::isLower);
  if (isUpper && (name.starts_with("NORM_") || name.ends_with("_MAX") ||
                  name.ends_with("_MIN") || name.ends_with("_C") ||
                  name.ends_with("_WIDTH")))
    return true;
  if (name.size() > 1 && name[0] == '_' &&
      (name[1] == '_' || llvm::isUpper(name[1])))
    return true;
  return isOneOf(name, kReserved);
}

bool mlir::norm::isCLibraryName(StringRef name) {
  // <math.h>: of double, and with an `f` or `l` behind of float and long
  // double.
  static constexpr StringLiteral kMath =
      "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos "
      "cosh erf erfc exp exp2 expm1 fabs fdim floor fma fmax fmin fmod "
      "frexp hypot ilogb ldexp lgamma llrint llround log log10 log1p "
      "log2 logb lrint lround modf nan nearbyint nextafter nexttoward "
      "pow remainder remquo rint round roundeven scalbln scalbn sin "
      "sincos sinh sqrt tan tanh tgamma trunc exp10 j0 j1 jn y0 y1 yn";
  static constexpr StringLiteral kOther =
      "abort abs atexit atof atoi atol bsearch calloc clock close div "
      "exit fclose fopen fprintf fputs fread free fwrite getenv labs "
      "ldiv main malloc memchr memcmp memcpy memmove memset open printf "
      "puts qsort raise rand read realloc scanf signal snprintf sprintf "
      "srand strcat strchr strcmp strcpy strlen strncmp strncpy strstr "
      "strtod strtol system time write";
  if (isOneOf(name, kMath) || isOneOf(name, kOther))
    return true;
  return (name.consume_back("f") || name.consume_back("l")) &&
         isOneOf(name, kMath);
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
