/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-facts"

#include "config.h"

#include "flash-cli-facts.h"

#include "flash-cli-columns.h"

#include <string.h>

/* What ends a label, in Latin and in Chinese or Japanese text. */
#define COLON ":"
#define WIDE_COLON "："

typedef struct {
  char *label; /* (owned): empty for a line that goes on */
  char *value; /* (owned) */
} Fact;

struct _FlashCliFacts {
  GArray *facts; /* (owned) (element-type Fact) */
  guint width; /* of the widest label */
};

static void
fact_clear (gpointer data)
{
  Fact *self = data;

  g_free (self->label);
  g_free (self->value);
}

/* Returns: where the label of @text has ended; its beginning if it has none. */
static const char *
find_label_end (const char *text)
{
  const char *narrow = strstr (text, COLON), *wide = strstr (text, WIDE_COLON);

  if (wide != NULL && (narrow == NULL || wide < narrow))
    return wide + strlen (WIDE_COLON);
  return narrow != NULL ? narrow + strlen (COLON) : text;
}

static char *
dup_label (FlashCliFacts *self, const char *text)
{
  char *label = g_strndup (text, (gsize) (find_label_end (text) - text));

  self->width = MAX (self->width, flash_cli_get_width (label));
  return label;
}

FlashCliFacts *
flash_cli_facts_new (const char *example)
{
  FlashCliFacts *self;
  g_autofree char *label = NULL;

  g_return_val_if_fail (example != NULL, NULL);

  self = g_new0 (FlashCliFacts, 1);
  label = dup_label (self, example);
  self->facts = g_array_new (FALSE, FALSE, sizeof (Fact));
  g_array_set_clear_func (self->facts, fact_clear);
  return self;
}

void
flash_cli_facts_free (FlashCliFacts *self)
{
  g_array_unref (self->facts);
  g_free (self);
}

void
flash_cli_facts_add (FlashCliFacts *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  Fact fact;
  va_list args;

  g_return_if_fail (self != NULL);

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  fact.label = dup_label (self, text);
  fact.value = g_strchug (g_strdup (find_label_end (text)));
  g_array_append_val (self->facts, fact);
}

void
flash_cli_facts_add_below (FlashCliFacts *self, const char *format, ...)
{
  Fact fact = { .label = g_strdup ("") };
  va_list args;

  g_return_if_fail (self != NULL);

  va_start (args, format);
  fact.value = g_strchug (g_strdup_vprintf (format, args));
  va_end (args);
  g_array_append_val (self->facts, fact);
}

void
flash_cli_facts_print (const FlashCliFacts *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->facts->len; i++) {
    const Fact *fact = &g_array_index (self->facts, Fact, i);
    g_autofree char *label = flash_cli_pad (fact->label, (int) self->width);

    g_print ("%s %s\n", label, fact->value);
  }
}
