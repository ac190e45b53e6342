/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libarchive turns names into the charset of the locale, and loses those that it cannot turn. With
 * the locale of a script or a container, which is C, these would be all that are not ASCII; and
 * what it writes would depend on it. For use inside this room. Thread: the one that entered. */
#pragma once

#include <glib.h>
#include <locale.h>

G_BEGIN_DECLS

/**
 * FlashReportLocale:
 * @text: UTF-8, 0 if this system has no such locale
 * @old: the thread's own
 */
typedef struct {
  locale_t text;
  locale_t old;
} FlashReportLocale;

static inline void
flash_report_locale_enter (FlashReportLocale *self)
{
  self->old = (locale_t) 0;
  self->text = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
  if (self->text != (locale_t) 0)
    self->old = uselocale (self->text);
}

static inline void
flash_report_locale_leave (FlashReportLocale *self)
{
  if (self->text == (locale_t) 0)
    return;
  uselocale (self->old);
  freelocale (self->text);
}

G_END_DECLS
