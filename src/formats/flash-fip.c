/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-fip"

#include "config.h"

#include "flash-fip.h"

#include "flash-bytes.h"
#include "flash-dtb.h"
#include "flash-format.h"
#include "flash-range.h"
#include "flash-text.h"

/* stm32mp-usb.md section 4.7 */
#define NAME 0xaa640001u
#define SERIAL_AT 4
#define FLAGS_AT 8
#define HEAD_LENGTH 16
#define ENTRY_LENGTH 40
#define ENTRY_OFFSET_AT 16
#define ENTRY_SIZE_AT 24
#define ENTRY_FLAGS_AT 32

typedef struct {
  FlashFipKind kind;
  const char *uuid;
} Known;

/* The bytes in the order of the file, as FlashFipEntry has them. Up to the DDR firmware and the
 * configuration certificate from stm32mp-usb.md section 4.7, the others from TF-A,
 * include/tools_share/firmware_image_package.h. */
static const Known known[] = {
  { FLASH_FIP_BL31, "47d4086d-4cfe-9846-9b95-2950cbbd5a00" },
  { FLASH_FIP_BL32, "05d0e189-53dc-1347-8d2b-500a4b7a3e38" },
  { FLASH_FIP_BL32_EXTRA1, "0b70c29b-2a5a-7840-9f65-0a5682738288" },
  { FLASH_FIP_BL32_EXTRA2, "8ea87bb1-cfa2-3f4d-85fd-e7bba50220d9" },
  { FLASH_FIP_BL33, "d6d0eea7-fcea-d54b-9782-9934f234b6e4" },
  { FLASH_FIP_HW_CONFIG, "08b8f1d9-c9cf-9349-a962-6fbc6b7265cc" },
  { FLASH_FIP_FW_CONFIG, "5807e16a-8459-47be-8ed5-648e8dddab0e" },
  { FLASH_FIP_SOC_FW_CONFIG, "9979814b-0376-fb46-8c8e-8d267f7859e0" },
  { FLASH_FIP_DDR_FW, "b11249be-92dd-4b10-867c-2c6a4b47a7fb" },
  { FLASH_FIP_STM32MP_CONFIG_CERT, "501d8dd2-8bce-49a5-84eb-559a9f2eaeaf" },
  { FLASH_FIP_BL2, "5ff9ec0b-4d22-3e4d-a544-c39d81c73f0a" },
  { FLASH_FIP_TB_FW_CONFIG, "6c0458ff-af6b-7d4f-82ed-aa27bc69bfd2" },
  { FLASH_FIP_TOS_FW_CONFIG, "26257c1a-dbc6-7f47-8d96-c4c4b0248021" },
  { FLASH_FIP_NT_FW_CONFIG, "28da9815-93e8-7e44-ac66-1aaf801550f9" },
  { FLASH_FIP_CERTIFICATE, "862d1d72-f860-e411-920b-8be762160f24" },
  { FLASH_FIP_CERTIFICATE, "827ee890-f860-e411-a1b4-777a21b4f94c" },
  { FLASH_FIP_CERTIFICATE, "1c67873d-5f63-e411-978d-27c0c7148abd" },
  { FLASH_FIP_CERTIFICATE, "8ab8becc-f960-e411-9ad0-eb4822d8dcf8" },
  { FLASH_FIP_CERTIFICATE, "9477d603-fb60-e411-85dd-b7105b8cee04" },
  { FLASH_FIP_CERTIFICATE, "8ad5832a-fb60-e411-8aaf-df30bbc49859" },
  { FLASH_FIP_CERTIFICATE, "d6e269ea-5d63-e411-8d8c-9fbabe9956a5" },
  { FLASH_FIP_CERTIFICATE, "e2b20c20-5e63-e411-9ce8-abccf92bb666" },
  { FLASH_FIP_CERTIFICATE, "a49f4411-5e63-e411-8728-3f05722af33d" },
  { FLASH_FIP_CERTIFICATE, "8ec4c1f3-5d63-e411-a7a9-87ee40b23fa7" },
};

const char *
flash_fip_kind_get_name (FlashFipKind kind)
{
  switch (kind) {
  case FLASH_FIP_UNKNOWN:
    return NULL;
  case FLASH_FIP_BL2:
    return "bl2";
  case FLASH_FIP_BL31:
    return "bl31";
  case FLASH_FIP_BL32:
    return "bl32";
  case FLASH_FIP_BL32_EXTRA1:
    return "bl32-extra1";
  case FLASH_FIP_BL32_EXTRA2:
    return "bl32-extra2";
  case FLASH_FIP_BL33:
    return "bl33";
  case FLASH_FIP_HW_CONFIG:
    return "hw-config";
  case FLASH_FIP_FW_CONFIG:
    return "fw-config";
  case FLASH_FIP_SOC_FW_CONFIG:
    return "soc-fw-config";
  case FLASH_FIP_TB_FW_CONFIG:
    return "tb-fw-config";
  case FLASH_FIP_TOS_FW_CONFIG:
    return "tos-fw-config";
  case FLASH_FIP_NT_FW_CONFIG:
    return "nt-fw-config";
  case FLASH_FIP_DDR_FW:
    return "ddr-fw";
  case FLASH_FIP_STM32MP_CONFIG_CERT:
    return "stm32mp-config-cert";
  case FLASH_FIP_CERTIFICATE:
    return "certificate";
  }
  g_return_val_if_reached (NULL);
}

