# shellcheck shell=bash
# The programs that Scripts/bench runs: baton as it is shipped, and those of Benchmarks. To be sourced by it.
# shellcheck disable=SC2034 # what is set here is read elsewhere

# build_bench: sets `bin` and `plain`, the folders of what is Swift and of what is C.
build_bench() {
  local program
  (cd "$ROOT/Benchmarks" && swift build -c release --static-swift-stdlib --scratch-path "$(scratch release)") >&2
  bin=$(build_release)
  plain=$(scratch bench-c)
  mkdir -p "$plain"
  # Not by SwiftPM, which links Swift's runtime to each: clang comes with Swift.
  for program in agent-c asker-c throughput-c; do
    # shellcheck disable=SC2046 # several words
    clang -std=gnu17 -O2 -Wall -Wextra -Werror "$ROOT/Benchmarks/C/$program.c" "$ROOT/Benchmarks/C/plain.c" \
      $(pkg-config --cflags --libs librabbitmq) -o "$plain/$program"
  done
}
