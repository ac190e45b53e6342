#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds with a sanitizer and runs the tests:
#
#   tests/sanitize.sh address|thread [BUILD-FOLDER]
set -eu
cd "$(dirname "$0")/.."
root=$PWD
case ${1:-} in
address) sanitize=address,undefined ;;
thread) sanitize=thread ;;
*)
    echo "usage: $0 address|thread [BUILD-FOLDER]" >&2
    exit 2
    ;;
esac
build=${2:-build-$1}

[ -f "$build/build.ninja" ] || meson setup "$build" -Db_sanitize=$sanitize -Db_lundef=false
ninja -C "$build"

export FLASH_TEST_SLOWNESS=5 G_SLICE=always-malloc
# umockdev comes before the sanitizer, which works all the same.
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:verify_asan_link_order=0
export LSAN_OPTIONS="suppressions=$root/tests/suppressions/lsan.supp:print_suppressions=0"
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
# GLib is not instrumented: without this there are hundreds of false reports. What its locks order
# is told by a library of ours.
export TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1

# GCC 12's thread sanitizer wants fewer random bits in addresses than new kernels give.
run=''
if [ "$1" = thread ]; then
    locks=$(cd "$build" && pwd)/tests/harness/flash-tsan-locks.so
    run="setarch $(uname -m) -R env LD_PRELOAD=$locks"
fi

status=0
# Not in the emulated machine of the suite vm either, which is slow enough as it is.
$run meson test -C "$build" --no-suite style --no-suite ui --no-suite vm --timeout-multiplier 5 \
    --print-errorlogs || status=1
# Debian's GTK has no frame pointers: leaks behind it are only told apart by whole stacks, which
# take long to make.
export ASAN_OPTIONS="$ASAN_OPTIONS:fast_unwind_on_malloc=0"
$run meson test -C "$build" --suite ui --timeout-multiplier 5 --print-errorlogs || status=1
exit $status
