# SPDX-License-Identifier: GPL-3.0-or-later
"""A board leaves its port in a job, and what appears there instead never answers: as long as the
kernel tries to enumerate it, it holds the lock of the hub, and whoever asks for the hub's name
waits. The diagnosis comes in time all the same, the job ends when its patience does, and its report
has what the kernel said."""

import json
import socket
import subprocess
import time

from bench import expect, expect_equal, read_attribute, wait_until

ATTACH = "/sys/devices/platform/vhci_hcd.0/attach"
HUB_NAME = "/sys/bus/usb/devices/usb1/product"
PORT = 0  # of the virtual controller: the kernel's 1-1
DEVICE = 1 << 16 | 7  # as USB/IP counts them
HIGH_SPEED = 3  # Linux, include/uapi/linux/usb/ch9.h
PATIENCE_S = 20
FEW_SECONDS = 15  # beyond what is waited for; the processor is emulated
TIMEOUT_S = 120


def plug_dead_device():
    """Returns the end where its answers would come from, once the kernel has asked."""
    ours, kernels = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with open(ATTACH, "w", encoding="ascii") as file:
        file.write(f"{PORT} {kernels.fileno()} {DEVICE} {HIGH_SPEED}")
    kernels.close()
    expect(ours.recv(4096), "the kernel does not ask")
    return ours


def run(bench):
    path, _ = bench.make_layout(4096, chip="stm32mp135")
    bench.plug("virtual:stm32mp135,fault=never-return@rom")
    options = ["--patience", str(PATIENCE_S), "--report", "board.zip"]
    job = bench.start_flash(path, "usb:1-1", *options)
    job.wait_for("lost")
    bench.wait_for_empty("1-1")
    silent = plug_dead_device()
    began = time.monotonic()
    # As long as this one waits, so would everybody who asks.
    witness = subprocess.Popen(["cat", HUB_NAME], stdout=subprocess.DEVNULL)
    job.wait_for("diagnosis", FEW_SECONDS)
    last = job.wait_for("finished", PATIENCE_S + FEW_SECONDS)
    expect_equal(last["exit_code"], 4, "exit code")
    job.process.wait(FEW_SECONDS)
    print(f"{time.monotonic() - began:.1f} s beside a device that does not answer")
    expect(witness.poll() is None, "the kernel held no lock: this shows nothing")
    expect(read_attribute("1-1", "devnum") is None, "it was enumerated")
    silent.close()
    wait_until("the lock is free", lambda: witness.poll() is not None)
    told = json.loads(bench.run(bench.cli, "report", "board.zip", "--json"))
    said = [moment["text"] for moment in told["moments"] if moment["source"] == "kernel"]
    expect(any("usb 1-1: new high-speed USB device" in text for text in said[-1:]), said)
