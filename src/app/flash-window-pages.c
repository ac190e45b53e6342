/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the window beside the first one: each is made when something is to be shown on it,
 * so that the window is there the sooner. */
#define G_LOG_DOMAIN "flash-window-pages"

#include "config.h"

#include "flash-window-private.h"

#include "flash-button-names.h"

/* Returns: (transfer none): a new page of that type */
static gpointer
add_page (FlashWindow *self, const char *name, GType type)
{
  GtkWidget *page = g_object_new (type, NULL);

  gtk_stack_add_named (self->stack, page, name);
  flash_button_names_mend (page);
  return page;
}

void
_flash_window_need_page (FlashWindow *self, const char *page)
{
  if (g_str_equal (page, FLASH_PAGE_LAYOUT) && self->layout_page == NULL) {
    g_set_weak_pointer (&self->layout_page, add_page (self, page, FLASH_TYPE_LAYOUT_PAGE));
  } else if (g_str_equal (page, FLASH_PAGE_FIRMWARE) && self->firmware_page == NULL) {
    g_set_weak_pointer (&self->firmware_page, add_page (self, page, FLASH_TYPE_FIRMWARE_PAGE));
  } else if (g_str_equal (page, FLASH_PAGE_JOB) && self->job_page == NULL) {
    g_set_weak_pointer (&self->job_page, add_page (self, page, FLASH_TYPE_JOB_PAGE));
    flash_job_page_set_application (self->job_page, self->application);
  } else if (g_str_equal (page, FLASH_PAGE_RESULT) && self->result_page == NULL) {
    g_set_weak_pointer (&self->result_page, add_page (self, page, FLASH_TYPE_RESULT_PAGE));
  }
}

void
_flash_window_drop_pages (FlashWindow *self)
{
  g_clear_weak_pointer (&self->layout_page);
  g_clear_weak_pointer (&self->firmware_page);
  g_clear_weak_pointer (&self->job_page);
  g_clear_weak_pointer (&self->result_page);
}
