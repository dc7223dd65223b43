/* Calls the kernel compiled from simple_model.mlir: a linear layer, whose
 * weights are packed once, and layer normalization. */
#include "simple_model.h"
#include "example.h"

enum { ROWS = 3, COLUMNS = 5 };

static const float x[ROWS * COLUMNS] = {
    1,  2,    3,     4,  5, /* */
    -1, 0.5f, 2,     -3, 1, /* */
    10, -10,  0.25f, 0,  4, /* */
};
/* Row o holds the weights of output o. */
static const float weight[COLUMNS * COLUMNS] = {
    0.5f,  -0.25f, 0,     1,     0.125f, /* */
    -1,    0.5f,   0.5f,  0,     0.25f,  /* */
    0.75f, 0,      -0.5f, 0.25f, 1,      /* */
    0,     1,      0.25f, -0.5f, 0,      /* */
    0.25f, 0.25f,  1,     0,     -1,     /* */
};
static const float bias[COLUMNS] = {0.1f, -0.2f, 0.3f, 0, 1};
static const float scale[COLUMNS] = {1, 1, 2, 1, 0.5f};
static const float shift[COLUMNS] = {0, 0.5f, 0, -1, 0};

int main(int argc, char **argv) {
  int save, status, i;
  const char *dir = example_arguments(argc, argv, &save);
  float y[ROWS * COLUMNS], plain[ROWS * COLUMNS];
  void *packed, *workspace;
  if (save) {
    example_save(dir, "x", x, ROWS, COLUMNS);
    example_save(dir, "weight", weight, COLUMNS, COLUMNS);
    example_save(dir, "bias", bias, 0, COLUMNS);
    example_save(dir, "scale", scale, 0, COLUMNS);
    example_save(dir, "shift", shift, 0, COLUMNS);
    return 0;
  }

  packed = malloc(simple_model_packed_size_weight());
  status = simple_model_pack_weight(weight, packed);
  if (status != NORM_OK)
    example_fail("simple_model_pack_weight", norm_status_message(status));
  workspace = malloc(simple_model_workspace(ROWS));
  status = simple_model(x, packed, bias, scale, shift, y, ROWS, workspace);
  if (status != NORM_OK)
    example_fail("simple_model", norm_status_message(status));
  free(workspace);
  free(packed);

  example_print("input", x, ROWS, COLUMNS, 0);
  example_print("output", y, ROWS, COLUMNS, 0);
  for (i = 0; i < ROWS * COLUMNS; ++i)
    plain[i] = (y[i] - shift[i % COLUMNS]) / scale[i % COLUMNS];
  example_print("output before scale and shift", plain, ROWS, COLUMNS, 0);
  example_check(dir, "y", "simple_model", y, ROWS * COLUMNS);
  return 0;
}
