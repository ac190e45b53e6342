/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every template can be made, holds what its class expects, and goes away again. */
#define G_LOG_DOMAIN "test-templates"

#include "config.h"

#include "flash-access-dialog.h"
#include "flash-advice-box.h"
#include "flash-app-test.h"
#include "flash-board-pane.h"
#include "flash-board-row.h"
#include "flash-bundle-bar.h"
#include "flash-bundle-dialog.h"
#include "flash-card-dialog.h"
#include "flash-console-pane.h"
#include "flash-drive-chooser.h"
#include "flash-erase-dialog.h"
#include "flash-firmware-form.h"
#include "flash-firmware-lists.h"
#include "flash-firmware-page.h"
#include "flash-firmware-view.h"
#include "flash-handover-view.h"
#include "flash-help-window.h"
#include "flash-image-dialog.h"
#include "flash-job-page.h"
#include "flash-layout-page.h"
#include "flash-layout-table.h"
#include "flash-log-window.h"
#include "flash-memory-window.h"
#include "flash-neighbour-row.h"
#include "flash-new-dialog.h"
#include "flash-note-bar.h"
#include "flash-notice-bar.h"
#include "flash-options-dialog.h"
#include "flash-options-field.h"
#include "flash-preferences-window.h"
#include "flash-problem-panel.h"
#include "flash-problem-row.h"
#include "flash-repair-dialog.h"
#include "flash-repair-window.h"
#include "flash-report-dialog.h"
#include "flash-report-view.h"
#include "flash-report-window.h"
#include "flash-result-page.h"
#include "flash-revive-chooser.h"
#include "flash-revive-guide.h"
#include "flash-revive-progress.h"
#include "flash-revive-window.h"
#include "flash-row-form.h"
#include "flash-side-view.h"
#include "flash-step-row.h"
#include "flash-storage-size.h"
#include "flash-storage-view.h"
#include "flash-unprotect-dialog.h"
#include "flash-vm-dialog.h"

typedef struct {
  const char *path;
  GType (*get_type) (void);
} Template;

static void
test_template (gconstpointer data)
{
  const Template *template = data;
  GtkWidget *widget = g_object_ref_sink (g_object_new (template->get_type (), NULL));

  g_assert_nonnull (gtk_widget_get_first_child (widget));
  if (GTK_IS_WINDOW (widget))
    gtk_window_destroy (GTK_WINDOW (widget));
  g_assert_finalize_object (widget);
}

/* The window is the one that needs its application. */
static void
test_window (void)
{
  gpointer window = flash_window_new (flash_app_test.application);

  g_object_add_weak_pointer (window, &window);
  gtk_window_destroy (window);
  flash_ui_wait_until (window == NULL);
}

