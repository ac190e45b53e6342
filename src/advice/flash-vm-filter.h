/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each kind of virtual machine is told to pass a board through in all of its stages, as text
 * that can be pasted where it is wanted. Pure data; thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FlashVmFilter:
 * @kind: as systemd-detect-virt calls it, e.g. `oracle`
 * @name: what people call it, e.g. `VirtualBox`
 * @where: to be translated: where it is set, one step a line; on the computer outside
 * @text: what to paste there, not translated; names vid and pid of every stage
 */
typedef struct {
  const char *kind;
  const char *name;
  const char *where;
  const char *text;
} FlashVmFilter;

/* Returns: (transfer none) (array length=out_n): all of them. */
const FlashVmFilter *flash_vm_filter_list (guint *out_n);

/* Returns: (transfer none) (nullable): the one for that kind of virtual machine. */
const FlashVmFilter *flash_vm_filter_find (const char *kind);

G_END_DECLS
