/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the window share; functions for use among them begin with an underscore.
 * Thread: main. */
#pragma once

#include "flash-board-pane.h"
#include "flash-bundle-bar.h"
#include "flash-bundle-opener.h"
#include "flash-bundle-words.h"
#include "flash-doctor.h"
#include "flash-editor.h"
#include "flash-firmware-model.h"
#include "flash-firmware-page.h"
#include "flash-job-page.h"
#include "flash-layout-page.h"
#include "flash-loader.h"
#include "flash-notice-bar.h"
#include "flash-result-page.h"
#include "flash-window.h"

G_BEGIN_DECLS

/**
 * FlashMcuOnce:
 * What the user has said for one job, and no further one.
 *
 * @shared: what to do about other data in shared sectors; %FLASH_MCU_SHARED_ASK: as is wished
 * @block_size: 0, or a smaller block than the board's own, in bytes
 * @was_other_port_tried: it is the same on another port
 */
typedef struct {
  FlashMcuShared shared;
  gsize block_size;
  gboolean was_other_port_tried;
} FlashMcuOnce;

struct _FlashWindow {
  AdwApplicationWindow parent_instance;

  FlashApplication *application; /* (transfer none): outlives its windows */
  FlashBoardEntry *entry; /* (owned) (nullable): the chosen board */
  AdwToast *toast; /* (weak) (nullable): what is said in passing now */

  /* flash-window-open.c */
  GCancellable *loading; /* (owned) (nullable): while a layout is being read */
  GCancellable *choosing; /* (owned) (nullable): until the dialog is shown */
  GtkNativeDialog *chooser; /* (owned) (nullable): while it is shown */
  gboolean chooses_place; /* it is about saving */
  gboolean chooses_folder; /* it is about a folder to be opened */

  /* flash-window-files.c */
  GCancellable *listing; /* (owned) (nullable): while recent files are looked for */
  gboolean lists_again; /* the list has changed meanwhile */

  /* flash-window-edit.c */
  FlashEditor *editor; /* (owned) (nullable): the open layout */
  FlashEditor *next; /* (owned) (nullable): comes in its place, once it is checked and allowed */
  char *next_toast; /* (owned) (nullable): what is said then */
  FlashEditor *aside; /* (owned) (nullable): what was open before, until it is sure */
  guint slow_source; /* until it is said that the check takes long */
  gboolean is_slow;

  /* flash-window-firmware.c */
  FlashFirmwareModel *firmware; /* (owned) (nullable): the open firmware; no layout is open then */
  FlashFirmwareModel *next_firmware; /* (owned) (nullable): comes in the place of what is open */
  char *reading_name; /* (owned) (nullable): of the file that is being read */
  FlashMcuOnce once; /* for the job that is being prepared */

  /* flash-window-save.c */
  GCancellable *saving; /* (owned) (nullable) */
  char *saving_path; /* (owned) (nullable) (type filename): where to, if it was chosen */
  GtkWindow *leave_question; /* (weak) (nullable): what to do about unsaved changes */
  gboolean leaves; /* whatever is not saved is to be lost */
  gboolean leaves_after_saving;
  gboolean keeps_session; /* since something is not saved */
  guint unsaved_cookie;

  /* flash-window-rescue.c */
  GPtrArray *rescues; /* (owned) (element-type FlashLayoutRescue): still to be offered */

  /* flash-window-bundle.c */
  FlashBundleWatch *watch; /* (owned) (nullable): while a folder or an archive is being opened */
  char *opening_path; /* (owned) (nullable) (type filename): what was asked for last */
  gboolean is_unpacking;
  guint opening_source; /* until the bar is brought up to date */
  gboolean is_late; /* it was not over at once */
  gboolean is_long; /* so long that it should be said */
  FlashBundleOpened *opened; /* (owned) (nullable): of the layout that is being read */
  FlashBundle *offered; /* (owned) (nullable): of which one is to be chosen */
  GtkWindow *bundle_dialog; /* (weak) (nullable): while it is */
  FlashBundleFault bundle_fault; /* why none was opened; without a cause if one was */

