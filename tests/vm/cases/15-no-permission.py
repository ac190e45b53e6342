# SPDX-License-Identifier: GPL-3.0-or-later
"""An ordinary user, before and after the rule is installed. There is no logind in the guest, so
that a second rule does what the tag of ours would make it do."""

import glob
import os
import shutil

from bench import expect, expect_equal, get_node

RULES = "/etc/udev/rules.d"


def find_rules(bench):
    paths = glob.glob(os.path.join(bench.source_root, "data", "*.rules"))
    expect_equal(len(paths), 1, f"rules in data ({paths})")
    return paths[0]


def check_refusal(bench, cli, path):
    boards = bench.list_boards(cli=cli, **bench.as_nobody())
    expect_equal(boards["usb:1-1"]["access"], "no-permission", "access without the rule")
    node = get_node("1-1")
    said = bench.run(cli, "flash", path, "--board", "usb:1-1", status=3, **bench.as_nobody())
    for word in ("[no-permission]", node, "root:root", "mode 0664"):
        expect(word in said, f"no “{word}” in:\n{said}")


def check_tags(bench):
    """What our rule itself does."""
    said = bench.run("udevadm", "info", "--query=property", f"--name={get_node('1-1')}")
    lines = said.splitlines()
    tags = next((line for line in lines if line.startswith("TAGS=")), "")
    expect(":uaccess:" in tags, f"no tag uaccess: {said}")
    expect("ID_MM_DEVICE_IGNORE=1" in lines, f"ModemManager is not kept away: {said}")


def run(bench):
    path, data = bench.make_layout(100_000)
    cli = bench.copy_cli()
    os.chmod(bench.work, 0o755)
    rig = bench.plug("virtual:stm32mp157")
    check_refusal(bench, cli, path)

    rule = find_rules(bench)
    shutil.copy(rule, os.path.join(RULES, os.path.basename(rule).replace(".rules", "-bench.rules")))
    # Behind ours, in the order of names.
    with open(os.path.join(RULES, "99-bench.rules"), "w", encoding="ascii") as file:
        file.write('SUBSYSTEM=="usb", TAG=="uaccess", MODE="0666"\n')
    bench.run("udevadm", "control", "--reload")
    rig.tell("unplug")
    bench.wait_for_empty("1-1")
    rig.tell("plug")
    bench.wait_for_device("1-1")
    check_tags(bench)
    boards = bench.list_boards(cli=cli, **bench.as_nobody())
    expect_equal(boards["usb:1-1"]["access"], "ok", "access with the rule")
    # U-Boot's stages have the same right, or the job would end there.
    bench.flash(path, "usb:1-1", cli=cli, **bench.as_nobody())
    bench.expect_stored(data, "board1", "mmc0.img")
