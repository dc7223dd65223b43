//===- Main.cpp - The benchmark program -----------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Exactness.h"
#include "Problem.h"

#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <regex>
#include <sched.h>

using namespace bench;

static const char usage[] = R"(usage: norm-bench [CASES] [OPTION...]

  CASES              a regular expression; cases whose name it matches in part
  --list             print the names of the cases
  --check            run every contender once and compare, without timing
  --exactness        the errors of LayerNorm, one JSON object a line
  --cpu=N            run on this CPU (the last one that is allowed)
  --benchmark_...    Google Benchmark's options
)";

namespace {
/// The program's own options; the rest are Google Benchmark's.
struct Options {
  std::string cases = ".";
  bool list = false;
  bool check = false;
  bool exactness = false;
  int cpu = -1;
};
} // namespace

/// Stays on one CPU, so that caches stay warm and threads of a library cannot
/// help it.
static void pin(int cpu) {
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof(allowed), &allowed);
  for (int i = 0; i < CPU_SETSIZE && cpu < 0; ++i)
    if (CPU_ISSET(CPU_SETSIZE - 1 - i, &allowed))
      cpu = CPU_SETSIZE - 1 - i;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  if (sched_setaffinity(0, sizeof(one), &one) != 0)
    std::fprintf(stderr, "norm-bench: cannot stay on CPU %d\n", cpu);
}

static std::vector<Contender> contenders() {
  std::vector<Contender> all = yardsticks();
  for (auto &more : {copies(), reads(), libraries(), compiledKernels()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Whether it is there to compare with and does not compute the case.
static bool isReference(const Contender &contender) {
  for (const char *name : {"copy", "read", "norm-linears"})
    if (contender.name.compare(0, std::strlen(name), name) == 0)
      return true;
  return false;
}

/// Registers the contender's timing of the problem. One that computes something
/// else is reported, not timed. Returns false for such a one.
static bool add(Problem &problem, const Contender &contender, bool time) {
  const Case &c = problem.getCase();
  problem.clearOutput();
  Runner run = contender.make(c, problem.getData());
  if (!run)
    return true;
  run();
  std::string name = c.name + "/" + contender.name;
  std::string wrong = isReference(contender) ? "" : problem.check();
  if (!wrong.empty())
    std::fprintf(stderr, "norm-bench: %s: %s\n", name.c_str(), wrong.c_str());
  if (!time)
    return wrong.empty();
  auto *registered = benchmark::RegisterBenchmark(
      name.c_str(), [run, wrong](benchmark::State &state) {
        if (!wrong.empty())
          state.SkipWithError(wrong.c_str());
        for (auto _ : state)
          run();
      });
  // On a shared machine the time of the process counts, not that of others. All
  // threads are on this CPU, so that time is the whole work.
  registered->MeasureProcessCPUTime()->Unit(benchmark::kMicrosecond);
  return wrong.empty();
}

static Options parse(int &argc, char **argv) {
  Options options;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument == "--list")
      options.list = true;
    else if (argument == "--check")
      options.check = true;
    else if (argument == "--exactness")
      options.exactness = true;
    else if (argument.compare(0, 6, "--cpu=") == 0)
      options.cpu = std::atoi(argument.c_str() + 6);
    else if (argument.compare(0, 2, "--") != 0)
      options.cases = argument;
    else
      argv[kept++] = argv[i];
  }
  argc = kept;
  return options;
}

int main(int argc, char **argv) {
  Options options = parse(argc, argv);
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--help") == 0) {
      std::fputs(usage, stdout);
      return 0;
    }
  if (options.list) {
    for (const Case &c : allCases())
      std::puts(c.name.c_str());
    return 0;
  }
  setenv("OMP_NUM_THREADS", "1", 1);
  pin(options.cpu);
  if (options.exactness) {
    reportExactness();
    return 0;
  }
  std::vector<Contender> all = contenders();
  std::vector<std::unique_ptr<Problem>> problems;
  std::regex pattern(options.cases);
  bool good = true;
  for (const Case &c : allCases()) {
    if (!std::regex_search(c.name, pattern))
      continue;
    problems.push_back(std::make_unique<Problem>(c));
    for (const Contender &contender : all)
      good &= add(*problems.back(), contender, !options.check);
    if (options.check)
      problems.clear();
  }
  if (options.check)
    return good ? 0 : 1;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
