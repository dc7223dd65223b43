/* Calls the functions of c-abi-run.mlir: results, status codes, workspace. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OK = 0, BAD_SIZE = 1, IS_NULL = 2, OVERLAP = 3, BAD_PACK = 4 };

typedef void (*parallel_for)(void *context, int64_t count,
                             void (*task)(void *data, int64_t i, int worker),
                             void *data, int workers);

#define DECLARE(P)                                                             \
  int P##scale(const float *x, const float *g, float s, const void *w,         \
               float *y, int64_t x_d0, int64_t x_d1, int64_t g_d0,             \
               void *workspace);                                               \
  int P##scale_rows(const float *x, const float *g, float s, const void *w,    \
                    float *y, int64_t x_d0, int64_t x_d1, int64_t g_d0,        \
                    int64_t begin, int64_t end, void *workspace);              \
  int P##scale_parallel(const float *x, const float *g, float s,               \
                        const void *w, float *y, int64_t x_d0, int64_t x_d1,   \
                        int64_t g_d0, void *workspace, parallel_for run,       \
                        void *context, int workers);                           \
  size_t P##scale_parallel_workspace(int64_t x_d0, int64_t x_d1, int64_t g_d0, \
                                     int workers);                             \
  int P##split_parallel(const float *x, uint16_t h, float *y, int64_t x_d0,    \
                        void *workspace, parallel_for run, void *context,      \
                        int workers);                                          \
  size_t P##scale_workspace(int64_t x_d0, int64_t x_d1, int64_t g_d0);         \
  int P##scale_pack_w(const float *w, void *packed);                           \
  size_t P##scale_packed_size_w(void);                                         \
  int P##split(const float *x, uint16_t h, float *y, int64_t x_d0,             \
               void *workspace);                                               \
  size_t P##split_workspace(int64_t x_d0);
DECLARE(a_)
DECLARE(b_)
int a_scale_invoke(void **arguments);

/* Runs the tasks one by one, last first, and counts them in *context. */
static void runTasks(void *context, int64_t count,
                     void (*task)(void *data, int64_t i, int worker),
                     void *data, int workers) {
  for (int64_t i = count; i-- > 0;)
    task(data, i, (int)(i % workers));
  *(int64_t *)context += count;
}

