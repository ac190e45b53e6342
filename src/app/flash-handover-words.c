/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-handover-words"

#include "config.h"

#include "flash-handover-words.h"

#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* What the port shows comes from the other side of a cable. */
#define MAX_PRODUCT_CHARS 60

static const char *
get_awaited_title (const char *expected)
{
  static const struct {
    const char *stage;
    const char *title;
  } titles[] = {
    { "rom", N_ ("Waiting for the ROM of the board") },
    { "tf-a", N_ ("Waiting for the first boot stage") },
    { "u-boot", N_ ("Waiting for U-Boot") },
    { "u-boot-2", N_ ("Waiting for U-Boot with its partitions") },
    { "bootloader", N_ ("Waiting for the boot loader") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_strcmp0 (titles[i].stage, expected) == 0)
      return _ (titles[i].title);
  return _ ("Waiting for the board");
}

const char *
flash_handover_words_title (FlashJobQuestion question, const char *expected)
{
  switch (question) {
  case FLASH_JOB_QUESTION_NONE:
    return get_awaited_title (expected);
  case FLASH_JOB_QUESTION_PATIENCE:
    return _ ("The board has not come back");
  case FLASH_JOB_QUESTION_ROM:
    return _ ("The board has started again from the beginning");
  case FLASH_JOB_QUESTION_GONE:
    return _ ("The board was unplugged");
  }
  g_return_val_if_reached (NULL);
}

static char *
dup_other_device (const FlashSymptoms *symptoms)
{
  g_autofree char *product =
      symptoms->port_product != NULL
          ? flash_text_sanitize (symptoms->port_product, strlen (symptoms->port_product),
                                 MAX_PRODUCT_CHARS)
          : NULL;
  const char *id = symptoms->port_id != NULL ? symptoms->port_id : "?";

  if (product != NULL && *product != '\0')
    /* TRANSLATORS: vendor and product id of a USB device, then what it calls itself */
    return g_strdup_printf (_ ("The port shows another device: %1$s, “%2$s”"), id, product);
  /* TRANSLATORS: vendor and product id of a USB device */
  return g_strdup_printf (_ ("The port shows another device: %s"), id);
}

static char *
dup_held (const FlashSymptoms *symptoms)
{
  if (symptoms->holder != NULL)
    /* TRANSLATORS: a program, such as fwupd */
    return g_strdup_printf (_ ("The port shows a device that %s is using"), symptoms->holder);
  return g_strdup (_ ("The port shows a device that another program is using"));
}

char *
flash_handover_words_dup_port (const FlashSymptoms *symptoms)
{
  switch (symptoms->port) {
  case FLASH_PORT_UNKNOWN:
    return g_strdup (_ ("Nobody can tell what the port shows"));
  case FLASH_PORT_NOTHING:
    return g_strdup (_ ("The port shows nothing"));
  case FLASH_PORT_FAILED:
    return g_strdup (_ ("The port shows a device that could not be read"));
  case FLASH_PORT_OVER_CURRENT:
    return g_strdup (_ ("The port was switched off: too much current"));
  case FLASH_PORT_AWAITED:
    return g_strdup (_ ("The port shows the board"));
  case FLASH_PORT_ROM:
    return g_strdup (_ ("The port shows the ROM of the board again"));
  case FLASH_PORT_STAYED:
    return g_strdup (_ ("The port shows the board as it was before"));
  case FLASH_PORT_SILENT:
    return g_strdup (_ ("The port shows a device that does not answer"));
  case FLASH_PORT_CLOSED:
    return g_strdup (_ ("The port shows a device that may not be opened"));
  case FLASH_PORT_HELD:
    return dup_held (symptoms);
  case FLASH_PORT_PLAIN_UBOOT:
    return g_strdup (_ ("The port shows U-Boot without the command for flashing"));
  case FLASH_PORT_OTHER_BOARD:
    return g_strdup (_ ("The port shows another board"));
  case FLASH_PORT_OTHER_DEVICE:
    return dup_other_device (symptoms);
  }
  g_return_val_if_reached (NULL);
}

const char *
flash_handover_words_port_icon (FlashPortShows shows)
{
  switch (shows) {
  case FLASH_PORT_UNKNOWN:
    return "dialog-question-symbolic";
  case FLASH_PORT_NOTHING:
    return "network-offline-symbolic";
  case FLASH_PORT_AWAITED:
    return "emblem-ok-symbolic";
  case FLASH_PORT_CLOSED:
  case FLASH_PORT_HELD:
    return "changes-prevent-symbolic";
  case FLASH_PORT_FAILED:
  case FLASH_PORT_OVER_CURRENT:
  case FLASH_PORT_ROM:
  case FLASH_PORT_STAYED:
  case FLASH_PORT_SILENT:
  case FLASH_PORT_PLAIN_UBOOT:
  case FLASH_PORT_OTHER_BOARD:
  case FLASH_PORT_OTHER_DEVICE:
    return "dialog-warning-symbolic";
  }
  g_return_val_if_reached (NULL);
}

char *
flash_handover_words_dup_since (guint shown_ms)
{
  g_autofree char *duration = flash_words_dup_duration (shown_ms);

  /* TRANSLATORS: for how long a port has shown what it shows: “for 12 seconds” */
  return g_strdup_printf (_ ("for %s"), duration);
}

char *
flash_handover_words_dup_wait (guint waited_ms, guint patience_ms)
{
  if (patience_ms == 0)
    /* TRANSLATORS: how long it has been waited, in seconds */
    return g_strdup_printf (_ ("%u s so far"), waited_ms / 1000);
  /* TRANSLATORS: how long it has been waited, and how long at most, in seconds */
  return g_strdup_printf (_ ("%1$u s of %2$u s"), waited_ms / 1000, patience_ms / 1000);
}

const char *
flash_handover_words_certainty (const FlashFindings *findings)
{
  switch (findings->certainty) {
  case FLASH_CERTAINTY_NOTHING:
    return NULL;
  case FLASH_CERTAINTY_OPEN:
    return findings->n_candidates > 0 ? _ ("It may be one of these") : _ ("Not certain yet");
  case FLASH_CERTAINTY_LIKELY:
    return _ ("Probably");
  case FLASH_CERTAINTY_PROVED:
    return _ ("This is the cause");
  }
  g_return_val_if_reached (NULL);
}

char *
flash_handover_words_dup_left (guint n_written, guint n_total, const char *half, gboolean is_back)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          ngettext ("%1$u of %2$u partition is complete.",
                                    "%1$u of %2$u partitions are complete.", n_total),
                          n_written, n_total);
  if (half != NULL) {
    g_string_append_c (text, ' ');
    /* TRANSLATORS: a partition that was being sent when the cable was pulled */
    g_string_append_printf (text, _ ("“%s” will be sent again from its beginning."), half);
  }
  g_string_append_c (text, '\n');
  g_string_append (text, is_back ? _ ("The board is back. Continue when you are ready.")
                                 : _ ("Plug it in again, with its switches at serial boot, and "
                                      "continue. What is complete is not sent again."));
  return g_string_free (text, FALSE);
}

