//===- GenericOp.cpp - The structured op: syntax and verification ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Accessors and builder
//===----------------------------------------------------------------------===//

SmallVector<AffineMap> GenericOp::getMaps() {
  return llvm::to_vector(getIndexingMaps().getAsValueRange<AffineMapAttr>());
}

SmallVector<unsigned> GenericOp::getOperandDims(unsigned i) {
  return llvm::map_to_vector(getMap(i).getResults(), [](AffineExpr expr) {
    return cast<AffineDimExpr>(expr).getPosition();
  });
}

SmallVector<int64_t> GenericOp::getStaticLoopSizes() {
  SmallVector<int64_t> sizes(getNumLoops(), ShapedType::kDynamic);
  for (auto [i, operand] : llvm::enumerate((*this)->getOperands())) {
    auto type = cast<ShapedType>(operand.getType());
    for (auto [position, dim] : llvm::enumerate(getOperandDims(i)))
      if (!type.isDynamicDim(position))
        sizes[dim] = type.getDimSize(position);
  }
  return sizes;
}

std::pair<Value, unsigned> GenericOp::getDimSource(unsigned d) {
  for (auto [i, operand] : llvm::enumerate((*this)->getOperands()))
    for (auto [position, dim] : llvm::enumerate(getOperandDims(i)))
      if (dim == d)
        return {operand, position};
  llvm_unreachable("a verified generic indexes an operand by every dim");
}

YieldOp GenericOp::getYield() {
  return cast<YieldOp>(getBodyBlock()->getTerminator());
}

void GenericOp::build(
    OpBuilder &builder, OperationState &state, ValueRange inputs,
    ValueRange outputs, ArrayRef<AffineMap> maps,
    ArrayRef<utils::IteratorType> iterators,
    function_ref<void(OpBuilder &, Location, ValueRange)> body) {
  SmallVector<StringRef> names =
      llvm::map_to_vector(iterators, [](utils::IteratorType type) -> StringRef {
        return utils::stringifyIteratorType(type);
      });
  SmallVector<Type> results;
  for (Value output : outputs)
    if (isa<RankedTensorType>(output.getType()))
      results.push_back(output.getType());
  build(builder, state, results, inputs, outputs,
        builder.getAffineMapArrayAttr(maps), builder.getStrArrayAttr(names));
  if (!body)
    return;
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Type> types = llvm::map_to_vector(
      inputs, [](Value value) { return getElementTypeOrSelf(value); });
  SmallVector<Location> locations(types.size(), state.location);
  Block *block =
      builder.createBlock(state.regions.front().get(), {}, types, locations);
  body(builder, state.location, block->getArguments());
}

void GenericOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  for (OpOperand &operand : (*this)->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    if (isDpsInit(&operand))
      effects.emplace_back(MemoryEffects::Write::get(), &operand,
                           SideEffects::DefaultResource::get());
    else
      effects.emplace_back(MemoryEffects::Read::get(), &operand,
                           SideEffects::DefaultResource::get());
  }
}

LogicalResult
GenericOp::reifyResultShapes(OpBuilder &builder,
                             ReifiedRankedShapedTypeDims &shapes) {
  for (Value output : getOutputs())
    if (isa<RankedTensorType>(output.getType()))
      shapes.push_back(tensor::getMixedSizes(builder, getLoc(), output));
  return success();
}

//===----------------------------------------------------------------------===//
// Syntax
//===----------------------------------------------------------------------===//

/// Parses `(%a, %b : type, type)`.
static ParseResult
parseOperands(OpAsmParser &parser,
              SmallVectorImpl<OpAsmParser::UnresolvedOperand> &operands,
              SmallVectorImpl<Type> &types) {
  return failure(parser.parseLParen() || parser.parseOperandList(operands) ||
                 parser.parseColonTypeList(types) || parser.parseRParen());
}

