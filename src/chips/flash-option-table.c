/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-option-table"

#include "config.h"

#include "flash-chip-data-private.h"
#include "flash-option-private.h"

#include <string.h>

#define FIELD "field-"
#define MAX_SIZE 1024
#define LOCKED "locked"

/* So many groups may be like one another in a row. */
#define MAX_LIKE 4

static const char *const known_keys[] = {
  "like", "size",       "complement",  "covered",  "rdp_open", FIELD,
  "wrp",  "wrp_fields", "wrp_sectors", "wrp_rest", "wrp_when", NULL,
};

/* What is read: a group, and those that it is like. */
typedef struct {
  FlashChipData data;
  FlashOptionLayout *layout;
} Reader;

static void
layout_free (gpointer data)
{
  FlashOptionLayout *self = data;

  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->wrp_fields);
  g_free (self);
}

static const FlashOptionField *
find_field (const FlashOptionLayout *self, const char *name)
{
  for (guint i = 0; i < self->entries->len; i++) {
    const FlashOptionField *field = g_ptr_array_index (self->entries, i);

    if (g_str_equal (field->name, name))
      return field;
  }
  return NULL;
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  const FlashOptionField *left = *(const FlashOptionField *const *) a;
  const FlashOptionField *right = *(const FlashOptionField *const *) b;

  return (gint) (8 * left->offset + left->shift) - (gint) (8 * right->offset + right->shift);
}

void
flash_option_table_sort (GPtrArray *entries)
{
  g_return_if_fail (entries != NULL);

  g_ptr_array_sort (entries, compare_entries);
}

/* `0 8 3 locked BOR_LEV` */
static gboolean
parse_field (const char *name, const char *text, FlashOptionEntry *entry)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);
  guint n_parts = g_strv_length (parts);
  FlashOptionField *field = &entry->field;
  const char *key = name;

  if (n_parts < 3 || !flash_chip_data_parse_number (parts[0], &field->offset) ||
      !flash_chip_data_parse_number (parts[1], &field->shift) ||
      !flash_chip_data_parse_number (parts[2], &field->width))
    return FALSE;
  for (guint i = 3; i < n_parts; i++) {
    if (g_str_equal (parts[i], LOCKED))
      field->is_locked = TRUE;
    else
      key = parts[i];
  }
  entry->words = flash_option_words_find (key);
  if (entry->words == NULL)
    return FALSE;
  field->name = g_intern_string (name);
  field->description = entry->words->description;
  field->consequence = entry->words->consequence;
  return TRUE;
}

/* A field must lie in one unit, and not in a complement; a pair must have its second half. */
static gboolean
is_in_area (const FlashOptionLayout *self, const FlashOptionField *field)
{
  guint unit = self->unit, start = field->offset / unit * unit, end = start + unit;

  if (field->width == 0 || field->width > 32 || field->shift >= 32 || end > self->size ||
      8 * (field->offset - start) + field->shift + field->width > 8 * unit)
    return FALSE;
  switch (self->guard) {
  case FLASH_OPTION_PLAIN:
    return TRUE;
  case FLASH_OPTION_COMPLEMENT:
    return start / unit % 2 == 0 && end + unit <= self->covered;
  case FLASH_OPTION_PAIR:
    return end + unit <= self->size;
  }
  g_return_val_if_reached (FALSE);
}

static void
add_fields (Reader *self, const char *group)
{
  g_auto (GStrv) keys = g_key_file_get_keys (self->data.file, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++) {
    const char *name = keys[i] + strlen (FIELD);
    const char *text;
    g_autofree FlashOptionEntry *entry = g_new0 (FlashOptionEntry, 1);

    if (!g_str_has_prefix (keys[i], FIELD) || find_field (self->layout, name) != NULL)
      continue;
    text = flash_chip_data_get_text (&self->data, keys[i]);
    /* taken away by the group that is like this one */
    if (text == NULL)
      continue;
    if (!parse_field (name, text, entry) || !is_in_area (self->layout, &entry->field))
      flash_chip_data_complain (&self->data, keys[i], "not a field of this area");
    else
      g_ptr_array_add (self->layout->entries, g_steal_pointer (&entry));
  }
}

