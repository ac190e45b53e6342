/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfuse-file"

#include "config.h"

#include "flash-dfuse-file.h"

#include "flash-bytes.h"
#include "flash-dfu-file.h"
#include "flash-text.h"

/* stm32-dfuse.md section 6.2 (UM0391): the prefix of the file */
#define PREFIX_SIGNATURE "DfuSe"
#define VERSION_AT 5
#define VERSION 1
#define SIZE_AT 6
#define N_TARGETS_AT 10
#define PREFIX_LENGTH 11

/* The same section: the prefix of a target */
#define TARGET_SIGNATURE "Target"
#define ALTERNATE_AT 6
#define IS_NAMED_AT 7
#define NAME_AT 11
#define NAME_LENGTH 255
#define TARGET_SIZE_AT 266
#define N_ELEMENTS_AT 270
#define TARGET_PREFIX_LENGTH 274

/* The same section: address and size before the bytes of an element */
#define ELEMENT_HEADER_LENGTH 8

/* The same section: bcdDFU of the suffix */
#define SUFFIX_VERSION 0x011a
#define SUFFIX_VERSION_BEFORE_END 10

typedef struct {
  const guint8 *bytes;
  gsize length; /* without the suffix */
  gsize at; /* what was read of it */
  FlashImageBuilder *builder;
  FlashDiagList *diags; /* (transfer none): those of @builder */
} Reader;

static void
add_diag (const Reader *self, FlashSeverity severity, const char *code, const char *text,
          guint64 offset, guint64 first, guint64 second)
{
  g_autofree char *place = flash_text_address (offset);
  g_autofree char *first_text = g_strdup_printf ("%" G_GUINT64_FORMAT, first);
  g_autofree char *second_text = g_strdup_printf ("%" G_GUINT64_FORMAT, second);

  flash_diag_list_add (self->diags, severity, code, 0, 0, text, place, first_text, second_text,
                       NULL);
}

/* Tools disagree whether the suffix counts (section 6.2). */
static void
check_size (const Reader *self, gsize file_length)
{
  guint32 size = flash_get_le32 (self->bytes + SIZE_AT);

  if (size != self->length && size != file_length)
    add_diag (self, FLASH_SEVERITY_WARNING, "dfuse-size-wrong",
              N_ ("At {0} the file says that it has {1} bytes before its suffix, but there are "
                  "{2}; it was made by a careless program, or is damaged."),
              SIZE_AT, size, self->length);
}

static void
check_suffix_version (const Reader *self, gsize file_length)
{
  gsize at = file_length - SUFFIX_VERSION_BEFORE_END;
  guint version;

  if (self->length == file_length)
    return;
  version = flash_get_le16 (self->bytes + at);
  if (version != SUFFIX_VERSION) {
    g_autofree char *place = flash_text_address (at);
    g_autofree char *found = g_strdup_printf ("%04x", version);

    flash_diag_list_add (self->diags, FLASH_SEVERITY_WARNING, "dfuse-suffix-version", 0, 0,
                         N_ ("At {0} the DFU suffix says version {1}, where DfuSe files say 011a; "
                             "some programs would write the whole file as it is."),
                         place, found, NULL);
  }
}

static gboolean
read_element (Reader *self, guint32 index)
{
  const guint8 *header = self->bytes + self->at;
  gsize rest = self->length - self->at;
  guint32 address, size;

  if (rest < ELEMENT_HEADER_LENGTH) {
    add_diag (self, FLASH_SEVERITY_ERROR, "dfuse-element-truncated",
              N_ ("The file is cut off: element {1} of its target begins at {0}, where only {2} "
                  "bytes are left. Get it again."),
              self->at, (guint64) index + 1, rest);
    return FALSE;
  }
  address = flash_get_le32 (header);
  size = flash_get_le32 (header + 4);
  if (rest - ELEMENT_HEADER_LENGTH < size) {
    add_diag (self, FLASH_SEVERITY_ERROR, "dfuse-element-truncated",
              N_ ("The file is cut off: the element at {0} has {1} bytes, only {2} are left. Get "
                  "it again."),
              self->at, size, rest - ELEMENT_HEADER_LENGTH);
    return FALSE;
  }
  self->at += ELEMENT_HEADER_LENGTH + (gsize) size;
  return flash_image_builder_add (self->builder, address, header + ELEMENT_HEADER_LENGTH, size, 0);
}

/* Returns: (transfer full) (nullable): the name of the target at the current place */
static char *
dup_name (const Reader *self)
{
  const char *name = (const char *) self->bytes + self->at + NAME_AT;
  gsize length = strnlen (name, NAME_LENGTH);

  if (flash_get_le32 (self->bytes + self->at + IS_NAMED_AT) == 0)
    return NULL;
  if (length == NAME_LENGTH)
    add_diag (self, FLASH_SEVERITY_WARNING, "dfuse-name-broken",
              N_ ("The name of the target at {0} has no end; {1} characters of it are shown."),
              self->at, NAME_LENGTH, 0);
  return flash_text_sanitize (name, length, NAME_LENGTH);
}