FlashFip *
flash_fip_ref (FlashFip *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_fip_unref (FlashFip *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->entries);
  g_free (self->model);
  g_strfreev (self->compatible);
  g_free (self);
}

static FlashFip *
fip_new (void)
{
  FlashFip *self = g_new0 (FlashFip, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->entries = g_array_new (FALSE, FALSE, sizeof (FlashFipEntry));
  return self;
}

static const FlashFipEntry *
get_entry (const FlashFip *self, guint index)
{
  return &g_array_index (self->entries, FlashFipEntry, index);
}

/* Returns: (transfer none): what to call the entry in a message. */
static const char *
get_label (const FlashFipEntry *entry)
{
  const char *name = flash_fip_kind_get_name (entry->kind);

  return name != NULL ? name : entry->uuid;
}

static FlashFipEntry
parse_entry (const guint8 *bytes)
{
  FlashFipEntry entry = {
    .kind = FLASH_FIP_UNKNOWN,
    .offset = flash_get_le64 (bytes + ENTRY_OFFSET_AT),
    .size = flash_get_le64 (bytes + ENTRY_SIZE_AT),
    .flags = flash_get_le64 (bytes + ENTRY_FLAGS_AT),
  };

  flash_uuid_format (bytes, entry.uuid);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (entry.uuid, known[i].uuid))
      entry.kind = known[i].kind;
  return entry;
}

/* Returns: %FALSE only if the file could not be read. */
static gboolean
read_entries (FlashFip *self, FlashSource *source, FlashDiagList *diags, GError **error)
{
  static const guint8 no_uuid[16];
  guint64 size = flash_source_get_size (source);
  guint64 at = HEAD_LENGTH;

  while (size - at >= ENTRY_LENGTH) {
    guint8 bytes[ENTRY_LENGTH];
    FlashFipEntry entry;

    if (!flash_source_read (source, at, bytes, sizeof bytes, error))
      return FALSE;
    at += sizeof bytes;
    if (memcmp (bytes, no_uuid, sizeof no_uuid) == 0) {
      self->total_size = flash_get_le64 (bytes + ENTRY_OFFSET_AT);
      return TRUE;
    }
    if (self->entries->len == FLASH_FIP_MAX_ENTRIES) {
      g_autofree char *most = g_strdup_printf ("%d", FLASH_FIP_MAX_ENTRIES);

      flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "fip-too-many-entries", 0, 0,
                           N_ ("The package lists more than {0} images; it is damaged."), most,
                           NULL);
      return TRUE;
    }
    entry = parse_entry (bytes);
    g_array_append_val (self->entries, entry);
  }
  flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "fip-no-terminator", 0, 0,
                       N_ ("The package's list of images has no end; the file is cut off."), NULL);
  return TRUE;
}

static void
check_entry (const FlashFipEntry *entry, guint64 contents_end, guint64 file_size,
             FlashDiagList *diags)
{
  g_autofree char *offset = flash_text_address (entry->offset);
  g_autofree char *size = flash_text_size (entry->size);
  guint64 end;

  if (!g_uint64_checked_add (&end, entry->offset, entry->size) || end > file_size) {
    g_autofree char *limit = flash_text_address (file_size);

    flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "fip-entry-beyond-end", 0, 0,
                         N_ ("Image {0} has {1} from {2} on, but the file ends at {3}."),
                         get_label (entry), size, offset, limit, NULL);
  } else if (entry->size == 0) {
    /* OP-TEE without a pager has no pageable part, and its place is kept all the same. */
    if (entry->kind == FLASH_FIP_BL32_EXTRA2)
      return;
    flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "fip-entry-empty", 0, 0,
                         N_ ("Image {0} is empty."), get_label (entry), NULL);
  } else if (entry->offset < contents_end) {
    flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "fip-entry-in-contents", 0, 0,
                         N_ ("Image {0} starts at {1}, inside the list of images."),
                         get_label (entry), offset, NULL);
  }
}

