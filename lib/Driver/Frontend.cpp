//===- Frontend.cpp - From a file to a checked module ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Frontend.h"

#include "UnknownOps.h"
#include "mlir/Analysis/CallGraph.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/AsmParser/AsmParserState.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Interpreter/Numerics.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

/// Whether `text` is text: valid UTF-8 without null characters.
static bool isText(StringRef text) {
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.begin());
  return !text.contains('\0') &&
         llvm::isLegalUTF8String(
             &begin, reinterpret_cast<const llvm::UTF8 *>(text.end()));
}

/// Gives the arguments of functions the names that stand in the text.
static void recordArgumentNames(const AsmParserState &state) {
  for (const AsmParserState::BlockDefinition &block : state.getBlockDefs()) {
    auto function = dyn_cast<func::FuncOp>(block.block->getParentOp());
    if (!function || !block.block->isEntryBlock())
      continue;
    for (auto [i, argument] : llvm::enumerate(block.arguments)) {
      SMRange range = argument.loc;
      StringRef name(range.Start.getPointer(),
                     range.End.getPointer() - range.Start.getPointer());
      if (!name.consume_front("%") || name.empty() ||
          llvm::isDigit(name.front()) || function.getArgAttr(i, kNameAttrName))
        continue;
      function.setArgAttr(i, kNameAttrName,
                          StringAttr::get(function.getContext(), name));
    }
  }
}

/// The module that the ops of `block` are, or that they are put in.
static OwningOpRef<ModuleOp> takeModule(Block &block, Location loc) {
  if (llvm::hasSingleElement(block)) {
    if (auto module = dyn_cast<ModuleOp>(block.front())) {
      module->remove();
      return module;
    }
  }
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  Block *body = module->getBody();
  body->getOperations().splice(body->end(), block.getOperations());
  return module;
}

OwningOpRef<ModuleOp> mlir::norm::parseInputFile(StringRef filename,
                                                 llvm::SourceMgr &sourceMgr,
                                                 MLIRContext *context) {
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> file = openInputFile(filename, &message);
  if (!file) {
    emitError(UnknownLoc::get(context), message);
    return nullptr;
  }
  return parseInput(std::move(file), sourceMgr, context);
}

