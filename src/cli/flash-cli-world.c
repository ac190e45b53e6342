/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cli-world"

#include "config.h"

#include "flash-cli-world.h"

void
flash_cli_world_init (FlashCliWorld *self)
{
  *self = (FlashCliWorld){ .clock = flash_clock_new_real () };
  self->virtual_boards = flash_sim_provider_new (self->clock);
  self->usb_boards = flash_usb_provider_new (&self->usb_error);
  self->root = g_strdup (g_getenv ("FLASHWRIGHT_ROOT"));
}

void
flash_cli_world_clear (FlashCliWorld *self)
{
  g_clear_object (&self->usb_boards);
  g_clear_object (&self->virtual_boards);
  g_clear_object (&self->clock);
  g_clear_error (&self->usb_error);
  g_clear_pointer (&self->root, g_free);
}

void
flash_cli_world_settle (FlashCliWorld *self, gboolean asks)
{
  if (self->usb_boards == NULL)
    return;
  if (asks)
    flash_provider_rescan (FLASH_PROVIDER (self->usb_boards));
  while (flash_usb_provider_is_asking (self->usb_boards))
    g_main_context_iteration (NULL, TRUE);
}

/* What is no board id at all is not looked for. */
static FlashProvider *
choose_provider (FlashCliWorld *self, const char *id, GError **error)
{
  if (g_str_has_prefix (id, "virtual:"))
    return FLASH_PROVIDER (self->virtual_boards);
  if (!g_str_has_prefix (id, "usb:") && !g_str_has_prefix (id, "serial:")) {
    g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID,
                 "“%s” begins with none of usb:, serial: and virtual:", id);
    return NULL;
  }
  if (self->usb_boards == NULL) {
    g_set_error_literal (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND,
                         self->usb_error->message);
    return NULL;
  }
  return FLASH_PROVIDER (self->usb_boards);
}

FlashBoard *
flash_cli_world_find (FlashCliWorld *self, const char *id, FlashProvider **out_provider,
                      GError **error)
{
  FlashProvider *provider;
  FlashBoard *board;

  g_return_val_if_fail (id != NULL, NULL);

  provider = choose_provider (self, id, error);
  if (provider == NULL)
    return NULL;
  /* The kernel makes something else of odd serial numbers than boards are listed with. */
  if (g_str_has_prefix (id, "serial:"))
    flash_cli_world_settle (self, TRUE);
  board = flash_provider_find (provider, id, error);
  if (board != NULL)
    *out_provider = provider;
  return board;
}
