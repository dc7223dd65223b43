/* The statuses of @gather and @asserted of gather.mlir, serial and parallel. */
#include <stdio.h>
#include <stdlib.h>

static void serial(void *context, int64_t count,
                   void (*task)(void *data, int64_t i, int worker), void *data,
                   int workers) {
  (void)context;
  (void)workers;
  for (int64_t i = 0; i < count; ++i)
    task(data, i, 0);
}

int main(void) {
  float table[10 * 16] = {0}, g[16] = {0}, y[5 * 16], x[2 * 16] = {0}, z[32];
  int64_t good[5] = {0, 9, 1, 2, 3}, bad[5] = {0, 9, 1, 2, 10};
  void *workspace = malloc(gather_workspace(10) + asserted_workspace(2) + 1);
  void *workers = malloc(gather_parallel_workspace(10, 2) + 1);
  printf("%d", gather(table, good, g, y, 10, workspace));
  printf(" %d", gather(table, bad, g, y, 10, workspace));
  printf(" %d",
         gather_parallel(table, bad, g, y, 10, workers, serial, NULL, 2));
  printf(" %d", asserted(x, z, 2, workspace));
  printf(" %d\n", asserted(x, z, 1, workspace));
  free(workspace);
  free(workers);
  return 0;
}
