/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-fuzz-image.h"
#include "flash-fuzz.h"

/* Any bytes, through recognition and unpacking, once as they are and once if the user insists. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const FlashImageOptions insists = { TRUE, 0x08000000, TRUE };
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "fuzz");
  g_autoptr (FlashImage) image = flash_image_load (source, NULL, NULL, NULL);
  g_autoptr (FlashImage) insisted = flash_image_load (source, &insists, NULL, NULL);

  /* Memory can always be read: whatever is in it, there is an answer. */
  g_assert_nonnull (image);
  g_assert_nonnull (insisted);
  flash_fuzz_image_check (image);
  flash_fuzz_image_check (insisted);
  g_assert_true (!image->can_insist || flash_image_is_usable (insisted));
  return 0;
}
