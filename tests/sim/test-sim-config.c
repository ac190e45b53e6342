/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-sim-config.h"

#include "flash-provider.h"

#include <string.h>

static void
test_defaults (void)
{
  const char *const *names = flash_sim_model_list_names ();

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *id = g_strconcat ("virtual:", names[i], NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashSimConfig) config = flash_sim_config_new (id, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (config->model->name, ==, names[i]);
    g_assert_cmpstr (config->id, ==, id);
    if (config->model->first_stage != FLASH_SIM_STAGE_ROM)
      continue;
    g_assert_cmpint (config->start_stage, ==, FLASH_SIM_STAGE_ROM);
    g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_FLASH], ==, 0);
    g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_MMC0], ==, G_GUINT64_CONSTANT (8) << 30);
    g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_MMC1], ==, G_GUINT64_CONSTANT (4) << 30);
    g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_MMC1BOOT2], ==, 4 << 20);
    g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_NOR0], ==, 64 << 20);
    g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_NAND0], ==, 512 << 20);
    g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_SPI_NAND0], ==, 0);
    g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_RAM], ==, config->model->mp.dram_size);
    g_assert_null (config->storage);
  }
}

/* A plain DFU device has one memory, and nothing that belongs to STM32MP boards. */
static void
test_plain (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashSimConfig) config = flash_sim_config_new ("virtual:dfu", &error);
  g_autoptr (FlashSimConfig) small = flash_sim_config_new (
      "virtual:dfu,storage=/a,speed=full,latency=3,flash=8K,fault=stall@dfu;write-error@2", NULL);

  g_assert_no_error (error);
  g_assert_cmpint (config->start_stage, ==, FLASH_SIM_STAGE_DFU);
  for (guint i = 0; i < FLASH_SIM_N_MEDIA; i++)
    g_assert_cmpuint (config->sizes[i], ==, i == FLASH_SIM_MEDIUM_FLASH ? 1 << 20 : 0);
  g_assert_cmpuint (small->sizes[FLASH_SIM_MEDIUM_FLASH], ==, 8192);
  g_assert_true (small->has_size[FLASH_SIM_MEDIUM_FLASH]);
  g_assert_true (small->is_full_speed);
  g_assert_cmpint (small->faults.faults[0].stage, ==, FLASH_SIM_STAGE_DFU);
}

/* A microcontroller has the memories of its chip, and nothing else. */
static void
test_mcu (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashSimConfig) plain = flash_sim_config_new ("virtual:stm32l072", &error);
  g_autoptr (FlashSimConfig) config = flash_sim_config_new (
      "virtual:stm32f405,storage=/a,speed=full,rdp=1,wrp=2-4,boot0=button,"
      "timing=fast,busy=polite,serial=A-1,fault=power-cut@7;read-vendor@bootloader",
      &error);
  g_autoptr (FlashSimConfig) h755 =
      flash_sim_config_new ("virtual:stm32h755,rom=v90,revision=v,wrp=all,boot0=low", &error);
  g_autoptr (FlashSimConfig) library =
      flash_sim_config_new ("virtual:cubemx-dfu,skeleton=no,wrp=none", &error);
  g_autoptr (FlashSimConfig) runtime =
      flash_sim_config_new ("virtual:dfu-runtime,detach=reset,flash=8K", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < FLASH_SIM_N_MEDIA; i++)
    g_assert_cmpuint (plain->sizes[i], ==,
                      i == FLASH_SIM_MEDIUM_FLASH     ? 192 << 10
                      : i == FLASH_SIM_MEDIUM_OPTIONS ? 32
                      : i == FLASH_SIM_MEDIUM_EEPROM  ? 6 << 10
                                                      : 0);
  g_assert_true (plain->is_full_speed);
  g_assert_cmpint (plain->mcu.rdp, ==, -1);
  g_assert_false (plain->mcu.has_wrp);
  g_assert_cmpint (plain->mcu.boot0, ==, FLASH_SIM_BOOT0_HIGH);
  g_assert_cmpint (config->start_stage, ==, FLASH_SIM_STAGE_BOOTLOADER);
  g_assert_cmpint (config->mcu.rdp, ==, 1);
  g_assert_true (config->mcu.has_wrp);
  g_assert_cmpint (config->mcu.wrp_first, ==, 2);
  g_assert_cmpint (config->mcu.wrp_end, ==, 5);
  g_assert_cmpint (config->mcu.boot0, ==, FLASH_SIM_BOOT0_BUTTON);
  g_assert_true (config->mcu.is_fast && config->mcu.is_polite);
  g_assert_cmpstr (config->serial, ==, "A-1");
  g_assert_cmpint (config->faults.faults[1].stage, ==, FLASH_SIM_STAGE_BOOTLOADER);
  g_assert_true (h755->mcu.is_rom_v90 && h755->mcu.is_revision_v);
  g_assert_cmpint (h755->mcu.wrp_end, ==, 16);
  g_assert_cmpint (h755->mcu.boot0, ==, FLASH_SIM_BOOT0_LOW);
  g_assert_true (library->mcu.is_complete);
  g_assert_cmpint (library->mcu.wrp_end, ==, 0);
  g_assert_true (runtime->does_wait_for_reset);
  g_assert_cmpuint (runtime->sizes[FLASH_SIM_MEDIUM_FLASH], ==, 8192);
}

