#!/usr/bin/env bash
# The normalizations of a real model: compiles attention output and feed-forward
# of every layer of MiniLM-L6 with their weights, runs them, verifies every
# output against the reference interpreter, and prints one table.
#
# usage: docs/examples/minilm/run.sh BUILD WEIGHTS.safetensors
#
# oneDNN is measured beside it where it is installed: in the folder NORM_ONEDNN
# (include/ and lib/), or Debian's libdnnl-dev. What is made goes to
# BUILD/examples/minilm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -eq 2 ] || { echo "usage: $0 BUILD WEIGHTS" >&2; exit 2; }
build=$(cd "$1" && pwd)
weights=$2
bin=$build/bin
out=${NORM_EXAMPLES_OUT:-$build/examples}/minilm
cc=${CC:-cc}
cxx=${CXX:-c++}
rm -rf "$out"
mkdir -p "$out"

progress() {
  printf '  %s\n' "$*"
}

graphs="attention_output feed_forward"
kernels=()
progress "compile two graphs of six layers, weights included"
start=$(date +%s%N)
for layer in 0 1 2 3 4 5; do
  for graph in $graphs; do
    kernel=layer${layer}_$graph
    sed "s/encoder\.layer\.0\./encoder.layer.$layer./" "$here/$graph.mlir" \
      >"$out/$kernel.mlir"
    "$bin/normc" "$out/$kernel.mlir" --weights="$weights" --mcpu=native \
      --symbol-prefix="layer${layer}_" -o "$out/$kernel.o" \
      --header "$out/$kernel.h" --print-plan >"$out/$kernel.plan" \
      2>"$out/$kernel.err" || { cat "$out/$kernel.err" >&2; exit 1; }
    kernels+=("$kernel")
  done
done
progress "  $(( ($(date +%s%N) - start) / 1000000 / ${#kernels[@]} )) ms a graph," \
  "objects of $(( $(cat "$out"/*.o | wc -c) / ${#kernels[@]} / 1024 )) KiB"

# Compiles onednn.cpp against the first oneDNN there is and prints what links it.
onednn_flags() {
  local dir include
  for dir in "${NORM_ONEDNN:-}" /usr; do
    [ -n "$dir" ] && [ -e "$dir/include/dnnl.hpp" ] || continue
    # The compiler has /usr/include at the place where it must be.
    include=()
    [ "$dir" = /usr ] || include=(-isystem "$dir/include")
    "$cxx" -std=c++17 -O2 -w -DEXAMPLE_WITH_ONEDNN ${include[@]+"${include[@]}"} \
      -c "$here/onednn.cpp" -o "$out/onednn.o" 2>"$out/onednn.err" || continue
    # RPATH and not RUNPATH: the libraries there look for each other.
    [ "$dir" = /usr ] ||
      printf '%s ' "-L$dir/lib" "-Wl,--disable-new-dtags,-rpath,$dir/lib"
    echo "-ldnnl"
    return
  done
}

progress "link them with a C program"
onednn=$(onednn_flags)
objects=("${kernels[@]/#/$out/}")
objects=("${objects[@]/%/.o}")
if [ -n "$onednn" ]; then
  "$cc" -std=c11 -Wall -Wextra -O2 -DEXAMPLE_WITH_ONEDNN -I"$out" -I"$here/.." \
    -c "$here/minilm.c" -o "$out/minilm.o"
  # shellcheck disable=SC2086 # several flags
  "$cxx" "$out/minilm.o" "$out/onednn.o" "${objects[@]}" -o "$out/minilm" \
    $onednn -lm
else
  "$cc" -std=c11 -Wall -Wextra -O2 -I"$out" -I"$here/.." "$here/minilm.c" \
    "${objects[@]}" -o "$out/minilm" -lm
fi

progress "run them on 1, 7, 128 and 512 tokens"
"$out/minilm" --inputs "$out"

progress "interpret every kernel on the same inputs"
for kernel in "${kernels[@]}"; do
  for tokens in 1 7 128 512; do
    x=$out/$kernel-$tokens-x.npy
    case $kernel in
      *attention_output) args=(--arg "context=$x" --arg "residual=$x") ;;
      *) args=(--arg "x=$x") ;;
    esac
    "$bin/norm-run" "$out/$kernel.mlir" --interpret --weights="$weights" \
      "${args[@]}" --out "y=$out/$kernel-$tokens-reference.npy" >/dev/null
  done
done

# One thread: the last CPU that this process may use, whatever starts threads.
# The oneDNN of Python's package index runs on OpenCL and must be told where its
# driver for CPUs is.
progress "compare and measure, one thread"
echo
pin=()
if command -v taskset >/dev/null; then
  pin=(taskset -c "$(taskset -cp $$ | sed 's/.*[ ,-]//')")
fi
driver=${NORM_ONEDNN:-/usr}/lib/libintelocl.so
if [ -e "$driver" ]; then
  export OCL_ICD_FILENAMES=$driver
fi
OMP_NUM_THREADS=1 ONEDNN_VERBOSE=0 ${pin[@]+"${pin[@]}"} \
  "$out/minilm" --reference "$out"
echo
for graph in $graphs; do
  printf '  plan of %s: %s\n' "$graph" \
    "$(sed 's/^[^ ]*: //' "$out/layer0_$graph.plan" | paste -sd ';' | sed 's/;/; /g')"
done
