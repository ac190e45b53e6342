# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder that is gone at the end, however the end comes, and a program that is gone before it."""

import fcntl
import os
import signal
import subprocess
import tempfile
from pathlib import Path

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


class Stopped(SystemExit):
    """By a signal; ends the program, with what shells make of one."""

    def __init__(self, number):
        super().__init__(128 + number)


def on_signal(number, _frame):
    raise Stopped(number)


class WorkFolder:
    """A new folder PREFIX* in a folder. Whoever uses one holds a lock on it, which goes with its
    process: what is not locked was left behind by a process that was killed, and is removed."""

    def __init__(self, parent, prefix):
        self.parent = Path(parent)
        self.prefix = prefix
        self.path = None
        self.lock = None

    def _sweep(self):
        for path in sorted(self.parent.glob(f"{self.prefix}*")):
            if path.is_symlink() or not path.is_dir() or path.stat().st_uid != os.geteuid():
                continue
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path, lock)
            except BlockingIOError:
                pass
            finally:
                os.close(lock)

    def __enter__(self):
        for number in SIGNALS:
            signal.signal(number, on_signal)
        # Nobody sweeps a folder between its making and its lock.
        gate = os.open(self.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            self._sweep()
            self.path = Path(tempfile.mkdtemp(prefix=self.prefix, dir=self.parent))
            self.lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(self.lock, fcntl.LOCK_EX)
        finally:
            os.close(gate)
        self.path.chmod(0o755)
        return self.path

    def __exit__(self, *unused):
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        _remove(self.path, self.lock)
        os.close(self.lock)


def _remove(path, lock):
    """By a process of its own, which holds the lock too: who ran out of patience with us, and kills
    us while it works, does not stop it."""
    subprocess.run(["rm", "-rf", "--one-file-system", path], check=False, start_new_session=True,
                   pass_fds=(lock,))


def run_confined(command, environment):
    """Runs a program with mounts and processes of its own, in a new session, so that a key press
    does not reach it. All of its processes are gone when this returns or raises.

    Returns its status."""
    child = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid",
                              "--fork", "--kill-child", "--mount-proc", *command],
                             env=environment, start_new_session=True)
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            _end(child)


def _end(child):
    """The first process of the namespace ends when all others of it have ended; "unshare" itself,
    which waits for it, heeds no signal but one that would not let it wait."""
    first = Path(f"/proc/{child.pid}/task/{child.pid}/children")
    inner = first.read_text().split() if first.exists() else []
    if inner:
        os.kill(int(inner[0]), signal.SIGKILL)
    else:
        child.kill()
    child.wait()