static void
check_overlaps (Reader *self)
{
  GPtrArray *entries = self->layout->entries;

  flash_option_table_sort (entries);
  for (guint i = 1; i < entries->len; i++) {
    const FlashOptionField *before = g_ptr_array_index (entries, i - 1);
    const FlashOptionField *field = g_ptr_array_index (entries, i);

    if (8 * before->offset + before->shift + before->width > 8 * field->offset + field->shift)
      flash_chip_data_complain (&self->data, field->name, "overlaps the field before it");
  }
}

static void
read_guard (Reader *self)
{
  static const struct {
    const char *name;
    FlashOptionGuard guard;
    guint unit;
  } guards[] = {
    { "none", FLASH_OPTION_PLAIN, 4 },      { "byte", FLASH_OPTION_COMPLEMENT, 1 },
    { "half", FLASH_OPTION_COMPLEMENT, 2 }, { "word", FLASH_OPTION_COMPLEMENT, 4 },
    { "pair", FLASH_OPTION_PAIR, 4 },
  };
  FlashOptionLayout *layout = self->layout;
  const char *name = flash_chip_data_get_text (&self->data, "complement");

  layout->size = flash_chip_data_get_number (&self->data, "size", 0);
  layout->covered = flash_chip_data_get_number (&self->data, "covered", layout->size);
  for (guint i = 0; i < G_N_ELEMENTS (guards); i++)
    if (g_strcmp0 (name, guards[i].name) == 0) {
      layout->guard = guards[i].guard;
      layout->unit = guards[i].unit;
    }
  if (layout->unit == 0)
    flash_chip_data_complain (&self->data, "complement", "none of those that there are");
  else if (layout->size == 0 || layout->size > MAX_SIZE || layout->covered > layout->size ||
           (layout->guard == FLASH_OPTION_COMPLEMENT && layout->covered % (2 * layout->unit) != 0))
    flash_chip_data_complain (&self->data, "size", "does not hold whole units");
}

static void
read_rdp (Reader *self)
{
  FlashOptionLayout *layout = self->layout;

  for (guint i = 0; i < layout->entries->len; i++) {
    const FlashOptionEntry *entry = g_ptr_array_index (layout->entries, i);

    if (!g_str_has_prefix (entry->words->key, "RDP"))
      continue;
    layout->rdp = &entry->field;
    layout->has_forever = g_str_equal (entry->words->key, "RDP");
  }
  layout->rdp_open = flash_chip_data_get_number (&self->data, "rdp_open", G_MAXUINT32);
  if (layout->rdp == NULL || layout->rdp_open > 0xff || !layout->rdp->is_locked)
    flash_chip_data_complain (&self->data, "rdp_open", "there must be a locked field with it");
}

/* `low 2`, `high 32`, `ranges` */
static void
read_wrp_kind (Reader *self)
{
  g_auto (GStrv) parts = flash_chip_data_dup_list (&self->data, "wrp", " ");
  FlashOptionLayout *layout = self->layout;

  if (parts == NULL)
    return;
  if (g_str_equal (parts[0], "ranges") && parts[1] == NULL)
    layout->wrp = FLASH_OPTION_WRP_RANGES;
  else if (g_strv_length (parts) == 2 &&
           flash_chip_data_parse_number (parts[1], &layout->wrp_step) && layout->wrp_step > 0)
    layout->wrp = g_str_equal (parts[0], "low")    ? FLASH_OPTION_WRP_LOW
                  : g_str_equal (parts[0], "high") ? FLASH_OPTION_WRP_HIGH
                                                   : FLASH_OPTION_WRP_UNKNOWN;
  if (layout->wrp == FLASH_OPTION_WRP_UNKNOWN)
    flash_chip_data_complain (&self->data, "wrp", "none of those that there are");
}

