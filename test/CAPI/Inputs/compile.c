/* compile OUT.o OUT.h: compiles a LayerNorm in memory in two threads at a time
 * and writes the object and its header; then what the library refuses. Strict
 * C11, and C++. */
#include <norm-c/Norm.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char graph[] =
    "func.func @layer_norm(%x: tensor<?x5xf32>, %scale: tensor<5xf32>, %shift: "
    "tensor<5xf32>) -> tensor<?x5xf32> {\n"
    "  %y = norm.layer_norm %x scale %scale shift %shift axes [1] epsilon "
    "1.0e-5\n"
    "      : (tensor<?x5xf32>, tensor<5xf32>, tensor<5xf32>) -> "
    "tensor<?x5xf32>\n"
    "  return %y : tensor<?x5xf32>\n"
    "}\n";

static void check(int condition, const char *what) {
  if (!condition) {
    printf("wrong: %s\n", what);
    exit(1);
  }
}

static void print(void *context, const NormDiagnostic *diagnostic) {
  static const char *const severities[] = {"error", "warning", "remark",
                                           "note"};
  printf("%s: %s:%u:%u: %s: %s\n", (const char *)context,
         diagnostic->file ? diagnostic->file : "-", diagnostic->line,
         diagnostic->column, severities[diagnostic->severity],
         diagnostic->message);
}

/* A thread that compiles with the options that it is passed. */
static void *compile(void *options) {
  NormOutput *output;
  NormResult result = normCompile((const NormOptions *)options, graph,
                                  strlen(graph), "obj", &output);
  check(result == NORM_COMPILE_OK && output, "compiling in a thread");
  return output;
}

static void write_file(const char *name, const void *data, size_t size) {
  FILE *file = fopen(name, "wb");
  check(file && fwrite(data, 1, size, file) == size && fclose(file) == 0, name);
}

/* Two threads with the same options compile to the same bytes. */
static void compile_in_threads(const char *object_name,
                               const char *header_name) {
  NormOptions *options = normOptionsCreate();
  check(normOptionsSet(options, "mcpu", "x86-64-v3") == NORM_COMPILE_OK,
        "mcpu");
  pthread_t threads[2];
  NormOutput *outputs[2];
  const char *objects[2];
  size_t sizes[2];
  for (int i = 0; i < 2; ++i)
    check(pthread_create(&threads[i], NULL, compile, options) == 0, "thread");
  for (int i = 0; i < 2; ++i) {
    void *output;
    check(pthread_join(threads[i], &output) == 0, "join");
    outputs[i] = (NormOutput *)output;
    objects[i] = (const char *)normOutputData(outputs[i], &sizes[i]);
    check(objects[i] != NULL && objects[i][sizes[i]] == '\0', "data");
  }
  check(sizes[0] == sizes[1] && memcmp(objects[0], objects[1], sizes[0]) == 0,
        "two threads, two objects");
  check(strstr(normOutputPlan(outputs[0]), "norm.generic") != NULL, "the plan");
  write_file(object_name, objects[0], sizes[0]);
  write_file(header_name, normOutputHeader(outputs[0]),
             strlen(normOutputHeader(outputs[0])));
  for (int i = 0; i < 2; ++i)
    normOutputDestroy(outputs[i]);
  normOptionsDestroy(options);
}

/* What each kind begins with. */
static void compile_kinds(void) {
  static const char *const kinds[][3] = {
      {"mlir", "cpu", "norm.generic"}, {"mlir-vector", "cpu", "vector.load"},
      {"llvm", "cpu", "define"},       {"asm", "cpu", ".globl\tlayer_norm"},
      {"lib", "cpu", "!<arch>"},       {"ptx", "nvptx", ".visible .entry"}};
  for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); ++i) {
    NormOptions *options = normOptionsCreate();
    NormOutput *output;
    normOptionsOnDiagnostic(options, print, NULL);
    normOptionsSet(options, "target", kinds[i][1]);
    check(normCompile(options, graph, strlen(graph), kinds[i][0], &output) ==
              NORM_COMPILE_OK,
          kinds[i][0]);
    const char *text = (const char *)normOutputData(output, NULL);
    check(strstr(text, kinds[i][2]) != NULL, kinds[i][2]);
    printf("%s: header %s\n", kinds[i][0],
           *normOutputHeader(output) ? "yes" : "no");
    normOutputDestroy(output);
    normOptionsDestroy(options);
  }
}

/* Compiles `text` after setting an option, and prints what is wrong. */
static void refuse(const char *name, const char *value, const char *text,
                   size_t length, const char *emit, const char *test) {
  NormOptions *options = normOptionsCreate();
  check(normOptionsOnDiagnostic(options, print, (void *)test) ==
            NORM_COMPILE_OK,
        "callback");
  NormResult result =
      name ? normOptionsSet(options, name, value) : NORM_COMPILE_OK;
  NormOutput *output = NULL;
  if (result == NORM_COMPILE_OK)
    result = normCompile(options, text, length, emit, &output);
  check(output == NULL, test);
  printf("%s: result %d\n", test, (int)result);
  normOptionsDestroy(options);
}

int main(int argc, char **argv) {
  check(argc == 3, "usage: compile OUT.o OUT.h");
  printf("version %s, LLVM %s\n", normVersion(), normLLVMVersion());
  compile_in_threads(argv[1], argv[2]);
  compile_kinds();

  const char *bad =
      "func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {\n"
      "  %y = norm.layer_norm %x axes [3] : (tensor<4xf32>) -> tensor<4xf32>\n"
      "  return %y : tensor<4xf32>\n"
      "}\n";
  refuse("name", "my.mlir", bad, strlen(bad), "obj", "axis");
  refuse(NULL, NULL, "func.func @f(", 13, "obj", "text");
  refuse(NULL, NULL, "", 0, "obj", "empty");
  refuse(NULL, NULL, "\xff\0x", 3, "obj", "bytes");
  refuse("mcpu", "pentium-9", graph, strlen(graph), "obj", "cpu");
  refuse("weights", "/nonexistent.npz", graph, strlen(graph), "obj", "weights");
  refuse("colour", "red", graph, strlen(graph), "obj", "option");
  refuse("accuracy", "some", graph, strlen(graph), "obj", "accuracy");
  refuse("rounding", "up", graph, strlen(graph), "obj", "value");
  refuse("strided", "yes", graph, strlen(graph), "obj", "flag");
  refuse("threads", "many", graph, strlen(graph), "obj", "threads");
  refuse("gpu-arch", "sm_90", graph, strlen(graph), "obj", "arch");
  refuse(NULL, NULL, graph, strlen(graph), "exe", "kind");
  refuse(NULL, NULL, graph, strlen(graph), "ptx", "conflict");
  refuse(NULL, NULL, NULL, 0, "obj", "null");
  check(normCompile(NULL, graph, strlen(graph), "obj", NULL) ==
            NORM_COMPILE_USAGE,
        "no output");
  check(normOptionsSet(NULL, "mcpu", "native") == NORM_COMPILE_USAGE, "null");
  normOptionsDestroy(NULL);
  normOutputDestroy(NULL);
  return 0;
}
