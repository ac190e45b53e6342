/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the editor share: flash-editor.c has the text and its checks,
 * flash-editor-disk.c its file, flash-editor-rescue.c what outlives a crash. Thread: main. */
#pragma once

#include "flash-editor.h"

G_BEGIN_DECLS

struct _FlashEditor {
  GObject parent_instance;

  /* flash-editor.c */
  FlashLayoutDocument *document; /* (owned) */
  guint text_number; /* of the text: counts edits */
  FlashLayoutFiles *files; /* (owned): what is known of the files it names */
  GHashTable *sizes; /* (owned): of storages; replaced, never changed: checks keep it */
  guint device_id;
  FlashLoaded *loaded; /* (owned) (nullable) */
  guint loaded_text; /* the text that it is of */
  guint wanted_check; /* counts everything that makes another check necessary */
  guint done_check;
  guint running_check; /* 0 if none runs */
  guint running_text;
  guint check_source; /* until the next one begins */
  gboolean wants_plan; /* the next one */
  GQueue flushes; /* (owned) (element-type GTask): in the order of their checks */

  /* flash-editor-disk.c */
  char *path; /* (owned) (nullable) (type filename) */
  char *stamp; /* (owned) (nullable): of what was read or saved last */
  GBytes *stored; /* (owned) (nullable): its bytes, NULL if they are stored nowhere */
  guint compared_text; /* the text that was compared with them last, 0 for none */
  gboolean is_modified;
  gboolean is_saving;
  gboolean is_looking;
  gboolean looks_again;
  guint disk_number; /* counts what makes an older look pointless */
  FlashEditorDisk disk;
  GBytes *other; /* (owned) (nullable): what another program has made of the file */
  char *other_stamp; /* (owned) (nullable) */
  GFileMonitor *monitor; /* (owned) (nullable): of the folder */
  guint monitor_source; /* until what it said is looked at */
  gboolean checks_files; /* whether files beside the layout have changed */

  /* flash-editor-rescue.c */
  char *rescue_file; /* (owned) (nullable) (type filename) */
  guint rescue_source; /* until the next is written */
  guint rescued_text; /* the text that lies there */
  gboolean is_rescuing; /* while a thread writes or removes */
  gboolean is_discarded;
  gboolean has_rescue_error;
};

/* Another check is necessary. */
void _flash_editor_want_check (FlashEditor *self);

/* Sets the place of the file, and begins to watch it. */
void _flash_editor_set_path (FlashEditor *self, const char *path);
/* Ends everything that has to do with the file. */
void _flash_editor_clear_disk (FlashEditor *self);

/* Brings what lies in the rescue folder up to date: at once if nothing is to lie there, else a
 * moment later. */
void _flash_editor_update_rescue (FlashEditor *self);
void _flash_editor_clear_rescue (FlashEditor *self);

/* While a thread does something that must be finished, the program does not end. */
void _flash_editor_hold (void);
void _flash_editor_release (void);

G_END_DECLS
