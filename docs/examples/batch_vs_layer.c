/* Batch norm and layer norm of the same input: which of rows and columns get
 * mean 0 and standard deviation 1. */
#include "batch_vs_layer.h"
#include "example.h"

enum { ROWS = 3, COLUMNS = 5 };

static const float x[ROWS * COLUMNS] = {
    1, 20, 300, 4,  5,  /* features of very different size */
    2, 10, 100, -4, 50, /* */
    3, 60, 200, 0,  95, /* */
};

int main(int argc, char **argv) {
  int save, status;
  const char *dir = example_arguments(argc, argv, &save);
  float batch[ROWS * COLUMNS], layer[ROWS * COLUMNS];
  float mean[COLUMNS], variance[COLUMNS], row_mean[ROWS], row_rstd[ROWS];
  void *workspace;
  if (save) {
    example_save(dir, "x", x, ROWS, COLUMNS);
    return 0;
  }

  workspace = malloc(batch_norm_workspace(ROWS));
  status = batch_norm(x, batch, mean, variance, ROWS, workspace);
  if (status != NORM_OK)
    example_fail("batch_norm", norm_status_message(status));
  free(workspace);
  workspace = malloc(layer_norm_workspace(ROWS));
  status = layer_norm(x, layer, row_mean, row_rstd, ROWS, workspace);
  if (status != NORM_OK)
    example_fail("layer_norm", norm_status_message(status));
  free(workspace);

  example_print("input: each row a sample, each column a feature", x, ROWS,
                COLUMNS, 1);
  example_print("batch norm: every column has mean 0 and std 1", batch, ROWS,
                COLUMNS, 1);
  example_print("layer norm: every row has mean 0 and std 1", layer, ROWS,
                COLUMNS, 1);
  example_check(dir, "batch", "batch_norm", batch, ROWS * COLUMNS);
  example_check(dir, "layer", "layer_norm", layer, ROWS * COLUMNS);
  return 0;
}
