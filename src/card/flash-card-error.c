/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-error"

#include "config.h"

#include "flash-card-error.h"

#include "flash-diag.h"

typedef struct {
  const char *name;
  const char *cause;
  const char *remedy;
} Words;

static const Words words[] = {
  [FLASH_CARD_ERROR_NOT_MMC] = { "card-not-mmc",
                                 N_ ("Only SD cards and eMMCs can be made as an image; this "
                                     "storage is soldered to the board "
                                     "or is no memory at all."),
                                 N_ ("Flash it over USB, or choose a storage that begins with "
                                     "“mmc”.") },
  [FLASH_CARD_ERROR_EMPTY] = { "card-empty", N_ ("The layout puts nothing on this storage."),
                               N_ ("Choose a storage that the layout writes to.") },
  [FLASH_CARD_ERROR_BAD_LAYOUT] = { "card-bad-layout",
                                    N_ ("The board would refuse this layout, so there is no card "
                                        "to be like."),
                                    N_ ("Correct the errors of the layout first.") },
  [FLASH_CARD_ERROR_PARTIAL_UPDATE] = { "card-partial-update",
                                        N_ ("The layout updates a part of the card and relies on "
                                            "what is on it already. An image "
                                            "needs all of it."),
                                        N_ ("Select every row of this storage: write P where the "
                                            "option is “-”.") },
  [FLASH_CARD_ERROR_BAD_SIZE] = { "card-bad-size", N_ ("This is no size that a card can have."),
                                  N_ ("Take a multiple of 512 bytes, up to 2 TiB.") },
  [FLASH_CARD_ERROR_TOO_SMALL] = { "card-too-small",
                                   N_ ("What the layout puts on the card does not fit into that "
                                       "size."),
                                   N_ ("Take a larger size, or leave it out to get the smallest "
                                       "that holds everything.") },
  [FLASH_CARD_ERROR_TOO_LARGE] = { "card-file-too-large",
                                   N_ ("A file is larger than its partition."),
                                   N_ ("Move the next partition to a higher offset, or make the "
                                       "file smaller.") },
  [FLASH_CARD_ERROR_BAD_NAME] = { "card-bad-name",
                                  N_ ("A partition has a name that the board cannot put into a "
                                      "table."),
                                  N_ ("Use letters, digits, “.”, “_” and “-” only.") },
  [FLASH_CARD_ERROR_TABLE] = { "card-table-failed", N_ ("The partition table could not be made."),
                               N_ ("Check the offsets and the number of partitions.") },
  [FLASH_CARD_ERROR_UNREADABLE] = { "card-file-unreadable",
                                    N_ ("A file of the layout cannot be read."),
                                    N_ ("Check that it is there and that you may read it.") },
  [FLASH_CARD_ERROR_CHANGED] = { "card-file-changed",
                                 N_ ("A file of the layout was written to while the image was "
                                     "made. The image would have been "
                                     "a mixture of both."),
                                 N_ ("Wait until the build is done, then try again.") },
  [FLASH_CARD_ERROR_EXISTS] = { "card-exists", N_ ("There is a file by that name already."),
                                N_ ("Choose another name, or allow it to be replaced.") },
  [FLASH_CARD_ERROR_IS_INPUT] = { "card-is-input",
                                  N_ ("The image would replace a file that it is made of."),
                                  N_ ("Choose another name.") },
  [FLASH_CARD_ERROR_NOT_A_FILE] = { "card-not-a-file",
                                    N_ ("There is something by that name that is no file."),
                                    N_ ("Choose the name of a file.") },
  [FLASH_CARD_ERROR_NO_SPACE] = { "card-no-space",
                                  N_ ("There is not enough room for the image on the disk."),
                                  N_ ("Free some room, choose another folder, or compress the "
                                      "image.") },
  [FLASH_CARD_ERROR_NOT_WRITABLE] = { "card-not-writable",
                                      N_ ("The image cannot be written there."),
                                      N_ ("Choose a folder that exists and that you may write "
                                          "to.") },
  [FLASH_CARD_ERROR_COMPRESSION] = { "card-compression-failed",
                                     N_ ("The image could not be compressed."),
                                     N_ ("Try another kind of compression, or none.") },
  [FLASH_CARD_ERROR_OTHER_IMAGE] = { "card-other-image",
                                     N_ ("There is an uncompressed image by that name already, and "
                                         "both would have the same block map."),
                                     N_ ("Choose another name, or remove the uncompressed image "
                                         "first.") },
};

GQuark
flash_card_error_quark (void)
{
  return g_quark_from_static_string ("flash-card-error-quark");
}

const char *
flash_card_error_get_name (FlashCardError code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (words), NULL);

  return words[code].name;
}

const char *
flash_card_error_get_cause (FlashCardError code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (words), NULL);

  return words[code].cause;
}

const char *
flash_card_error_get_remedy (FlashCardError code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (words), NULL);

  return words[code].remedy;
}