static void
test_help_overlay (void)
{
  FlashWindow *window = flash_window_new (flash_app_test.application);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.show-help-overlay", NULL));
  g_assert_nonnull (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Made by the tests above, with its application; and by its heirs. */
static gboolean
is_made_otherwise (GType type)
{
  return type == FLASH_TYPE_WINDOW || G_TYPE_IS_ABSTRACT (type);
}

/* Nothing in the resources that no class asks for, or no test makes. */
static void
test_resources (gconstpointer data)
{
  const Template *templates = data;
  g_auto (GStrv) names = g_resources_enumerate_children ("/io/github/flashwright/Flashwright",
                                                         G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert_nonnull (names);
  for (guint i = 0; names[i] != NULL; i++) {
    g_autoptr (GString) type_name = g_string_new (NULL);
    gboolean is_made;
    GType type;

    if (!g_str_has_suffix (names[i], ".ui"))
      continue;
    for (const char *at = names[i]; *at != '.'; at++)
      if (*at != '-')
        g_string_append_c (type_name,
                           at == names[i] || at[-1] == '-' ? g_ascii_toupper (*at) : *at);
    g_test_message ("%s", type_name->str);
    type = g_type_from_name (type_name->str);
    g_assert_cmpuint (type, !=, G_TYPE_INVALID);
    is_made = is_made_otherwise (type);
    for (const Template *template = templates; template->path != NULL; template ++)
      is_made |= template->get_type () == type;
    g_assert_true (is_made);
  }
}

/* Each is made, and dies. */
static const Template templates[] = {
  { "/templates/access-dialog", flash_access_dialog_get_type },
  { "/templates/advice-box", flash_advice_box_get_type },
  { "/templates/board-pane", flash_board_pane_get_type },
  { "/templates/board-row", flash_board_row_get_type },
  { "/templates/bundle-bar", flash_bundle_bar_get_type },
  { "/templates/bundle-dialog", flash_bundle_dialog_get_type },
  { "/templates/card-dialog", flash_card_dialog_get_type },
  { "/templates/console-pane", flash_console_pane_get_type },
  { "/templates/drive-chooser", flash_drive_chooser_get_type },
  { "/templates/erase-dialog", flash_erase_dialog_get_type },
  { "/templates/firmware-form", flash_firmware_form_get_type },
  { "/templates/firmware-lists", flash_firmware_lists_get_type },
  { "/templates/firmware-page", flash_firmware_page_get_type },
  { "/templates/firmware-view", flash_firmware_view_get_type },
  { "/templates/handover-view", flash_handover_view_get_type },
  { "/templates/help-window", flash_help_window_get_type },
  { "/templates/image-dialog", flash_image_dialog_get_type },
  { "/templates/job-page", flash_job_page_get_type },
  { "/templates/layout-page", flash_layout_page_get_type },
  { "/templates/layout-table", flash_layout_table_get_type },
  { "/templates/log-window", flash_log_window_get_type },
  { "/templates/memory-window", flash_memory_window_get_type },
  { "/templates/neighbour-row", flash_neighbour_row_get_type },
  { "/templates/new-dialog", flash_new_dialog_get_type },
  { "/templates/note-bar", flash_note_bar_get_type },
  { "/templates/notice-bar", flash_notice_bar_get_type },
  { "/templates/options-dialog", flash_options_dialog_get_type },
  { "/templates/options-field", flash_options_field_get_type },
  { "/templates/preferences-window", flash_preferences_window_get_type },
  { "/templates/problem-panel", flash_problem_panel_get_type },
  { "/templates/problem-row", flash_problem_row_get_type },
  { "/templates/repair-dialog", flash_repair_dialog_get_type },
  { "/templates/repair-window", flash_repair_window_get_type },
  { "/templates/report-dialog", flash_report_dialog_get_type },
  { "/templates/report-view", flash_report_view_get_type },
  { "/templates/report-window", flash_report_window_get_type },
  { "/templates/result-page", flash_result_page_get_type },
  { "/templates/revive-chooser", flash_revive_chooser_get_type },
  { "/templates/revive-guide", flash_revive_guide_get_type },
  { "/templates/revive-progress", flash_revive_progress_get_type },
  { "/templates/revive-window", flash_revive_window_get_type },
  { "/templates/row-form", flash_row_form_get_type },
  { "/templates/side-view", flash_side_view_get_type },
  { "/templates/step-row", flash_step_row_get_type },
  { "/templates/storage-size", flash_storage_size_get_type },
  { "/templates/storage-view", flash_storage_view_get_type },
  { "/templates/unprotect-dialog", flash_unprotect_dialog_get_type },
  { "/templates/vm-dialog", flash_vm_dialog_get_type },
  { NULL, NULL },
};

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  for (guint i = 0; templates[i].path != NULL; i++)
    g_test_add_data_func (templates[i].path, &templates[i], test_template);
  g_test_add_func ("/templates/window", test_window);
  g_test_add_func ("/templates/help-overlay", test_help_overlay);
  g_test_add_data_func ("/templates/resources", templates, test_resources);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
