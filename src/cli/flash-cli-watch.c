/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-watch"

#include "config.h"

#include "flash-cli-watch.h"

#include "flash-board-facts.h"
#include "flash-cli-board.h"
#include "flash-cli-columns.h"
#include "flash-cli-json.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* An STM32MP15 goes from its ROM to TF-A without leaving the bus (stm32mp-usb.md section 1.2):
 * only asking it tells. */
#define ASK_SECONDS 1

typedef struct {
  GMainLoop *loop;
  FlashProvider *provider;
  GPtrArray *known; /* (owned) (element-type FlashBoard): what has been told */
  gboolean is_json;
} Watch;

typedef enum {
  NEWS_PRESENT,
  NEWS_ARRIVED,
  NEWS_LEFT,
  NEWS_CHANGED,
} News;

static const char *
get_code (News news)
{
  switch (news) {
  case NEWS_PRESENT:
    return "present";
  case NEWS_ARRIVED:
    return "arrived";
  case NEWS_LEFT:
    return "left";
  case NEWS_CHANGED:
    return "changed";
  }
  g_return_val_if_reached ("");
}

static const char *
get_word (News news)
{
  switch (news) {
  case NEWS_PRESENT:
    return C_ ("boards", "present");
  case NEWS_ARRIVED:
    return C_ ("boards", "arrived");
  case NEWS_LEFT:
    return C_ ("boards", "left");
  case NEWS_CHANGED:
    return C_ ("boards", "changed");
  }
  g_return_val_if_reached ("");
}

static void
tell (Watch *self, News news, FlashBoard *board)
{
  g_autoptr (GDateTime) now = NULL;
  const char *const words[] = { get_word (NEWS_PRESENT), get_word (NEWS_ARRIVED),
                                get_word (NEWS_LEFT), get_word (NEWS_CHANGED), NULL };
  g_autofree char *time = NULL;
  g_autofree char *word = NULL;
  g_autoptr (JsonBuilder) builder = NULL;

  if (self->is_json) {
    builder = json_builder_new ();
    json_builder_begin_object (builder);
    flash_cli_json_add_text (builder, "event", get_code (news));
    flash_cli_board_add (builder, board, NULL);
    json_builder_end_object (builder);
    flash_cli_json_print (builder);
    return;
  }
  now = g_date_time_new_now_local ();
  time = g_date_time_format (now, "%H:%M:%S");
  word = flash_cli_pad (get_word (news), (int) flash_cli_get_widest (words));
  g_print ("%s  %s", time, word);
  flash_cli_board_print (board);
  if (news != NEWS_LEFT)
    flash_cli_board_print_hindrances (board, NULL);
  fflush (stdout);
}

static void
tell_watching (Watch *self)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!self->is_json) {
    g_print ("%s\n", _ ("Watching USB. Ctrl-C ends it."));
    fflush (stdout);
    return;
  }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "event", "watching");
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

/* Whether people would want to hear of it. */
static gboolean
has_changed (FlashBoard *before, FlashBoard *after)
{
  g_auto (FlashBoardFacts) old_facts = { 0 };
  g_auto (FlashBoardFacts) new_facts = { 0 };

  flash_board_facts_init (&old_facts, before);
  flash_board_facts_init (&new_facts, after);
  return flash_board_get_access (before) != flash_board_get_access (after) ||
         g_strcmp0 (old_facts.stage, new_facts.stage) != 0 ||
         g_strcmp0 (old_facts.name, new_facts.name) != 0;
}

/* A board that came back while nobody looked has left and arrived all the same. */
static void
tell_replaced (Watch *self, FlashBoard *before, FlashBoard *after)
{
  if (!g_str_equal (flash_board_get_port (before), flash_board_get_port (after)) ||
      flash_board_get_generation (before) != flash_board_get_generation (after)) {
    tell (self, NEWS_LEFT, before);
    tell (self, NEWS_ARRIVED, after);
  } else if (has_changed (before, after)) {
    tell (self, NEWS_CHANGED, after);
  }
}

static void
on_items_changed (GListModel *boards, guint position, guint n_removed, guint n_added, Watch *self)
{
  guint n_replaced = MIN (n_removed, n_added);

  for (guint i = position; i < position + n_replaced; i++) {
    g_autoptr (FlashBoard) before = g_object_ref (g_ptr_array_index (self->known, i));
    FlashBoard *after = g_list_model_get_item (boards, i);

    g_set_object (&self->known->pdata[i], after);
    tell_replaced (self, before, after);
    g_object_unref (after);
  }
  position += n_replaced;
  for (guint i = n_replaced; i < n_removed; i++) {
    g_autoptr (FlashBoard) board = g_ptr_array_steal_index (self->known, position);

    tell (self, NEWS_LEFT, board);
  }
  for (guint i = n_replaced; i < n_added; i++, position++) {
    FlashBoard *board = g_list_model_get_item (boards, position);

    g_ptr_array_insert (self->known, (int) position, board);
    tell (self, NEWS_ARRIVED, board);
  }
}

static gboolean
on_ask (gpointer data)
{
  Watch *self = data;

  flash_provider_rescan (self->provider);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_signal (gpointer data)
{
  Watch *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

/* What goes wrong with the output ends the watch: nobody reads it. */
static gboolean
on_check_output (gpointer data)
{
  Watch *self = data;

  if (ferror (stdout))
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

/* Nobody reads any more: the other end of a pipe is closed. */
static gboolean
on_output_closed (int fd, GIOCondition condition, gpointer data)
{
  Watch *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

FlashCliExit
flash_cli_watch (FlashCliWorld *world, gboolean is_json)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GPtrArray) known = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *boards = G_LIST_MODEL (world->usb_boards);
  Watch self = {
    .loop = loop,
    .provider = FLASH_PROVIDER (world->usb_boards),
    .known = known,
    .is_json = is_json,
  };
  guint sources[5];

  if (world->usb_boards == NULL) {
    g_printerr ("%s\n", world->usb_error->message);
    return FLASH_CLI_NO_BOARD;
  }
  flash_cli_world_settle (world, FALSE);
  for (guint i = 0; i < g_list_model_get_n_items (boards); i++) {
    FlashBoard *board = g_list_model_get_item (boards, i);

    g_ptr_array_add (known, board);
    tell (&self, NEWS_PRESENT, board);
  }
  g_signal_connect (boards, "items-changed", G_CALLBACK (on_items_changed), &self);
  tell_watching (&self);
  on_ask (&self);
  sources[0] = g_timeout_add_seconds (ASK_SECONDS, on_ask, &self);
  sources[1] = g_unix_signal_add (SIGINT, on_signal, &self);
  sources[2] = g_unix_signal_add (SIGTERM, on_signal, &self);
  sources[3] = g_timeout_add_seconds (ASK_SECONDS, on_check_output, &self);
  sources[4] = g_unix_fd_add (STDOUT_FILENO, G_IO_HUP | G_IO_ERR, on_output_closed, &self);
  g_main_loop_run (loop);

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  g_signal_handlers_disconnect_by_data (boards, &self);
  return FLASH_CLI_STOPPED;
}
