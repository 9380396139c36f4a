# build_preset PRESET TARGET…: configures and builds, quietly where nobody watches. Sourced by the scripts beside it.
build_preset() {
  local preset=$1 log="build/$1-$2.log"
  shift
  mkdir -p build
  if ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    echo "build: cmake could not configure (see above)" >&2
    exit 3
  fi
  if [ -t 1 ]; then
    cmake --build --preset "$preset" --target "$@"
  elif ! cmake --build --preset "$preset" --target "$@" >>"$log" 2>&1; then
    grep -E 'error|FAILED' -A 12 "$log" | head -n 80 >&2 || tail -n 40 "$log" >&2
    echo "build: failed (all of it: $log)" >&2
    exit 3
  fi
}