/* --- what can be done ----------------------------------------------------------------------- */

static gboolean
is_vm (const FlashSymptoms *symptoms)
{
  return symptoms->vm != NULL && !g_str_equal (symptoms->vm, "none");
}

static FlashHandoverOffer
get_answers (FlashJobQuestion question)
{
  switch (question) {
  case FLASH_JOB_QUESTION_NONE:
    return FLASH_HANDOVER_NOTHING;
  case FLASH_JOB_QUESTION_PATIENCE:
  case FLASH_JOB_QUESTION_GONE:
    return FLASH_HANDOVER_GO_ON | FLASH_HANDOVER_GIVE_UP;
  case FLASH_JOB_QUESTION_ROM:
    return FLASH_HANDOVER_RESTART | FLASH_HANDOVER_GIVE_UP;
  }
  g_return_val_if_reached (FLASH_HANDOVER_NOTHING);
}

/* The first of them that is offered. */
static FlashHandoverOffer
choose_suggested (FlashHandoverOffer offers, FlashJobQuestion question)
{
  static const FlashHandoverOffer order[] = {
    FLASH_HANDOVER_MOVE, FLASH_HANDOVER_RESTART, FLASH_HANDOVER_ACCESS,
    FLASH_HANDOVER_VM,   FLASH_HANDOVER_GO_ON,
  };

  /* Once it has been shown, going on is what is wanted. */
  if (question == FLASH_JOB_QUESTION_PATIENCE || question == FLASH_JOB_QUESTION_GONE)
    return (offers & FLASH_HANDOVER_MOVE) ? FLASH_HANDOVER_MOVE : FLASH_HANDOVER_GO_ON;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (offers & order[i])
      return order[i];
  return FLASH_HANDOVER_NOTHING;
}

FlashHandoverOffer
flash_handover_words_offers (FlashJobQuestion question, const FlashSymptoms *symptoms,
                             const FlashFindings *findings, FlashHandoverOffer *out_suggested)
{
  FlashHandoverOffer offers = get_answers (question);
  gboolean has_said = findings->certainty != FLASH_CERTAINTY_NOTHING;

  if (symptoms->elsewhere != NULL)
    offers |= FLASH_HANDOVER_MOVE;
  if (is_vm (symptoms) && !symptoms->is_virtual && has_said)
    offers |= FLASH_HANDOVER_VM;
  if (symptoms->port == FLASH_PORT_CLOSED || symptoms->port == FLASH_PORT_HELD)
    offers |= FLASH_HANDOVER_ACCESS;
  if (symptoms->is_layout &&
      ((offers & FLASH_HANDOVER_VM) || question == FLASH_JOB_QUESTION_PATIENCE))
    offers |= FLASH_HANDOVER_IMAGE;
  if (findings->question == FLASH_OBSERVATION_CONSOLE_SPEAKS)
    offers |= FLASH_HANDOVER_CONSOLE;
  *out_suggested = choose_suggested (offers, question);
  return offers;
}
