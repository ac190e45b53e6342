/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-gpt"

#include "config.h"

#include "flash-card-gpt.h"

#include "flash-bytes.h"
#include "flash-uuid.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libfdisk.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BLOCK 512u
/* U-Boot, disk/part_efi.c, gpt_fill_header (): usable are the blocks from 34 up to 34 before the
 * number of all. libfdisk would begin at 2048. */
#define FIRST_USABLE 34u
/* Places in the protective MBR (UEFI specification 2.10, tables 5.3 and 5.4). */
#define MBR_RECORD 446
#define MBR_RECORD_LENGTH 16
#define MBR_TYPE_GPT 0xee
/* What U-Boot's `gpt write` trips over (stm32mp-usb.md section 3.8). */
#define UNFIT_CHARACTERS ",;\"$= "
#define UUID_BYTES 16

typedef struct fdisk_context FdiskContext;
typedef struct fdisk_script FdiskScript;
typedef struct fdisk_partition FdiskPartition;
typedef struct fdisk_parttype FdiskParttype;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FdiskContext, fdisk_unref_context)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FdiskScript, fdisk_unref_script)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FdiskPartition, fdisk_unref_partition)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FdiskParttype, fdisk_unref_parttype)

/* --- Identifiers --------------------------------------------------------------------------- */

/* stm32mp-usb.md section 3.8; a RawImage is in no table. */
static const char *const type_guids[] = {
  [FLASH_LAYOUT_TYPE_BINARY] = "8DA63339-0007-60C0-C436-083AC8230908",
  [FLASH_LAYOUT_TYPE_FIP] = "19D5DF83-11B0-457B-BE2C-7559C13142A5",
  [FLASH_LAYOUT_TYPE_FWU_MDATA] = "8A7A84A0-8387-40F6-AB41-A8B9A5A60D23",
  [FLASH_LAYOUT_TYPE_ENV] = "3DE21764-95DB-54BD-A5C3-4ABE786F38A8",
  [FLASH_LAYOUT_TYPE_SYSTEM] = "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
  [FLASH_LAYOUT_TYPE_ESP] = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B",
  [FLASH_LAYOUT_TYPE_FILESYSTEM] = "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
};

/* stm32mp-usb.md section 3.8: of the first root file system, by the number of the card. */
static const char *const rootfs_guids[] = {
  "e91c4e10-16e6-4c0e-bd0e-77becf4a3582",
  "491f6117-415d-4f53-88c9-6e0de54deac6",
  "fd58f1c7-be0d-4338-88e9-ad8f050aeb18",
};

static const struct {
  const char *name;
  const char *guid;
} fip_guids[] = {
  { "fip-a", "4fd84c93-54ef-463f-a7ef-ae25ff887087" },
  { "fip-b", "09c54952-d5bf-45af-acee-335303766fb3" },
};

/* The name space of what is derived here, made up once for this program. */
static const guint8 name_space[UUID_BYTES] = { 0x3a, 0x61, 0x0f, 0x9c, 0x52, 0xd7, 0x4e, 0x1b,
                                               0x9d, 0x04, 0x77, 0xc8, 0x21, 0xb5, 0xe6, 0x3f };

/* Where U-Boot rolls dice, the same layout gives the same identifier: RFC 9562, section 5.5,
 * version 5. */
static void
derive_guid (GBytes *seed, const char *name, char *out_text)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  gsize seed_length;
  const guint8 *seed_bytes = g_bytes_get_data (seed, &seed_length);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, name_space, sizeof name_space);
  if (seed_length > 0)
    g_checksum_update (checksum, seed_bytes, (gssize) seed_length);
  g_checksum_update (checksum, (const guint8 *) name, (gssize) strlen (name) + 1);
  g_checksum_get_digest (checksum, digest, &length);
  digest[6] = (guint8) ((digest[6] & 0x0f) | 0x50);
  digest[8] = (guint8) ((digest[8] & 0x3f) | 0x80);
  flash_uuid_format (digest, out_text);
}

