/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that knows which kind of dialog the toolkit has: newer versions have others, and
 * only this file will change. Thread: main. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FlashFileFunc:
 * @file: (transfer none) (nullable): what was chosen, %NULL if nothing was
 */
typedef void (*FlashFileFunc) (GFile *file, gpointer data);

/**
 * flash_dialogs_open_layout:
 * @parent: the window
 * @folder: (nullable): where to begin
 * @callback: called once, when the dialog is gone; not if it was destroyed
 *
 * Returns: (transfer full): the dialog; let it go when it is no longer wanted
 */
GtkNativeDialog *
flash_dialogs_open_layout (GtkWindow *parent, GFile *folder, FlashFileFunc callback, gpointer data);

/* The same for a folder. */
GtkNativeDialog *
flash_dialogs_open_folder (GtkWindow *parent, GFile *folder, FlashFileFunc callback, gpointer data);

/**
 * flash_dialogs_save_layout:
 * @parent: the window
 * @folder: (nullable): where to begin
 * @name: what to propose
 * @callback: called once, when the dialog is gone; not if it was destroyed. That a file of that
 *   name is overwritten was agreed to then.
 *
 * Returns: (transfer full): the dialog; let it go when it is no longer wanted
 */
GtkNativeDialog *flash_dialogs_save_layout (GtkWindow *parent, GFile *folder, const char *name,
                                            FlashFileFunc callback, gpointer data);

/* As flash_dialogs_save_layout (), for the image of a card. */
GtkNativeDialog *flash_dialogs_save_card_image (GtkWindow *parent, GFile *folder, const char *name,
                                                FlashFileFunc callback, gpointer data);

/* As flash_dialogs_open_layout (), for the file of a partition. */
GtkNativeDialog *flash_dialogs_choose_image (GtkWindow *parent, GFile *folder,
                                             FlashFileFunc callback, gpointer data);

/* As flash_dialogs_open_layout (), for a firmware file to compare with. */
GtkNativeDialog *
flash_dialogs_open_firmware (GtkWindow *parent, FlashFileFunc callback, gpointer data);

/* As flash_dialogs_save_layout (), for what was read from a chip. */
GtkNativeDialog *flash_dialogs_save_memory (GtkWindow *parent, const char *name,
                                            FlashFileFunc callback, gpointer data);

/* As flash_dialogs_save_layout (), for what a serial console printed. */
GtkNativeDialog *flash_dialogs_save_console (GtkWindow *parent, const char *name,
                                             FlashFileFunc callback, gpointer data);

/* As flash_dialogs_save_layout (), for a report. */
GtkNativeDialog *flash_dialogs_save_report (GtkWindow *parent, GFile *folder, const char *name,
                                            FlashFileFunc callback, gpointer data);

/* As flash_dialogs_save_layout (), for a repair file. */
GtkNativeDialog *flash_dialogs_save_repair (GtkWindow *parent, const char *name,
                                            FlashFileFunc callback, gpointer data);

/**
 * FlashQuestion:
 * @heading: the question
 * @body: what it means
 * @keep_label: the button that changes nothing; what Escape does
 * @act_label: the button that does it, named by a verb
 */
typedef struct {
  const char *heading;
  const char *body;
  const char *keep_label;
  const char *act_label;
} FlashQuestion;

/**
 * flash_dialogs_ask:
 * @parent: the window
 * @question: (transfer none): what to ask; read now, not kept
 * @callback: called if the answer is to do it, swapped: with @object alone
 * @object: whose affair it is; if it is gone nothing is called
 *
 * Asks about something that destroys.
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *flash_dialogs_ask (GtkWindow *parent, const FlashQuestion *question, GCallback callback,
                              gpointer object);

/**
 * FlashAnswer:
 * @id: what the callback gets
 * @label: on the button, a verb
 * @appearance: whether it is what is proposed, or destroys
 */
typedef struct {
  const char *id;
  const char *label;
  AdwResponseAppearance appearance;
} FlashAnswer;

/**
 * flash_dialogs_choose:
 * @parent: the window
 * @heading: the question
 * @body: what it means
 * @answers: (array zero-terminated=1): ended by one without id; the first one changes nothing, and
 *   is what Escape gives; Return gives the suggested one
 * @callback: called with @object, then the answer's id (const char *)
 * @object: whose affair it is; if it is gone nothing is called
 *
 * Asks about something that has more than one way out.
 *
 * Returns: (transfer none): the dialog, which destroys itself
 */
GtkWindow *flash_dialogs_choose (GtkWindow *parent, const char *heading, const char *body,
                                 const FlashAnswer *answers, GCallback callback, gpointer object);

/**
 * flash_dialogs_find:
 * @parent: the window that it belongs to
 * @type: of which class it is
 *
 * Returns: (transfer none) (nullable): the window of that class that is open above @parent
 */
GtkWindow *flash_dialogs_find (GtkWindow *parent, GType type);

G_END_DECLS
