/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-config"

#include "config.h"

#include "flash-sim-config-private.h"

#include "flash-diag.h"
#include "flash-provider.h"
#include "flash-text.h"

#define PREFIX "virtual:"
#define MIB (G_GUINT64_CONSTANT (1024) * 1024)
#define GIB (1024 * MIB)
#define TIB (1024 * GIB)
#define MAX_LATENCY_US 10000000

/* Sizes are multiples of the unit. The unit of MTD devices is one erase block. */
static const struct {
  const char *name;
  guint64 size;
  guint64 unit;
  guint64 min;
  guint64 max;
} media[] = {
  [FLASH_SIM_MEDIUM_MMC0] = { "mmc0", 8 * GIB, 512, MIB, 2 * TIB },
  [FLASH_SIM_MEDIUM_MMC1] = { "mmc1", 4 * GIB, 512, 4 * MIB, 2 * TIB },
  [FLASH_SIM_MEDIUM_MMC1BOOT1] = { "mmc1boot1", 4 * MIB, 512, 512, 32 * MIB },
  [FLASH_SIM_MEDIUM_MMC1BOOT2] = { "mmc1boot2", 4 * MIB, 512, 512, 32 * MIB },
  [FLASH_SIM_MEDIUM_NOR0] = { "nor0", 64 * MIB, 0x10000, 0x10000, GIB },
  [FLASH_SIM_MEDIUM_NAND0] = { "nand0", 512 * MIB, 0x40000, 0x40000, 8 * GIB },
  [FLASH_SIM_MEDIUM_SPI_NAND0] = { "spi-nand0", 0, 0x20000, 0x20000, 8 * GIB },
  [FLASH_SIM_MEDIUM_FLASH] = { "flash", MIB, 4096, 4096, GIB },
  [FLASH_SIM_MEDIUM_OPTIONS] = { "options", 0, 1, 0, 0 },
  [FLASH_SIM_MEDIUM_OTP] = { "otp", 0, 1, 0, 0 },
  [FLASH_SIM_MEDIUM_EEPROM] = { "eeprom", 0, 1, 0, 0 },
  [FLASH_SIM_MEDIUM_RAM] = { "ram", 0, 1, 0, 0 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (media) == FLASH_SIM_N_MEDIA);

static const char *const build_names[] = {
  [FLASH_SIM_BUILD_ALL] = "all",           [FLASH_SIM_BUILD_NO_MMC] = "no-mmc",
  [FLASH_SIM_BUILD_NO_MTD] = "no-mtd",     [FLASH_SIM_BUILD_NO_RAM] = "no-ram",
  [FLASH_SIM_BUILD_NO_ERASE] = "no-erase",
};

const char *
flash_sim_medium_get_name (FlashSimMediumId medium)
{
  g_return_val_if_fail (medium < FLASH_SIM_N_MEDIA, NULL);

  return media[medium].name;
}

gboolean
flash_sim_config_refuse (const char *key, const char *value, const char *legal, GError **error)
{
  g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID,
               "key %s: “%s” is not legal here; legal is %s", key, value, legal);
  return FALSE;
}

gboolean
flash_sim_config_parse_choice (const char *key, const char *value, const char *const *choices,
                               guint n_choices, guint *out_choice, GError **error)
{
  g_autoptr (GString) legal = g_string_new (NULL);

  for (guint i = 0; i < n_choices; i++) {
    if (g_str_equal (choices[i], value)) {
      *out_choice = i;
      return TRUE;
    }
    g_string_append_printf (legal, "%s%s", i > 0 ? " or " : "", choices[i]);
  }
  return flash_sim_config_refuse (key, value, legal->str, error);
}

static gboolean
parse_flow (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  static const char *const choices[] = { "fip", "old" };
  guint choice;

  if (!flash_sim_config_parse_choice (key, value, choices, G_N_ELEMENTS (choices), &choice, error))
    return FALSE;
  if (choice == 1 && !self->model->mp.hands_over_silently)
    return flash_sim_config_refuse (key, value, "fip; only stm32mp157 has an old flow", error);
  self->is_old_flow = choice == 1;
  return TRUE;
}

