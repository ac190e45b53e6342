/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether this computer is a virtual machine, and of which kind. For use inside of this room.
 * Thread: any; may run systemd-detect-virt where the kernel's own files do not tell, for one second
 * at most. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * flash_host_vm_detect:
 * @root: (nullable) (type filename): where the file system begins
 *
 * The evidence is weighed as systemd-detect-virt(1) does: what the firmware calls the computer,
 * then what the kernel says, then the processor's hypervisor flag; where that is set or there is
 * none, it is asked itself.
 *
 * Returns: (transfer full) (nullable): a name of systemd-detect-virt, `none`, or `other`; %NULL if
 *   nobody could look
 */
char *flash_host_vm_detect (const char *root);

G_END_DECLS
