#!/bin/sh
# Runs the workers of a replay under the thread sanitizer; then builds the compiled modules with the address and
# undefined-behaviour sanitizers, in a directory of its own, and runs the engine's tests on them:
# `sh tests/engines/sanitize.sh`. Needs GCC on Linux. A finding ends the run.
set -e
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cp -R "$root"/autograd "$root"/nn "$root"/tests "$root"/*.py "$root"/*.md "$root"/LICENSE "$root"/pyproject.toml "$build"
cd "$build"
find . -name "*.so" -delete
include=$(python -c "import sysconfig; print(sysconfig.get_path('include'))")
gcc -g -O1 -fsanitize=thread -I autograd/replay/kernels -I "$include" tests/engines/race_workers.c -o race -lpthread
./race
export CFLAGS="-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
export LDFLAGS="-fsanitize=address,undefined"
STEPGRAD_ENGINE=native python setup.py -q build_ext --inplace
# CPython keeps memory at exit, which isn't a leak, and has an allocator of its own, which would hide mistakes.
export ASAN_OPTIONS=detect_leaks=0 PYTHONMALLOC=malloc STEPGRAD_ENGINE=native
export LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)"
python -m pytest -q tests/engines/test_engines.py tests/engines/test_native.py -k "not memory"
python -m pytest -q tests/replay -k "not accurate"
