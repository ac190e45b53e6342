# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Flatpak test needs: an ordinary user with a home, a bus and a display of its own, and
Flatpak's programs as that user runs them.

All of it is for a process that is root in mount and process-id namespaces of its own: whatever is
mounted or started there is gone with it."""

import hashlib
import json
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

APP = "io.github.flashwright.Flashwright"
ROOT = Path(__file__).resolve().parents[2]
MANIFEST = Path("flatpak") / f"{APP}.json"

# Root keeps its capabilities in a sandbox, so that permissions mean nothing. Of those who are on
# every Debian, this one owns nothing.
USER = pwd.getpwnam("nobody")

# Where the modules' tarballs come from where upstream cannot be reached: Debian's sources hold the
# same bytes, as the manifest's checksums show.
MIRROR = "http://deb.debian.org/debian/pool/main"
SOURCES = {
    "libgusb": f"{MIRROR}/libg/libgusb/libgusb_0.4.9.orig.tar.xz",
    "libfdisk": f"{MIRROR}/u/util-linux/util-linux_2.38.1.orig.tar.xz",
}

UDEV_RECORD = Path("/run/udev/data/c189:4")
UDEV_TEXT = "E:ID_MODEL=STM32\n"

SERVICES = ["org.a11y.Bus", "org.freedesktop.portal.Documents",
            "org.freedesktop.impl.portal.PermissionStore"]

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={runtime}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class Failure(Exception):
    """Something that had to work did not; says what it said."""


def mount(*arguments):
    done = subprocess.run(["mount", *(str(argument) for argument in arguments)], text=True,
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise Failure(f"mount {arguments}: {done.stdout.strip()}")


class Bench:
    """The user, and where things are."""

    def __init__(self, work, runtime):
        self.work = Path(work)
        self.home = self.work / "home"
        self.tree = self.work / "tree"
        self.repository = self.work / "repository"
        self.installation = Path(runtime) / "installation"
        self.run_folder = Path("/run/user") / str(USER.pw_uid)
        self.processes = []
        self.env = {
            "FLATPAK_USER_DIR": str(self.installation),
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
            "TMPDIR": str(self.work / "tmp"),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "XDG_RUNTIME_DIR": str(self.run_folder),
            # Debian's Flatpak asks the system bus for parental controls; without one it gives up.
            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
        }

    def replace_run(self):
        """A /run of its own, with what is in the real one but for what mount writes, and for two
        folders: that of the session has a fixed place, on which the paths of the document portal
        depend, and udev's tells whether the sandbox lets it through. Not every machine has
        them."""
        real = self.work / "run"
        real.mkdir()
        mount("--rbind", "/run", real)
        mount("-t", "tmpfs", "-o", "mode=755", "none", "/run")
        for entry in os.scandir(real):
            place = Path("/run") / entry.name
            if entry.is_symlink():
                place.symlink_to(os.readlink(entry.path))
            elif entry.is_dir() and entry.name not in ("mount", "udev", "user"):
                place.mkdir()
                mount("--rbind", entry.path, place)
            elif entry.is_file():
                shutil.copyfile(entry.path, place)
        subprocess.run(["umount", "--lazy", "--recursive", real], check=True)
        UDEV_RECORD.parent.mkdir(parents=True)
        UDEV_RECORD.write_text(UDEV_TEXT)
        Path("/run/user").mkdir()

    def set_up(self):
        """Makes the user's folders."""
        self.work.mkdir()
        self.replace_run()
        os.chown(self.work, USER.pw_uid, USER.pw_gid)
        for folder in (self.home, self.work / "tmp", self.repository, self.run_folder):
            folder.mkdir(parents=True)
            os.chown(folder, USER.pw_uid, USER.pw_gid)
            folder.chmod(0o700)

    def as_user(self, **keywords):
        """What subprocess needs to run something as the user."""
        return {"user": USER.pw_uid, "group": USER.pw_gid, "extra_groups": [], "env": self.env,
                "stdin": subprocess.DEVNULL, **keywords}

    def run(self, *command, is_root=False, timeout=600):
        """Runs a program; returns what it said, or raises Failure."""
        who = {} if is_root else self.as_user()
        done = subprocess.run([str(part) for part in command], text=True, timeout=timeout,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              cwd=self.work, **who)
        if done.returncode != 0:
            end = "\n".join(done.stdout.splitlines()[-60:])
            raise Failure(f"{' '.join(str(part) for part in command)}: status "
                          f"{done.returncode}\n{end}")
        return done.stdout

    def _start(self, command, pass_fds):
        process = subprocess.Popen(command, pass_fds=pass_fds, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, cwd=self.work,
                                   **self.as_user())
        self.processes.append(process)

    def _start_that_tells(self, make_command):
        """Starts a program that writes a line into a file descriptor once it is ready."""
        reader, writer = os.pipe()
        self._start(make_command(str(writer)), (writer,))
        os.close(writer)
        with os.fdopen(reader) as told:
            line = told.readline().strip()
        if not line:
            raise Failure(f"{make_command('N')[0]} does not start")
        return line

    def start_session(self):
        """Starts a bus that finds the few services that are needed, and a display."""
        services = self.work / "services"
        services.mkdir()
        for name in SERVICES:
            (services / f"{name}.service").symlink_to(f"/usr/share/dbus-1/services/{name}.service")
        config = self.work / "bus.conf"
        config.write_text(BUS.format(runtime=self.run_folder, services=services))
        settings = self.home / ".var/app" / APP / "config/gtk-4.0"
        self.run("mkdir", "-p", settings)
        (settings / "settings.ini").write_text("[Settings]\ngtk-enable-animations=0\n"
                                               "gtk-cursor-blink=0\n")
        address = self._start_that_tells(lambda fd: [
            "dbus-daemon", "--nofork", "--nopidfile", f"--config-file={config}",
            f"--print-address={fd}"])
        self.env["DBUS_SESSION_BUS_ADDRESS"] = address
        self.env["DBUS_SYSTEM_BUS_ADDRESS"] = address
        self._start_that_tells(lambda fd: [
            sys.executable, str(self.tree / "tests/flatpak/fake_services.py"), fd])
        display = self._start_that_tells(lambda fd: [
            "Xvfb", "-displayfd", fd, "-screen", "0", "1280x1024x24", "-nolisten", "tcp",
            "-noreset"])
        self.env["DISPLAY"] = f":{display}"

    def end_session(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(timeout=20)
        self.processes = []

    def copy_tree(self):
        """What a fresh checkout would be, whatever was built in it."""
        self.tree.mkdir()
        archive = self.work / "tree.tar"
        self.run("tar", "--create", "--file", archive, "--exclude=./.git", "--exclude=./build*",
                 "--exclude=./_build*", "--exclude=__pycache__", "--directory", ROOT, ".",
                 is_root=True)
        self.run("tar", "--extract", "--file", archive, "--directory", self.tree, is_root=True)
        archive.unlink()
        self.run("chown", "-R", f"{USER.pw_uid}:{USER.pw_gid}", self.tree, is_root=True)


def read_manifest():
    return json.loads((ROOT / MANIFEST).read_text())


def fetch_sources(folder):
    """Puts each tarball of the manifest where flatpak-builder looks before it downloads; returns
    complaints about those that could not be had, by module. One that is not what the manifest
    says is a Failure."""
    complaints = {}
    for module in read_manifest()["modules"]:
        for source in module["sources"]:
            if source["type"] != "archive":
                continue
            complaint = _fetch(source, SOURCES[module["name"]], Path(folder))
            if complaint:
                complaints[module["name"]] = complaint
    return complaints


def _fetch(source, url, folder):
    place = folder / "downloads" / source["sha256"] / source["url"].rsplit("/", 1)[1]
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(".part")
        done = subprocess.run(["/usr/lib/apt/apt-helper", "-o", "APT::Sandbox::User=root",
                               "download-file", url, str(part)], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            return f"{url}: {done.stdout.strip()}"
        part.rename(place)
    found = hashlib.sha256(place.read_bytes()).hexdigest()
    if found != source["sha256"]:
        place.unlink()
        raise Failure(f"{url} is not {source['url']}: its sum is {found} instead of "
                      f"{source['sha256']}")
    return None
