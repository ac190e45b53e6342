#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a program with a display, a session bus and a home of its own, all thrown away afterwards:
#
#   tests/harness/headless.sh PROGRAM [ARGUMENT...]
#
#   HEADLESS_BACKEND=x11           Xvfb (the default)
#                    weston        Wayland: round corners; neither pointer, keys nor popovers
#                    mutter        Wayland as in GNOME
#   HEADLESS_SCREEN=2560x2048      a larger screen (windows are cut to it)
#   HEADLESS_SERVICES="org.a11y.Bus ..."
#                                  what the bus may start; by default nothing, so that what is
#                                  installed on this machine makes no difference
#   HEADLESS_LOCALE=de_DE.UTF-8    the locale, C.UTF-8 otherwise
#   HEADLESS_FONT="Cantarell 11"   GTK under plain X reads no GSettings
#   HEADLESS_WRAP="valgrind -q"    put before the program
#   HEADLESS_TAP=1                 where a display cannot be had: say so in TAP and end with 0;
#                                  the end status is 77 otherwise
set -eu

[ $# -gt 0 ] || {
    echo "usage: $0 PROGRAM [ARGUMENT...]" >&2
    exit 2
}

screen=${HEADLESS_SCREEN:-1280x1024}
backend=${HEADLESS_BACKEND:-x11}
case $backend in
x11) server_program=Xvfb ;;
weston | mutter) server_program=$backend ;;
*)
    echo "$0: HEADLESS_BACKEND is '$backend': x11, weston or mutter?" >&2
    exit 2
    ;;
esac
for program in "$server_program" dbus-daemon; do
    command -v "$program" >/dev/null && continue
    [ -z "${HEADLESS_TAP:-}" ] || {
        echo "1..0 # SKIP $program is not installed"
        exit 0
    }
    echo "$0: $program is not installed" >&2
    exit 77
done

tmp=$(mktemp -d "${TMPDIR:-/tmp}/headless.XXXXXX")
server=''
bus=''
# shellcheck disable=SC2317 # called by the trap
cleanup() {
    for pid in $server $bus; do
        if kill "$pid" 2>/dev/null; then wait "$pid" 2>/dev/null || :; fi
    done
    rm -rf "$tmp" || :
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

# --- a home ---------------------------------------------------------------------------------

mkdir -m 700 "$tmp/home" "$tmp/run" "$tmp/services"
mkfifo "$tmp/display" "$tmp/address"
export HOME="$tmp/home" XDG_RUNTIME_DIR="$tmp/run" TMPDIR="$tmp"
export XDG_CONFIG_HOME="$HOME/.config" XDG_DATA_HOME="$HOME/.local/share"
export XDG_CACHE_HOME="$HOME/.cache" XDG_STATE_HOME="$HOME/.local/state"
unset DISPLAY WAYLAND_DISPLAY GTK_THEME GTK_MODULES XDG_CURRENT_DESKTOP || :
mkdir -p "$XDG_CONFIG_HOME/gtk-4.0"
# What GNOME shows, standing still.
cat >"$XDG_CONFIG_HOME/gtk-4.0/settings.ini" <<EOF
[Settings]
gtk-font-name=${HEADLESS_FONT:-Cantarell 11}
gtk-decoration-layout=:close
gtk-enable-animations=0
gtk-cursor-blink=0
EOF

export GSETTINGS_BACKEND=memory GIO_USE_VFS=local LC_ALL="${HEADLESS_LOCALE:-C.UTF-8}"
export GSK_RENDERER="${GSK_RENDERER:-cairo}" LIBGL_ALWAYS_SOFTWARE=1
# Otherwise GDK loads Mesa and LLVM even for the cairo renderer.
[ "$GSK_RENDERER" != cairo ] || export GDK_DEBUG="${GDK_DEBUG:-gl-disable}"

for service in ${HEADLESS_SERVICES:-}; do
    ln -s "/usr/share/dbus-1/services/$service.service" "$tmp/services/"
done
case " ${HEADLESS_SERVICES:-} " in
*" org.a11y.Bus "*) ;;
*) export GTK_A11Y="${GTK_A11Y:-test}" NO_AT_BRIDGE=1 ;;
esac
case " ${HEADLESS_SERVICES:-} " in
*" org.freedesktop.portal.Desktop "*) ;;
*) export ADW_DISABLE_PORTAL=1 ;;
esac

# --- a bus ----------------------------------------------------------------------------------

cat >"$tmp/session.conf" <<EOF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$tmp/run</listen>
  <auth>EXTERNAL</auth>
  <servicedir>$tmp/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
EOF
dbus-daemon --nofork --nopidfile --config-file="$tmp/session.conf" --print-address=3 \
    3>"$tmp/address" >"$tmp/bus.log" 2>&1 &
bus=$!
read -r DBUS_SESSION_BUS_ADDRESS <"$tmp/address" || {
    cat "$tmp/bus.log" >&2
    exit 1
}
export DBUS_SESSION_BUS_ADDRESS

# --- a display ------------------------------------------------------------------------------

wait_for_wayland() {
    n=0
    until [ -S "$XDG_RUNTIME_DIR/headless" ]; do
        n=$((n + 1))
        [ $n -lt 200 ] || {
            cat "$tmp/server.log" >&2
            exit 1
        }
        sleep 0.05
    done
    export WAYLAND_DISPLAY=headless GDK_BACKEND=wayland
}
case $backend in
x11)
    # The server picks a free display itself: no race, unlike xvfb-run -a.
    Xvfb -displayfd 3 -screen 0 "${screen}x24" -nolisten tcp -noreset \
        3>"$tmp/display" >"$tmp/server.log" 2>&1 &
    server=$!
    read -r number <"$tmp/display" || {
        cat "$tmp/server.log" >&2
        exit 1
    }
    export DISPLAY=":$number" GDK_BACKEND=x11
    ;;
weston)
    weston --backend=headless-backend.so --use-pixman --width="${screen%x*}" \
        --height="${screen#*x}" --socket=headless --idle-time=0 --no-config \
        >"$tmp/server.log" 2>&1 &
    server=$!
    wait_for_wayland
    ;;
mutter)
    DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS mutter --headless --wayland --no-x11 \
        --virtual-monitor "$screen" --wayland-display=headless >"$tmp/server.log" 2>&1 &
    server=$!
    wait_for_wayland
    ;;
esac

rc=0
# The wrapper is several words on purpose.
# shellcheck disable=SC2086
${HEADLESS_WRAP:-} "$@" || rc=$?
exit "$rc"
