/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board that is away: what is waited for, what its port shows and since when, how long still,
 * what it means, and what can be done. It shows itself when there is something to show. Thread:
 * main. */
#pragma once

#include "flash-job-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_HANDOVER_VIEW (flash_handover_view_get_type ())
G_DECLARE_FINAL_TYPE (FlashHandoverView, flash_handover_view, FLASH, HANDOVER_VIEW, AdwBin)

/**
 * flash_handover_view_set_model:
 * @model: (nullable): the job, which the view follows, with its doctor
 */
void flash_handover_view_set_model (FlashHandoverView *self, FlashJobModel *model);

/* Lets people change how long boards are waited for. */
void flash_handover_view_bind_settings (FlashHandoverView *self, GSettings *settings);

G_END_DECLS
