/* options NAME...: fails at the first option that libnorm does not know. */
#include <norm-c/Norm.h>
#include <stdio.h>
#include <string.h>

static void check_name(void *context, const NormDiagnostic *diagnostic) {
  if (strstr(diagnostic->message, "there is no option"))
    *(const char **)context = "unknown";
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    const char *state = "known";
    NormOptions *options = normOptionsCreate();
    normOptionsOnDiagnostic(options, check_name, &state);
    normOptionsSet(options, argv[i], "");
    normOptionsDestroy(options);
    printf("%s: %s\n", argv[i], state);
    if (strcmp(state, "known") != 0)
      return 1;
  }
  return 0;
}