  /* flash-window-drop.c */
  GCancellable *looking; /* (owned) (nullable): while it is found out what hovers */

  /* flash-window-job.c */
  GCancellable *preparing; /* (owned) (nullable): from the button to the start of the job */
  FlashLoaded *preparing_loaded; /* (owned) (nullable): what the user saw then */
  gboolean was_changed; /* the file was another one when the job was to begin */
  gboolean may_erase; /* the user has agreed that whole storages are written */
  FlashBoardEntry *preparing_entry; /* (owned) (nullable) */
  FlashBoardEntry *asked_entry; /* (owned) (nullable): the board that the last question named */
  gulong preparing_id; /* handler of its changes, while it is switched off and on */
  FlashJobModel *job_model; /* (owned) (nullable): the running job, or the last one */
  guint inhibit_cookie;
  gboolean closes_after_job;
  GtkWindow *question; /* (weak) (nullable): an open question about the job */

  /* flash-window-notify.c */
  char *notified; /* (owned) (nullable): what the notification says that there is */
  FlashJobQuestion told_question; /* of the job, that it says is waiting */

  /* flash-window-background.c */
  gboolean asks_when_shown; /* the job ended while the window was hidden */

  /* flash-window-doctor.c */
  FlashDoctor *doctor; /* (owned) (nullable): of the chosen board; a running job keeps its own */
  FlashBoardEntry *doctor_entry; /* (owned) (nullable): whose */
  FlashBoard *doctor_board; /* (owned) (nullable): what it was told last */
  FlashLoaded *doctor_loaded; /* (owned) (nullable): the same */
  GCancellable *planning; /* (owned) (nullable): while the plan is being made for it */

  /* flash-window-support.c */
  GCancellable *reporting; /* (owned) (nullable): while checksums are made for a report */
  guint reporting_source; /* until it is said that it takes time */

  /* flash-window-revive.c */
  GtkWindow *revive_window; /* (weak) (nullable): while it is shown */

  /* flash-window-card.c */
  GtkWindow *card_dialog; /* (weak) (nullable): about a card, while it is shown */

  FlashBoardPane *board_pane;
  FlashBundleBar *bundle_bar;
  FlashNoticeBar *disk_bar;
  GtkWidget *drop_box;
  GtkImage *drop_icon;
  GtkLabel *drop_label;
  AdwFlap *flap;
  FlashJobPage *job_page; /* (nullable): weak, as are the other pages that are made when needed */
  FlashFirmwarePage *firmware_page; /* (nullable) */
  FlashLayoutPage *layout_page; /* (nullable) */
  GtkWidget *open_button;
  GMenuModel *main_menu;
  GtkMenuButton *menu_button;
  GtkLabel *prepare_label;
  GtkWidget *recent_box;
  GtkListBox *recent_list;
  GtkWidget *redo_button;
  FlashNoticeBar *portal_bar;
  FlashNoticeBar *rescue_bar;
  FlashResultPage *result_page; /* (nullable) */
  GtkWidget *save_button;
  GtkSpinner *spinner;
  GtkStack *stack;
  AdwWindowTitle *title;
  AdwToastOverlay *toasts;
  GtkWidget *undo_button;
  AdwStatusPage *welcome_page;
};

/* The pages of the stack. */
#define FLASH_PAGE_WELCOME "welcome"
#define FLASH_PAGE_LAYOUT "layout"
#define FLASH_PAGE_FIRMWARE "firmware"
#define FLASH_PAGE_PREPARE "prepare"
#define FLASH_PAGE_JOB "job"
#define FLASH_PAGE_RESULT "result"