static gboolean
check_target_prefix (const Reader *self)
{
  gsize rest = self->length - self->at;
  guint32 n_elements;

  if (rest < TARGET_PREFIX_LENGTH) {
    add_diag (self, FLASH_SEVERITY_ERROR, "dfuse-truncated",
              N_ ("The file is cut off: a target begins at {0}, which needs {1} bytes, but only "
                  "{2} are left. Get it again."),
              self->at, TARGET_PREFIX_LENGTH, rest);
    return FALSE;
  }
  if (memcmp (self->bytes + self->at, TARGET_SIGNATURE, strlen (TARGET_SIGNATURE)) != 0) {
    add_diag (self, FLASH_SEVERITY_ERROR, "dfuse-target-broken",
              N_ ("The file is damaged: a target must begin at {0}, but something else is there. "
                  "Get it again."),
              self->at, 0, 0);
    return FALSE;
  }
  n_elements = flash_get_le32 (self->bytes + self->at + N_ELEMENTS_AT);
  rest -= TARGET_PREFIX_LENGTH;
  if (n_elements > rest / ELEMENT_HEADER_LENGTH) {
    add_diag (self, FLASH_SEVERITY_ERROR, "dfuse-too-many-elements",
              N_ ("The file is damaged or cut off: the target at {0} announces {1} elements, for "
                  "which {2} bytes are left. Get it again."),
              self->at, n_elements, rest);
    return FALSE;
  }
  return TRUE;
}

/* Returns: whether what follows can be believed */
static gboolean
read_target (Reader *self)
{
  gsize start = self->at;
  const guint8 *prefix = self->bytes + start;
  g_autofree char *name = NULL;
  guint32 announced, n_elements;
  gsize size;

  if (!check_target_prefix (self))
    return FALSE;
  name = dup_name (self);
  flash_image_builder_begin_target (self->builder, prefix[ALTERNATE_AT], name);

  n_elements = flash_get_le32 (prefix + N_ELEMENTS_AT);
  self->at += TARGET_PREFIX_LENGTH;
  for (guint32 i = 0; i < n_elements; i++)
    if (!read_element (self, i))
      return FALSE;

  announced = flash_get_le32 (prefix + TARGET_SIZE_AT);
  size = self->at - start - TARGET_PREFIX_LENGTH;
  if (announced != size)
    add_diag (
        self, FLASH_SEVERITY_WARNING, "dfuse-target-size-wrong",
        N_ ("The target at {0} says that it has {1} bytes, its elements have {2}; it was made "
            "by a careless program, or is damaged."),
        start, announced, size);
  return TRUE;
}

/* Returns: whether it is a DfuSe file of the one known version */
static gboolean
check_prefix (const Reader *self)
{
  if (self->length < PREFIX_LENGTH ||
      memcmp (self->bytes, PREFIX_SIGNATURE, strlen (PREFIX_SIGNATURE)) != 0) {
    add_diag (self, FLASH_SEVERITY_ERROR, "dfuse-truncated",
              N_ ("The file is cut off: the head of a DfuSe file at {0} needs {1} bytes, but only "
                  "{2} are left. Get it again."),
              0, PREFIX_LENGTH, self->length);
    return FALSE;
  }
  if (self->bytes[VERSION_AT] != VERSION) {
    add_diag (self, FLASH_SEVERITY_ERROR, "dfuse-version-unknown",
              N_ ("At {0} the file says that it is a DfuSe file of version {1}; known is version "
                  "{2}."),
              VERSION_AT, self->bytes[VERSION_AT], VERSION);
    return FALSE;
  }
  return TRUE;
}

void
flash_dfuse_file_read (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                       FlashImageBuilder *builder)
{
  Reader self = {
    .bytes = bytes,
    .length = flash_dfu_suffix_read (bytes, length, options, builder),
    .at = PREFIX_LENGTH,
    .builder = builder,
    .diags = flash_image_builder_get_diags (builder),
  };

  flash_image_builder_set_has_address (builder, TRUE);
  if (!check_prefix (&self))
    return;
  check_size (&self, length);
  check_suffix_version (&self, length);
  for (guint i = 0; i < bytes[N_TARGETS_AT]; i++)
    if (!read_target (&self))
      return;

  if (self.at < self.length)
    add_diag (
        &self, FLASH_SEVERITY_WARNING, "dfuse-trailing-bytes",
        N_ ("From {0} on there are {1} bytes that belong to none of the {2} targets; they are "
            "left out."),
        self.at, self.length - self.at, bytes[N_TARGETS_AT]);
}