static gboolean
parse_stage (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  static const char *const choices[] = { "rom", "uboot" };
  guint choice;

  if (!flash_sim_config_parse_choice (key, value, choices, G_N_ELEMENTS (choices), &choice, error))
    return FALSE;
  self->start_stage = choice == 1 ? FLASH_SIM_STAGE_UBOOT : FLASH_SIM_STAGE_ROM;
  return TRUE;
}

static gboolean
parse_speed (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  static const char *const choices[] = { "high", "full" };
  guint choice;

  if (!flash_sim_config_parse_choice (key, value, choices, G_N_ELEMENTS (choices), &choice, error))
    return FALSE;
  if (choice == 0 && self->model->mcu != NULL)
    return flash_sim_config_refuse (key, value,
                                    "full; the loaders of microcontrollers know no other", error);
  self->is_full_speed = choice == 1;
  return TRUE;
}

static gboolean
parse_closed (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  static const char *const choices[] = { "no", "yes" };
  guint choice;

  if (!flash_sim_config_parse_choice (key, value, choices, G_N_ELEMENTS (choices), &choice, error))
    return FALSE;
  self->is_closed = choice == 1;
  return TRUE;
}

static gboolean
parse_build (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  guint choice;

  if (!flash_sim_config_parse_choice (key, value, build_names, G_N_ELEMENTS (build_names), &choice,
                                      error))
    return FALSE;
  self->build = choice;
  return TRUE;
}

static gboolean
parse_latency (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  guint64 latency_us;

  if (!g_ascii_string_to_unsigned (value, 10, 0, MAX_LATENCY_US, &latency_us, NULL))
    return flash_sim_config_refuse (key, value, "a number of microseconds up to 10000000", error);
  self->latency_us = (guint) latency_us;
  return TRUE;
}

static gboolean
parse_storage (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  if (*value == '\0')
    return flash_sim_config_refuse (key, value, "the path of a folder", error);
  self->storage = g_strdup (value);
  return TRUE;
}

static gboolean
parse_fault (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  return flash_sim_fault_script_parse (value, self->model, &self->faults, error);
}

static gboolean
parse_mtd (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  g_auto (GStrv) sizes = NULL;

  if (g_str_equal (value, "any"))
    return TRUE;
  sizes = g_strsplit (value, ":", -1);
  for (guint i = 0; i == 0 || sizes[i] != NULL; i++) {
    if (sizes[i] == NULL || i == FLASH_SIM_MAX_MTD_PARTITIONS ||
        !flash_text_parse_size (sizes[i], &self->mtd_sizes[i]) || self->mtd_sizes[i] == 0 ||
        self->mtd_sizes[i] > TIB)
      return flash_sim_config_refuse (key, value,
                                      "any, or at most 64 sizes such as 0x80000:0x80000:4M", error);
    self->n_mtd_partitions = i + 1;
  }
  return TRUE;
}

static gboolean
set_size (FlashSimConfig *self, FlashSimMediumId medium, const char *key, const char *value,
          GError **error)
{
  guint64 size = 0;

  if (!g_str_equal (value, "none") &&
      (!flash_text_parse_size (value, &size) || size < media[medium].min ||
       size > media[medium].max || size % media[medium].unit != 0)) {
    g_autofree char *unit = flash_text_size (media[medium].unit);
    g_autofree char *min = flash_text_size (media[medium].min);
    g_autofree char *max = flash_text_size (media[medium].max);
    g_autofree char *legal =
        g_strdup_printf ("none, or a multiple of %s from %s to %s", unit, min, max);

    return flash_sim_config_refuse (key, value, legal, error);
  }
  self->sizes[medium] = size;
  self->has_size[medium] = TRUE;
  return TRUE;
}

static gboolean
parse_boot (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  return set_size (self, FLASH_SIM_MEDIUM_MMC1BOOT1, key, value, error) &&
         set_size (self, FLASH_SIM_MEDIUM_MMC1BOOT2, key, value, error);
}

static gboolean
parse_medium (FlashSimConfig *self, const char *key, const char *value, GError **error)
{
  FlashSimMediumId medium = 0;

  while (!g_str_equal (media[medium].name, key))
    medium++;
  return set_size (self, medium, key, value, error);
}