/* Shows one of the pages above. */
void _flash_window_show_page (FlashWindow *self, const char *page);
/* flash-window-pages.c: makes the page of that name, unless it is there. */
void _flash_window_need_page (FlashWindow *self, const char *page);
/* Forgets the pages, which go with the template. */
void _flash_window_drop_pages (FlashWindow *self);
/* Returns: whether that page is shown. */
gboolean _flash_window_is_page (FlashWindow *self, const char *page);
/* Shows the page of what is open: firmware or a layout. */
void _flash_window_show_document (FlashWindow *self);
/* Returns: whether that page is shown. */
gboolean _flash_window_is_document (FlashWindow *self);
/* Returns: (transfer full): the name of what is open. */
char *_flash_window_dup_title (FlashWindow *self);
/* Says something in passing; @text is plain. */
void _flash_window_toast (FlashWindow *self, const char *text);
/* The same with a button; @action is of the window. */
void _flash_window_toast_verb (FlashWindow *self, const char *text, const char *label,
                               const char *action);
/* Brings actions, title and the bar of the layout page up to date with everything else. */
void _flash_window_update (FlashWindow *self);

/* Says what stands in the way of a job, or what to know before it.
 *
 * Returns: whether it must not be started */
gboolean _flash_window_update_note (FlashWindow *self);

/* A layout is checked for the chip of the chosen board: checks again if that is another one. */
void _flash_window_check_for_board (FlashWindow *self);

/* Installs the verbs of the window. */
void _flash_window_install_actions (GtkWidgetClass *widget_class);
/* Lets layouts be dropped on the whole window. */
void _flash_window_add_drop_target (FlashWindow *self);

/* Lets the user choose a layout, an archive or firmware. */
void _flash_window_choose_layout (FlashWindow *self);
/* Lets the user choose the folder of a build. */
void _flash_window_choose_folder (FlashWindow *self);
/* Opens what @path names: a layout, a folder or an archive with some, or firmware. */
void _flash_window_open_path (FlashWindow *self, const char *path);
/* The same, even if another window has it.
 *
 * Returns: whether that has begun */
gboolean _flash_window_open_here (FlashWindow *self, const char *path);
/* Whatever was being opened is no longer wanted; says so if nothing can be opened now.
 *
 * Returns: whether something else can be opened */
gboolean _flash_window_begin_loading (FlashWindow *self);
/* Goes on with reading the layout at @path. */
void _flash_window_read_path (FlashWindow *self, const char *path);
/* Puts an open layout among those that were opened lately. */
void _flash_window_remember (FlashWindow *self, const char *path);
/* Ends everything that has to do with files. */
void _flash_window_stop_loading (FlashWindow *self);
/* Returns: (transfer none) (nullable): another window that has the file at @path. */
FlashWindow *_flash_window_find_other (FlashWindow *self, const char *path);
/* Lists what was opened lately, from now on. */
void _flash_window_watch_recent (FlashWindow *self);
/* Forgets what was opened lately. */
void _flash_window_clear_recent (FlashWindow *self);
void _flash_window_stop_listing (FlashWindow *self);

/* Looks whether @path is a folder, an archive or firmware, and opens it, or else reads it as a
 * layout. */
void _flash_window_open_bundle (FlashWindow *self, const char *path);
/* Whatever is being opened is no longer wanted. */
void _flash_window_cancel_opening (FlashWindow *self);
/* Lets the user choose another layout of the same folder or archive. */
void _flash_window_choose_other (FlashWindow *self);
/* Hides what is said about it. */
void _flash_window_dismiss_bundle (FlashWindow *self);
/* An editor of what was just unpacked, or of the same layout as another, keeps it. */
void _flash_window_adopt_bundle (FlashWindow *self, FlashEditor *editor);
/* Returns: (transfer none) (nullable) (type filename): what the user has opened: the layout, or the
 * folder or archive that it comes from; %NULL for what will not stay. */
const char *_flash_window_get_origin (FlashEditor *editor);
/* Brings the bar about folder and archive up to date. */
void _flash_window_update_bundle (FlashWindow *self);
/* Says so, where only the layout can be seen, and not the files that it names. */
void _flash_window_update_portal (FlashWindow *self);
/* Ends everything that has to do with folders and archives. */
void _flash_window_stop_bundle (FlashWindow *self);