static const char *
find_fixed_guid (FlashLayoutRow *row, guint device, gboolean *has_rootfs)
{
  const char *name = flash_layout_row_get_name (row);

  if (!*has_rootfs && (g_str_equal (name, "rootfs") || g_str_equal (name, "rootfs-a"))) {
    *has_rootfs = TRUE;
    return device < G_N_ELEMENTS (rootfs_guids) ? rootfs_guids[device] : NULL;
  }
  if (flash_layout_row_get_layout_type (row) != FLASH_LAYOUT_TYPE_FIP)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (fip_guids); i++)
    if (g_str_equal (name, fip_guids[i].name))
      return fip_guids[i].guid;
  return NULL;
}

/* --- Partitions ---------------------------------------------------------------------------- */

static gboolean
fail_table (const char *what, int code, GError **error)
{
  g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_TABLE, "%s: %s", what,
               g_strerror (code < 0 ? -code : code));
  return FALSE;
}

/* U-Boot takes each byte of a name for a character, whatever encoding it is in. */
static char *
dup_name (FlashLayoutRow *row, GError **error)
{
  const char *name = flash_layout_row_get_name (row);
  GString *wide;

  if (strpbrk (name, UNFIT_CHARACTERS) != NULL || strstr (name, "\357\277\275") != NULL) {
    g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_BAD_NAME, "line %u: the name is “%s”",
                 flash_layout_row_get_line (row), name);
    return NULL;
  }
  wide = g_string_new (NULL);
  for (const char *at = name; *at != '\0'; at++)
    g_string_append_unichar (wide, (guint8) *at);
  return g_string_free (wide, FALSE);
}

static gboolean
add_partition (FdiskContext *context, const FlashCardGptPart *part, guint index, const char *guid,
               GError **error)
{
  g_autofree char *name = dup_name (part->row, error);
  FlashLayoutType type = flash_layout_row_get_layout_type (part->row);
  g_autoptr (FdiskPartition) partition = NULL;
  g_autoptr (FdiskParttype) parttype = NULL;
  int code;

  if (name == NULL)
    return FALSE;
  partition = fdisk_new_partition ();
  parttype = fdisk_label_parse_parttype (fdisk_get_label (context, "gpt"), type_guids[type]);
  fdisk_partition_set_partno (partition, index);
  fdisk_partition_set_start (partition, part->start / BLOCK);
  fdisk_partition_set_size (partition, part->size / BLOCK);
  /* Otherwise libfdisk would move the end to where it likes it better. */
  fdisk_partition_size_explicit (partition, 1);
  fdisk_partition_set_type (partition, parttype);
  fdisk_partition_set_name (partition, name);
  fdisk_partition_set_uuid (partition, guid);
  if (type == FLASH_LAYOUT_TYPE_SYSTEM)
    fdisk_partition_set_attrs (partition, "LegacyBIOSBootable");
  code = fdisk_add_partition (context, partition, NULL);
  if (code != 0) {
    g_autofree char *what = g_strdup_printf ("line %u", flash_layout_row_get_line (part->row));

    return fail_table (what, code, error);
  }
  return TRUE;
}

static gboolean
add_partitions (FdiskContext *context, const GArray *parts, guint device, GBytes *seed,
                GError **error)
{
  gboolean has_rootfs = FALSE;

  for (guint i = 0; i < parts->len; i++) {
    const FlashCardGptPart *part = &g_array_index (parts, FlashCardGptPart, i);
    const char *fixed = find_fixed_guid (part->row, device, &has_rootfs);
    g_autofree char *salt = g_strdup_printf ("mmc%u partition %u %s", device, i + 1,
                                             flash_layout_row_get_name (part->row));
    char derived[FLASH_UUID_LENGTH];

    derive_guid (seed, salt, derived);
    if (!add_partition (context, part, i, fixed != NULL ? fixed : derived, error))
      return FALSE;
  }
  return TRUE;
}

/* --- Table --------------------------------------------------------------------------------- */

