# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual machine with a Linux kernel, a USB stack and a udevd of its own, that sees this
machine's files: read-only, and what it writes stays in its memory. QEMU emulates the processor,
since many machines have no KVM, or one that hangs."""

import ctypes
import os
import shlex
import shutil
import signal
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
GUEST_TIME_OUT = 124  # exit status if the guest did not end in time
GUEST_LOST = 125  # if it ended without a status

# Without RDRAND the first program in the guest waits for entropy.
PROCESSOR = "Nehalem,+rdrand"
KERNEL_OPTIONS = "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on"
WITHOUT_PROC = "mapped-file,fmode=0644,dmode=0755"
# What belongs to the outer machine alone; trees in there are handed through one by one.
HIDDEN = ("/tmp", "/mnt", "/dev/shm")
NEVER_SEEN = ("/run", "/var/run", "/proc", "/sys", "/dev")
# What of the environment goes in; meson and people set these for tests.
PASSED_ON = ("G_DEBUG", "G_MESSAGES_DEBUG", "MALLOC_CHECK_", "LC_ALL")
PASSED_ON_PREFIX = "FLASHWRIGHT_"
TOOLS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "busybox": "busybox-static",
    "cpio": "cpio",
    "modprobe": "kmod",
    "udevadm": "udev",
}


class Unavailable(Exception):
    """No guest can be had here; the text says why."""


def find_tool(name):
    """Also where an ordinary user's PATH does not lead."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def is_below(path, folder):
    return path == folder or path.startswith(folder + "/")


def prepare_guest(folder):
    """Makes the guest's kernel and initial file system in the folder, if they are not there.
    Raises Unavailable."""
    for tool, package in TOOLS.items():
        if find_tool(tool) is None:
            raise Unavailable(f"{tool} is not installed (package {package})")
    answer = subprocess.run(
        [os.path.join(HERE, "guest-build"), folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if answer.returncode == 77:
        *more, reason = answer.stdout.strip().splitlines()
        raise Unavailable(": ".join([reason, *more[:1]]))
    if answer.returncode != 0:
        raise RuntimeError(f"guest-build failed:\n{answer.stdout}")


def die_with_parent():
    """Runs in the child: a guest must not outlive whoever started it."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


class Machine:
    """One run of the guest. What is in the folder `out` is shared with it (there: $OUT); a former
    run's files in there are removed by name only."""

    def __init__(self, guest, out, keep=(), memory_mib=768, usbredir=()):
        self.guest = os.path.realpath(guest)
        self.out = os.path.realpath(out)
        self.keep = []
        self.memory_mib = memory_mib
        self.usbredir = usbredir
        self.process = None
        self.started = None
        for folder in map(os.path.realpath, keep):
            if any(is_below(folder, place) for place in HIDDEN):
                self.keep.append(folder)
            elif any(is_below(folder, place) for place in NEVER_SEEN):
                raise Unavailable(f"{folder} lies where the guest cannot see it")

    def path(self, name):
        return os.path.join(self.out, name)

    def start(self, command, directory=None):
        """Boots, and runs the command (for sh) in the directory."""
        os.makedirs(self.out, exist_ok=True)
        for name in ("status", "ready", "console.txt", "kernel.txt", "dmesg.txt"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        passed = {
            name: value
            for name, value in os.environ.items()
            if name in PASSED_ON or name.startswith(PASSED_ON_PREFIX)
        }
        self.write("command", command + "\n")
        self.write("directory", directory or os.getcwd())
        self.write("folders", "".join(folder + "\n" for folder in self.keep))
        self.write(
            "environment",
            "".join(f"export {name}={shlex.quote(value)}\n" for name, value in passed.items()),
        )
        self.started = time.monotonic()
        with open(self.path("kernel.txt"), "wb") as console:
            self.process = subprocess.Popen(
                self.make_arguments(),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent,
            )

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def make_arguments(self):
        qemu = [find_tool("qemu-system-x86_64")]
        qemu += ["-accel", "tcg,thread=multi", "-machine", "q35", "-cpu", PROCESSOR]
        qemu += ["-smp", "1", "-m", str(self.memory_mib)]
        qemu += ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
        qemu += ["-kernel", os.path.join(self.guest, "vmlinux")]
        qemu += ["-initrd", os.path.join(self.guest, "initrd.img")]
        qemu += ["-append", KERNEL_OPTIONS, "-serial", "stdio"]
        # In a chroot without /proc, QEMU cannot set the mode of a file that the guest makes.
        writing = "none" if os.path.isdir("/proc/self/fd") else WITHOUT_PROC
        for tag, folder, options in (
            ("root", "/", "none,readonly=on,multidevs=remap"),
            ("out", self.out, writing),
        ):
            path = folder.replace(",", ",,")
            qemu += ["-fsdev", f"local,id={tag},path={path},security_model={options}"]
            qemu += ["-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]
        if self.usbredir:
            qemu += ["-device", "qemu-xhci,id=xhci"]
        for index, path in enumerate(self.usbredir):
            path = path.replace(",", ",,")
            qemu += ["-chardev", f"socket,id=redir{index},path={path},reconnect=1"]
            qemu += ["-device", f"usb-redir,chardev=redir{index},bus=xhci.0,port={index + 1}"]
        return qemu

    def is_running(self):
        return self.process.poll() is None

    def wait(self, timeout_s):
        """The command's exit status, GUEST_TIME_OUT or GUEST_LOST."""
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.stop()
            return GUEST_TIME_OUT
        return self.get_status()

    def get_status(self):
        try:
            with open(self.path("status"), encoding="utf-8") as file:
                return int(file.read())
        except (FileNotFoundError, ValueError):
            return GUEST_LOST

    def stop(self):
        if self.process is not None and self.is_running():
            self.process.kill()
            self.process.wait()

    def read(self, name):
        """The text of a shared file; nothing if there is none."""
        try:
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""