/**
 * _flash_window_await_editor:
 * @editor: (transfer none): what comes in the place of what is open
 * @toast: (nullable): what is said when it is there
 *
 * It is shown as soon as it was checked for the first time. If there are unsaved changes in what is
 * open, the user is asked then.
 */
void _flash_window_await_editor (FlashWindow *self, FlashEditor *editor, const char *toast);
/* Shows the editor that was awaited; nothing is asked any more. */
void _flash_window_take_next (FlashWindow *self);
/* What was awaited is no longer wanted. */
void _flash_window_forget_next (FlashWindow *self);
/* Lets go of all editors. */
void _flash_window_drop_editor (FlashWindow *self);
/* The cell that is being edited is taken as it is now. */
void _flash_window_end_editing (FlashWindow *self);
/* Brings undo, redo and save up to date. */
void _flash_window_update_editing (FlashWindow *self);
/* Looks whether another program has changed the layout, and asks what to do about it. */
void _flash_window_update_disk (FlashWindow *self);
/* Goes on with the file as the other program has made it; what was open is put aside. */
void _flash_window_load_other (FlashWindow *self);
/* Shows again what was put aside. */
void _flash_window_bring_back (FlashWindow *self);
/* Returns: whether the files are being checked, so long that it should be said. */
gboolean _flash_window_is_checking (FlashWindow *self);

/* Reads the firmware at @path; it comes in the place of what is open. */
void _flash_window_read_firmware (FlashWindow *self, const char *path);
/* Shows the firmware that was read; nothing is asked any more. */
void _flash_window_take_firmware (FlashWindow *self);
/* Lets go of open firmware. */
void _flash_window_drop_firmware (FlashWindow *self);
/* Firmware is planned for the chip of the chosen board. */
void _flash_window_plan_for_board (FlashWindow *self);
/* Goes on with a job on the board for which everything is prepared, once the file is known to be
 * what is shown. */
void _flash_window_check_firmware (FlashWindow *self);
/* A job on a microcontroller is over: asks what it could not decide. */
void _flash_window_ask_shared (FlashWindow *self);
/* The verbs that a diagnosis proposes. */
void _flash_window_flash_slower (FlashWindow *self);
void _flash_window_flash_without (FlashWindow *self);
/* Asks whether the board refuses to be read on another port too, and tries again then. */
void _flash_window_ask_port (FlashWindow *self);

/* Saves, or asks where to. */
void _flash_window_save (FlashWindow *self);
void _flash_window_save_as (FlashWindow *self);
/* Saves over whatever is there, or is no longer there. */
void _flash_window_save_again (FlashWindow *self);
/* @file: (nullable): the place that was chosen, %NULL if none was */
void _flash_window_save_to (FlashWindow *self, GFile *file);
/* Returns: whether nothing unsaved would be lost now. If not, asks; after the answer the window is
 * closed or the next layout shown. */
gboolean _flash_window_may_leave (FlashWindow *self);
void _flash_window_stop_saving (FlashWindow *self);
/* The session is kept from ending as long as something is not saved. */
void _flash_window_update_unsaved (FlashWindow *self);

/* The verbs of the rescue that is offered. */
void _flash_window_restore (FlashWindow *self);
void _flash_window_discard_rescue (FlashWindow *self);

/* Returns: whether a job runs, or is about to. */
gboolean _flash_window_is_busy (FlashWindow *self);
/* Starts a job on the board for which everything is prepared. */
void _flash_window_start_job (FlashWindow *self, FlashJob *job);
/* Goes back to what is open; @reason: (nullable): says why. */
void _flash_window_give_up_preparing (FlashWindow *self, const char *reason);
/* Returns: whether the end of a job is told through the desktop; @is_active: its window is;
 * @duration_us: how long the job took. */