static void
read_wrp_fields (Reader *self)
{
  g_auto (GStrv) names = flash_chip_data_dup_list (&self->data, "wrp_fields", ";");
  FlashOptionLayout *layout = self->layout;

  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    const FlashOptionField *field = find_field (layout, names[i]);

    if (field == NULL) {
      flash_chip_data_complain (&self->data, "wrp_fields", "there is no such field");
      return;
    }
    g_ptr_array_add (layout->wrp_fields, (gpointer) field);
  }
  if ((layout->wrp != FLASH_OPTION_WRP_UNKNOWN) != (layout->wrp_fields->len > 0) ||
      (layout->wrp == FLASH_OPTION_WRP_RANGES && layout->wrp_fields->len % 2 != 0))
    flash_chip_data_complain (&self->data, "wrp_fields", "too few or too many");
}

/* `SPRMOD 0` */
static void
read_wrp_condition (Reader *self)
{
  g_auto (GStrv) parts = flash_chip_data_dup_list (&self->data, "wrp_when", " ");
  FlashOptionLayout *layout = self->layout;

  if (parts == NULL)
    return;
  if (g_strv_length (parts) == 2)
    layout->wrp_condition = find_field (layout, parts[0]);
  if (layout->wrp_condition == NULL || !flash_chip_data_parse_number (parts[1], &layout->wrp_value))
    flash_chip_data_complain (&self->data, "wrp_when", "not a field and a value");
}

static void
read_layout (Reader *self)
{
  FlashChipData *data = &self->data;

  flash_chip_data_check_keys (data, known_keys);
  read_guard (self);
  if (data->error != NULL)
    return;
  for (guint i = 0; data->groups[i] != NULL; i++)
    add_fields (self, data->groups[i]);
  check_overlaps (self);
  read_rdp (self);
  read_wrp_kind (self);
  read_wrp_fields (self);
  read_wrp_condition (self);
  self->layout->wrp_sectors = flash_chip_data_get_number (data, "wrp_sectors", G_MAXUINT32);
  self->layout->has_wrp_rest = flash_chip_data_get_boolean (data, "wrp_rest", FALSE);
}

/* The group, the one it is like, the one that is like, and so on. */
static void
follow (GKeyFile *file, const char *group, const char **out_groups, GError **error)
{
  const char *names[] = { group, NULL };
  FlashChipData data = { .file = file, .groups = names };

  for (guint i = 0; names[0] != NULL; i++) {
    if (i == MAX_LIKE || !g_key_file_has_group (file, names[0])) {
      names[0] = group;
      flash_chip_data_complain (&data, "like", "leads nowhere");
      g_propagate_error (error, data.error);
      return;
    }
    out_groups[i] = names[0];
    names[0] = flash_chip_data_get_text (&data, "like");
  }
}

static gboolean
add_layout (GPtrArray *table, GKeyFile *file, const char *group, GError **error)
{
  const char *groups[MAX_LIKE + 1] = { NULL };
  FlashOptionLayout *layout = g_new0 (FlashOptionLayout, 1);
  Reader reader = { { .file = file, .groups = groups }, layout };

  layout->name = g_intern_string (group);
  layout->entries = g_ptr_array_new_with_free_func (g_free);
  layout->wrp_fields = g_ptr_array_new ();
  g_ptr_array_add (table, layout);

  follow (file, group, groups, &reader.data.error);
  if (reader.data.error == NULL)
    read_layout (&reader);
  if (reader.data.error == NULL)
    return TRUE;
  g_propagate_error (error, reader.data.error);
  return FALSE;
}

GPtrArray *
flash_option_table_parse (GKeyFile *file, GError **error)
{
  g_autoptr (GPtrArray) table = g_ptr_array_new_with_free_func (layout_free);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    if (!add_layout (table, file, groups[i], error))
      return NULL;
  return g_steal_pointer (&table);
}
