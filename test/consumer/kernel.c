/* Calls the kernel that the installed normc made. */
#include "kernel.h"
#include <math.h>
#include <stdio.h>

int main(void) {
  float x[3 * 64], scale[64], shift[64], y[3 * 64];
  for (int i = 0; i < 3 * 64; ++i)
    x[i] = (float)sin(i);
  for (int i = 0; i < 64; ++i) {
    scale[i] = 1;
    shift[i] = 2;
  }
  int status = tanh_norm(x, scale, shift, y, 3, NULL);
  if (status != NORM_OK) {
    printf("%s\n", norm_status_message(status));
    return 1;
  }
  for (int row = 0; row < 3; ++row) {
    double sum = 0;
    for (int i = 0; i < 64; ++i)
      sum += y[64 * row + i];
    printf("row %d: mean %.3f\n", row, sum / 64);
  }
  return 0;
}
