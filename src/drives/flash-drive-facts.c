/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any. */
#define G_LOG_DOMAIN "flash-drive-facts"

#include "config.h"

#include "flash-drive-facts.h"

#include "flash-text.h"

#include <string.h>

#define PREFIX "org.freedesktop.UDisks2."
/* Characters to keep: a label on a disk has at most 255 (btrfs), a path in Linux 4096. */
#define LABEL_LENGTH 255
#define PATH_LENGTH 4096

/* A volume with its place, until all are known and can be sorted. */
typedef struct {
  FlashDriveVolume *volume; /* (owned) */
  char *path; /* (owned) */
  guint64 offset;
} Found;

typedef struct {
  FlashDriveFacts *facts; /* (owned) */
  GPtrArray *found; /* (owned) (element-type Found) */
} Collection;

/* --- values ------------------------------------------------------------------------------- */

static char *
dup_safe (const char *text, gsize max_chars)
{
  return flash_text_sanitize (text, strlen (text), max_chars);
}

static const char *
get_text (GVariant *properties, const char *name)
{
  const char *text = "";

  g_variant_lookup (properties, name, "&s", &text);
  return text;
}

static const char *
get_path (GVariant *properties, const char *name)
{
  const char *path = "/";

  g_variant_lookup (properties, name, "&o", &path);
  return path;
}

static gboolean
get_boolean (GVariant *properties, const char *name)
{
  gboolean value = FALSE;

  g_variant_lookup (properties, name, "b", &value);
  return value;
}

static guint64
get_number (GVariant *properties, const char *name)
{
  guint64 value = 0;

  g_variant_lookup (properties, name, "t", &value);
  return value;
}

static char *
dup_file_name (GVariant *properties, const char *name)
{
  const char *path = "";

  g_variant_lookup (properties, name, "^&ay", &path);
  return dup_safe (path, PATH_LENGTH);
}

/* Returns: (transfer full) (nullable): the properties of an interface. */
static GVariant *
get_interface (GVariant *object, const char *name)
{
  return g_variant_lookup_value (object, name, G_VARIANT_TYPE_VARDICT);
}

static gboolean
has_interface (GVariant *object, const char *name)
{
  g_autoptr (GVariant) properties = get_interface (object, name);

  return properties != NULL;
}

/* --- freeing ------------------------------------------------------------------------------ */

static void
volume_free (gpointer data)
{
  FlashDriveVolume *self = data;

  g_free (self->device);
  g_free (self->label);
  g_free (self->format);
  g_strfreev (self->mount_points);
  g_free (self);
}

static void
found_free (gpointer data)
{
  Found *self = data;

  g_clear_pointer (&self->volume, volume_free);
  g_free (self->path);
  g_free (self);
}

static void
collection_free (gpointer data)
{
  Collection *self = data;

  g_clear_pointer (&self->facts, flash_drive_facts_free);
  g_ptr_array_unref (self->found);
  g_free (self);
}

void
flash_drive_facts_free (FlashDriveFacts *self)
{
  g_free (self->drive_path);
  g_free (self->block_path);
  g_free (self->device);
  g_free (self->vendor);
  g_free (self->model);
  g_free (self->serial);
  g_free (self->media);
  g_free (self->bus);
  g_ptr_array_unref (self->configured);
  g_ptr_array_unref (self->volumes);
  g_ptr_array_unref (self->volume_paths);
  g_free (self);
}

/* --- drives ------------------------------------------------------------------------------- */

static Collection *
collect_drive (const char *path, GVariant *drive)
{
  Collection *self = g_new0 (Collection, 1);
  FlashDriveFacts *facts = g_new0 (FlashDriveFacts, 1);

  facts->drive_path = g_strdup (path);
  facts->device = g_strdup ("");
  facts->vendor = dup_safe (get_text (drive, "Vendor"), LABEL_LENGTH);
  facts->model = dup_safe (get_text (drive, "Model"), LABEL_LENGTH);
  facts->serial = dup_safe (get_text (drive, "Serial"), LABEL_LENGTH);
  facts->media = dup_safe (get_text (drive, "Media"), LABEL_LENGTH);
  facts->bus = dup_safe (get_text (drive, "ConnectionBus"), LABEL_LENGTH);
  facts->media_time = get_number (drive, "TimeMediaDetected");
  facts->rotation_rate = -1;
  g_variant_lookup (drive, "RotationRate", "i", &facts->rotation_rate);
  facts->is_removable = get_boolean (drive, "Removable");
  facts->is_media_removable = get_boolean (drive, "MediaRemovable");
  facts->is_ejectable = get_boolean (drive, "Ejectable");
  facts->can_power_off = get_boolean (drive, "CanPowerOff");
  facts->is_media_available = get_boolean (drive, "MediaAvailable");
  facts->is_optical = get_boolean (drive, "Optical");
  facts->configured = g_ptr_array_new_with_free_func (g_free);
  facts->volumes = g_ptr_array_new_with_free_func (volume_free);
  facts->volume_paths = g_ptr_array_new_with_free_func (g_free);

  self->facts = facts;
  self->found = g_ptr_array_new_with_free_func (found_free);
  return self;
}

