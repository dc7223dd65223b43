/* mlir-c FILE: MLIR's API in C, with our dialect and passes: FILE is
 * generalized and fused. */
#include <mlir-c/Pass.h>
#include <norm-c/Registration.h>
#include <stdio.h>

static char *read_file(const char *name) {
  static char text[1 << 16];
  FILE *file = fopen(name, "rb");
  if (!file)
    return NULL;
  size_t size = fread(text, 1, sizeof(text) - 1, file);
  fclose(file);
  text[size] = '\0';
  return text;
}

static void print(MlirStringRef text, void *stream) {
  fwrite(text.data, 1, text.length, (FILE *)stream);
}

int main(int argc, char **argv) {
  char *text = argc == 2 ? read_file(argv[1]) : NULL;
  if (!text)
    return 2;
  MlirDialectRegistry registry = mlirDialectRegistryCreate();
  normRegisterDialects(registry);
  normRegisterPasses();
  MlirContext context = mlirContextCreateWithRegistry(registry, false);
  MlirModule module =
      mlirModuleCreateParse(context, mlirStringRefCreateFromCString(text));
  if (mlirModuleIsNull(module))
    return 1;
  MlirPassManager passes = mlirPassManagerCreate(context);
  MlirOperation op = mlirModuleGetOperation(module);
  MlirStringRef pipeline = mlirStringRefCreateFromCString(
      "builtin.module(norm-generalize,norm-fuse)");
  if (mlirLogicalResultIsFailure(
          mlirParsePassPipeline(mlirPassManagerGetAsOpPassManager(passes),
                                pipeline, print, stderr)) ||
      mlirLogicalResultIsFailure(mlirPassManagerRunOnOp(passes, op)))
    return 1;
  normRegisterPasses(); /* As another library of this program may. */
  mlirOperationPrint(op, print, stdout);
  mlirPassManagerDestroy(passes);
  mlirModuleDestroy(module);
  mlirContextDestroy(context);
  mlirDialectRegistryDestroy(registry);
  return 0;
}
