/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images of cards without keeping the main loop waiting: opening the files of a layout, and writing
 * an image into a file, are done in a thread.
 *
 * Thread: main, except what is said otherwise. */
#pragma once

#include "flash-card-writer.h"
#include "flash-editor.h"

G_BEGIN_DECLS

/**
 * FlashCardSurvey:
 * @loaded: the layout as it is shown
 * @ips: (element-type utf8): the cards that it writes to, `mmc0` and the like, in its order
 * @ip: (nullable): the one that the image is of; %NULL if there is none
 * @image: (nullable): the smallest that holds everything
 * @error: (nullable): why there is no image, %FLASH_CARD_ERROR; %NULL too if the layout has errors
 *
 * What could be made of a layout.
 */
typedef struct {
  FlashLoaded *loaded;
  GPtrArray *ips;
  char *ip;
  FlashCardImage *image;
  GError *error;
} FlashCardSurvey;

void flash_card_survey_free (FlashCardSurvey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCardSurvey, flash_card_survey_free)

/**
 * flash_card_survey:
 * @editor: the open layout; taken as it is shown, saved or not
 * @ip: (nullable): the storage that is wanted; %NULL for `mmc0`, or the first card without it
 * @cancellable: (nullable): ends it early
 * @callback: called in the main thread
 */
void flash_card_survey (FlashEditor *editor, const char *ip, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data);

/**
 * flash_card_survey_finish:
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_LOAD_ERROR, %G_IO_ERROR) if
 *   the layout could not be checked
 */
FlashCardSurvey *flash_card_survey_finish (GAsyncResult *result, GError **error);

/**
 * flash_card_make:
 * @layout: checked, without errors
 * @ip: the storage
 * @size: in bytes, 0 for the smallest
 * @callback: called in the main thread
 *
 * Makes an image without writing it anywhere.
 */
void flash_card_make (FlashLayout *layout, const char *ip, guint64 size, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data);
/* Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_CARD_ERROR, %G_IO_ERROR) */
FlashCardImage *flash_card_make_finish (GAsyncResult *result, GError **error);

/* How far the writing of a file is; thread: any. */
typedef struct _FlashCardMeter FlashCardMeter;

FlashCardMeter *flash_card_meter_new (void);
FlashCardMeter *flash_card_meter_ref (FlashCardMeter *self);
void flash_card_meter_unref (FlashCardMeter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCardMeter, flash_card_meter_unref)

/* Tells bytes of the image that are done, and all that there are, which is 0 at first. */
void flash_card_meter_get (FlashCardMeter *self, guint64 *out_done_bytes, guint64 *out_total_bytes);

/**
 * FlashCardSave:
 * @layout: checked, without errors
 * @ip: the storage
 * @size: of the card in bytes, 0 for the smallest
 * @path: (type filename): the file
 * @layout_path: (nullable) (type filename): the layout's own file
 * @compression: of the file
 * @replace: whether files by these names may be replaced
 * @is_alone: whether nothing is written beside it
 */
typedef struct {
  FlashLayout *layout;
  const char *ip;
  guint64 size;
  const char *path;
  const char *layout_path;
  FlashCardCompression compression;
  gboolean replace;
  gboolean is_alone;
} FlashCardSave;

/**
 * flash_card_save:
 * @what: (transfer none): read now, not kept
 * @meter: (transfer none): what to look at meanwhile
 * @cancellable: ends it; nothing is left behind then
 * @callback: called in the main thread
 */
void flash_card_save (const FlashCardSave *what, FlashCardMeter *meter, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data);

/* The struct is freed by flash_card_written_clear () and g_free ().
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_CARD_ERROR, %G_IO_ERROR) */
FlashCardWritten *flash_card_save_finish (GAsyncResult *result, GError **error);

/* Frees what flash_card_save_finish () has returned. */
void flash_card_save_free (FlashCardWritten *written);

G_END_DECLS