/* Returns: (transfer full) (element-type utf8 Collection): by object path of the drive. */
static GHashTable *
collect_drives (GVariant *objects)
{
  GHashTable *drives = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, collection_free);
  GVariantIter iter;
  const char *path;
  GVariant *object;

  g_variant_iter_init (&iter, objects);
  while (g_variant_iter_loop (&iter, "{&o@a{sa{sv}}}", &path, &object)) {
    g_autoptr (GVariant) drive = get_interface (object, PREFIX "Drive");
    Collection *collection;

    if (drive == NULL)
      continue;
    collection = collect_drive (path, drive);
    g_hash_table_insert (drives, collection->facts->drive_path, collection);
  }
  return drives;
}

/* --- blocks ------------------------------------------------------------------------------- */

static void
take_disk (FlashDriveFacts *facts, const char *path, GVariant *object, GVariant *block)
{
  facts->n_disks++;
  facts->is_system |= get_boolean (block, "HintSystem");
  facts->is_ignored |= get_boolean (block, "HintIgnore");
  facts->is_read_only |= get_boolean (block, "ReadOnly");
  facts->has_table |= has_interface (object, PREFIX "PartitionTable");
  if (facts->block_path != NULL)
    return;
  facts->block_path = g_strdup (path);
  g_free (facts->device);
  facts->device = dup_file_name (block, "Device");
  facts->size_bytes = get_number (block, "Size");
  facts->device_number = get_number (block, "DeviceNumber");
}

/* Whether an entry of fstab is for people, and not for the system: mounted only when somebody asks
 * for it, or by anybody (mount (8), "noauto", "user" and "users"). */
static gboolean
is_for_people (GVariant *details)
{
  g_autofree char *options = dup_file_name (details, "opts");
  g_auto (GStrv) words = g_strsplit (options, ",", -1);
  const char *const *list = (const char *const *) words;

  return g_strv_contains (list, "noauto") || g_strv_contains (list, "user") ||
         g_strv_contains (list, "users");
}

/* What fstab and crypttab say of a block; Block.Configuration is `a(sa{sv})`. */
static void
take_configuration (FlashDriveFacts *facts, GVariant *block)
{
  g_autoptr (GVariant) items =
      g_variant_lookup_value (block, "Configuration", G_VARIANT_TYPE ("a(sa{sv})"));
  GVariantIter iter;
  const char *kind;
  GVariant *details;

  if (items == NULL)
    return;
  g_variant_iter_init (&iter, items);
  while (g_variant_iter_loop (&iter, "(&s@a{sv})", &kind, &details)) {
    if (g_str_equal (kind, "fstab")) {
      g_ptr_array_add (facts->configured, dup_file_name (details, "dir"));
      facts->is_kept_mounted |= !is_for_people (details);
    } else if (g_str_equal (kind, "crypttab"))
      facts->in_crypttab = TRUE;
  }
}

/* Whether a block is in use by layers above that are drives of their own to UDisks, or none. */
static void
take_uses (FlashDriveFacts *facts, GVariant *object, GVariant *block)
{
  g_autoptr (GVariant) swap = get_interface (object, PREFIX "Swapspace");
  g_autoptr (GVariant) encrypted = get_interface (object, PREFIX "Encrypted");
  const char *type = get_text (block, "IdType");

  facts->is_loop |= has_interface (object, PREFIX "Loop");
  facts->has_swap |= swap != NULL && get_boolean (swap, "Active");
  facts->has_open_crypto |=
      encrypted != NULL && !g_str_equal (get_path (encrypted, "CleartextDevice"), "/");
  /* libblkid counts members of ZFS as file systems, and those of bcache as something else. */
  facts->has_raid |= g_str_equal (get_text (block, "IdUsage"), "raid") ||
                     g_str_equal (type, "zfs_member") || g_str_equal (type, "bcache") ||
                     !g_str_equal (get_path (block, "MDRaidMember"), "/") ||
                     has_interface (object, PREFIX "PhysicalVolume");
  take_configuration (facts, block);
}