gboolean _flash_window_wants_notice (gboolean is_active, gboolean is_hidden, gint64 duration_us);
/* The job is over, or asks something: tells it where nobody looks. */
void _flash_window_notify_finished (FlashWindow *self);
void _flash_window_notify_question (FlashWindow *self);
/* More may be known of a failure than the notification says. */
void _flash_window_renew_notification (FlashWindow *self);
/* The window was looked at. */
void _flash_window_withdraw_notification (FlashWindow *self);
/* An open question about the job, in place of the one before. */
void _flash_window_set_question (FlashWindow *self, GtkWindow *question);
/* Flashes the chosen board; asks first if that loses more than the layout shows. */
void _flash_window_flash (FlashWindow *self);
/* Flashes the board of the last job again, if it is still the chosen one. */
void _flash_window_flash_again (FlashWindow *self);
/* Stops the job; asks first. */
void _flash_window_ask_stop (FlashWindow *self);
/* Returns: (transfer none): what stopping means, which depends on the board. */
const char *_flash_window_get_stop_text (FlashWindow *self);
/* Returns: whether the window may be closed now. If not, asks whether to stop the job or to go on
 * without a window. */
gboolean _flash_window_may_close (FlashWindow *self);
/* The window is shown again after it was hidden. */
void _flash_window_come_back (FlashWindow *self);
/* The next window begins as this one is now. */
void _flash_window_save_state (FlashWindow *self);
/* Shows the dialogs about cards. */
void _flash_window_save_image (FlashWindow *self);
void _flash_window_write_card (FlashWindow *self);
/* Returns: whether no card is being written. If one is, it is asked whether to stop that. */
gboolean _flash_window_may_leave_card (FlashWindow *self);
/* Brings the actions about cards up to date. */
void _flash_window_update_card (FlashWindow *self);

/* Installs the verbs about the memories of a microcontroller, and brings them up to date. */
void _flash_window_install_memory_actions (GtkWidgetClass *widget_class);
void _flash_window_update_memory (FlashWindow *self);
/* Returns: whether nothing is being done in one of their dialogs that would suffer. If something
 * is, it is asked to stop, where it can be. */
gboolean _flash_window_may_leave_memory (FlashWindow *self);

/* The doctor looks after the chosen board and what is open from now on. */
void _flash_window_update_doctor (FlashWindow *self);
/* The doctor follows the job that is about to start. */
void _flash_window_follow_job (FlashWindow *self, FlashJob *job);
/* Installs the verbs about virtual machines and warnings. */
void _flash_window_install_doctor_actions (GtkWidgetClass *widget_class);
/* Returns: (transfer full) (element-type FlashAdvice): what to know before the chosen board is
 * flashed, and does not stand in the way; the worst first. */
GPtrArray *_flash_window_list_warnings (FlashWindow *self);
/* Lets go of the doctor. */
void _flash_window_drop_doctor (FlashWindow *self);
/* Gives up the report that is being made. */
void _flash_window_drop_report (FlashWindow *self);

/* Installs the verbs about access, help and reports. */
void _flash_window_install_support_actions (GtkWidgetClass *widget_class);
/* Shows a page of the help. */
void _flash_window_show_help (FlashWindow *self, const char *page);
/* Opens a support bundle that somebody has sent. */
void _flash_window_open_report (FlashWindow *self, const char *path);

/* Installs the verbs about reviving boards. */
void _flash_window_install_revive_actions (GtkWidgetClass *widget_class);
/* Brings them up to date. */
void _flash_window_update_revive (FlashWindow *self);
/* Returns: whether no board is being revived. If one is, it is asked whether to stop that. */
gboolean _flash_window_may_leave_revive (FlashWindow *self);
/* Opens a repair file: what support has made for a customer. */
void _flash_window_open_repair (FlashWindow *self, const char *path);

/* Lets go of the job. */
void _flash_window_drop_job (FlashWindow *self);

G_END_DECLS
