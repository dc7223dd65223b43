//===- CABIRows.cpp - The entry that computes a block of rows -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CABI.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::norm;

using arith::CmpIPredicate;

std::optional<unsigned>
mlir::norm::getRowSymbol(const KernelInterface &kernel) {
  std::optional<unsigned> rows;
  for (const KernelArgument &argument : kernel.arguments) {
    if (!argument.hasRows) {
      if (argument.isResult)
        return std::nullopt;
      continue;
    }
    auto symbol = argument.isTensor() && !argument.tag &&
                          argument.sizes.getNumResults() > 0
                      ? dyn_cast<AffineSymbolExpr>(argument.sizes.getResult(0))
                      : AffineSymbolExpr(nullptr);
    if (!symbol || (rows && *rows != symbol.getPosition()))
      return std::nullopt;
    rows = symbol.getPosition();
  }
  return rows;
}

Value mlir::norm::emitRow(ImplicitLocOpBuilder &builder,
                          const KernelArgument &argument, Value pointer,
                          ValueRange symbols, Value row) {
  Value bytes = arith::ConstantIndexOp::create(
      builder, getElementBytes(argument.buffer.getElementType()));
  for (AffineExpr size : argument.sizes.getResults().drop_front())
    bytes = builder.createOrFold<arith::MulIOp>(
        bytes, emitExpr(builder, size, symbols));
  Value offset = arith::IndexCastOp::create(
      builder, builder.getI64Type(),
      builder.createOrFold<arith::MulIOp>(bytes, row));
  return emitMovedPointer(builder, pointer, offset);
}

void mlir::norm::makeRows(func::FuncOp body, func::FuncOp check,
                          const KernelInterface &kernel) {
  unsigned rowSymbol = *getRowSymbol(kernel);
  unsigned numArguments = kernel.arguments.size();
  MLIRContext *context = body.getContext();
  Type i64 = IntegerType::get(context, 64);
  SmallVector<Type> inputs = kernel.getParameterTypes(context);
  unsigned numChecked = inputs.size();
  inputs.append({i64, i64, check.getArgumentTypes().back()});
  func::FuncOp entry = createFunction(body, kernel.name + "_rows", inputs,
                                      SmallVector<Type>(check.getResultTypes()),
                                      kernel, /*isPublic=*/true);
  auto builder =
      ImplicitLocOpBuilder::atBlockEnd(body.getLoc(), &entry.getBody().front());
  ArrayRef<BlockArgument> all = entry.getArguments();
  Value begin = all[numChecked], end = all[numChecked + 1];
  SmallVector<Value> checked(all.take_front(numChecked));
  checked.push_back(all.back());
  Value status = func::CallOp::create(builder, check, checked).getResult(0);

  // Three comparisons: 0 <= begin <= end <= rows.
  Value zero = arith::ConstantIntOp::create(builder, i64, 0);
  const KernelSymbol &symbol = kernel.symbols[rowSymbol];
  Value rows = symbol.size
                   ? Value(all[numArguments + *symbol.size])
                   : arith::ConstantIntOp::create(builder, i64, symbol.constant)
                         .getResult();
  auto less = [&](Value a, Value b) {
    return arith::CmpIOp::create(builder, CmpIPredicate::slt, a, b).getResult();
  };
  Value wrong = arith::OrIOp::create(
      builder, less(begin, zero),
      arith::OrIOp::create(builder, less(end, begin), less(rows, end)));
  Value badSize = emitStatus(builder, Status::BadSize, numArguments + 1);
  Value wasOk = emitIsOk(builder, status);
  status = arith::SelectOp::create(
      builder, arith::AndIOp::create(builder, wasOk, wrong), badSize, status);
  SmallVector<Value> symbols = emitSymbols(
      builder, kernel, all.slice(numArguments, kernel.sizes.size()));
  auto toIndex = [&](Value value) {
    return arith::IndexCastOp::create(builder, builder.getIndexType(), value);
  };
  symbols[rowSymbol] = toIndex(arith::SubIOp::create(builder, end, begin));
  status = emitRun(builder, kernel, status, symbols, [&] {
    Value first = toIndex(begin);
    SmallVector<Value> operands;
    for (auto [i, argument] : llvm::enumerate(kernel.arguments))
      operands.push_back(
          argument.hasRows ? emitRow(builder, argument, all[i], symbols, first)
                           : Value(all[i]));
    llvm::append_range(operands, symbols);
    operands.push_back(all.back());
    return emitBodyCall(builder, body, operands);
  });
  func::ReturnOp::create(builder, status);

  describeFunction(entry, CFunctionKind::Rows, kernel,
                   {{"begin", CParameterRole::Begin, numArguments + 1},
                    {"end", CParameterRole::End, numArguments + 1},
                    {"workspace", CParameterRole::Workspace, numArguments}});
}
