# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that installs the access rule, as root: udevd reads the rule and applies it to a
board that is plugged in already, and removing it takes the right away. There is no logind in the
guest, so that a second rule does what the tag of ours would make it do."""

import filecmp
import os
import shutil
import stat

from bench import expect, expect_equal, get_node, wait_until

RULE = "/etc/udev/rules.d/60-flashwright.rules"


def read_properties(bench):
    said = bench.run("udevadm", "info", "--query=property", f"--name={get_node('1-1')}")
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def read_access(bench, cli):
    return bench.list_boards(cli=cli, **bench.as_nobody())["usb:1-1"]["access"]


def check_file(bench):
    source = os.path.join(bench.source_root, "data", "60-flashwright.rules")
    expect(filecmp.cmp(RULE, source, shallow=False), f"{RULE} is not {source}")
    facts = os.stat(RULE)
    expect_equal(oct(stat.S_IMODE(facts.st_mode)), "0o644", "mode of the rule")
    expect_equal((facts.st_uid, facts.st_gid), (0, 0), "owner of the rule")


def check_refusals(bench, program):
    said = bench.run(program, "install", status=1, **bench.as_nobody())
    expect("the rule was not installed" in said, f"nobody is told: {said}")
    expect(not os.path.exists(RULE), "nobody has installed a rule")
    bench.run(program, "install", "/tmp/other.rules", status=2)
    bench.run(program, status=2)
    expect(not os.path.exists(RULE), "a wrong call has installed a rule")


def run(bench):
    cli = bench.copy_cli()
    program = bench.path("flashwright-access")
    built = os.path.join(bench.build_root, "src", "access", "flashwright-access")
    shutil.copy(built, program)
    os.chmod(bench.work, 0o755)
    # Behind ours, in the order of names. Other packages have rules that give the tag alone.
    with open("/etc/udev/rules.d/99-bench.rules", "w", encoding="ascii") as file:
        file.write('TAG=="uaccess", ENV{ID_MM_DEVICE_IGNORE}=="1", MODE="0666"\n')
    rig = bench.plug("virtual:stm32mp157")
    expect_equal(read_access(bench, cli), "no-permission", "access without the rule")
    check_refusals(bench, program)

    bench.run(program, "install")
    check_file(bench)
    # The plug stays where it is.
    wait_until("the right", lambda: read_access(bench, cli) == "ok")
    properties = read_properties(bench)
    expect(":uaccess:" in properties.get("CURRENT_TAGS", ""), f"no tag uaccess: {properties}")
    expect_equal(properties.get("ID_MM_DEVICE_IGNORE"), "1", "ModemManager is kept away")

    bench.run(program, "remove")
    expect(not os.path.exists(RULE), "the rule is still there")
    rig.tell("unplug")
    bench.wait_for_empty("1-1")
    rig.tell("plug")
    bench.wait_for_device("1-1")
    properties = read_properties(bench)
    expect("ID_MM_DEVICE_IGNORE" not in properties, f"the rule still holds: {properties}")
    expect_equal(read_access(bench, cli), "no-permission", "access after the rule was removed")
    bench.run(program, "remove")
