/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-item"

#include "config.h"

#include "flash-report-item.h"

struct _FlashReportItem {
  GObject parent_instance;

  FlashReport *report; /* (owned) */
  const FlashReportMoment *moment; /* (transfer none): the report's */
};

G_DEFINE_FINAL_TYPE (FlashReportItem, flash_report_item, G_TYPE_OBJECT)

static void
flash_report_item_finalize (GObject *object)
{
  flash_report_unref (FLASH_REPORT_ITEM (object)->report);

  G_OBJECT_CLASS (flash_report_item_parent_class)->finalize (object);
}

static void
flash_report_item_class_init (FlashReportItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_report_item_finalize;
}

static void
flash_report_item_init (FlashReportItem *self)
{
}

FlashReportItem *
flash_report_item_new (FlashReport *report, const FlashReportMoment *moment)
{
  FlashReportItem *self;

  g_return_val_if_fail (report != NULL && moment != NULL, NULL);

  self = g_object_new (FLASH_TYPE_REPORT_ITEM, NULL);
  self->report = flash_report_ref (report);
  self->moment = moment;
  return self;
}

const FlashReportMoment *
flash_report_item_get_moment (FlashReportItem *self)
{
  g_return_val_if_fail (FLASH_IS_REPORT_ITEM (self), NULL);

  return self->moment;
}
