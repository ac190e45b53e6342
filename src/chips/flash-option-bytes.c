/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-option-bytes"

#include "config.h"

#include "flash-option-bytes.h"

#include "flash-chip-data-private.h"
#include "flash-option-private.h"

GQuark
flash_option_error_quark (void)
{
  return g_quark_from_static_string ("flash-option-error-quark");
}

static gpointer
load_table (gpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) file = flash_chip_data_load ("option-bytes.ini", &error);
  GPtrArray *table = file != NULL ? flash_option_table_parse (file, &error) : NULL;

  if (table != NULL)
    return table;
  g_warning ("option-bytes.ini: %s", error->message);
  return g_ptr_array_new ();
}

static GPtrArray *
get_table (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_table, NULL);
}

static gpointer
make_names (gpointer unused)
{
  GPtrArray *table = get_table ();
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < table->len; i++)
    g_ptr_array_add (names,
                     (gpointer) ((const FlashOptionLayout *) g_ptr_array_index (table, i))->name);
  return names;
}

GPtrArray *
flash_option_layout_list_names (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_names, NULL);
}

const FlashOptionLayout *
flash_option_layout_find (const char *name)
{
  GPtrArray *table = get_table ();

  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < table->len; i++) {
    const FlashOptionLayout *layout = g_ptr_array_index (table, i);

    if (g_str_equal (layout->name, name))
      return layout;
  }
  return NULL;
}

guint
flash_option_layout_get_size (const FlashOptionLayout *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->size;
}

GPtrArray *
flash_option_layout_get_fields (const FlashOptionLayout *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->entries;
}

const FlashOptionField *
flash_option_layout_find_field (const FlashOptionLayout *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->entries->len; i++) {
    const FlashOptionField *field = g_ptr_array_index (self->entries, i);

    if (g_str_equal (field->name, name))
      return field;
  }
  return NULL;
}

gboolean
flash_option_layout_check (const FlashOptionLayout *self, const guint8 *bytes, gsize length,
                           GError **error)
{
  g_return_val_if_fail (self != NULL && bytes != NULL, FALSE);

  if (length != self->size) {
    g_set_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_AREA,
                 "the option area has %" G_GSIZE_FORMAT " bytes, expected %u", length, self->size);
    return FALSE;
  }
  for (guint i = 0; self->guard == FLASH_OPTION_COMPLEMENT && i < self->covered; i++) {
    guint other = i + self->unit;

    if (i / self->unit % 2 != 0 || (bytes[i] ^ bytes[other]) == 0xff)
      continue;
    /* RM0091, section 4: an erased byte has an erased complement, and that is no error. */
    if (self->unit == 1 && bytes[i] == 0xff && bytes[other] == 0xff)
      continue;
    g_set_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_AREA,
                 "option byte %u is 0x%02x, and byte %u is 0x%02x instead of its complement", i,
                 bytes[i], other, bytes[other]);
    return FALSE;
  }
  return TRUE;
}

static guint32
get_bits (const guint8 *bytes, const FlashOptionField *field)
{
  guint32 value = 0;

  for (guint i = 0; i < field->width; i++) {
    guint bit = field->shift + i;

    value |= (guint32) (bytes[field->offset + bit / 8] >> (bit % 8) & 1) << i;
  }
  return value;
}

/* @distance: how many bytes behind the field */
static void
put_bits (guint8 *bytes, const FlashOptionField *field, guint distance, guint32 value)
{
  for (guint i = 0; i < field->width; i++) {
    guint bit = field->shift + i;
    guint8 *at = &bytes[field->offset + distance + bit / 8];
    guint8 mask = (guint8) (1u << (bit % 8));

    *at = (guint8) ((value >> i & 1) != 0 ? *at | mask : *at & ~mask);
  }
}

guint32
flash_option_layout_get (const FlashOptionLayout *self, const FlashOptionField *field,
                         const guint8 *bytes)
{
  g_return_val_if_fail (self != NULL && field != NULL && bytes != NULL, 0);

  return get_bits (bytes, field);
}

gboolean
flash_option_layout_has_write_protection (const FlashOptionLayout *self, const guint8 *bytes)
{
  g_return_val_if_fail (self != NULL && bytes != NULL, FALSE);

  return self->wrp != FLASH_OPTION_WRP_UNKNOWN &&
         (self->wrp_condition == NULL || get_bits (bytes, self->wrp_condition) == self->wrp_value);
}