ParseResult GenericOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::UnresolvedOperand> inputs, outputs;
  SmallVector<Type> inputTypes, outputTypes;
  SMLoc loc = parser.getCurrentLocation();
  if (succeeded(parser.parseOptionalKeyword("ins")) &&
      parseOperands(parser, inputs, inputTypes))
    return failure();
  if (parser.parseKeyword("outs") ||
      parseOperands(parser, outputs, outputTypes))
    return failure();

  Builder &builder = parser.getBuilder();
  SmallVector<Attribute> iterators, maps;
  auto parseIterator = [&]() -> ParseResult {
    SMLoc loc = parser.getCurrentLocation();
    StringRef name;
    if (parser.parseKeyword(&name))
      return failure();
    if (name != "parallel" && name != "reduction")
      return parser.emitError(loc)
             << "expected 'parallel' or 'reduction', found '" << name << "'";
    iterators.push_back(builder.getStringAttr(name));
    return success();
  };
  auto parseMap = [&]() -> ParseResult {
    AffineMap map;
    if (parser.parseAffineMap(map))
      return failure();
    maps.push_back(AffineMapAttr::get(map));
    return success();
  };
  if (parser.parseKeyword("iterators") ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                     parseIterator) ||
      parser.parseKeyword("maps") ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseMap) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();

  auto &properties = result.getOrAddProperties<GenericOp::Properties>();
  properties.indexing_maps = builder.getArrayAttr(maps);
  properties.iterator_types = builder.getArrayAttr(iterators);
  properties.operandSegmentSizes = {static_cast<int>(inputs.size()),
                                    static_cast<int>(outputs.size())};
  if (parser.resolveOperands(inputs, inputTypes, loc, result.operands) ||
      parser.resolveOperands(outputs, outputTypes, loc, result.operands) ||
      parser.parseRegion(*result.addRegion()))
    return failure();
  for (Type type : outputTypes)
    if (isa<RankedTensorType>(type))
      result.addTypes(type);
  return success();
}

void GenericOp::print(OpAsmPrinter &printer) {
  auto printOperands = [&](StringRef keyword, ValueRange values) {
    printer << ' ' << keyword << '(' << values << " : " << values.getTypes()
            << ')';
  };
  if (!getInputs().empty())
    printOperands("ins", getInputs());
  printOperands("outs", getOutputs());
  printer << " iterators [";
  llvm::interleaveComma(getIteratorTypes().getAsValueRange<StringAttr>(),
                        printer);
  printer << "] maps [";
  llvm::interleaveComma(getMaps(), printer);
  printer << ']';
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(),
      {"operandSegmentSizes", "indexing_maps", "iterator_types"});
  printer << ' ';
  printer.printRegion(getBody());
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

/// (C1) to (C3): maps and operands.
static LogicalResult verifyOperands(GenericOp op) {
  unsigned numLoops = op.getNumLoops();
  if (op.getOutputs().empty())
    return op.emitOpError("needs an output");
  for (StringRef iterator : op.getIteratorTypes().getAsValueRange<StringAttr>())
    if (iterator != "parallel" && iterator != "reduction")
      return op.emitOpError("iterator '")
             << iterator << "' is neither 'parallel' nor 'reduction'";
  if (op.getIndexingMaps().size() != op->getNumOperands())
    return op.emitOpError("has ") << op->getNumOperands() << " operands but "
                                  << op.getIndexingMaps().size() << " maps";
  bool buffers = op.hasBufferSemantics();
  SmallVector<int64_t> sizes(numLoops, -1);
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    AffineMap map = op.getMap(i);
    auto type = cast<ShapedType>(operand.getType());
    if (isa<MemRefType>(type) != buffers)
      return op.emitOpError("mixes tensors and memrefs");
    if (map.getNumDims() != numLoops || !map.isProjectedPermutation())
      return op.emitOpError("map ")
             << i << " is not a projected permutation of " << numLoops
             << " dims: " << AffineMapAttr::get(map);
    if (map.getNumResults() != type.getRank())
      return op.emitOpError("map ") << i << " has " << map.getNumResults()
                                    << " results for operand type " << type;
    for (auto [position, dim] : llvm::enumerate(op.getOperandDims(i))) {
      int64_t size = type.getDimSize(position);
      if (sizes[dim] < 0 || ShapedType::isDynamic(sizes[dim]))
        sizes[dim] = size;
      else if (!ShapedType::isDynamic(size) && size != sizes[dim])
        return op.emitOpError("dim ")
               << dim << " has size " << sizes[dim] << " but operand " << i
               << " of type " << type << " has " << size << " there";
    }
  }
  for (unsigned dim = 0; dim < numLoops; ++dim)
    if (sizes[dim] == -1)
      return op.emitOpError("dim ") << dim << " is indexed by no operand";
  SmallVector<Type> results;
  if (!buffers)
    llvm::append_range(results, op.getOutputs().getTypes());
  if (TypeRange(results) != op->getResultTypes())
    return op.emitOpError("needs one result per output tensor, of its type");
  return success();
}