static const struct {
  const char *name;
  const char *description;
  FlashSimStage stage; /* only boards that run it have the key; OFF: all boards */
  gboolean (*parse) (FlashSimConfig *self, const char *key, const char *value, GError **error);
} keys[] = {
  { "storage", N_ ("folder that keeps the board's memories as files"), FLASH_SIM_STAGE_OFF,
    parse_storage },
  { "speed", N_ ("link speed: high or full"), FLASH_SIM_STAGE_OFF, parse_speed },
  { "latency", N_ ("microseconds that each request takes"), FLASH_SIM_STAGE_OFF, parse_latency },
  { "fault", N_ ("what goes wrong, and when"), FLASH_SIM_STAGE_OFF, parse_fault },
  { "stage", N_ ("what runs when it is switched on: rom or uboot"), FLASH_SIM_STAGE_ROM,
    parse_stage },
  { "flow", N_ ("fip, or old for a TF-A that takes the layout"), FLASH_SIM_STAGE_ROM, parse_flow },
  { "closed", N_ ("whether only signed stages start: no or yes"), FLASH_SIM_STAGE_ROM,
    parse_closed },
  { "build", N_ ("what U-Boot is built without: all, no-mmc, no-mtd, no-ram, no-erase"),
    FLASH_SIM_STAGE_ROM, parse_build },
  { "mtd", N_ ("sizes of U-Boot's MTD partitions, with colons, or any"), FLASH_SIM_STAGE_ROM,
    parse_mtd },
  { "mmc0", N_ ("size of the SD card, or none"), FLASH_SIM_STAGE_ROM, parse_medium },
  { "mmc1", N_ ("size of the eMMC, or none"), FLASH_SIM_STAGE_ROM, parse_medium },
  { "mmc1boot", N_ ("size of the eMMC's boot partitions"), FLASH_SIM_STAGE_ROM, parse_boot },
  { "nor0", N_ ("size of the serial NOR, or none"), FLASH_SIM_STAGE_ROM, parse_medium },
  { "nand0", N_ ("size of the NAND, or none"), FLASH_SIM_STAGE_ROM, parse_medium },
  { "spi-nand0", N_ ("size of the serial NAND, or none"), FLASH_SIM_STAGE_ROM, parse_medium },
  { "flash", N_ ("size of the memory of a plain DFU device"), FLASH_SIM_STAGE_DFU, parse_medium },
  { "detach", N_ ("how DETACH leaves the application: self, or reset for a reset of the bus"),
    FLASH_SIM_STAGE_RUNTIME, flash_sim_config_parse_detach },
  { "serial", N_ ("serial number of a microcontroller"), FLASH_SIM_STAGE_BOOTLOADER,
    flash_sim_config_parse_serial },
  { "rdp", N_ ("level of its read protection: 0, 1 or 2"), FLASH_SIM_STAGE_BOOTLOADER,
    flash_sim_config_parse_rdp },
  { "wrp", N_ ("sectors that ignore writing: all, none, or first and last, such as 0-3"),
    FLASH_SIM_STAGE_BOOTLOADER, flash_sim_config_parse_wrp },
  { "boot0", N_ ("high: its ROM answers after each reset; low; button: the first time only"),
    FLASH_SIM_STAGE_BOOTLOADER, flash_sim_config_parse_boot0 },
  { "timing", N_ ("real, or fast for work that takes no time"), FLASH_SIM_STAGE_BOOTLOADER,
    flash_sim_config_parse_timing },
  { "busy", N_ ("while it works: rom keeps the host waiting as the chip's does, polite says busy"),
    FLASH_SIM_STAGE_BOOTLOADER, flash_sim_config_parse_busy },
  { "rom", N_ ("ROM of an H755: v91, or v90, which cannot start the application"),
    FLASH_SIM_STAGE_BOOTLOADER, flash_sim_config_parse_rom },
  { "revision", N_ ("silicon of an H755: y, or v, which hangs after erasing bank 2"),
    FLASH_SIM_STAGE_BOOTLOADER, flash_sim_config_parse_revision },
  { "skeleton", N_ ("whether a CubeMX loader lacks its flash functions: yes or no"),
    FLASH_SIM_STAGE_BOOTLOADER, flash_sim_config_parse_skeleton },
};

