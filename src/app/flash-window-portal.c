/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In a sandbox, a file that the user has chosen comes alone: what lies beside it stays hidden. A
 * folder comes with everything in it. Thread: main. */
#define G_LOG_DOMAIN "flash-window-portal"

#include "config.h"

#include "flash-window-private.h"

#include "flash-portal-path.h"

#include <glib/gi18n.h>

/* A layout of which no file is missing needs no folder. */
static gboolean
lacks_folder (FlashWindow *self)
{
  const char *path = self->editor != NULL ? flash_editor_get_path (self->editor) : NULL;
  const FlashLoaded *loaded = self->editor != NULL ? flash_editor_get_loaded (self->editor) : NULL;

  return path != NULL && loaded != NULL && flash_portal_path_is_lone_file (path) &&
         flash_diag_list_find (loaded->diags, "file-missing") != NULL;
}

void
_flash_window_update_portal (FlashWindow *self)
{
  const FlashNotice notice = {
    .title = _ ("Only the layout was shared with Flashwright, not its folder."),
    .detail = _ ("The sandbox hides the files that it names. Open the folder in which they lie: a "
                 "folder is shared with everything in it."),
    .first_action = "win.open-folder",
    .first_label = _ ("Open _folder…"),
  };
  gboolean is_shown = lacks_folder (self) && !_flash_window_is_busy (self) &&
                      _flash_window_is_page (self, FLASH_PAGE_LAYOUT);

  flash_notice_bar_set_notice (self->portal_bar, is_shown ? &notice : NULL);
}
