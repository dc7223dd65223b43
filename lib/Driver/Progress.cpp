//===- Progress.cpp - What takes long, on a terminal ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Progress.h"

#include "llvm/Support/Process.h"
#include <chrono>

using namespace mlir;
using namespace mlir::norm;

/// What is done before is not worth a line.
static constexpr unsigned kQuietSeconds = 2;

/// Back to the first column; what stands there goes.
static constexpr StringLiteral kClearLine = "\r\x1b[K";

void Progress::startOnTerminal() {
  // One that cannot move its cursor would show every line.
  if (llvm::sys::Process::StandardErrIsDisplayed() &&
      llvm::sys::Process::GetEnv("TERM") != "dumb")
    watcher = std::thread([this] { watch(); });
}

void Progress::stop() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    isDone = true;
    clearLocked();
  }
  wake.notify_all();
  if (watcher.joinable())
    watcher.join();
}

void Progress::setPhase(StringRef newPhase) {
  std::lock_guard<std::mutex> lock(mutex);
  phase = newPhase.str();
}

void Progress::clear() {
  std::lock_guard<std::mutex> lock(mutex);
  clearLocked();
}

void Progress::clearLocked() {
  if (isShown)
    os << kClearLine;
  isShown = false;
}

void Progress::update(unsigned seconds) {
  std::lock_guard<std::mutex> lock(mutex);
  if (isDone || seconds < kQuietSeconds || phase.empty())
    return;
  // In one write: others may write to the terminal, too.
  os << (kClearLine + tool + ": " + Twine(seconds) + " s: " + phase).str();
  isShown = true;
}

void Progress::watch() {
  auto start = std::chrono::steady_clock::now();
  for (unsigned seconds = 1;; ++seconds) {
    {
      std::unique_lock<std::mutex> lock(mutex);
      if (wake.wait_until(lock, start + std::chrono::seconds(seconds),
                          [this] { return isDone; }))
        return;
    }
    update(seconds);
  }
}
