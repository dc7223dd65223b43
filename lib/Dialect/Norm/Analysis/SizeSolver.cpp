//===- SizeSolver.cpp - Equal sizes as classes of nodes -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SizeSolver.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// The position that stands for an index value in the key of a node.
static constexpr unsigned kIndexPosition = ~0u;

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

unsigned SizeSolver::addNode(AffineExpr definition) {
  unsigned node = parents.size();
  parents.push_back(node);
  definitions.push_back(definition);
  numbers.push_back(std::nullopt);
  return node;
}

unsigned SizeSolver::find(unsigned node) {
  while (parents[node] != node)
    node = parents[node] = parents[parents[node]];
  return node;
}

unsigned SizeSolver::getDim(Value value, unsigned dim) {
  auto [it, inserted] = nodes.try_emplace({value, dim}, parents.size());
  if (!inserted)
    return it->second;
  order.push_back({value, dim});
  auto type = cast<RankedTensorType>(value.getType());
  return addNode(type.isDynamicDim(dim)
                     ? AffineExpr()
                     : getAffineConstantExpr(type.getDimSize(dim), context));
}

unsigned SizeSolver::getIndex(Value index) {
  if (std::optional<int64_t> value = getConstantIntValue(index))
    return getConstant(*value);
  auto [it, inserted] =
      nodes.try_emplace({index, kIndexPosition}, parents.size());
  return inserted ? addNode(AffineExpr()) : it->second;
}

unsigned SizeSolver::getMixed(OpFoldResult size) {
  if (std::optional<int64_t> value = getConstantIntValue(size))
    return getConstant(*value);
  return getIndex(cast<Value>(size));
}

unsigned SizeSolver::getConstant(int64_t value) {
  return addNode(getAffineConstantExpr(value, context));
}

unsigned SizeSolver::getExpr(AffineExpr expr) {
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbol.getPosition();
  return addNode(expr);
}

//===----------------------------------------------------------------------===//
// Equality
//===----------------------------------------------------------------------===//

bool SizeSolver::dependsOn(AffineExpr expr, unsigned root) {
  return expr
      .walk([&](AffineExpr part) {
        auto symbol = dyn_cast<AffineSymbolExpr>(part);
        if (!symbol)
          return WalkResult::advance();
        unsigned other = find(symbol.getPosition());
        if (other == root ||
            (definitions[other] && dependsOn(definitions[other], root)))
          return WalkResult::interrupt();
        return WalkResult::advance();
      })
      .wasInterrupted();
}

LogicalResult SizeSolver::equate(Operation *op, unsigned a, unsigned b) {
  a = find(a);
  b = find(b);
  if (a == b)
    return success();
  AffineExpr first = definitions[a], second = definitions[b];
  auto firstConstant = dyn_cast_or_null<AffineConstantExpr>(first);
  auto secondConstant = dyn_cast_or_null<AffineConstantExpr>(second);
  if (firstConstant && secondConstant &&
      firstConstant.getValue() != secondConstant.getValue())
    return op->emitOpError("needs two sizes to be equal that are ")
           << firstConstant.getValue() << " and " << secondConstant.getValue();

  // One definition stays; what the other one says is kept as a constraint. A
  // definition by a class itself (split and collapsed again) defines nothing.
  AffineExpr kept = first ? first : second;
  if (first && second) {
    kept = secondConstant ? second : first;
    if (dependsOn(kept, kept == first ? b : a)) {
      kept = kept == first ? second : first;
      if (dependsOn(kept, kept == first ? b : a)) {
        constraints.push_back(getSymbol(a) - first);
        kept = AffineExpr();
      }
    }
    if (!firstConstant || !secondConstant)
      constraints.push_back(first - second);
  } else if (kept && dependsOn(kept, first ? b : a)) {
    constraints.push_back(getSymbol(a) - kept);
    kept = AffineExpr();
  }
  parents[b] = a;
  definitions[a] = kept;
  return success();
}

