/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys that only microcontrollers and run-time devices have. */
#define G_LOG_DOMAIN "flash-sim-config-mcu"

#include "config.h"

#include "flash-sim-config-private.h"

#define MAX_SERIAL_LENGTH 32

gboolean
flash_sim_config_parse_serial (FlashSimConfig *self, const char *key, const char *value,
                               GError **error)
{
  gsize length = strlen (value);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (value[i]))
      length = 0;
  if (length == 0 || length > MAX_SERIAL_LENGTH)
    return flash_sim_config_refuse (key, value, "1 to 32 letters, digits and signs of ASCII",
                                    error);
  self->serial = g_strdup (value);
  return TRUE;
}

gboolean
flash_sim_config_parse_rdp (FlashSimConfig *self, const char *key, const char *value,
                            GError **error)
{
  static const char *const legal[] = { "0; its loader protects nothing",
                                       "0 or 1; the chip has no second level", "0, 1 or 2" };
  guint64 level;

  if (!g_ascii_string_to_unsigned (value, 10, 0, self->model->mcu->rdp_max, &level, NULL))
    return flash_sim_config_refuse (key, value, legal[self->model->mcu->rdp_max], error);
  self->mcu.rdp = (int) level;
  return TRUE;
}

gboolean
flash_sim_config_parse_wrp (FlashSimConfig *self, const char *key, const char *value,
                            GError **error)
{
  guint n_sectors = flash_sim_mcu_count_sectors (self->model->mcu);
  g_auto (GStrv) parts = g_strsplit (value, "-", 2);
  guint64 first = 0, last = n_sectors - 1;

  if (g_str_equal (value, "none")) {
    first = last = 0;
  } else if (!g_str_equal (value, "all") &&
             (parts[0] == NULL || parts[1] == NULL ||
              !g_ascii_string_to_unsigned (parts[0], 10, 0, n_sectors - 1, &first, NULL) ||
              !g_ascii_string_to_unsigned (parts[1], 10, first, n_sectors - 1, &last, NULL))) {
    g_autofree char *legal = g_strdup_printf (
        "all, none, or the first and the last sector, such as 0-%u", n_sectors - 1);

    return flash_sim_config_refuse (key, value, legal, error);
  }
  self->mcu.has_wrp = TRUE;
  self->mcu.wrp_first = (guint) first;
  self->mcu.wrp_end = g_str_equal (value, "none") ? 0 : (guint) last + 1;
  return TRUE;
}

gboolean
flash_sim_config_parse_boot0 (FlashSimConfig *self, const char *key, const char *value,
                              GError **error)
{
  static const char *const choices[] = { "high", "low", "button" };
  guint choice;

  if (!flash_sim_config_parse_choice (key, value, choices, G_N_ELEMENTS (choices), &choice, error))
    return FALSE;
  self->mcu.boot0 = choice;
  return TRUE;
}

/* A choice that only some of the chips have. */
static gboolean
parse_variant (FlashSimConfig *self, const char *key, const char *value, const char *const *choices,
               gboolean is_there, gboolean *out_is_second, GError **error)
{
  guint choice;

  if (!is_there) {
    g_autofree char *legal =
        g_strdup_printf ("nothing, since %s has no choice of it", self->model->name);

    return flash_sim_config_refuse (key, value, legal, error);
  }
  if (!flash_sim_config_parse_choice (key, value, choices, 2, &choice, error))
    return FALSE;
  *out_is_second = choice == 1;
  return TRUE;
}

gboolean
flash_sim_config_parse_rom (FlashSimConfig *self, const char *key, const char *value,
                            GError **error)
{
  static const char *const choices[] = { "v91", "v90" };

  return parse_variant (self, key, value, choices, self->model->mcu->has_rom_versions,
                        &self->mcu.is_rom_v90, error);
}

gboolean
flash_sim_config_parse_revision (FlashSimConfig *self, const char *key, const char *value,
                                 GError **error)
{
  static const char *const choices[] = { "y", "v" };

  return parse_variant (self, key, value, choices, self->model->mcu->has_revisions,
                        &self->mcu.is_revision_v, error);
}

gboolean
flash_sim_config_parse_skeleton (FlashSimConfig *self, const char *key, const char *value,
                                 GError **error)
{
  static const char *const choices[] = { "yes", "no" };

  return parse_variant (self, key, value, choices,
                        self->model->mcu->loader == FLASH_SIM_LOADER_MIDDLEWARE,
                        &self->mcu.is_complete, error);
}

gboolean
flash_sim_config_parse_timing (FlashSimConfig *self, const char *key, const char *value,
                               GError **error)
{
  static const char *const choices[] = { "real", "fast" };

  return parse_variant (self, key, value, choices, TRUE, &self->mcu.is_fast, error);
}

gboolean
flash_sim_config_parse_busy (FlashSimConfig *self, const char *key, const char *value,
                             GError **error)
{
  static const char *const choices[] = { "rom", "polite" };

  return parse_variant (self, key, value, choices, TRUE, &self->mcu.is_polite, error);
}

gboolean
flash_sim_config_parse_detach (FlashSimConfig *self, const char *key, const char *value,
                               GError **error)
{
  static const char *const choices[] = { "self", "reset" };

  return parse_variant (self, key, value, choices, TRUE, &self->does_wait_for_reset, error);
}

void
flash_sim_config_set_mcu_defaults (FlashSimConfig *self)
{
  static const struct {
    FlashSimMediumId medium;
    FlashSimAreaKind kind;
  } kinds[] = {
    { FLASH_SIM_MEDIUM_FLASH, FLASH_SIM_AREA_FLASH },
    { FLASH_SIM_MEDIUM_OPTIONS, FLASH_SIM_AREA_OPTIONS },
    { FLASH_SIM_MEDIUM_OTP, FLASH_SIM_AREA_OTP },
    { FLASH_SIM_MEDIUM_EEPROM, FLASH_SIM_AREA_EEPROM },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    self->sizes[kinds[i].medium] = flash_sim_mcu_get_size (self->model->mcu, kinds[i].kind);
    self->has_size[kinds[i].medium] = TRUE;
  }
  self->is_full_speed = TRUE;
  self->mcu.rdp = -1;
}