static void
test_keys (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashSimConfig) config = flash_sim_config_new (
      "virtual:stm32mp157,storage=/a/b c,speed=full,latency=250,stage=uboot,flow=old,closed=yes,"
      "build=no-mtd,mtd=0x80000:512K:4M,mmc0=none,mmc1=1G,mmc1boot=8M,nor0=1M,nand0=2M,"
      "spi-nand0=128K,fault=stall@3;unplug@uboot2",
      &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->storage, ==, "/a/b c");
  g_assert_true (config->is_full_speed);
  g_assert_cmpint (config->latency_us, ==, 250);
  g_assert_cmpint (config->start_stage, ==, FLASH_SIM_STAGE_UBOOT);
  g_assert_true (config->is_old_flow);
  g_assert_true (config->is_closed);
  g_assert_cmpint (config->build, ==, FLASH_SIM_BUILD_NO_MTD);
  g_assert_cmpint (config->n_mtd_partitions, ==, 3);
  g_assert_cmpuint (config->mtd_sizes[1], ==, 0x80000);
  g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_MMC0], ==, 0);
  g_assert_true (config->has_size[FLASH_SIM_MEDIUM_MMC0]);
  g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_MMC1BOOT1], ==, 8 << 20);
  g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_MMC1BOOT2], ==, 8 << 20);
  g_assert_cmpuint (config->sizes[FLASH_SIM_MEDIUM_SPI_NAND0], ==, 128 << 10);
  g_assert_cmpint (config->faults.n_faults, ==, 2);
  g_assert_cmpint (config->faults.faults[0].at_request, ==, 3);
  g_assert_cmpint (config->faults.faults[1].stage, ==, FLASH_SIM_STAGE_UBOOT2);
}