static gboolean
create_label (FdiskContext *context, guint64 size, guint device, GBytes *seed, GError **error)
{
  g_autoptr (FdiskScript) script = fdisk_new_script (context);
  g_autofree char *first = g_strdup_printf ("%u", FIRST_USABLE);
  g_autofree char *last = g_strdup_printf ("%" G_GUINT64_FORMAT, size / BLOCK - FIRST_USABLE);
  g_autofree char *salt = g_strdup_printf ("mmc%u", device);
  char guid[FLASH_UUID_LENGTH];
  int code;

  derive_guid (seed, salt, guid);
  fdisk_script_set_header (script, "label", "gpt");
  fdisk_script_set_header (script, "label-id", guid);
  fdisk_script_set_header (script, "first-lba", first);
  fdisk_script_set_header (script, "last-lba", last);
  fdisk_set_script (context, script);
  code = fdisk_create_disklabel (context, "gpt");
  fdisk_set_script (context, NULL);
  return code == 0 || fail_table ("new table", code, error);
}

static gboolean
write_table (int fd, const GArray *parts, guint64 size, guint device, GBytes *seed, GError **error)
{
  g_autoptr (FdiskContext) context = fdisk_new_context ();
  int code = fdisk_assign_device_by_fd (context, fd, "card", 0);

  if (code != 0)
    return fail_table ("no access to the blocks", code, error);
  fdisk_disable_dialogs (context, 1);
  if (!create_label (context, size, device, seed, error) ||
      !add_partitions (context, parts, device, seed, error))
    return FALSE;
  code = fdisk_write_disklabel (context);
  return code == 0 || fail_table ("writing", code, error);
}

static GBytes *
read_back (int fd, guint64 offset, gsize length, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (length);
  gssize n = pread (fd, bytes, length, (off_t) offset);

  if (n != (gssize) length) {
    fail_table ("reading it back", n < 0 ? errno : EIO, error);
    return NULL;
  }
  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

/* U-Boot, disk/part_efi.c, set_protective_mbr (): the record has its type, the first block and the
 * number of blocks. Where older systems look for cylinders, heads and sectors it stays empty, which
 * libfdisk, as the standard asks, fills. */
static GBytes *
make_mbr_as_uboot (GBytes *front, guint64 size)
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 *record;

  g_byte_array_append (bytes, g_bytes_get_data (front, NULL), (guint) g_bytes_get_size (front));
  record = bytes->data + MBR_RECORD;
  memset (record, 0, MBR_RECORD_LENGTH);
  record[4] = MBR_TYPE_GPT;
  flash_put_le32 (record + 8, 1);
  flash_put_le32 (record + 12, (guint32) (size / BLOCK) - 1);
  return g_byte_array_free_to_bytes (bytes);
}

gboolean
flash_card_gpt_make (const GArray *parts, guint64 size, guint device, GBytes *seed,
                     GBytes **out_front, GBytes **out_back, GError **error)
{
  g_autoptr (GBytes) front = NULL;
  g_autoptr (GBytes) back = NULL;
  int fd;

  g_return_val_if_fail (size % BLOCK == 0 && size >= FLASH_CARD_GPT_FRONT + FLASH_CARD_GPT_BACK,
                        FALSE);
  g_return_val_if_fail (parts->len <= FLASH_CARD_GPT_MAX_PARTS, FALSE);

  /* Sparse memory: only the blocks of the table take room. */
  fd = memfd_create ("card", MFD_CLOEXEC);
  if (fd < 0)
    return fail_table ("no memory for it", errno, error);
  if (ftruncate (fd, (off_t) size) != 0)
    fail_table ("no memory for it", errno, error);
  else if (write_table (fd, parts, size, device, seed, error)) {
    front = read_back (fd, 0, FLASH_CARD_GPT_FRONT, error);
    if (front != NULL)
      back = read_back (fd, size - FLASH_CARD_GPT_BACK, FLASH_CARD_GPT_BACK, error);
  }
  g_close (fd, NULL);
  if (front == NULL || back == NULL)
    return FALSE;
  *out_front = make_mbr_as_uboot (front, size);
  *out_back = g_steal_pointer (&back);
  return TRUE;
}