static char **
dup_mount_points (GVariant *filesystem)
{
  g_autoptr (GVariant) paths = NULL;
  GPtrArray *safe = g_ptr_array_new ();

  if (filesystem != NULL)
    paths = g_variant_lookup_value (filesystem, "MountPoints", G_VARIANT_TYPE_BYTESTRING_ARRAY);
  for (gsize i = 0; paths != NULL && i < g_variant_n_children (paths); i++) {
    g_autoptr (GVariant) path = g_variant_get_child_value (paths, i);

    g_ptr_array_add (safe, dup_safe (g_variant_get_bytestring (path), PATH_LENGTH));
  }
  g_ptr_array_add (safe, NULL);
  return (char **) g_ptr_array_free (safe, FALSE);
}

static void
take_volume (Collection *self, const char *path, GVariant *object, GVariant *block)
{
  g_autoptr (GVariant) partition = get_interface (object, PREFIX "Partition");
  g_autoptr (GVariant) filesystem = get_interface (object, PREFIX "Filesystem");
  const char *label = get_text (block, "IdLabel");
  Found *found;

  /* The frame around logical partitions holds nothing by itself. */
  if (partition != NULL && get_boolean (partition, "IsContainer"))
    return;
  if (partition == NULL && filesystem == NULL && *get_text (block, "IdUsage") == '\0')
    return;
  if (partition != NULL && *label == '\0')
    label = get_text (partition, "Name");

  found = g_new0 (Found, 1);
  found->path = g_strdup (path);
  found->offset = partition != NULL ? get_number (partition, "Offset") : 0;
  found->volume = g_new0 (FlashDriveVolume, 1);
  found->volume->device = dup_file_name (block, "Device");
  found->volume->label = dup_safe (label, LABEL_LENGTH);
  found->volume->format = dup_safe (get_text (block, "IdType"), LABEL_LENGTH);
  found->volume->size_bytes = get_number (block, "Size");
  found->volume->mount_points = dup_mount_points (filesystem);
  g_ptr_array_add (self->found, found);
}

/* @owners: (element-type utf8 Collection): drives by the object path of each of their blocks */
static void
collect_blocks (GVariant *objects, GHashTable *drives, GHashTable *owners)
{
  GVariantIter iter;
  const char *path;
  GVariant *object;

  g_variant_iter_init (&iter, objects);
  while (g_variant_iter_loop (&iter, "{&o@a{sa{sv}}}", &path, &object)) {
    g_autoptr (GVariant) block = get_interface (object, PREFIX "Block");
    Collection *owner;

    owner = block != NULL ? g_hash_table_lookup (drives, get_path (block, "Drive")) : NULL;
    if (owner == NULL)
      continue;
    g_hash_table_insert (owners, g_strdup (path), owner);
    if (!has_interface (object, PREFIX "Partition"))
      take_disk (owner->facts, path, object, block);
    take_uses (owner->facts, object, block);
    take_volume (owner, path, object, block);
  }
}

/* An open encrypted volume is a block of its own that names the one on which it lies. */
static void
collect_backings (GVariant *objects, GHashTable *owners)
{
  GVariantIter iter;
  GVariant *object;

  g_variant_iter_init (&iter, objects);
  while (g_variant_iter_loop (&iter, "{&o@a{sa{sv}}}", NULL, &object)) {
    g_autoptr (GVariant) block = get_interface (object, PREFIX "Block");
    Collection *owner = NULL;

    if (block != NULL)
      owner = g_hash_table_lookup (owners, get_path (block, "CryptoBackingDevice"));
    if (owner != NULL)
      owner->facts->has_open_crypto = TRUE;
  }
}

/* --- all together ------------------------------------------------------------------------- */

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *left = *(Found *const *) a;
  const Found *right = *(Found *const *) b;

  if (left->offset != right->offset)
    return left->offset < right->offset ? -1 : 1;
  return strcmp (left->path, right->path);
}