/* Each message names the key, and something that would have been legal. */
static const struct {
  const char *id;
  const char *names;
  const char *legal;
} bad[] = {
  { "usb:1-2", "virtual:MODEL", "key=value" },
  { "virtual", "virtual:MODEL", "key=value" },
  { "virtual:stm32mp157,storage=\xff", "virtual:MODEL", "key=value" },
  { "virtual:", "“”", "stm32mp157, stm32mp135, stm32mp257, dfu" },
  { "virtual:stm32f4", "stm32f4", "stm32mp157" },
  { "virtual:stm32mp157,", "no key “”", "storage, speed" },
  { "virtual:stm32mp157,colour=red", "colour", "mmc0" },
  { "virtual:stm32mp157,speed", "key speed", "KEY=VALUE" },
  { "virtual:stm32mp157,speed=super", "key speed", "high or full" },
  { "virtual:stm32mp157,speed=full,speed=full", "key speed", "one value" },
  { "virtual:stm32mp157,latency=-1", "key latency", "microseconds" },
  { "virtual:stm32mp157,latency=10000001", "key latency", "10000000" },
  { "virtual:stm32mp157,stage=tfa", "key stage", "rom or uboot" },
  { "virtual:stm32mp157,flow=new", "key flow", "fip or old" },
  { "virtual:stm32mp135,flow=old", "key flow", "only stm32mp157" },
  { "virtual:stm32mp157,closed=maybe", "key closed", "no or yes" },
  { "virtual:stm32mp157,build=none", "key build", "no-mmc" },
  { "virtual:stm32mp157,storage=", "key storage", "folder" },
  { "virtual:stm32mp157,mtd=", "key mtd", "any" },
  { "virtual:stm32mp157,mtd=0", "key mtd", "0x80000" },
  { "virtual:stm32mp157,mtd=1M:", "key mtd", "0x80000" },
  { "virtual:stm32mp157,mmc0=8", "key mmc0", "multiple of 512 B" },
  { "virtual:stm32mp157,mmc0=1048577", "key mmc0", "none" },
  { "virtual:stm32mp157,mmc0=3T", "key mmc0", "2 TiB" },
  { "virtual:stm32mp157,mmc0=big", "key mmc0", "from 1 MiB" },
  { "virtual:stm32mp157,nor0=4K", "key nor0", "64 KiB" },
  { "virtual:stm32mp157,nand0=64K", "key nand0", "256 KiB" },
  { "virtual:stm32mp157,mmc1boot=33M", "key mmc1boot", "32 MiB" },
  { "virtual:stm32mp157,fault=stall", "key fault", "KIND@N" },
  { "virtual:stm32mp157,fault=", "key fault", "KIND@STAGE" },
  { "virtual:stm32mp157,fault=gremlin@1", "gremlin", "stall, timeout" },
  { "virtual:stm32mp157,fault=stall@0", "stall cannot happen", "rom, tfa, uboot, uboot2" },
  { "virtual:stm32mp157,fault=stall@spl", "key fault", "from 1" },
  { "virtual:stm32mp157,fault=no-uboot@rom", "no-uboot", "from 1, tfa" },
  { "virtual:stm32mp157,fault=stall@1;;stall@2", "key fault", "KIND@N" },
  { "virtual:stm32mp157,fault=stall@dfu", "stall cannot happen", "rom, tfa, uboot, uboot2" },
  { "virtual:stm32mp157,flash=1M", "no key “flash” for stm32mp157", "mmc0" },
  { "virtual:dfu,mmc0=1G", "no key “mmc0” for dfu", "are storage, speed, latency, fault, flash" },
  { "virtual:dfu,stage=rom", "no key “stage”", "storage, speed" },
  { "virtual:dfu,flash=5000", "key flash", "multiple of 4 KiB from 4 KiB to 1 GiB" },
  { "virtual:dfu,fault=stall@rom", "stall cannot happen", "from 1, dfu" },
  { "virtual:dfu,fault=bad-fip@1", "no kind “bad-fip” for dfu", "full-storage" },
  { "virtual:dfu,fault=return-as-rom@1", "no kind “return-as-rom” for dfu", "stall, timeout" },
  { "virtual:dfu,rdp=1", "no key “rdp” for dfu", "storage, speed" },
  { "virtual:dfu,fault=power-cut@1", "no kind “power-cut” for dfu", "bad-string" },
  { "virtual:dfu-runtime,detach=now", "key detach", "self or reset" },
  { "virtual:dfu,detach=self", "no key “detach” for dfu", "flash" },
  { "virtual:dfu-runtime,fault=stall@bootloader", "stall cannot happen", "from 1, dfu, runtime" },
  { "virtual:stm32f405,speed=high", "key speed", "full; the loaders" },
  { "virtual:stm32f405,flash=1M", "no key “flash” for stm32f405", "rdp, wrp, boot0" },
  { "virtual:stm32f405,rdp=3", "key rdp", "0, 1 or 2" },
  { "virtual:stm32f105,rdp=2", "key rdp", "0 or 1" },
  { "virtual:cubemx-dfu,rdp=1", "key rdp", "0; its loader" },
  { "virtual:stm32f405,wrp=", "key wrp", "such as 0-11" },
  { "virtual:stm32f405,wrp=3", "key wrp", "all, none" },
  { "virtual:stm32f405,wrp=3-2", "key wrp", "the first and the last" },
  { "virtual:stm32f405,wrp=0-12", "key wrp", "0-11" },
  { "virtual:stm32f405,wrp=12-12", "key wrp", "0-11" },
  { "virtual:stm32f405,boot0=1", "key boot0", "high or low or button" },
  { "virtual:stm32f405,timing=slow", "key timing", "real or fast" },
  { "virtual:stm32f405,busy=no", "key busy", "rom or polite" },
  { "virtual:stm32f405,rom=v90", "key rom", "nothing, since stm32f405" },
  { "virtual:stm32h755,rom=v1", "key rom", "v91 or v90" },
  { "virtual:stm32g474,revision=v", "key revision", "nothing, since stm32g474" },
  { "virtual:stm32h755,revision=x", "key revision", "y or v" },
  { "virtual:stm32f405,skeleton=yes", "key skeleton", "nothing, since stm32f405" },
  { "virtual:cubemx-dfu,skeleton=maybe", "key skeleton", "yes or no" },
  { "virtual:stm32f405,serial=", "key serial", "1 to 32" },
  { "virtual:stm32f405,serial=a b", "key serial", "1 to 32" },
  { "virtual:stm32f405,serial=ä", "key serial", "1 to 32" },
  { "virtual:stm32f405,serial=123456789012345678901234567890123", "key serial", "1 to 32" },
  { "virtual:stm32f405,fault=stall@dfu", "stall cannot happen", "from 1, bootloader" },
  { "virtual:stm32f405,fault=write-error@1", "no kind “write-error” for stm32f405", "power-cut" },
  { "virtual:stm32f405,fault=stall-detach@1", "no kind “stall-detach”", "erase-ignored" },
  { "virtual:stm32mp157,fault=erase-ignored@1", "no kind “erase-ignored”", "bad-string" },
};

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    bench_tell (bad[i].id);
    g_assert_null (flash_sim_config_new (bad[i].id, &error));
    g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, bad[i].names));
    g_assert_nonnull (strstr (error->message, bad[i].legal));
  }
}

