/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files beside which the layouts of the checks' cases lie. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (type filename): the folder. */
char *flash_layout_test_make_files (void);

G_END_DECLS
