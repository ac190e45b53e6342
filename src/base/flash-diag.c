/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-diag"

#include "config.h"

#include "flash-diag.h"

typedef struct {
  const char *template_text; /* static */
  GStrv values; /* (owned) (nullable) */
} Sentence;

struct _FlashDiag {
  FlashSeverity severity;
  const char *code; /* static */
  guint line;
  guint column;
  guint index; /* place in the list, to sort stably */
  Sentence message;
  Sentence fix;
  char *device_text; /* (owned) (nullable) */
  char *cell; /* (owned) (nullable) */
  gboolean is_last; /* stands for all that found no room, whose remedies are not its own */
};

struct _FlashDiagList {
  gatomicrefcount ref_count;
  GPtrArray *diags; /* (owned) (element-type FlashDiag) */
  FlashDiag *last; /* (nullable): says that there are more; wherever it is sorted to */
};

const char *
flash_severity_get_name (FlashSeverity severity)
{
  switch (severity) {
  case FLASH_SEVERITY_INFO:
    return "info";
  case FLASH_SEVERITY_WARNING:
    return "warning";
  case FLASH_SEVERITY_ERROR:
    return "error";
  }
  g_return_val_if_reached ("error");
}

static GStrv
collect_values (va_list args)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *value;

  while ((value = va_arg (args, const char *)) != NULL)
    g_strv_builder_add (builder, value);
  return g_strv_builder_end (builder);
}

static char *
dup_sentence (const Sentence *self, FlashTranslate translate)
{
  const char *text = translate != NULL ? translate (self->template_text) : self->template_text;
  guint n_values = self->values != NULL ? g_strv_length (self->values) : 0;
  GString *out = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++) {
    /* One digit is enough: no sentence has more than ten values. */
    if (p[0] == '{' && g_ascii_isdigit (p[1]) && p[2] == '}' && (guint) (p[1] - '0') < n_values) {
      g_string_append (out, self->values[p[1] - '0']);
      p += 2;
    } else {
      g_string_append_c (out, *p);
    }
  }
  return g_string_free (out, FALSE);
}

static void
diag_free (gpointer data)
{
  FlashDiag *self = data;

  g_strfreev (self->message.values);
  g_strfreev (self->fix.values);
  g_free (self->device_text);
  g_free (self->cell);
  g_free (self);
}

FlashSeverity
flash_diag_get_severity (const FlashDiag *self)
{
  return self->severity;
}

const char *
flash_diag_get_code (const FlashDiag *self)
{
  return self->code;
}

guint
flash_diag_get_line (const FlashDiag *self)
{
  return self->line;
}

guint
flash_diag_get_column (const FlashDiag *self)
{
  return self->column;
}

const char *
flash_diag_get_device_text (const FlashDiag *self)
{
  return self->device_text;
}

const char *
flash_diag_get_cell (const FlashDiag *self)
{
  return self->cell;
}

char *
flash_diag_dup_message (const FlashDiag *self, FlashTranslate translate)
{
  return dup_sentence (&self->message, translate);
}

char *
flash_diag_dup_fix (const FlashDiag *self, FlashTranslate translate)
{
  return self->fix.template_text != NULL ? dup_sentence (&self->fix, translate) : NULL;
}

void
flash_diag_set_fix (FlashDiag *self, const char *template_text, ...)
{
  va_list args;

  if (self->is_last)
    return;
  va_start (args, template_text);
  g_strfreev (self->fix.values);
  self->fix = (Sentence){ template_text, collect_values (args) };
  va_end (args);
}

void
flash_diag_set_device_text (FlashDiag *self, const char *text)
{
  g_free (self->device_text);
  self->device_text = g_strdup (text);
}

void
flash_diag_set_cell (FlashDiag *self, const char *text)
{
  if (self->is_last)
    return;
  g_free (self->cell);
  self->cell = text != NULL && g_utf8_validate (text, -1, NULL) ? g_strdup (text) : NULL;
}

