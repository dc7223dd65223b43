//===- Progress.h - What takes long, on a terminal --------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_PROGRESS_H
#define NORM_DRIVER_PROGRESS_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/raw_ostream.h"
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace mlir::norm {

/// Is told what is being done from now on.
using PhaseCallback = std::function<void(StringRef)>;

/// A line on a terminal that says what a tool is at, once it has taken a few
/// seconds: "normc: 4 s: machine code". It is gone when something else is
/// printed and when the work is done.
class Progress {
public:
  /// Writes to `os`, which is not buffered.
  Progress(StringRef toolName, raw_ostream &os) : tool(toolName), os(os) {}
  ~Progress() { stop(); }

  /// Starts to watch the clock, if stderr is a terminal.
  void startOnTerminal();
  /// Stops, and removes the line.
  void stop();

  /// What is being done from now on; nothing is printed yet.
  void setPhase(StringRef phase);
  /// Removes the line, for something else to be printed.
  void clear();
  /// Prints the line as of `seconds` since the start.
  void update(unsigned seconds);

private:
  void watch();
  void clearLocked();

  std::string tool;
  raw_ostream &os;
  std::mutex mutex;
  std::condition_variable wake;
  std::thread watcher;
  std::string phase;
  bool isDone = false;
  bool isShown = false;
};

} // namespace mlir::norm

#endif // NORM_DRIVER_PROGRESS_H
