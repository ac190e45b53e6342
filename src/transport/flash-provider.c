/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-provider"

#include "config.h"

#include "flash-provider.h"

G_DEFINE_INTERFACE (FlashProvider, flash_provider, G_TYPE_LIST_MODEL)

GQuark
flash_provider_error_quark (void)
{
  return g_quark_from_static_string ("flash-provider-error-quark");
}

static void
flash_provider_default_init (FlashProviderInterface *iface)
{
}

FlashBoard *
flash_provider_find (FlashProvider *self, const char *id, GError **error)
{
  g_return_val_if_fail (FLASH_IS_PROVIDER (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return FLASH_PROVIDER_GET_IFACE (self)->find (self, id, error);
}

FlashBoard *
flash_provider_peek_port (FlashProvider *self, const char *port)
{
  g_return_val_if_fail (FLASH_IS_PROVIDER (self), NULL);
  g_return_val_if_fail (port != NULL, NULL);

  return FLASH_PROVIDER_GET_IFACE (self)->peek_port (self, port);
}

void
flash_provider_rescan (FlashProvider *self)
{
  g_return_if_fail (FLASH_IS_PROVIDER (self));

  FLASH_PROVIDER_GET_IFACE (self)->rescan (self);
}
