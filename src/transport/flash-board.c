/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-board"

#include "config.h"

#include "flash-board.h"

typedef struct {
  char *id; /* (owned) */
  char *port; /* (owned) */
  guint64 generation;
  FlashSpeed speed;
  FlashAccess access;
  char *access_detail; /* (owned) (nullable) */
  gboolean is_virtual;
  FlashDescriptors *descriptors; /* (owned) (nullable) */
  GPtrArray *hubs; /* (owned) (nullable) (element-type FlashHub) */
} FlashBoardPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (FlashBoard, flash_board, G_TYPE_OBJECT)

/* All are construct-only: a board does not change. */
enum {
  PROP_ID = 1,
  PROP_PORT,
  PROP_GENERATION,
  PROP_SPEED,
  PROP_ACCESS,
  PROP_ACCESS_DETAIL,
  PROP_VIRTUAL,
  PROP_DESCRIPTORS,
  PROP_HUBS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

void
flash_hub_free (FlashHub *self)
{
  g_free (self->port);
  g_free (self->name);
  g_free (self);
}

const char *
flash_speed_get_name (FlashSpeed speed)
{
  switch (speed) {
  case FLASH_SPEED_UNKNOWN:
    return "unknown";
  case FLASH_SPEED_LOW:
    return "low";
  case FLASH_SPEED_FULL:
    return "full";
  case FLASH_SPEED_HIGH:
    return "high";
  case FLASH_SPEED_SUPER:
    return "super";
  }
  g_return_val_if_reached ("unknown");
}

const char *
flash_access_get_name (FlashAccess access)
{
  switch (access) {
  case FLASH_ACCESS_OK:
    return "ok";
  case FLASH_ACCESS_NO_PERMISSION:
    return "no-permission";
  case FLASH_ACCESS_BUSY:
    return "busy";
  case FLASH_ACCESS_SILENT:
    return "silent";
  }
  g_return_val_if_reached ("ok");
}

static void
flash_board_set_property (GObject *object, guint property_id, const GValue *value,
                          GParamSpec *pspec)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (FLASH_BOARD (object));

  switch (property_id) {
  case PROP_ID:
    priv->id = g_value_dup_string (value);
    break;
  case PROP_PORT:
    priv->port = g_value_dup_string (value);
    break;
  case PROP_GENERATION:
    priv->generation = g_value_get_uint64 (value);
    break;
  case PROP_SPEED:
    priv->speed = g_value_get_uint (value);
    break;
  case PROP_ACCESS:
    priv->access = g_value_get_uint (value);
    break;
  case PROP_ACCESS_DETAIL:
    priv->access_detail = g_value_dup_string (value);
    break;
  case PROP_VIRTUAL:
    priv->is_virtual = g_value_get_boolean (value);
    break;
  case PROP_DESCRIPTORS:
    if (g_value_get_pointer (value) != NULL)
      priv->descriptors = flash_descriptors_ref (g_value_get_pointer (value));
    break;
  case PROP_HUBS:
    priv->hubs = g_value_dup_boxed (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
flash_board_finalize (GObject *object)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (FLASH_BOARD (object));

  g_free (priv->id);
  g_free (priv->port);
  g_free (priv->access_detail);
  g_clear_pointer (&priv->descriptors, flash_descriptors_unref);
  g_clear_pointer (&priv->hubs, g_ptr_array_unref);

  G_OBJECT_CLASS (flash_board_parent_class)->finalize (object);
}

static void
flash_board_class_init (FlashBoardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = flash_board_set_property;
  object_class->finalize = flash_board_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_PORT] = g_param_spec_string ("port", NULL, NULL, NULL, flags);
  properties[PROP_GENERATION] =
      g_param_spec_uint64 ("generation", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_SPEED] =
      g_param_spec_uint ("speed", NULL, NULL, 0, FLASH_SPEED_SUPER, FLASH_SPEED_UNKNOWN, flags);
  properties[PROP_ACCESS] =
      g_param_spec_uint ("access", NULL, NULL, 0, FLASH_ACCESS_SILENT, FLASH_ACCESS_OK, flags);
  properties[PROP_ACCESS_DETAIL] = g_param_spec_string ("access-detail", NULL, NULL, NULL, flags);
  properties[PROP_VIRTUAL] = g_param_spec_boolean ("virtual", NULL, NULL, FALSE, flags);
  properties[PROP_DESCRIPTORS] = g_param_spec_pointer ("descriptors", NULL, NULL, flags);
  properties[PROP_HUBS] = g_param_spec_boxed ("hubs", NULL, NULL, G_TYPE_PTR_ARRAY, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
flash_board_init (FlashBoard *self)
{
}

const char *
flash_board_get_id (FlashBoard *self)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (self);

  g_return_val_if_fail (FLASH_IS_BOARD (self), NULL);

  return priv->id;
}

const char *
flash_board_get_port (FlashBoard *self)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (self);

  g_return_val_if_fail (FLASH_IS_BOARD (self), NULL);

  return priv->port;
}

guint64
flash_board_get_generation (FlashBoard *self)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (self);

  g_return_val_if_fail (FLASH_IS_BOARD (self), 0);

  return priv->generation;
}

FlashSpeed
flash_board_get_speed (FlashBoard *self)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (self);

  g_return_val_if_fail (FLASH_IS_BOARD (self), FLASH_SPEED_UNKNOWN);

  return priv->speed;
}

FlashAccess
flash_board_get_access (FlashBoard *self)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (self);

  g_return_val_if_fail (FLASH_IS_BOARD (self), FLASH_ACCESS_OK);

  return priv->access;
}

const char *
flash_board_get_access_detail (FlashBoard *self)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (self);

  g_return_val_if_fail (FLASH_IS_BOARD (self), NULL);

  return priv->access_detail;
}

gboolean
flash_board_is_virtual (FlashBoard *self)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (self);

  g_return_val_if_fail (FLASH_IS_BOARD (self), FALSE);

  return priv->is_virtual;
}

FlashDescriptors *
flash_board_get_descriptors (FlashBoard *self)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (self);

  g_return_val_if_fail (FLASH_IS_BOARD (self), NULL);

  return priv->descriptors;
}

GPtrArray *
flash_board_get_hubs (FlashBoard *self)
{
  FlashBoardPrivate *priv = flash_board_get_instance_private (self);

  g_return_val_if_fail (FLASH_IS_BOARD (self), NULL);

  return priv->hubs;
}

FlashTransport *
flash_board_open (FlashBoard *self, GError **error)
{
  g_return_val_if_fail (FLASH_IS_BOARD (self), NULL);

  return FLASH_BOARD_GET_CLASS (self)->open (self, error);
}

gboolean
flash_board_can_power_cycle (FlashBoard *self)
{
  g_return_val_if_fail (FLASH_IS_BOARD (self), FALSE);

  return FLASH_BOARD_GET_CLASS (self)->power_cycle != NULL;
}

gboolean
flash_board_power_cycle (FlashBoard *self, GError **error)
{
  g_return_val_if_fail (flash_board_can_power_cycle (self), FALSE);

  return FLASH_BOARD_GET_CLASS (self)->power_cycle (self, error);
}
