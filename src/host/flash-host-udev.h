/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file of udev rules does with a board that is plugged in: vendor 0483, product df11. The
 * rules are carried out as udev(7) describes, as far as that can be without a device: what cannot
 * be known, such as the outcome of a program, is taken for fulfilled in a rule that gives
 * something, and for not fulfilled in one that jumps. For use inside of this room. Pure functions;
 * thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FlashHostUdevNode:
 * What the node of a board has got from all rules so far: a later one overrides an earlier one,
 * unless that was final (`:=`).
 *
 * @has_uaccess: whoever sits at the computer
 * @is_uaccess_final: no rule can change that any more
 * @mode: (owned) (nullable): %NULL as long as none is set
 * @is_mode_final: no rule can change that any more
 */
typedef struct {
  gboolean has_uaccess;
  gboolean is_uaccess_final;
  char *mode;
  gboolean is_mode_final;
} FlashHostUdevNode;

void flash_host_udev_node_clear (FlashHostUdevNode *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashHostUdevNode, flash_host_udev_node_clear)

/**
 * FlashHostUdev:
 * @is_about_boards: whether a rule names vendor and product of boards, in any case of letters
 * @gives: (nullable): what boards get from this file: `uaccess`, `MODE=0666`, `GROUP=plugdev`, with
 *   `, ` in between
 */
typedef struct {
  gboolean is_about_boards;
  char *gives;
} FlashHostUdev;

/**
 * flash_host_udev_init:
 * @self: filled from @text
 * @text: a file
 * @node: (inout) (nullable): what boards have from the files before, and then from this one too:
 *   also from rules about all USB devices
 */
void flash_host_udev_init (FlashHostUdev *self, const char *text, FlashHostUdevNode *node);
void flash_host_udev_clear (FlashHostUdev *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashHostUdev, flash_host_udev_clear)

/* Returns: (transfer full) (array zero-terminated=1): the rules of a file, one a line: without
 * comments, continued lines put together. */
GStrv flash_host_udev_split (const char *text);

G_END_DECLS
