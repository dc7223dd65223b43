/* compile OUT.o OUT.h: compiles a LayerNorm in memory in several threads at a
 * time and writes the object and its header; then what the library refuses.
 * Strict C11, and C++. */
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

static const char bad[] =
    "func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {\n"
    "  %y = norm.layer_norm %x axes [3] : (tensor<4xf32>) -> tensor<4xf32>\n"
    "  return %y : tensor<4xf32>\n"
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

/* What a thread compiles, and what came of it. */
struct job {
  const char *target, *text, *emit;
  NormResult expected;
  NormOutput *output;
  unsigned errors;
  pthread_barrier_t *start;
};

static void count_errors(void *job, const NormDiagnostic *diagnostic) {
  if (diagnostic->severity == NORM_SEVERITY_ERROR)
    ++((struct job *)job)->errors;
}

/* A thread that waits for the others and compiles its job. */
static void *compile(void *context) {
  struct job *job = (struct job *)context;
  NormOptions *options = normOptionsCreate();
  normOptionsOnDiagnostic(options, count_errors, job);
  check(normOptionsSet(options, "target", job->target) == NORM_COMPILE_OK,
        "target");
  if (strcmp(job->target, "cpu") == 0)
    check(normOptionsSet(options, "mcpu", "x86-64-v3") == NORM_COMPILE_OK,
          "mcpu");
  pthread_barrier_wait(job->start);
  check(normCompile(options, job->text, strlen(job->text), job->emit,
                    &job->output) == job->expected,
        "compiling in a thread");
  normOptionsDestroy(options);
  return NULL;
}

/* A thread that compiles with the options that it is passed. */
static void *compile_shared(void *options) {
  NormOutput *output;
  NormResult result = normCompile((const NormOptions *)options, graph,
                                  strlen(graph), "obj", &output);
  check(result == NORM_COMPILE_OK && output, "compiling with shared options");
  return output;
}

static void write_file(const char *name, const void *data, size_t size) {
  FILE *file = fopen(name, "wb");
  check(file && fwrite(data, 1, size, file) == size && fclose(file) == 0, name);
}

/* The first compilations of the process, all at once: the bytes are the same,
 * and a thread is told its own errors. */
static void compile_in_threads(const char *object_name,
                               const char *header_name) {
  enum { count = 6 };
  pthread_barrier_t start;
  pthread_t threads[count];
  struct job jobs[count] = {
      {"cpu", graph, "obj", NORM_COMPILE_OK, NULL, 0, &start},
      {"nvptx", graph, "ptx", NORM_COMPILE_OK, NULL, 0, &start},
      {"cpu", bad, "obj", NORM_COMPILE_REFUSED, NULL, 0, &start},
      {"cpu", graph, "obj", NORM_COMPILE_OK, NULL, 0, &start},
      {"nvptx", bad, "ptx", NORM_COMPILE_REFUSED, NULL, 0, &start},
      {"nvptx", graph, "ptx", NORM_COMPILE_OK, NULL, 0, &start}};
  check(pthread_barrier_init(&start, NULL, count) == 0, "barrier");
  for (int i = 0; i < count; ++i)
    check(pthread_create(&threads[i], NULL, compile, &jobs[i]) == 0, "thread");
  for (int i = 0; i < count; ++i) {
    check(pthread_join(threads[i], NULL) == 0, "join");
    check(jobs[i].errors == (jobs[i].expected == NORM_COMPILE_OK ? 0 : 1),
          "the errors of a thread");
  }
  pthread_barrier_destroy(&start);
  for (int i = 0; i < count; ++i)
    for (int k = 0; k < i; ++k)
      if (jobs[i].output && strcmp(jobs[i].emit, jobs[k].emit) == 0 &&
          jobs[k].output) {
        size_t size, other;
        const char *data = (const char *)normOutputData(jobs[i].output, &size);
        check(data != NULL && data[size] == '\0', "data");
        check(memcmp(data, normOutputData(jobs[k].output, &other), size) == 0 &&
                  size == other,
              "two threads, two outputs");
      }
  check(strstr(normOutputPlan(jobs[0].output), "norm.generic") != NULL,
        "the plan");
  size_t size;
  const void *data = normOutputData(jobs[0].output, &size);
  write_file(object_name, data, size);
  write_file(header_name, normOutputHeader(jobs[0].output),
             strlen(normOutputHeader(jobs[0].output)));
  for (int i = 0; i < count; ++i)
    normOutputDestroy(jobs[i].output);
}

/* Two threads with the same options compile to the same bytes. */
static void share_options(void) {
  NormOptions *options = normOptionsCreate();
  pthread_t threads[2];
  void *outputs[2];
  size_t sizes[2];
  for (int i = 0; i < 2; ++i)
    check(pthread_create(&threads[i], NULL, compile_shared, options) == 0,
          "thread");
  for (int i = 0; i < 2; ++i)
    check(pthread_join(threads[i], &outputs[i]) == 0, "join");
  const void *data = normOutputData((NormOutput *)outputs[0], &sizes[0]);
  check(memcmp(data, normOutputData((NormOutput *)outputs[1], &sizes[1]),
               sizes[0]) == 0 &&
            sizes[0] == sizes[1],
        "two threads, two objects");
  for (int i = 0; i < 2; ++i)
    normOutputDestroy((NormOutput *)outputs[i]);
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
  share_options();
  compile_kinds();

  refuse("name", "my.mlir", bad, strlen(bad), "obj", "axis");
  refuse(NULL, NULL, "func.func @f(", 13, "obj", "text");
  refuse(NULL, NULL, "", 0, "obj", "empty");
  refuse(NULL, NULL, "\xff\0x", 3, "obj", "bytes");
  refuse("mcpu", "pentium-9", graph, strlen(graph), "obj", "cpu");
  refuse("mattr", "-64bit-mode", graph, strlen(graph), "obj", "mode");
  refuse("mattr", "+soft-float", graph, strlen(graph), "obj", "soft");
  refuse("name", "", "(", 1, "obj", "unnamed");
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
  check(!normOutputData(NULL, NULL) && !normOutputHeader(NULL) &&
            !normOutputPlan(NULL),
        "null outputs");
  normOptionsDestroy(NULL);
  normOutputDestroy(NULL);
  return 0;
}
