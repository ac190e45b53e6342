/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this computer says about a device node: who may open it, and who has it open.
 *
 * Every function takes the folder under which `proc` and `dev` are looked for, so that tests can
 * bring a computer of their own; %NULL is this computer. Thread: any; none of them blocks for
 * longer than reading a few hundred links takes. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashHostHolder:
 * @pid: number of the process
 * @name: its name as the kernel has it (at most 15 bytes), made safe to show
 */
typedef struct {
  int pid;
  char *name;
} FlashHostHolder;

void flash_host_holder_free (FlashHostHolder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashHostHolder, flash_host_holder_free)

/**
 * flash_host_node_find_holders:
 * @root: (nullable): where the file system begins
 * @node: the path of the node, e.g. `/dev/bus/usb/001/005`
 *
 * Looks for processes that have @node open, this one left out. Processes of other users are seen
 * only by root.
 *
 * Returns: (transfer full) (element-type FlashHostHolder): rising by @pid, empty if none is seen
 */
GPtrArray *flash_host_node_find_holders (const char *root, const char *node);

/**
 * flash_host_node_dup_rights:
 * @root: (nullable): where the file system begins
 * @node: the path of the node
 *
 * Returns: (transfer full): whom the node belongs to and its mode, e.g. `root:plugdev, mode 0660`;
 *   or that it is not there
 */
char *flash_host_node_dup_rights (const char *root, const char *node);

G_END_DECLS