LogicalResult SizeSolver::equateShapes(Operation *op, Value a, Value b) {
  for (unsigned dim = 0, e = cast<RankedTensorType>(a.getType()).getRank();
       dim < e; ++dim)
    if (failed(equate(op, getDim(a, dim), getDim(b, dim))))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Requirements
//===----------------------------------------------------------------------===//

void SizeSolver::requireEqualShapes(Operation *op, Value a, Value b) {
  for (unsigned dim = 0, e = cast<RankedTensorType>(a.getType()).getRank();
       dim < e; ++dim) {
    (void)getDim(a, dim);
    (void)getDim(b, dim);
    requirements.push_back({op, a, b, dim});
  }
}

/// Whether all free classes of `expr` are among `roots`.
bool SizeSolver::isGiven(AffineExpr expr,
                         const llvm::DenseSet<unsigned> &roots) {
  return !expr.walk([&](AffineExpr part) {
                auto symbol = dyn_cast<AffineSymbolExpr>(part);
                if (!symbol)
                  return WalkResult::advance();
                unsigned root = find(symbol.getPosition());
                bool given =
                    roots.contains(root) ||
                    (definitions[root] && isGiven(definitions[root], roots));
                return given ? WalkResult::advance() : WalkResult::interrupt();
              })
              .wasInterrupted();
}

/// Makes those sizes equal which must be and are known when `function` is
/// called: that is where they are compared. The other requirements stay.
LogicalResult SizeSolver::equateGiven(func::FuncOp function) {
  SmallVector<unsigned> arguments;
  for (BlockArgument argument : function.getArguments()) {
    if (auto type = dyn_cast<RankedTensorType>(argument.getType()))
      for (unsigned dim = 0; dim < type.getRank(); ++dim)
        arguments.push_back(getDim(argument, dim));
    else if (isSizeScalar(argument.getType()))
      arguments.push_back(getIndex(argument));
  }
  SmallVector<Requirement> others;
  for (const Requirement &required : requirements) {
    llvm::DenseSet<unsigned> roots;
    for (unsigned argument : arguments)
      roots.insert(find(argument));
    unsigned yielded = getDim(required.yielded, required.dim);
    unsigned expected = getDim(required.expected, required.dim);
    if (!isGiven(getSymbol(yielded), roots) ||
        !isGiven(getSymbol(expected), roots))
      others.push_back(required);
    else if (failed(equate(required.op, yielded, expected)))
      return failure();
  }
  requirements = std::move(others);
  return success();
}

/// Diagnoses sizes that must be equal and are not known to be.
LogicalResult SizeSolver::checkRequirements() {
  for (const Requirement &required : requirements) {
    AffineExpr difference =
        resolve(getSymbol(getDim(required.yielded, required.dim)) -
                getSymbol(getDim(required.expected, required.dim)));
    auto constant = dyn_cast<AffineConstantExpr>(difference);
    if (constant && constant.getValue() == 0)
      continue;
    return required.op->emitOpError("yields ")
           << required.yielded.getType() << " where it has "
           << required.expected.getType() << ": dim " << required.dim
           << " may have different sizes, and nothing that is known when the "
              "kernel is called says that it has not";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Solution
//===----------------------------------------------------------------------===//

void SizeSolver::numberRoot(unsigned root) {
  if (!definitions[root] && !numbers[root])
    numbers[root] = numSymbols++;
}

/// Whether all free classes of `expr` have numbers.
bool SizeSolver::isNumbered(AffineExpr expr) {
  return !expr.walk([&](AffineExpr part) {
                auto symbol = dyn_cast<AffineSymbolExpr>(part);
                if (!symbol)
                  return WalkResult::advance();
                unsigned root = find(symbol.getPosition());
                bool numbered = definitions[root]
                                    ? isNumbered(definitions[root])
                                    : numbers[root].has_value();
                return numbered ? WalkResult::advance()
                                : WalkResult::interrupt();
              })
              .wasInterrupted();
}

/// Numbers the sizes of argument dims. One that is defined by something that is
/// not an argument's size becomes a symbol of its own.
void SizeSolver::numberArguments(func::FuncOp function) {
  SmallVector<unsigned> roots;
  for (BlockArgument argument : function.getArguments())
    if (auto type = dyn_cast<RankedTensorType>(argument.getType()))
      for (unsigned dim = 0; dim < type.getRank(); ++dim)
        roots.push_back(find(getDim(argument, dim)));
  for (unsigned root : roots)
    numberRoot(root);
  for (unsigned root : roots) {
    if (!definitions[root] || isNumbered(definitions[root]))
      continue;
    definitions[root] = AffineExpr();
    numberRoot(root);
  }
}

/// Numbers the arguments that are integers. One that is the size of a tensor
/// has to be what that size is.
void SizeSolver::numberScalars(func::FuncOp function, SizeAnalysis &result) {
  SmallVector<std::pair<unsigned, unsigned>> sizes;
  for (BlockArgument argument : function.getArguments()) {
    if (!isSizeScalar(argument.getType()))
      continue;
    unsigned root = find(getIndex(argument)), number = numSymbols++;
    ++result.numScalarSymbols;
    if (definitions[root] || numbers[root])
      sizes.push_back({number, root});
    else
      numbers[root] = number;
  }
  for (auto [number, root] : sizes) {
    AffineExpr difference =
        getAffineSymbolExpr(number, context) - resolve(getSymbol(root));
    if (result.isKnownAtEntry(difference))
      result.constraints.push_back(difference);
  }
}

/// Whether no sizes make `expr` negative.
static bool isNeverNegative(AffineExpr expr, unsigned numSizes) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue() >= 0;
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbol.getPosition() < numSizes;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  return binary && isNeverNegative(binary.getLHS(), numSizes) &&
         isNeverNegative(binary.getRHS(), numSizes);
}

LogicalResult SizeSolver::solveBounds(SizeAnalysis &result) {
  for (auto [op, expr] : bounds) {
    AffineExpr resolved = resolve(expr);
    if (isNeverNegative(resolved, result.numArgumentSymbols) ||
        llvm::is_contained(result.bounds, resolved))
      continue;
    if (isa<AffineConstantExpr>(resolved))
      return op->emitOpError("accesses elements outside of its tensor");
    if (!result.isKnownAtEntry(resolved))
      return op->emitOpError("may access elements outside of its tensor: ")
             << "nothing that is known when the kernel is called says where";
    result.bounds.push_back(resolved);
  }
  return success();
}

AffineExpr SizeSolver::resolve(AffineExpr expr) {
  DenseMap<AffineExpr, AffineExpr> replacements;
  expr.walk([&](AffineExpr part) {
    auto symbol = dyn_cast<AffineSymbolExpr>(part);
    if (!symbol)
      return;
    unsigned root = find(symbol.getPosition());
    if (definitions[root]) {
      replacements[part] = resolve(definitions[root]);
      return;
    }
    numberRoot(root);
    replacements[part] = getAffineSymbolExpr(*numbers[root], context);
  });
  return simplifyAffineExpr(expr.replace(replacements), /*numDims=*/0,
                            numSymbols);
}

FailureOr<SizeAnalysis> SizeSolver::solve(func::FuncOp function) {
  if (failed(equateGiven(function)))
    return failure();
  numberArguments(function);
  SizeAnalysis result;
  result.context = context;
  result.numArgumentSymbols = numSymbols;
  numberScalars(function, result);
  for (std::pair<Value, unsigned> key : order)
    result.sizes[key] = resolve(getSymbol(nodes[key]));
  for (AffineExpr expr : constraints) {
    AffineExpr resolved = resolve(expr);
    if (auto constant = dyn_cast<AffineConstantExpr>(resolved)) {
      if (constant.getValue() == 0)
        continue;
      return function.emitOpError("needs two sizes to be equal that differ by ")
             << std::abs(constant.getValue());
    }
    if (result.isKnownAtEntry(resolved) &&
        !llvm::is_contained(result.constraints, resolved))
      result.constraints.push_back(resolved);
  }
  if (failed(checkRequirements()) || failed(solveBounds(result)))
    return failure();
  return result;
}
