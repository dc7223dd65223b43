/* host PLUGIN: asks a plugin what it is, as MLIR does, but from a program that
 * has no MLIR. With -DOTHER_LLVM it claims to have another LLVM inside. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

struct info {
  uint32_t api_version;
  const char *name, *version;
  void *register_callback;
};

#ifdef OTHER_LLVM
void LLVMGetVersion(unsigned *major, unsigned *minor, unsigned *patch) {
  *major = 21;
  *minor = 1;
  *patch = 5;
}
#endif

int main(int argc, char **argv) {
  const char *names[] = {"mlirGetDialectPluginInfo", "mlirGetPassPluginInfo"};
  void *plugin = argc == 2 ? dlopen(argv[1], RTLD_LAZY | RTLD_GLOBAL) : NULL;
  if (!plugin) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  for (int i = 0; i < 2; ++i) {
    struct info (*get)(void);
    *(void **)&get = dlsym(plugin, names[i]);
    struct info info = get();
    printf("%s %s: version %u, %s\n", names[i], info.name, info.api_version,
           info.register_callback ? "registers" : "registers nothing");
    fflush(stdout);
  }
  return 0;
}