FlashDiagList *
flash_diag_list_new (void)
{
  FlashDiagList *self = g_new0 (FlashDiagList, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->diags = g_ptr_array_new_with_free_func (diag_free);
  return self;
}

FlashDiagList *
flash_diag_list_ref (FlashDiagList *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_diag_list_unref (FlashDiagList *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count)) {
    g_ptr_array_unref (self->diags);
    g_free (self);
  }
}

static FlashDiag *
append (FlashDiagList *self, FlashSeverity severity, const char *code)
{
  FlashDiag *diag = g_new0 (FlashDiag, 1);

  diag->severity = severity;
  diag->code = code;
  diag->index = self->diags->len;
  g_ptr_array_add (self->diags, diag);
  return diag;
}

FlashDiag *
flash_diag_list_add (FlashDiagList *self, FlashSeverity severity, const char *code, guint line,
                     guint column, const char *template_text, ...)
{
  FlashDiag *diag;
  va_list args;

  g_return_val_if_fail (self != NULL && code != NULL && template_text != NULL, NULL);

  if (self->diags->len == FLASH_DIAG_LIST_MAX) {
    self->last = append (self, FLASH_SEVERITY_ERROR, "too-many-problems");
    self->last->message.template_text = N_ ("There are more problems than can be listed.");
    self->last->is_last = TRUE;
  }
  if (self->last != NULL)
    return self->last;

  diag = append (self, severity, code);
  diag->line = line;
  diag->column = column;
  va_start (args, template_text);
  diag->message = (Sentence){ template_text, collect_values (args) };
  va_end (args);
  return diag;
}

FlashDiag *
flash_diag_list_add_at (FlashDiagList *self, const FlashDiag *diag, guint line, guint column)
{
  FlashDiag *copy = flash_diag_list_add (self, diag->severity, diag->code, line, column,
                                         diag->message.template_text, NULL);

  if (copy->is_last)
    return copy;
  g_strfreev (copy->message.values);
  copy->message.values = g_strdupv (diag->message.values);
  g_strfreev (copy->fix.values);
  copy->fix = (Sentence){ diag->fix.template_text, g_strdupv (diag->fix.values) };
  flash_diag_set_device_text (copy, diag->device_text);
  flash_diag_set_cell (copy, diag->cell);
  return copy;
}

guint
flash_diag_list_get_length (const FlashDiagList *self)
{
  return self->diags->len;
}

const FlashDiag *
flash_diag_list_get (const FlashDiagList *self, guint index)
{
  g_return_val_if_fail (index < self->diags->len, NULL);

  return g_ptr_array_index (self->diags, index);
}

void
flash_diag_list_set_device_text (FlashDiagList *self, guint index, const char *text)
{
  g_return_if_fail (index < self->diags->len);

  flash_diag_set_device_text (g_ptr_array_index (self->diags, index), text);
}

const FlashDiag *
flash_diag_list_find (const FlashDiagList *self, const char *code)
{
  for (guint i = 0; i < self->diags->len; i++) {
    const FlashDiag *diag = g_ptr_array_index (self->diags, i);

    if (g_str_equal (diag->code, code))
      return diag;
  }
  return NULL;
}

guint
flash_diag_list_count (const FlashDiagList *self, FlashSeverity severity)
{
  guint n = 0;

  for (guint i = 0; i < self->diags->len; i++)
    n += ((const FlashDiag *) g_ptr_array_index (self->diags, i))->severity == severity;
  return n;
}

static gint
compare_places (gconstpointer a, gconstpointer b)
{
  const FlashDiag *x = *(const FlashDiag *const *) a;
  const FlashDiag *y = *(const FlashDiag *const *) b;

  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  if (x->column != y->column)
    return x->column < y->column ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

void
flash_diag_list_sort (FlashDiagList *self)
{
  g_ptr_array_sort (self->diags, compare_places);
}