static int
compare_facts (gconstpointer a, gconstpointer b)
{
  const FlashDriveFacts *left = *(FlashDriveFacts *const *) a;
  const FlashDriveFacts *right = *(FlashDriveFacts *const *) b;

  return strcmp (left->drive_path, right->drive_path);
}

static int
compare_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static FlashDriveFacts *
steal_facts (Collection *self)
{
  g_ptr_array_sort (self->found, compare_found);
  g_ptr_array_sort (self->facts->configured, compare_text);
  for (guint i = 0; i < self->found->len; i++) {
    Found *found = g_ptr_array_index (self->found, i);

    g_ptr_array_add (self->facts->volumes, g_steal_pointer (&found->volume));
    g_ptr_array_add (self->facts->volume_paths, g_steal_pointer (&found->path));
  }
  return g_steal_pointer (&self->facts);
}

GPtrArray *
flash_drive_facts_gather (GVariant *objects)
{
  g_autoptr (GHashTable) drives = NULL;
  g_autoptr (GHashTable) owners = NULL;
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_drive_facts_free);
  GHashTableIter iter;
  gpointer collection;

  g_return_val_if_fail (g_variant_is_of_type (objects, G_VARIANT_TYPE ("a{oa{sa{sv}}}")), all);

  drives = collect_drives (objects);
  owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  collect_blocks (objects, drives, owners);
  collect_backings (objects, owners);
  /* The keys belong to the facts: nothing is looked up in the table from here on. */
  g_hash_table_iter_init (&iter, drives);
  while (g_hash_table_iter_next (&iter, NULL, &collection))
    g_ptr_array_add (all, steal_facts (collection));
  g_ptr_array_sort (all, compare_facts);
  return all;
}

const FlashDriveFacts *
flash_drive_facts_find (GPtrArray *all, const char *block_path)
{
  g_return_val_if_fail (all != NULL && block_path != NULL, NULL);

  for (guint i = 0; i < all->len; i++) {
    const FlashDriveFacts *facts = g_ptr_array_index (all, i);

    if (g_strcmp0 (facts->block_path, block_path) == 0)
      return facts;
  }
  return NULL;
}

/* All facts as one text: what is in it cannot be forgotten in a comparison. */
static char *
describe (const FlashDriveFacts *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n", self->drive_path,
                          self->block_path != NULL ? self->block_path : "", self->device,
                          self->vendor, self->model, self->serial, self->media, self->bus);
  g_string_append_printf (
      text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %d %u",
      self->size_bytes, self->device_number, self->media_time, self->rotation_rate, self->n_disks);
  g_string_append_printf (text, " %d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d\n", self->is_removable,
                          self->is_media_removable, self->is_ejectable, self->can_power_off,
                          self->is_media_available, self->is_optical, self->is_read_only,
                          self->is_system, self->is_ignored, self->is_loop, self->has_table,
                          self->has_swap, self->has_open_crypto, self->has_raid, self->in_crypttab,
                          self->is_kept_mounted);
  for (guint i = 0; i < self->configured->len; i++)
    g_string_append_printf (text, "%s\n", (char *) g_ptr_array_index (self->configured, i));
  for (guint i = 0; i < self->volumes->len; i++) {
    const FlashDriveVolume *volume = g_ptr_array_index (self->volumes, i);
    g_autofree char *mounts = g_strjoinv ("\n", volume->mount_points);

    g_string_append_printf (text, "%s\n%s\n%s\n%s %" G_GUINT64_FORMAT "\n%s\n",
                            (char *) g_ptr_array_index (self->volume_paths, i), volume->device,
                            volume->label, volume->format, volume->size_bytes, mounts);
  }
  return g_string_free (text, FALSE);
}

gboolean
flash_drive_facts_is_equal (const FlashDriveFacts *self, const FlashDriveFacts *other)
{
  g_autofree char *text = NULL;
  g_autofree char *other_text = NULL;

  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  text = describe (self);
  other_text = describe (other);
  return g_str_equal (text, other_text);
}

gboolean
flash_drive_facts_is_same_medium (const FlashDriveFacts *self, const FlashDriveFacts *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  return g_strcmp0 (self->block_path, other->block_path) == 0 &&
         g_str_equal (self->drive_path, other->drive_path) &&
         g_str_equal (self->serial, other->serial) && g_str_equal (self->model, other->model) &&
         self->device_number == other->device_number && self->size_bytes == other->size_bytes &&
         self->media_time == other->media_time;
}