#define EXPECT(condition)                                                      \
  do {                                                                         \
    if (!(condition)) {                                                        \
      printf("line %d: %s\n", __LINE__, #condition);                           \
      return 1;                                                                \
    }                                                                          \
  } while (0)

enum { ROWS = 3, N = 37 };

int main(void) {
  float x[ROWS * N], g[N], y[ROWS * N + 1], w[4] = {.5f, .5f, .5f, .5f};
  for (int i = 0; i < ROWS * N; ++i)
    x[i] = (float)(i % 11);
  for (int i = 0; i < N; ++i)
    g[i] = (float)(i % 7);

  size_t packedSize = a_scale_packed_size_w();
  EXPECT(packedSize == 64 + sizeof w && b_scale_packed_size_w() == packedSize);
  unsigned char *packed = malloc(packedSize);
  memset(packed, 0xff, packedSize);
  EXPECT(a_scale_pack_w(w, packed) == OK);
  int64_t tag;
  memcpy(&tag, packed, sizeof tag);
  EXPECT(tag == 1234567890123);
  for (int i = 8; i < 64; ++i)
    EXPECT(packed[i] == 0);
  EXPECT(a_scale_pack_w(NULL, packed) == (IS_NULL | 0 << 8));
  EXPECT(a_scale_pack_w(w, NULL) == (IS_NULL | 1 << 8));
  EXPECT(a_scale_pack_w((float *)(void *)packed, packed) == (OVERLAP | 1 << 8));

  /* Two temporaries live at once; the third takes the place of one. */
  size_t bytes = a_scale_workspace(ROWS, N, N);
  EXPECT(bytes == 2 * 192 + 63);
  EXPECT(a_scale_workspace(ROWS, 0, 0) == 0 && a_split_workspace(8) == 0);

  /* More than there are addresses. */
  EXPECT(a_scale_workspace(ROWS, INT64_MAX / 4, N) == SIZE_MAX);
  EXPECT(a_scale_workspace(ROWS, INT64_MAX / 8, N) == SIZE_MAX);
  EXPECT(a_scale_workspace(ROWS, -1, N) == SIZE_MAX);
  EXPECT(a_scale_parallel_workspace(ROWS, INT64_MAX / 4, N, 1) == SIZE_MAX);
  EXPECT(a_scale_parallel_workspace(ROWS, INT64_MAX / 64, N, 64) == SIZE_MAX);
  EXPECT(a_scale_parallel_workspace(ROWS, N, N, -1) == 0);

  /* At every misalignment, and nothing outside is written. */
  unsigned char *memory = malloc(bytes + 128);
  for (size_t shift = 0; shift < 64; ++shift) {
    memset(memory, 0xa5, bytes + 128);
    memset(y, 0, sizeof y);
    EXPECT(b_scale(x, g, 1.5f, packed, y, ROWS, N, N, memory + shift) == OK);
    for (int i = 0; i < ROWS * N; ++i)
      EXPECT(y[i] == x[i] * g[i % N] + 1.5f);
    EXPECT(y[ROWS * N] == 0);
    for (size_t i = 0; i < shift; ++i)
      EXPECT(memory[i] == 0xa5);
    for (size_t i = shift + bytes; i < bytes + 128; ++i)
      EXPECT(memory[i] == 0xa5);
  }

  /* Packed data may be anywhere, too. */
  {
    unsigned char *odd = malloc(packedSize + 1);
    EXPECT(a_scale_pack_w(w, odd + 1) == OK);
    EXPECT(memcmp(odd + 1, packed, packedSize) == 0);
    EXPECT(b_scale(x, g, 1.5f, odd + 1, y, ROWS, N, N, memory) == OK);
    free(odd);
  }

  /* By pointers to the values. */
  {
    const float *px = x, *pg = g;
    float s = 2, *py = y;
    void *pw = packed, *workspace = memory;
    int64_t rows = ROWS, n = N;
    void *arguments[] = {&px, &pg, &s, &pw, &py, &rows, &n, &n, &workspace};
    memset(y, 0, sizeof y);
    EXPECT(a_scale_invoke(arguments) == OK);
    for (int i = 0; i < ROWS * N; ++i)
      EXPECT(y[i] == x[i] * g[i % N] + 2);
  }

  /* A block of rows, and ranges that are none. */
  memset(y, 0, sizeof y);
#define ROWS_OF(BEGIN, END)                                                    \
  a_scale_rows(x, g, 2, packed, y, ROWS, N, N, BEGIN, END, memory)
  EXPECT(ROWS_OF(1, 2) == OK);
  for (int i = 0; i < ROWS * N; ++i)
    EXPECT(y[i] == (i / N == 1 ? x[i] * g[i % N] + 2 : 0));
  memset(y, 0, sizeof y);
  EXPECT(ROWS_OF(0, 0) == OK && ROWS_OF(ROWS, ROWS) == OK);
  EXPECT(ROWS_OF(-1, 1) == (BAD_SIZE | 6 << 8));
  EXPECT(ROWS_OF(2, 1) == (BAD_SIZE | 6 << 8));
  EXPECT(ROWS_OF(2, ROWS + 1) == (BAD_SIZE | 6 << 8));
  EXPECT(a_scale_rows(x, g, 2, packed, NULL, ROWS, N, N, 0, 1, memory) ==
         (IS_NULL | 4 << 8));
  for (int i = 0; i < ROWS * N; ++i)
    EXPECT(y[i] == 0);
  EXPECT(ROWS_OF(0, ROWS) == OK);
  for (int i = 0; i < ROWS * N; ++i)
    EXPECT(y[i] == x[i] * g[i % N] + 2);

  /* By several workers. */
  for (int workers = 1; workers <= 5; ++workers) {
    int64_t count = 0;
    size_t size = a_scale_parallel_workspace(ROWS, N, N, workers);
    EXPECT(size == (size_t)workers * 448);
    void *workspaces = malloc(size);
    memset(y, 0, sizeof y);
    EXPECT(a_scale_parallel(x, g, 2, packed, y, ROWS, N, N, workspaces,
                            runTasks, &count, workers) == OK);
    EXPECT(count == (workers < ROWS ? workers : ROWS));
    for (int i = 0; i < ROWS * N; ++i)
      EXPECT(y[i] == x[i] * g[i % N] + 2);
    EXPECT(a_scale_parallel(x, g, 2, packed, y, ROWS, N, N, workspaces,
                            runTasks, &count, 0) == (BAD_SIZE | 6 << 8));
    EXPECT(a_scale_parallel(x, g, 2, packed, y, ROWS, N, N, workspaces, NULL,
                            &count, 1) == (IS_NULL | 6 << 8));
    free(workspaces);
    EXPECT(a_split_parallel(x, 0, y, 8, NULL, runTasks, &count, workers) == OK);
    EXPECT(y[7] == x[7]);
  }

  /* What is refused writes nothing. */
  memset(y, 0, sizeof y);
#define SCALE(X, G, W, Y, D0, D1, G0, WS) a_scale(X, G, 1, W, Y, D0, D1, G0, WS)
  EXPECT(SCALE(x, g, packed, y, -1, N, N, memory) == (BAD_SIZE | 0 << 8));
  EXPECT(SCALE(x, g, packed, y, ROWS, N, -N, memory) == (BAD_SIZE | 1 << 8));
  EXPECT(SCALE(x, g, packed, y, ROWS, N, N - 1, memory) == (BAD_SIZE | 1 << 8));
  EXPECT(SCALE(x, g, packed, y, INT64_MAX / 8, 64, 64, memory) == BAD_SIZE);
  EXPECT(SCALE(x, g, packed, y, INT64_MAX, 1, 1, memory) == BAD_SIZE);
  EXPECT(SCALE(NULL, g, packed, y, ROWS, N, N, memory) == (IS_NULL | 0 << 8));
  EXPECT(SCALE(x, g, NULL, y, ROWS, N, N, memory) == (IS_NULL | 3 << 8));
  EXPECT(SCALE(x, g, packed, NULL, ROWS, N, N, memory) == (IS_NULL | 4 << 8));
  EXPECT(SCALE(x, g, packed, y, ROWS, N, N, NULL) == (IS_NULL | 5 << 8));
  EXPECT(SCALE(x, g, packed, x, ROWS, N, N, memory) == (OVERLAP | 4 << 8));
  EXPECT(SCALE(x, g, packed, x + ROWS * N - 1, ROWS, N, N, memory) ==
         (OVERLAP | 4 << 8));
  EXPECT(SCALE(y + ROWS * N - 1, g, packed, y, ROWS, N, N, memory) ==
         (OVERLAP | 4 << 8));
  for (int i = 0; i < ROWS * N; ++i)
    EXPECT(y[i] == 0);
  packed[0] ^= 1;
  EXPECT(SCALE(x, g, packed, y, ROWS, N, N, memory) == (BAD_PACK | 3 << 8));
  packed[0] ^= 1;

  /* Nothing to do. */
  EXPECT(SCALE(NULL, g, packed, NULL, 0, N, N, memory) == OK);
  EXPECT(SCALE(NULL, NULL, packed, NULL, ROWS, 0, 0, NULL) == OK);
  EXPECT(SCALE(x, g, packed, x, 0, N, N, memory) == OK);

  /* 0x3c00 is 1 as f16. */
  EXPECT(a_split(x, 0x3c00, y, 8, NULL) == OK);
  for (int i = 0; i < 8; ++i)
    EXPECT(y[i] == x[i] + 1);
  EXPECT(a_split(x, 0, y, 7, NULL) == (BAD_SIZE | 0 << 8));
  EXPECT(a_split(x, 0, y, 0, NULL) == OK);

  free(packed);
  free(memory);
  printf("all checks passed\n");
  return 0;
}
