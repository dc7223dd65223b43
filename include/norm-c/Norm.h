//===- Norm.h - The compiler as a library in C ----------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

/*
 * What normc does, as functions: a normalization graph as text to an object
 * file, assembly, PTX and so on in memory. Link libnorm.so, or open it by
 * dlopen.
 *
 *   NormOptions *options = normOptionsCreate();
 *   normOptionsOnDiagnostic(options, print, NULL);
 *   normOptionsSet(options, "mcpu", "x86-64-v3");
 *   NormOutput *output;
 *   NormResult result =
 *       normCompile(options, text, strlen(text), "obj", &output);
 *   if (result == NORM_COMPILE_OK) {
 *     size_t size;
 *     const void *object = normOutputData(output, &size);
 *     const char *header = normOutputHeader(output);
 *     ...
 *   }
 *   normOutputDestroy(output);
 *   normOptionsDestroy(options);
 *
 * Threads: every function may be called by several threads at a time. Options
 * that one thread changes or destroys may not be used by another one meanwhile;
 * any number of threads may compile with the same ones. The first normCompile
 * of a process also prepares libLLVM's targets: a program that uses libLLVM 22
 * itself prepares its own (LLVMInitializeAllTargets) at another time.
 *
 * Null: the Destroy functions take it and do nothing. To those that return a
 * NormResult a null pointer is NORM_COMPILE_USAGE, except where null is said to
 * mean something; the others return null for a null output.
 *
 * Versions: before 1.0 the library's name in the system (its soname) has the
 * minor version, and what is linked with another one does not load. Within one
 * only these are added: functions, options, kinds of output, enumerators (bear
 * those that you do not know), and fields at the end of NormDiagnostic.
 *
 * Input: a text that is damaged is a diagnostic. Some damaged bytecode keeps
 * the reader of LLVM 22.1 busy for ever: from people you do not trust take
 * text.
 *
 * Memory: where the system has none left, the process ends, as LLVM does it. It
 * ends so, too, where LLVM's code generator finds that CPU features (`mattr`)
 * contradict each other in a way that normCompile does not know.
 *
 * The library has its own MLIR inside and uses libLLVM 22, whose symbols have
 * versions: it lives in one process with other versions of both, and with
 * another MLIR 22.
 */
#ifndef NORM_C_NORM_H
#define NORM_C_NORM_H

#include <stddef.h>

#if defined(__GNUC__)
#define NORM_C_EXPORT __attribute__((visibility("default")))
#else
#define NORM_C_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What came of a call; the numbers are normc's exit statuses. */
typedef enum NormResult {
  NORM_COMPILE_OK = 0,
  /* The text was refused: a diagnostic says what is wrong and where. */
  NORM_COMPILE_REFUSED = 1,
  /* An option or an argument means nothing: a diagnostic says which. */
  NORM_COMPILE_USAGE = 2
} NormResult;

typedef enum NormSeverity {
  NORM_SEVERITY_ERROR = 0,
  NORM_SEVERITY_WARNING = 1,
  /* What was fused, and what was not and why: if `remarks` is set. */
  NORM_SEVERITY_REMARK = 2,
  /* More about the diagnostic before. */
  NORM_SEVERITY_NOTE = 3
} NormSeverity;

/* One diagnostic. It and its strings are gone when the callback returns. */
typedef struct NormDiagnostic {
  NormSeverity severity;
  /* Without severity and place. */
  const char *message;
  /* The option `name`, or a file that the text names; null if the diagnostic is
   * about no place. */
  const char *file;
  /* Both from 1; 0 if there is no place. */
  unsigned line;
  unsigned column;
} NormDiagnostic;

/* Is told every diagnostic, in the thread of the call that it is about. It may
 * call every function here, but neither change nor destroy the options of that
 * call, and must return: no exception, no longjmp. */
typedef void (*NormDiagnosticCallback)(void *context,
                                       const NormDiagnostic *diagnostic);

/* The version of norm-mlir, as "0.1.0". */
NORM_C_EXPORT const char *normVersion(void);
/* The version of LLVM that it generates code with, as "22.1.8". */
NORM_C_EXPORT const char *normLLVMVersion(void);

typedef struct NormOptions NormOptions;

/* Options as normc has them when none is given. */
NORM_C_EXPORT NormOptions *normOptionsCreate(void);
NORM_C_EXPORT void normOptionsDestroy(NormOptions *options);

/* Who is told diagnostics; nobody at first, or if `callback` is null. The
 * context is passed on. */
NORM_C_EXPORT NormResult normOptionsOnDiagnostic(
    NormOptions *options, NormDiagnosticCallback callback, void *context);

/*
 * Sets an option by the name that it has on normc's command line, without
 * dashes:
 *
 *   target         cpu (default) or nvptx
 *   gpu-arch       the GPU of nvptx: sm_80 (default if empty), sm_90, ...
 *   mcpu           a CPU that LLVM knows, or several with commas in between;
 *                  native is this machine's, the default for this system
 *   mattr          CPU features: +a,-b
 *   mtriple        the system to compile for; empty (default): this one
 *   rounding       excess (default) or storage
 *   accuracy       exact (default) or relaxed
 *   raise          whether norms, linear layers and activations that are
 *                  written in linalg, arith and math are recognised: true
 *                  (default) or false
 *   threads        pool or openmp; empty (default): that of the caller
 *   row-block      the most rows that go through linear layers and norms next
 *                  to them together; empty or 0 (default): chosen by the
 *                  compiler
 *   weights        a .npz or .safetensors file with arguments that become
 *                  constants
 *   symbol-prefix  stands before every C function
 *   strided, g, remarks
 *                  on by "true" or the empty string, off (default) by "false"
 *   name           what diagnostics call the text, and debug information its
 *                  file; empty (default): "input.mlir"
 *
 * NORM_COMPILE_USAGE, with a diagnostic, if there is no such option or it does
 * not take the value; nothing is changed then. What depends on several options,
 * on the text, or on what LLVM knows, is checked by normCompile.
 */
NORM_C_EXPORT NormResult normOptionsSet(NormOptions *options, const char *name,
                                        const char *value);

typedef struct NormOutput NormOutput;

/*
 * Compiles `length` bytes of MLIR, text or bytecode, to what normc's --emit
 * calls `emit`: mlir, mlir-vector, llvm, asm, obj, lib, shared (by the C
 * compiler in PATH), ptx. Null options are those of normOptionsCreate. `text`
 * need not end in a null character. On success `*output` is for
 * normOutputDestroy; else it is null, and a diagnostic was given.
 */
NORM_C_EXPORT NormResult normCompile(const NormOptions *options,
                                     const char *text, size_t length,
                                     const char *emit, NormOutput **output);

/* The bytes of the file, and their number in `*size` if `size` is not null.
 * They live as long as the output. A null character that is not counted stands
 * behind them. */
NORM_C_EXPORT const void *normOutputData(const NormOutput *output,
                                         size_t *size);

/* The C header of the kernels; empty where there are no C functions (mlir; llvm
 * and ptx of nvptx). It lives as long as the output. */
NORM_C_EXPORT const char *normOutputHeader(const NormOutput *output);

/* How each fused op is compiled, a line an op, as --print-plan says it. It
 * lives as long as the output. */
NORM_C_EXPORT const char *normOutputPlan(const NormOutput *output);

NORM_C_EXPORT void normOutputDestroy(NormOutput *output);

#ifdef __cplusplus
}
#endif

#endif /* NORM_C_NORM_H */
