/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the memory window share. Thread: main. */
#pragma once

#include "flash-hex-view.h"
#include "flash-memory-compare.h"
#include "flash-memory-range.h"
#include "flash-memory-run.h"
#include "flash-memory-window.h"

G_BEGIN_DECLS

struct _FlashMemoryWindow {
  AdwWindow parent_instance;

  FlashMemoryBoard board; /* what it is about */
  GPtrArray *choices; /* (owned) (element-type FlashMemoryChoice): as in the drop-down */
  gboolean is_filling; /* nobody has chosen a memory, they are being shown */
  FlashJobModel *model; /* (owned) (nullable): while it is read */
  FlashMcuOffer offer; /* what a button can do about the last failure */

  GBytes *bytes; /* (owned) (nullable): what was read */
  guint32 address; /* of the first of them */
  guint8 alternate; /* where they come from */

  /* flash-memory-window-compare.c */
  FlashMemoryCompare *compare; /* (owned) (nullable) */
  char *compare_name; /* (owned) (nullable): of the file */
  GCancellable *loading; /* (owned) (nullable): while that file is read */
  GtkNativeDialog *chooser; /* (owned) (nullable): while a file is chosen */

  GtkLabel *code_label;
  GtkWidget *compare_bar;
  GtkLabel *compare_label;
  GtkListView *difference_list;
  GtkMenuButton *difference_button;
  AdwStatusPage *failed_page;
  GtkLabel *fault_label;
  GtkLabel *figures_label;
  GtkEntry *go_to_entry;
  GtkMenuButton *go_to_button;
  FlashHexView *hex_view;
  GtkDropDown *memory_choice;
  GtkButton *offer_button;
  GtkLabel *position_label;
  GtkProgressBar *progress_bar;
  GtkButton *read_button;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkLabel *search_label;
  GtkEntry *size_entry;
  GtkStack *stack;
  GtkEntry *start_entry;
  GtkLabel *status_label;
  AdwWindowTitle *title;
  AdwToastOverlay *toasts;
};

/* Says something in passing; @text is plain. */
void _flash_memory_window_toast (FlashMemoryWindow *self, const char *text);
/* Returns: (transfer none): the memory that is chosen; %NULL if there is none. */
const FlashMemoryChoice *_flash_memory_window_get_choice (FlashMemoryWindow *self);
/* Brings actions up to date. */
void _flash_memory_window_update (FlashMemoryWindow *self);

/* Where the cursor is, and what is selected. */
void _flash_memory_window_show_position (FlashMemoryWindow *self);
/* Lets the user choose where to save. */
void _flash_memory_window_save (FlashMemoryWindow *self);
/* Binds what belongs to looking around: search, go to, position. */
void _flash_memory_window_bind_view (GtkWidgetClass *widget_class);
/* Lets the user type what to look for, or where to go. */
void _flash_memory_window_find (FlashMemoryWindow *self);
void _flash_memory_window_go_to (FlashMemoryWindow *self);

/* Lets the user choose a file to compare with. */
void _flash_memory_window_choose_file (FlashMemoryWindow *self);
/* Lets a file be dropped to compare with. */
void _flash_memory_window_add_drop_zone (FlashMemoryWindow *self);
/* Goes to the next or the previous difference. */
void _flash_memory_window_step (FlashMemoryWindow *self, gboolean is_forward);
/* Nothing is compared any more. */
void _flash_memory_window_forget_compare (FlashMemoryWindow *self);
/* Binds what belongs to comparing. */
void _flash_memory_window_bind_compare (GtkWidgetClass *widget_class);

G_END_DECLS
