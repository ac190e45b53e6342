/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the window share; functions for use among them begin with an underscore.
 * Thread: main. */
#pragma once

#include "flash-board-pane.h"
#include "flash-job-page.h"
#include "flash-layout-page.h"
#include "flash-loader.h"
#include "flash-result-page.h"
#include "flash-window.h"

G_BEGIN_DECLS

struct _FlashWindow {
  AdwApplicationWindow parent_instance;

  FlashApplication *application; /* (transfer none): outlives its windows */
  FlashBoardEntry *entry; /* (owned) (nullable): the chosen board */
  AdwToast *toast; /* (weak) (nullable): what is said in passing now */

  /* flash-window-open.c */
  FlashLoaded *loaded; /* (owned) (nullable): the open layout */
  GCancellable *loading; /* (owned) (nullable): while a layout is being read */
  char *loading_path; /* (owned) (nullable) (type filename) */
  GCancellable *choosing; /* (owned) (nullable): until the dialog is shown */
  GtkNativeDialog *chooser; /* (owned) (nullable): while it is shown */

  /* flash-window-drop.c */
  GCancellable *looking; /* (owned) (nullable): while it is found out what hovers */

  /* flash-window-job.c */
  GCancellable *preparing; /* (owned) (nullable): from the button to the start of the job */
  FlashBoardEntry *preparing_entry; /* (owned) (nullable) */
  gulong preparing_id; /* handler of its changes, while it is switched off and on */
  FlashJobModel *job_model; /* (owned) (nullable): the running job, or the last one */
  guint inhibit_cookie;
  gboolean closes_after_job;
  GtkWindow *question; /* (weak) (nullable): an open question about the job */

  FlashBoardPane *board_pane;
  GtkWidget *drop_box;
  GtkImage *drop_icon;
  GtkLabel *drop_label;
  AdwFlap *flap;
  FlashJobPage *job_page;
  FlashLayoutPage *layout_page;
  GtkWidget *open_button;
  GtkLabel *prepare_label;
  GtkWidget *recent_box;
  GtkListBox *recent_list;
  FlashResultPage *result_page;
  GtkSpinner *spinner;
  GtkStack *stack;
  AdwWindowTitle *title;
  AdwToastOverlay *toasts;
  AdwStatusPage *welcome_page;
};

/* The pages of the stack. */
#define FLASH_PAGE_WELCOME "welcome"
#define FLASH_PAGE_LAYOUT "layout"
#define FLASH_PAGE_PREPARE "prepare"
#define FLASH_PAGE_JOB "job"
#define FLASH_PAGE_RESULT "result"

/* Shows one of the pages above. */
void _flash_window_show_page (FlashWindow *self, const char *page);
/* Returns: whether that page is shown. */
gboolean _flash_window_is_page (FlashWindow *self, const char *page);
/* Says something in passing; @text is plain. */
void _flash_window_toast (FlashWindow *self, const char *text);
/* Brings actions, title and the bar of the layout page up to date with everything else. */
void _flash_window_update (FlashWindow *self);

/* A layout is checked for the chip of the chosen board: reads it again if that is another one. */
void _flash_window_check_for_board (FlashWindow *self);

/* Installs the verbs of the window. */
void _flash_window_install_actions (GtkWidgetClass *widget_class);
/* Lets layouts be dropped on the whole window. */
void _flash_window_add_drop_target (FlashWindow *self);

/* Lets the user choose a layout. */
void _flash_window_choose_layout (FlashWindow *self);
/* Opens what @path names: a layout, or a folder with one. */
void _flash_window_open_path (FlashWindow *self, const char *path);
/* Reads the open layout again, for the chosen board. */
void _flash_window_reload (FlashWindow *self);
/* Ends everything that has to do with files. */
void _flash_window_stop_loading (FlashWindow *self);
/* Lists the layouts that were opened lately. */
void _flash_window_update_recent (FlashWindow *self);

/* Returns: whether a job runs, or is about to. */
gboolean _flash_window_is_busy (FlashWindow *self);
/* Flashes the chosen board; asks first if that loses more than the layout shows. */
void _flash_window_flash (FlashWindow *self);
/* Flashes the board of the last job again, if it is still the chosen one. */
void _flash_window_flash_again (FlashWindow *self);
/* Stops the job; asks first. */
void _flash_window_ask_stop (FlashWindow *self);
/* Returns: whether the window may be closed now. If not, asks whether to stop the job and then
 * close it. */
gboolean _flash_window_may_close (FlashWindow *self);
/* Lets go of the job. */
void _flash_window_drop_job (FlashWindow *self);

G_END_DECLS
