/* beside LIBNORM LLVM...: a program that uses the shared libMLIR 22 by its C
 * API, and the shared libraries of other LLVMs, opens LIBNORM as others open
 * plugins and uses all of them by turns. */
#include <dlfcn.h>
#include <mlir-c/IR.h>
#include <norm-c/Norm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int condition, const char *what) {
  if (!condition) {
    printf("wrong: %s\n", what);
    exit(1);
  }
}

/* The function called `name` of a library. */
static void *find(void *library, const char *name) {
  void *function = dlsym(library, name);
  check(function != NULL, name);
  return function;
}

/* MLIR of the program itself: a module is parsed and is what it was; libnorm's
 * dialects are not in it. */
static void use_mlir(void) {
  MlirContext context = mlirContextCreate();
  MlirModule module = mlirModuleCreateParse(
      context, mlirStringRefCreateFromCString("module @here {}"));
  check(!mlirModuleIsNull(module), "parsing by MLIR");
  check(mlirOperationVerify(mlirModuleGetOperation(module)),
        "verifying by MLIR");
  check(!mlirContextIsRegisteredOperation(
            context, mlirStringRefCreateFromCString("norm.layer_norm")),
        "two MLIRs are one");
  mlirModuleDestroy(module);
  mlirContextDestroy(context);
}

/* The C API of an LLVM: a module is made and printed. */
static void use_llvm(void *library) {
  void *(*create_context)(void), *(*create_module)(const char *, void *);
  char *(*print)(void *);
  void (*dispose_message)(char *), (*dispose_module)(void *),
      (*dispose_context)(void *);
  *(void **)&create_context = find(library, "LLVMContextCreate");
  *(void **)&create_module = find(library, "LLVMModuleCreateWithNameInContext");
  *(void **)&print = find(library, "LLVMPrintModuleToString");
  *(void **)&dispose_message = find(library, "LLVMDisposeMessage");
  *(void **)&dispose_module = find(library, "LLVMDisposeModule");
  *(void **)&dispose_context = find(library, "LLVMContextDispose");
  void *context = create_context();
  void *module = create_module("other", context);
  char *text = print(module);
  check(strstr(text, "ModuleID = 'other'") != NULL, "printing by LLVM");
  dispose_message(text);
  dispose_module(module);
  dispose_context(context);
}

/* libnorm, by addresses of functions: nothing of it is linked. */
static void use_norm(void *library) {
  static const char graph[] =
      "func.func @f(%x: tensor<?x768xbf16>) -> tensor<?x768xbf16> {\n"
      "  %y = norm.rms_norm %x axes [1] : (tensor<?x768xbf16>) -> "
      "tensor<?x768xbf16>\n"
      "  return %y : tensor<?x768xbf16>\n"
      "}\n";
  NormResult (*compile)(const NormOptions *, const char *, size_t, const char *,
                        NormOutput **);
  const void *(*get_data)(const NormOutput *, size_t *);
  void (*destroy)(NormOutput *);
  *(void **)&compile = find(library, "normCompile");
  *(void **)&get_data = find(library, "normOutputData");
  *(void **)&destroy = find(library, "normOutputDestroy");
  NormOutput *output;
  size_t size;
  check(compile(NULL, graph, strlen(graph), "obj", &output) == NORM_COMPILE_OK,
        "compiling");
  check(memcmp(get_data(output, &size), "\177ELF", 4) == 0 && size > 1000,
        "the object");
  destroy(output);
}

int main(int argc, char **argv) {
  void *others[8];
  int count = argc - 2;
  check(count >= 0 && count <= 8, "usage: beside LIBNORM LLVM...");
  for (int i = 0; i < count; ++i) {
    others[i] = dlopen(argv[2 + i], RTLD_NOW | RTLD_GLOBAL);
    check(others[i] != NULL, dlerror());
    use_llvm(others[i]);
  }
  use_mlir();
  for (int turn = 0; turn < 2; ++turn) {
    void *norm = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    check(norm != NULL, "opening libnorm");
    check(dlsym(RTLD_DEFAULT, "normCompile") == NULL, "a name is global");
    use_norm(norm);
    use_mlir();
    for (int i = 0; i < count; ++i)
      use_llvm(others[i]);
    use_norm(norm);
    check(dlclose(norm) == 0, "closing libnorm");
    use_mlir();
  }
  printf("%d other libraries\n", count);
  return 0;
}