/// Whether a body may read or write an operand of type `element` as `scalar`.
static bool canStandFor(Type scalar, Type element) {
  return scalar.isIntOrIndexOrFloat() &&
         (scalar == element || holdsExactly(scalar, element));
}

/// (C8): the dims of an op of the body.
static LogicalResult verifyDims(GenericOp generic, Operation *op,
                                ArrayRef<int64_t> dims, bool reductions) {
  llvm::SmallBitVector seen(generic.getNumLoops());
  if (dims.empty())
    return op->emitOpError("needs at least one dim in 'over'");
  for (int64_t dim : dims) {
    if (dim < 0 || dim >= static_cast<int64_t>(generic.getNumLoops()))
      return op->emitOpError("dim ")
             << dim << " is out of range, the generic has "
             << generic.getNumLoops() << " dims";
    if (seen.test(dim))
      return op->emitOpError("names dim ") << dim << " twice";
    seen.set(dim);
    if (reductions && !generic.isReductionDim(dim))
      return op->emitOpError("dim ") << dim << " is not a reduction dim";
  }
  return success();
}

/// (C6) and (C8): one op of the body.
static LogicalResult verifyBodyOp(GenericOp generic, Operation &op) {
  if (!isPure(&op) || op.getNumRegions() != 0)
    return op.emitOpError("is not a pure scalar op, as the body of a "
                          "norm.generic needs");
  auto isScalar = [](Type type) { return type.isIntOrIndexOrFloat(); };
  if (!llvm::all_of(op.getOperandTypes(), isScalar) ||
      !llvm::all_of(op.getResultTypes(), isScalar))
    return op.emitOpError("has operands or results that are not scalars in the "
                          "body of a norm.generic");
  if (!isBodyOp(&op))
    return op.emitOpError("is not elementwise, as what is computed in the body "
                          "of a norm.generic needs to be");
  if (isa<ReduceOp, CenterOp>(op))
    return verifyDims(generic, &op, getOverDims(&op), /*reductions=*/true);
  if (auto extent = dyn_cast<ExtentOp>(op))
    return verifyDims(generic, &op, extent.getDims(), /*reductions=*/false);
  if (auto index = dyn_cast<IndexOp>(op))
    return verifyDims(generic, &op, {static_cast<int64_t>(index.getDim())},
                      /*reductions=*/false);
  return success();
}

LogicalResult GenericOp::verify() {
  if (failed(verifyElementCounts(*this)) || failed(verifyOperands(*this)))
    return failure();

  Block *body = getBodyBlock();
  if (body->getNumArguments() != getInputs().size())
    return emitOpError("has ") << getInputs().size() << " inputs but "
                               << body->getNumArguments() << " block arguments";
  for (auto [argument, input] : llvm::zip(body->getArguments(), getInputs())) {
    Type element = getElementTypeOrSelf(input);
    if (!canStandFor(argument.getType(), element))
      return emitOpError("block argument ")
             << argument.getArgNumber() << " of type " << argument.getType()
             << " does not hold the elements of " << input.getType();
  }
  if (body->empty() || !isa<YieldOp>(body->back()))
    return emitOpError("body does not end with norm.yield");
  return success();
}

/// Runs when the ops of the body are known to have all their attributes.
LogicalResult GenericOp::verifyRegions() {
  Block *body = getBodyBlock();
  for (Operation &op : body->without_terminator())
    if (failed(verifyBodyOp(*this, op)))
      return failure();

  YieldOp yield = getYield();
  if (yield.getValues().size() != getOutputs().size())
    return yield.emitOpError("yields ")
           << yield.getValues().size() << " values for " << getOutputs().size()
           << " outputs";
  VaryingDims varying(*this);
  for (auto [i, value] : llvm::enumerate(yield.getValues())) {
    Type element = getElementTypeOrSelf(getOutputs()[i]);
    if (!canStandFor(value.getType(), element))
      return yield.emitOpError("value ") << i << " of type " << value.getType()
                                         << " is narrower than the elements of "
                                         << getOutputs()[i].getType();
    llvm::SmallBitVector missing = varying.get(value);
    for (unsigned dim : getOperandDims(getInputs().size() + i))
      missing.reset(dim);
    if (missing.any())
      return yield.emitOpError("value ")
             << i << " varies over dim " << missing.find_first()
             << ", which the map of its output lacks";
  }
  return success();
}
