//===- PipelineEmitter.h - Rows with skewed stages ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWS_PIPELINEEMITTER_H
#define NORM_LIB_CPU_ROWS_PIPELINEEMITTER_H

#include "NestEmitter.h"

namespace mlir::norm {

/// How rows are pipelined.
struct PipelineOptions {
  /// Rows that go through the stages together. With more than one, a vector of
  /// about as many lanes holds what is uniform in a row, a lane a row.
  int64_t rows = 1;
  /// How many groups of rows a stage is ahead of the next one. With 2 the lanes
  /// of a group's sums are combined while other groups are computed; with 1 the
  /// next step waits for them.
  int64_t lag = 1;

  /// Whether sums are combined at the end of the step that takes them; else in
  /// the next one, which hides that of a single row but would have to carry
  /// many vectors for several.
  bool finishesInStep() const { return lag == 1 || rows > 1; }
};

/// Emits a generic whose rows are contiguous such that one loop over the
/// columns computes the last stage of a group of rows and the earlier stages of
/// groups further on: arithmetic, loads and stores of several stages overlap,
/// while the stores remain one ascending stream. A row's bits are those of
/// NestEmitter with the same options.
class PipelineEmitter : public RowEmitter {
public:
  PipelineEmitter(ImplicitLocOpBuilder &builder, const RowNest &nest,
                  const CPUTarget &target, const RowOptions &options,
                  const PipelineOptions &pipeline)
      : RowEmitter(builder, nest, target, options), pipeline(pipeline) {}

  /// Whether rows of this nest can be pipelined so.
  static bool canEmit(const RowNest &nest, const PipelineOptions &pipeline);

  /// Emits all rows: those that do not fill the pipeline, and those of more
  /// than `maxLength` columns, with `rest`, and so all rows where `avoid`, if
  /// given, holds.
  void emitAll(int64_t maxLength, Value avoid, NestEmitter &rest,
               NestEmitter::Recompute recompute);

private:
  /// A group of rows between two stages. With more than one row the scope holds
  /// vectors of rows.
  struct Group {
    std::unique_ptr<Scope> scope;
    Value isGood;
    /// Of the stage that has been run, where it is not finished: the sums of
    /// each row and reduction.
    Accumulators sums;
  };
  /// A stage to run on a group.
  struct Task {
    unsigned stage;
    Group *group;
  };

  void emitOuterLoops(unsigned level, Scope &scope);
  /// Emits the rows of `numGroups` groups. The last ones have code of their own
  /// if `drain`; otherwise the last group goes through the first stages again
  /// in their place.
  void emitPipeline(Scope &outer, Value numGroups, bool drain);
  void emitSteps(Scope &outer, Value numGroups, bool drain,
                 std::vector<Group> &state);
  void emitLastGroups(Value numGroups, std::vector<Group> &state);

  /// The group that is `stage` stages behind the newest one.
  int64_t getDistance(unsigned stage) const {
    return pipeline.lag * (getNumStages() - 1 - stage);
  }
  unsigned getNumStages() const { return goals.size(); }
  int64_t getDepth() const { return getDistance(0); }

  Group start(Scope &outer, Value index);
  void run(ArrayRef<Task> tasks);
  /// `count` vectors of all tasks and rows, `atATime` of a row at a time.
  void emitBatch(ArrayRef<Task> tasks, std::vector<std::list<Scope>> &rowScopes,
                 Value first, int64_t count, Value elementsLeft,
                 int64_t atATime, Accumulators &sums);
  void finishStage(Group &group, unsigned stage);
  void finishGroup(Group &group);
  std::list<Scope> makeRowScopes(Group &group);
  void enterStage(Group &group, unsigned stage);
  void setGroupShift(CenterOp center, Group &group);

  /// What of a group changes from step to step.
  SmallVector<Value> flatten(Group &group);
  /// `like`, with `values` for what flatten gives of it.
  Group rebuild(const Group &like, ValueRange values);
  void setIndex(Group &group, Value groupIndex);

  PipelineOptions pipeline;
  int64_t maxLength = 0;
  Value avoid;
  NestEmitter *rest = nullptr;
  NestEmitter::Recompute recompute;
  /// What the loop of each stage computes.
  SmallVector<RowGoals> goals;
  /// The outputs that are stored once a row.
  SmallVector<unsigned> rowOutputs;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWS_PIPELINEEMITTER_H
