/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is private: what was said to be, and what the report itself gives away. For use inside this
 * room. Thread: any one at a time. */
#pragma once

#include "flash-report-private.h"

G_BEGIN_DECLS

typedef enum {
  FLASH_REPORT_KIND_HOME,
  FLASH_REPORT_KIND_USER,
  FLASH_REPORT_KIND_USER_WORD, /* a word of its own, so it is a name only in certain places */
  FLASH_REPORT_KIND_HOST,
  FLASH_REPORT_KIND_HOST_WORD, /* the same */
  FLASH_REPORT_KIND_SERIAL,
} FlashReportKind;

FlashReportKind flash_report_secrets_get_kind (const FlashReportSecret *secret);

/* Returns: whether @text is a word that names nobody, and without which a report says nothing. */
gboolean flash_report_secrets_is_common (const char *text);

/* Returns: whether @secret has to go. */
gboolean
flash_report_secrets_is_wanted (const FlashReportSecret *secret, const FlashReportPrivacy *privacy);

/* Returns: (transfer full) (element-type FlashReportSecret): an empty list. */
GPtrArray *flash_report_secrets_new (void);
void flash_report_secrets_add (GPtrArray *secrets, const char *kind, const char *text);

/**
 * flash_report_secrets_learn:
 *
 * Returns: (transfer full) (element-type FlashReportSecret): the secrets of @self; the parts of a
 *   computer's name with a domain, and the domain if the report has it; serial numbers that are
 *   known by what stands before them
 */
GPtrArray *flash_report_secrets_learn (FlashReport *self);

G_END_DECLS