OwningOpRef<ModuleOp>
mlir::norm::parseInput(std::unique_ptr<llvm::MemoryBuffer> input,
                       llvm::SourceMgr &sourceMgr, MLIRContext *context) {
  StringRef filename = input->getBufferIdentifier();
  Location loc = FileLineColLoc::get(context, filename, 1, 1);
  bool isBinary = isBytecode(input->getMemBufferRef());
  if (!isBinary && !isText(input->getBuffer())) {
    emitError(UnknownLoc::get(context))
        << "'" << filename << "' is neither MLIR text nor MLIR bytecode";
    return nullptr;
  }
  sourceMgr.AddNewSourceBuffer(std::move(input), SMLoc());

  ParserConfig config(context);
  Block block;
  AsmParserState names;
  if (isBinary) {
    // Readers of bytecode report every section that they give up on.
    bool reported = false;
    ScopedDiagnosticHandler onlyFirst(context, [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
        return failure();
      return success(std::exchange(reported, true));
    });
    if (failed(parseSourceFile(sourceMgr, &block, config)))
      return nullptr;
  } else {
    ScopedDiagnosticHandler suggests(context, [&](Diagnostic &diagnostic) {
      std::string text = suggestOp(diagnostic.str(), *context);
      if (!text.empty())
        diagnostic.attachNote() << text;
      return failure();
    });
    if (failed(parseAsmSourceFile(sourceMgr, &block, config, &names)))
      return nullptr;
  }
  OwningOpRef<ModuleOp> module = takeModule(block, loc);
  if (failed(verify(*module)))
    return nullptr;
  recordArgumentNames(names);
  return module;
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// Why the pipelines have no value of this type; empty if they have.
static std::string whyUnsupported(Type type) {
  std::string reason;
  llvm::raw_string_ostream os(reason);
  auto tensor = dyn_cast<RankedTensorType>(type);
  Type element = tensor ? tensor.getElementType() : type;
  if (!isInterpretable(element)) {
    if (isa<TensorType>(type) && !tensor)
      os << "type '" << type << "' has no rank";
    else if (tensor)
      os << "element type '" << element << "' is not supported";
    else
      os << "type '" << type << "' is not supported";
    return reason;
  }
  if (!tensor)
    return reason;
  if (tensor.getEncoding()) {
    os << "type '" << type << "' has an encoding, which is not supported";
    return reason;
  }
  int64_t bytes = getStorageBytes(element);
  for (int64_t size : tensor.getShape())
    if (!ShapedType::isDynamic(size) && llvm::MulOverflow(bytes, size, bytes)) {
      os << "type '" << type << "' has more bytes than an address space";
      break;
    }
  return reason;
}

/// Whether graphs may have ops of this dialect.
static bool isGraphDialect(StringRef name) {
  return llvm::is_contained({"norm", "func", "arith", "math", "tensor",
                             "linalg", "scf", "affine", "ub"},
                            name);
}

/// Checks one op of a function.
static LogicalResult checkOp(Operation *op) {
  if (!isGraphDialect(op->getName().getDialectNamespace()) &&
      !isa<cf::AssertOp>(op))
    return op->emitError("'")
           << op->getName().getStringRef() << "' is not supported in a graph";
  for (auto [i, type] : llvm::enumerate(op->getResultTypes()))
    if (std::string reason = whyUnsupported(type); !reason.empty())
      return op->emitOpError("result ") << i << ": " << reason;
  if (auto truncate = dyn_cast<arith::TruncFOp>(op))
    if (std::optional<arith::RoundingMode> mode = truncate.getRoundingmode())
      if (*mode != arith::RoundingMode::to_nearest_even)
        return op->emitOpError("rounds ")
               << arith::stringifyRoundingMode(*mode)
               << ", but only rounding to nearest even is supported";
  return success();
}

/// Checks a function and all ops in it.
static LogicalResult checkFunction(func::FuncOp function) {
  if (function.isExternal())
    return function.emitError("function '")
           << function.getName() << "' has no body to compile";
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
    if (std::string reason = whyUnsupported(type); !reason.empty())
      return emitError(function.getArgument(i).getLoc(), "argument ")
             << i << " of '" << function.getName() << "': " << reason;
  WalkResult walk = function.walk([&](Operation *op) {
    if (op == function)
      return WalkResult::advance();
    return WalkResult(checkOp(op));
  });
  return failure(walk.wasInterrupted());
}

/// Calls are inlined, which recursion has no end of.
static LogicalResult checkCalls(ModuleOp module) {
  CallGraph graph(module);
  for (auto cycle = llvm::scc_begin<const CallGraph *>(&graph);
       !cycle.isAtEnd(); ++cycle) {
    if (!cycle.hasCycle())
      continue;
    DenseSet<Operation *> members;
    for (CallGraphNode *node : *cycle)
      if (!node->isExternal())
        members.insert(node->getCallableRegion()->getParentOp());
    for (auto function : module.getOps<func::FuncOp>()) {
      if (!members.contains(function))
        continue;
      WalkResult walk = function.walk([&](func::CallOp call) {
        if (!members.contains(module.lookupSymbol(call.getCallee())))
          return WalkResult::advance();
        call.emitError("'")
            << function.getName() << "' calls itself through '"
            << call.getCallee() << "': recursion is not supported";
        return WalkResult::interrupt();
      });
      if (walk.wasInterrupted())
        return failure();
    }
  }
  return success();
}

LogicalResult mlir::norm::checkCompilable(ModuleOp module) {
  bool any = false;
  for (Operation &op : *module.getBody()) {
    auto function = dyn_cast<func::FuncOp>(op);
    if (!function)
      return op.emitError("'")
             << op.getName().getStringRef()
             << "' is not supported beside the functions of a module";
    any |= function.isPublic();
    if (failed(checkFunction(function)))
      return failure();
  }
  if (!any)
    return module.emitError("there is no public function to compile");
  return checkCalls(module);
}

FailureOr<func::FuncOp> mlir::norm::selectFunction(ModuleOp module,
                                                   StringRef name) {
  SmallVector<func::FuncOp> functions;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic()) {
      if (function.getName() == name)
        return function;
      functions.push_back(function);
    }
  if (name.empty() && functions.size() == 1)
    return functions.front();
  InFlightDiagnostic diagnostic =
      name.empty() ? module.emitError("there are several functions; choose ")
                   : module.emitError("there is no public function '")
                         << name << "', but ";
  llvm::interleaveComma(functions, diagnostic, [&](func::FuncOp function) {
    diagnostic << "'" << function.getName() << "'";
  });
  return failure();
}
