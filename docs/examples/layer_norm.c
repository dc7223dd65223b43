/* Calls the kernel compiled from layer_norm.mlir on a batch of three. */
#include "layer_norm.h"
#include "example.h"

enum { ROWS = 3, COLUMNS = 5 };

static const float x[ROWS * COLUMNS] = {
    1,   2,   3,     4,      5,   /* */
    -2,  0,   2,     8,      -8,  /* */
    100, 101, 99.5f, 100.5f, 102, /* a large mean, a small spread */
};
static const float scale[COLUMNS] = {1, 2, 0.5f, 1, -1};
static const float shift[COLUMNS] = {0, 1, 0, -1, 0.5f};

int main(int argc, char **argv) {
  int save, status, i;
  const char *dir = example_arguments(argc, argv, &save);
  float y[ROWS * COLUMNS], plain[ROWS * COLUMNS];
  void *workspace;
  if (save) {
    example_save(dir, "x", x, ROWS, COLUMNS);
    example_save(dir, "scale", scale, 0, COLUMNS);
    example_save(dir, "shift", shift, 0, COLUMNS);
    return 0;
  }

  workspace = malloc(layer_norm_workspace(ROWS));
  status = layer_norm(x, scale, shift, y, ROWS, workspace);
  if (status != NORM_OK)
    example_fail("layer_norm", norm_status_message(status));
  free(workspace);

  example_print("input", x, ROWS, COLUMNS, 0);
  example_print("output", y, ROWS, COLUMNS, 0);
  for (i = 0; i < ROWS * COLUMNS; ++i)
    plain[i] = (y[i] - shift[i % COLUMNS]) / scale[i % COLUMNS];
  example_print("output before scale and shift", plain, ROWS, COLUMNS, 0);
  example_check(dir, "y", "layer_norm", y, ROWS * COLUMNS);
  return 0;
}