/* The serial goes with the folder, whatever else is asked for. */
static void
test_serial (void)
{
  static const char *const ids[] = {
    "virtual:stm32mp157",
    "virtual:stm32mp157,storage=/a",
    "virtual:stm32mp157,speed=full,storage=/a",
    "virtual:stm32mp157,storage=/b",
    "virtual:stm32mp157,speed=full",
  };
  g_autoptr (GHashTable) serials = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (FlashSimConfig) config = flash_sim_config_new (ids[i], NULL);

    g_assert_cmpint (strspn (config->serial, "0123456789ABCDEF"), ==, 24);
    g_hash_table_add (serials, g_strdup (config->serial));
  }
  g_assert_cmpint (g_hash_table_size (serials), ==, 4);
}

static void
test_limits (void)
{
  g_autoptr (GString) sizes = g_string_new ("virtual:stm32mp157,mtd=1M");
  g_autoptr (GString) faults = g_string_new ("virtual:stm32mp157,fault=stall@1");
  g_autoptr (FlashSimConfig) config = NULL;

  for (guint i = 1; i < FLASH_SIM_MAX_MTD_PARTITIONS; i++)
    g_string_append (sizes, ":1M");
  for (guint i = 1; i < FLASH_SIM_MAX_FAULTS; i++)
    g_string_append (faults, ";stall@1");
  config = flash_sim_config_new (sizes->str, NULL);
  g_assert_cmpint (config->n_mtd_partitions, ==, FLASH_SIM_MAX_MTD_PARTITIONS);
  g_clear_pointer (&config, flash_sim_config_free);
  config = flash_sim_config_new (faults->str, NULL);
  g_assert_cmpint (config->faults.n_faults, ==, FLASH_SIM_MAX_FAULTS);

  g_string_append (sizes, ":1M");
  g_string_append (faults, ";stall@1");
  g_assert_null (flash_sim_config_new (sizes->str, NULL));
  g_assert_null (flash_sim_config_new (faults->str, NULL));
}

