#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for two services of the system's bus, of which the sandbox must reach one only. Both
answer by handing over a file descriptor.

usage: fake_services.py DESCRIPTOR   (writes a line into it once both are there)"""

import os
import sys

import gi
gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAMES = ["org.freedesktop.UDisks2", "org.freedesktop.login1"]
INTERFACE = """
<node>
  <interface name="io.github.flashwright.Test">
    <method name="Open"><arg type="h" direction="out"/></method>
  </interface>
</node>
"""


def on_call(_bus, _sender, _path, _interface, _method, _parameters, invocation):
    descriptors = Gio.UnixFDList.new()
    with open(os.devnull, "rb") as file:
        index = descriptors.append(file.fileno())
    invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (index,)), descriptors)


def main():
    ready = os.fdopen(int(sys.argv[1]), "w")
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
    bus.register_object("/", interface, on_call, None, None)
    for name in NAMES:
        bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                      "RequestName", GLib.Variant("(su)", (name, 0)), None,
                      Gio.DBusCallFlags.NONE, -1)
    print("ready", file=ready, flush=True)
    ready.close()
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