const char *const *
flash_sim_config_list_keys (void)
{
  static const char *list[2 * G_N_ELEMENTS (keys) + 1];
  static gsize is_ready;

  if (g_once_init_enter (&is_ready)) {
    for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
      list[2 * i] = keys[i].name;
      list[2 * i + 1] = keys[i].description;
    }
    g_once_init_leave (&is_ready, 1);
  }
  return list;
}

static gboolean
parse_key (FlashSimConfig *self, const char *text, guint *seen, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *key = g_strndup (text, equals != NULL ? (gsize) (equals - text) : strlen (text));
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    if (keys[i].stage != FLASH_SIM_STAGE_OFF &&
        !flash_sim_model_has_stage (self->model, keys[i].stage))
      continue;
    g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", keys[i].name);
    if (!g_str_equal (keys[i].name, key))
      continue;
    if (equals == NULL)
      return flash_sim_config_refuse (key, "", "KEY=VALUE", error);
    if ((*seen & 1u << i) != 0)
      return flash_sim_config_refuse (key, equals + 1, "one value only", error);
    *seen |= 1u << i;
    return keys[i].parse (self, key, equals + 1, error);
  }
  g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID,
               "there is no key “%s” for %s; the keys are %s", key, self->model->name, names->str);
  return FALSE;
}

static gboolean
parse_model (FlashSimConfig *self, const char *name, GError **error)
{
  g_autofree char *names = NULL;

  self->model = flash_sim_model_find (name);
  if (self->model != NULL)
    return TRUE;
  names = g_strjoinv (", ", (char **) flash_sim_model_list_names ());
  g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID,
               "there is no virtual board “%s”; the models are %s", name, names);
  return FALSE;
}

/* Two boards of one model on one computer are two parts; some parts are all alike. */
static char *
dup_serial (const FlashSimConfig *self, gboolean is_plain)
{
  const char *seed = self->storage != NULL ? self->storage : self->id;

  if (is_plain || (self->model->mcu != NULL && self->model->mcu->is_serial_shared))
    return g_strdup (self->model->serial);
  return g_strdup_printf (self->model->mcu != NULL ? "%.4s%08X" : "%.16s%08X", self->model->serial,
                          g_str_hash (seed));
}

static void
set_defaults (FlashSimConfig *self)
{
  gboolean is_mp = self->model->first_stage == FLASH_SIM_STAGE_ROM;

  self->start_stage = self->model->first_stage;
  if (self->model->mcu != NULL) {
    flash_sim_config_set_mcu_defaults (self);
    return;
  }
  for (guint i = 0; i < FLASH_SIM_N_MEDIA; i++)
    if ((i == FLASH_SIM_MEDIUM_FLASH) != is_mp)
      self->sizes[i] = media[i].size;
  self->sizes[FLASH_SIM_MEDIUM_RAM] = self->model->mp.dram_size;
}

FlashSimConfig *
flash_sim_config_new (const char *id, GError **error)
{
  g_autoptr (FlashSimConfig) self = NULL;
  g_auto (GStrv) parts = NULL;
  guint seen = 0;

  g_return_val_if_fail (id != NULL, NULL);

  if (!g_str_has_prefix (id, PREFIX) || !g_utf8_validate (id, -1, NULL)) {
    g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID,
                 "the id is not of the form " PREFIX "MODEL[,key=value…]");
    return NULL;
  }

  self = g_new0 (FlashSimConfig, 1);
  self->id = g_strdup (id);
  parts = g_strsplit (id + strlen (PREFIX), ",", -1);
  if (!parse_model (self, parts[0] != NULL ? parts[0] : "", error))
    return NULL;
  set_defaults (self);

  for (guint i = 1; parts[i] != NULL; i++)
    if (!parse_key (self, parts[i], &seen, error))
      return NULL;
  if (self->serial == NULL)
    self->serial = dup_serial (self, parts[1] == NULL);
  return g_steal_pointer (&self);
}

void
flash_sim_config_free (FlashSimConfig *self)
{
  g_free (self->id);
  g_free (self->storage);
  g_free (self->serial);
  g_free (self);
}
