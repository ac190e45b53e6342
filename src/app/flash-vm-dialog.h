/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each kind of virtual machine is told to pass a board through in all of its stages: where, and
 * the text to paste there. Thread: main. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_VM_DIALOG (flash_vm_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FlashVmDialog, flash_vm_dialog, FLASH, VM_DIALOG, AdwWindow)

/**
 * flash_vm_dialog_new:
 * @parent: the window that it belongs to, and goes with
 * @kind: (nullable): the kind that is shown first, as systemd-detect-virt calls it; of one that is
 *   not known, and of none, the first
 */
GtkWidget *flash_vm_dialog_new (GtkWindow *parent, const char *kind);

G_END_DECLS
