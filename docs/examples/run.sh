#!/usr/bin/env bash
# Compiles every example into an object file and a C header, links it with the C
# program beside it by plain cc, runs it and compares its output with the
# reference interpreter.
#
# usage: docs/examples/run.sh BUILD [NAME...]
#
# BUILD is the build folder; what is made goes to BUILD/examples. The NAMEs are
# layer_norm, simple_model and batch_vs_layer; by default all.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 1 ] || { echo "usage: $0 BUILD [NAME...]" >&2; exit 2; }
bin=$(cd "$1" && pwd)/bin
out=${NORM_EXAMPLES_OUT:-$(cd "$1" && pwd)/examples}
cc=${CC:-cc}
shift
names=("$@")
[ $# -gt 0 ] || names=(layer_norm simple_model batch_vs_layer)

# show COMMAND...: print a command with short paths, and run it.
show() {
  local line="$*"
  line=${line//"$bin/"/}
  line=${line//"$here"/docs/examples}
  printf '  $ %s\n' "${line//"$out/"/}"
  "$@"
}

# compile NAME: NAME.mlir and NAME.c to a program, which writes its inputs.
compile() {
  local dir=$out/$1
  mkdir -p "$dir"
  printf '\n%s\n' "$1"
  show "$bin/normc" "$here/$1.mlir" --mcpu=native -o "$dir/$1.o" \
    --header "$dir/$1.h"
  show "$cc" -std=c11 -Wall -Wextra -O2 -I"$dir" -I"$here" "$here/$1.c" \
    "$dir/$1.o" -o "$dir/$1" -lm
  "$dir/$1" --inputs "$dir"
}

# interpret NAME ARG...: what the interpreter makes of the inputs.
interpret() {
  local name=$1
  shift
  "$bin/norm-run" "$here/$name.mlir" --interpret "$@" >/dev/null
}

# inputs NAME ARGUMENT...: --arg ARGUMENT=FILE for each, in $args.
inputs() {
  local dir=$out/$1 argument
  shift
  args=()
  for argument; do
    args+=(--arg "$argument=$dir/$argument.npy")
  done
}

example_layer_norm() {
  compile layer_norm
  inputs layer_norm x scale shift
  interpret layer_norm "${args[@]}" --out "y=$out/layer_norm/y.npy"
  show "$out/layer_norm/layer_norm" --reference "$out/layer_norm"
}

example_simple_model() {
  compile simple_model
  inputs simple_model x weight bias scale shift
  interpret simple_model "${args[@]}" --out "y=$out/simple_model/y.npy"
  show "$out/simple_model/simple_model" --reference "$out/simple_model"
}

example_batch_vs_layer() {
  local norm
  compile batch_vs_layer
  inputs batch_vs_layer x
  for norm in batch layer; do
    interpret batch_vs_layer --entry="${norm}_norm" "${args[@]}" \
      --out "0=$out/batch_vs_layer/$norm.npy"
  done
  show "$out/batch_vs_layer/batch_vs_layer" --reference "$out/batch_vs_layer"
}

for name in "${names[@]}"; do
  case $name in
    layer_norm | simple_model | batch_vs_layer) "example_$name" ;;
    *) echo "$0: no example is called '$name'" >&2; exit 2 ;;
  esac
done