static gboolean
check_change (const FlashOptionLayout *self, const FlashOptionField *field, guint32 value,
              const guint8 *bytes, GError **error)
{
  /* Before all else: whoever asks for this must hear why (section 4.7). */
  if (field == self->rdp && value == FLASH_OPTION_RDP_FOREVER) {
    g_set_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_IRREVERSIBLE,
                 "%s 0x%02x would close the chip for ever", field->name, value);
    return FALSE;
  }
  if (((const FlashOptionEntry *) field)->is_unsure) {
    g_set_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_VALUE,
                 "%s cannot be changed here, since it is not certain what it means on this chip",
                 field->name);
    return FALSE;
  }
  if (field->is_locked) {
    g_set_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_VALUE,
                 "%s cannot be changed here, since a wrong value makes the chip useless",
                 field->name);
    return FALSE;
  }
  if (field->width < 32 && value >> field->width != 0) {
    g_set_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_VALUE,
                 "%s has %u bits, 0x%x does not fit", field->name, field->width, value);
    return FALSE;
  }
  if (g_ptr_array_find (self->wrp_fields, field, NULL) &&
      !flash_option_layout_has_write_protection (self, bytes)) {
    g_set_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_VALUE,
                 "%s has another meaning while %s is %u", field->name, self->wrp_condition->name,
                 get_bits (bytes, self->wrp_condition));
    return FALSE;
  }
  return TRUE;
}

gboolean
flash_option_layout_set (const FlashOptionLayout *self, const FlashOptionField *field,
                         guint32 value, guint8 *bytes, GError **error)
{
  guint start;

  g_return_val_if_fail (self != NULL && field != NULL && bytes != NULL, FALSE);

  if (!g_ptr_array_find (self->entries, field, NULL)) {
    g_set_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_VALUE,
                 "%s is no field of these option bytes", field->name);
    return FALSE;
  }
  if (!check_change (self, field, value, bytes, error))
    return FALSE;

  put_bits (bytes, field, 0, value);
  switch (self->guard) {
  case FLASH_OPTION_PLAIN:
    break;
  case FLASH_OPTION_COMPLEMENT:
    start = field->offset / self->unit * self->unit;
    for (guint i = start; i < start + self->unit; i++)
      bytes[i + self->unit] = (guint8) ~bytes[i];
    break;
  case FLASH_OPTION_PAIR:
    /* The first register says what is, the second what is to be. */
    put_bits (bytes, field, self->unit, value);
    break;
  }
  return TRUE;
}

const char *
flash_option_layout_get_meaning (const FlashOptionLayout *self, const FlashOptionField *field,
                                 guint32 value)
{
  const FlashOptionWords *words;

  g_return_val_if_fail (self != NULL && field != NULL, NULL);

  if (field == self->rdp)
    return self->is_rdp_unsure ? NULL : flash_option_words_get_rdp (self, value);
  words = ((const FlashOptionEntry *) field)->words;
  for (guint i = 0; words->meanings != NULL && words->meanings[i] != NULL; i++)
    if (i == value)
      return words->meanings[i];
  return NULL;
}

FlashRdpLevel
flash_option_layout_get_rdp (const FlashOptionLayout *self, const guint8 *bytes)
{
  guint32 value;

  g_return_val_if_fail (self != NULL && bytes != NULL, FLASH_RDP_UNKNOWN);

  if (self->is_rdp_unsure)
    return FLASH_RDP_UNKNOWN;
  value = get_bits (bytes, self->rdp);
  if (value == self->rdp_open)
    return FLASH_RDP_NONE;
  return self->has_forever && value == FLASH_OPTION_RDP_FOREVER ? FLASH_RDP_FOREVER
                                                                : FLASH_RDP_READ;
}

static gboolean
is_in_ranges (const FlashOptionLayout *self, const guint8 *bytes, guint sector)
{
  for (guint i = 0; i + 1 < self->wrp_fields->len; i += 2)
    if (sector >= get_bits (bytes, g_ptr_array_index (self->wrp_fields, i)) &&
        sector <= get_bits (bytes, g_ptr_array_index (self->wrp_fields, i + 1)))
      return TRUE;
  return FALSE;
}

/* Returns: whether there is a bit for @sector. */
static gboolean
get_sector_bit (const FlashOptionLayout *self, const guint8 *bytes, guint sector, guint32 *out_bit)
{
  guint index = sector / self->wrp_step, n_bits = 0;

  for (guint i = 0; i < self->wrp_fields->len; i++)
    n_bits += ((const FlashOptionField *) g_ptr_array_index (self->wrp_fields, i))->width;
  if (self->has_wrp_rest)
    index = MIN (index, n_bits - 1);
  for (guint i = 0; i < self->wrp_fields->len; i++) {
    const FlashOptionField *field = g_ptr_array_index (self->wrp_fields, i);

    if (index < field->width) {
      *out_bit = get_bits (bytes, field) >> index & 1;
      return TRUE;
    }
    index -= field->width;
  }
  return FALSE;
}

gboolean
flash_option_layout_is_write_protected (const FlashOptionLayout *self, const guint8 *bytes,
                                        guint sector, gboolean *out_is_protected)
{
  guint32 bit;

  g_return_val_if_fail (self != NULL && bytes != NULL && out_is_protected != NULL, FALSE);

  if (!flash_option_layout_has_write_protection (self, bytes) || sector >= self->wrp_sectors)
    return FALSE;
  if (self->wrp == FLASH_OPTION_WRP_RANGES) {
    *out_is_protected = is_in_ranges (self, bytes, sector);
    return TRUE;
  }
  if (!get_sector_bit (self, bytes, sector, &bit))
    return FALSE;
  *out_is_protected = (bit != 0) == (self->wrp == FLASH_OPTION_WRP_HIGH);
  return TRUE;
}