/* Returns: a model that has the key. */
static const char *
find_model (const char *key)
{
  static const struct {
    const char *key;
    const char *model;
  } models[] = {
    { "flash", "dfu" },          { "detach", "dfu-runtime" },  { "serial", "stm32f405" },
    { "rdp", "stm32f405" },      { "wrp", "stm32f405" },       { "boot0", "stm32f405" },
    { "timing", "stm32f405" },   { "busy", "stm32f405" },      { "rom", "stm32h755" },
    { "revision", "stm32h755" }, { "skeleton", "cubemx-dfu" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    if (g_str_equal (models[i].key, key))
      return models[i].model;
  return "stm32mp157";
}

/* Every key that is listed is taken, and has a description. */
static void
test_list_keys (void)
{
  const char *const *keys = flash_sim_config_list_keys ();

  for (guint i = 0; keys[i] != NULL; i += 2) {
    g_autofree char *id = g_strdup_printf ("virtual:%s,%s=?", find_model (keys[i]), keys[i]);
    g_autofree char *named = g_strdup_printf ("key %s", keys[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashSimConfig) config = flash_sim_config_new (id, &error);

    g_assert_cmpstr (keys[i + 1], !=, "");
    if (config == NULL)
      g_assert_nonnull (strstr (error->message, named));
    else
      g_assert_true (g_str_equal (keys[i], "storage") || g_str_equal (keys[i], "serial"));
  }
}

static void
test_names (void)
{
  static const char *const stages[] = { "off", "rom", "tfa",        "uboot",  "uboot2",
                                        "spl", "dfu", "bootloader", "runtime" };

  G_STATIC_ASSERT (G_N_ELEMENTS (stages) == FLASH_SIM_N_STAGES);
  g_assert_cmpstr (flash_sim_medium_get_name (FLASH_SIM_MEDIUM_MMC1BOOT2), ==, "mmc1boot2");
  for (guint i = 0; i < FLASH_SIM_N_STAGES; i++)
    g_assert_cmpstr (flash_sim_stage_get_name (i), ==, stages[i]);
}

/* Which stages a board ever runs. */
static void
test_stages (void)
{
  static const struct {
    const char *model;
    guint stages;
  } cases[] = {
    { "stm32mp157", 1u << FLASH_SIM_STAGE_ROM | 1u << FLASH_SIM_STAGE_TFA |
                        1u << FLASH_SIM_STAGE_UBOOT | 1u << FLASH_SIM_STAGE_UBOOT2 |
                        1u << FLASH_SIM_STAGE_SPL },
    { "dfu", 1u << FLASH_SIM_STAGE_DFU },
    { "dfu-runtime", 1u << FLASH_SIM_STAGE_DFU | 1u << FLASH_SIM_STAGE_RUNTIME },
    { "stm32f405", 1u << FLASH_SIM_STAGE_BOOTLOADER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint stage = 0; stage < FLASH_SIM_N_STAGES; stage++)
      g_assert_cmpint (flash_sim_model_has_stage (flash_sim_model_find (cases[i].model), stage), ==,
                       stage == FLASH_SIM_STAGE_OFF || (cases[i].stages >> stage & 1) != 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/config/defaults", test_defaults);
  g_test_add_func ("/sim/config/plain", test_plain);
  g_test_add_func ("/sim/config/mcu", test_mcu);
  g_test_add_func ("/sim/config/keys", test_keys);
  g_test_add_func ("/sim/config/bad", test_bad);
  g_test_add_func ("/sim/config/serial", test_serial);
  g_test_add_func ("/sim/config/limits", test_limits);
  g_test_add_func ("/sim/config/list-keys", test_list_keys);
  g_test_add_func ("/sim/config/names", test_names);
  g_test_add_func ("/sim/config/stages", test_stages);
  return g_test_run ();
}
