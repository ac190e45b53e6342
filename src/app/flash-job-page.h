/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running job: what goes on, the stages of the board, the steps that tick off. Thread: main. */
#pragma once

#include "flash-application.h"
#include "flash-job-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_JOB_PAGE (flash_job_page_get_type ())
G_DECLARE_FINAL_TYPE (FlashJobPage, flash_job_page, FLASH, JOB_PAGE, AdwBin)

/**
 * flash_job_page_set_model:
 * @model: (nullable): the job, which the page follows
 */
void flash_job_page_set_model (FlashJobPage *self, FlashJobModel *model);

/* Gives it the settings, and the computer whose serial ports are looked at; once, before all else.
 */
void flash_job_page_set_application (FlashJobPage *self, FlashApplication *application);

/* Gives the keyboard to the page. */
void flash_job_page_focus (FlashJobPage *self);

G_END_DECLS
