/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lets screen readers say the name of a button once, and of what is typed into. Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * flash_button_names_mend:
 * @root: a widget whose template has just been made
 *
 * A button with a mnemonic has its name twice in GTK 4.8: from the label that it shows, and, with
 * the underscore, as a property. Takes the property away from all of them within @root, and each
 * time that their label is set again; check buttons, which have nothing else, lose the underscore.
 * A name that is set after the label stays.
 *
 * Where text is typed into a row of libadwaita, that text gets a role and the title of the row.
 */
void flash_button_names_mend (GtkWidget *root);

G_END_DECLS