static gboolean
do_overlap (const FlashFipEntry *a, const FlashFipEntry *b)
{
  guint64 end;

  /* What reaches beyond the end was complained about already. */
  if (!g_uint64_checked_add (&end, a->offset, a->size) ||
      !g_uint64_checked_add (&end, b->offset, b->size))
    return FALSE;
  return flash_range_overlaps ((FlashRange){ a->offset, a->size },
                               (FlashRange){ b->offset, b->size });
}

static void
check_pairs (FlashFip *self, FlashDiagList *diags)
{
  for (guint i = 0; i < self->entries->len; i++) {
    const FlashFipEntry *later = get_entry (self, i);

    for (guint k = 0; k < i; k++) {
      const FlashFipEntry *earlier = get_entry (self, k);

      if (g_str_equal (earlier->uuid, later->uuid))
        flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "fip-entry-twice", 0, 0,
                             N_ ("Image {0} is there twice; the board takes the first."),
                             get_label (later), NULL);
      if (do_overlap (earlier, later))
        flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "fip-entries-overlap", 0, 0,
                             N_ ("Images {0} and {1} overlap."), get_label (earlier),
                             get_label (later), NULL);
    }
  }
}

static void
check (FlashFip *self, guint64 file_size, FlashDiagList *diags)
{
  guint64 contents_end = HEAD_LENGTH + ENTRY_LENGTH * ((guint64) self->entries->len + 1);

  if (self->serial == 0)
    flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "fip-serial-zero", 0, 0,
                         N_ ("The package's serial number is 0; the board refuses it."), NULL);
  if (self->total_size > file_size) {
    g_autofree char *total = flash_text_size (self->total_size);
    g_autofree char *size = flash_text_size (file_size);

    flash_diag_list_add (diags, FLASH_SEVERITY_ERROR, "fip-truncated", 0, 0,
                         N_ ("The file has {0}, the package in it {1}: the file is cut off."), size,
                         total, NULL);
  }
  for (guint i = 0; i < self->entries->len; i++)
    check_entry (get_entry (self, i), contents_end, file_size, diags);
  check_pairs (self, diags);
}

/* Returns: %FALSE only if the file could not be read. */
static gboolean
read_board (FlashFip *self, FlashSource *source, FlashDiagList *diags, GError **error)
{
  const FlashFipEntry *config = flash_fip_find (self, FLASH_FIP_HW_CONFIG);
  guint64 end;
  g_autoptr (GError) local_error = NULL;

  if (config == NULL || !g_uint64_checked_add (&end, config->offset, config->size) ||
      end > flash_source_get_size (source))
    return TRUE;
  if (flash_dtb_read_root (source, config->offset, config->size, &self->model, &self->compatible,
                           &local_error))
    return TRUE;
  if (local_error->domain != FLASH_FORMAT_ERROR) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }

  g_debug ("hw-config: %s", local_error->message);
  flash_diag_list_add (diags, FLASH_SEVERITY_WARNING, "fip-device-tree-broken", 0, 0,
                       N_ ("The hardware configuration is not a device tree that can be read; "
                           "which board the package is for cannot be told."),
                       NULL);
  return TRUE;
}

FlashFip *
flash_fip_read (FlashSource *source, FlashDiagList *diags, GError **error)
{
  g_autoptr (FlashFip) self = fip_new ();
  guint8 head[HEAD_LENGTH] = { 0 };
  guint64 size;

  g_return_val_if_fail (FLASH_IS_SOURCE (source), NULL);
  g_return_val_if_fail (diags != NULL, NULL);

  size = flash_source_get_size (source);
  if (!flash_source_read (source, 0, head, (gsize) MIN (size, sizeof head), error))
    return NULL;
  if (flash_get_le32 (head) != NAME) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_UNKNOWN_FORMAT,
                 "the file starts with 0x%08x, a firmware image package with 0x%08x",
                 flash_get_le32 (head), NAME);
    return NULL;
  }
  if (size < sizeof head) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED,
                 "the file has %" G_GUINT64_FORMAT " bytes, a firmware image package at least %d",
                 size, HEAD_LENGTH);
    return NULL;
  }

  self->serial = flash_get_le32 (head + SERIAL_AT);
  self->flags = flash_get_le64 (head + FLAGS_AT);
  if (!read_entries (self, source, diags, error))
    return NULL;
  check (self, size, diags);
  if (!read_board (self, source, diags, error))
    return NULL;
  return g_steal_pointer (&self);
}

const FlashFipEntry *
flash_fip_find (const FlashFip *self, FlashFipKind kind)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->entries->len; i++)
    if (get_entry (self, i)->kind == kind)
      return get_entry (self, i);
  return NULL;
}

gboolean
flash_fip_has (const FlashFip *self, FlashFipKind kind)
{
  return flash_fip_find (self, kind) != NULL;
}
