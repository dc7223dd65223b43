/* norm-c FILE: prints the assembly of the kernels in FILE. */
#include <norm-c/Norm.h>
#include <stdio.h>
#include <string.h>

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

int main(int argc, char **argv) {
  char *text = argc == 2 ? read_file(argv[1]) : NULL;
  if (!text)
    return 2;
  NormOutput *output;
  NormResult result = normCompile(NULL, text, strlen(text), "asm", &output);
  if (result != NORM_COMPILE_OK)
    return result;
  puts((const char *)normOutputData(output, NULL));
  normOutputDestroy(output);
  return 0;
}
