/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-form"

#include "config.h"

#include "flash-firmware-form.h"

#include "flash-text.h"

#include <glib/gi18n.h>

/* Where the flash of nearly every chip begins (stm32-dfuse.md section 4.1). */
#define USUAL_START 0x08000000u

struct _FlashFirmwareForm {
  AdwBin parent_instance;

  FlashFirmwareModel *model; /* (owned) (nullable) */
  gboolean is_showing; /* what changes is not the user's doing */

  GtkWidget *address_box;
  AdwEntryRow *address_row;
  GtkSwitch *changed_switch;
  GtkLabel *error_label;
  AdwActionRow *guess_row;
  GtkDropDown *shared_choice;
  GtkWidget *shared_row;
  GtkSwitch *start_switch;
  GtkSwitch *verify_switch;
};

G_DEFINE_FINAL_TYPE (FlashFirmwareForm, flash_firmware_form, ADW_TYPE_BIN)

gboolean
flash_firmware_form_parse_address (const char *text, guint32 *out_address)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  const char *digits = trimmed;
  guint64 address;

  g_return_val_if_fail (out_address != NULL, FALSE);

  if (g_ascii_strncasecmp (digits, "0x", 2) == 0)
    digits += 2;
  if (!g_ascii_string_to_unsigned (digits, 16, 0, G_MAXUINT32, &address, NULL))
    return FALSE;
  *out_address = (guint32) address;
  return TRUE;
}

/* --- the address ---------------------------------------------------------------------------- */

/* Returns: what is proposed; @out_is_own: whether the file itself says so */
static guint32
get_proposal (FlashFirmwareForm *self, gboolean *out_is_own)
{
  const FlashFirmwareFile *file = flash_firmware_model_get_file (self->model);
  const FlashChipGuess *guess = flash_firmware_model_get_guess (self->model);

  *out_is_own = file->has_guess;
  if (file->has_guess)
    return file->guess;
  return guess != NULL && guess->flash != NULL ? flash_memory_map_get_start (guess->flash)
                                               : USUAL_START;
}

static void
check_address (FlashFirmwareForm *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->address_row));
  guint32 address;
  gboolean is_wrong = *text != '\0' && !flash_firmware_form_parse_address (text, &address);

  gtk_widget_set_visible (GTK_WIDGET (self->error_label), is_wrong);
  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->address_row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->address_row), "error");
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (self->address_row), GTK_ACCESSIBLE_STATE_INVALID,
      is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
on_address_changed (FlashFirmwareForm *self)
{
  check_address (self);
}

static void
on_address_applied (FlashFirmwareForm *self)
{
  guint32 address;

  if (self->model != NULL &&
      flash_firmware_form_parse_address (gtk_editable_get_text (GTK_EDITABLE (self->address_row)),
                                         &address))
    flash_firmware_model_set_address (self->model, address);
}

static void
on_guess_clicked (FlashFirmwareForm *self)
{
  gboolean is_own;

  if (self->model != NULL)
    flash_firmware_model_set_address (self->model, get_proposal (self, &is_own));
}

static void
show_address (FlashFirmwareForm *self)
{
  const FlashFirmwareFile *file = flash_firmware_model_get_file (self->model);
  gboolean is_wanted = file->options.has_address || !file->image->has_address;
  gboolean is_own;
  guint32 proposal = get_proposal (self, &is_own);
  gboolean is_taken = file->options.has_address && file->options.address == proposal;
  g_autofree char *proposed = flash_text_address (proposal);
  g_autofree char *text = g_strdup_printf (
      is_own ? _ ("Its vector table is made for %s") : _ ("The flash begins at %s"), proposed);
  g_autofree char *set =
      file->options.has_address ? flash_text_address (file->options.address) : g_strdup ("");

  gtk_widget_set_visible (self->address_box, is_wanted);
  gtk_widget_set_visible (GTK_WIDGET (self->guess_row), is_wanted && !is_taken);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->guess_row), text);
  /* What is being typed is left alone. */
  if (!flash_firmware_model_is_loading (self->model) && file->options.has_address)
    gtk_editable_set_text (GTK_EDITABLE (self->address_row), set);
}

/* --- how it is done ------------------------------------------------------------------------- */

static void
on_wish_changed (FlashFirmwareForm *self)
{
  FlashFirmwareWishes wishes;

  if (self->is_showing || self->model == NULL)
    return;
  wishes = *flash_firmware_model_get_wishes (self->model);
  wishes.changed =
      gtk_switch_get_active (self->changed_switch) ? FLASH_MCU_CHANGED_AUTO : FLASH_MCU_CHANGED_ALL;
  wishes.shared = (FlashMcuShared) gtk_drop_down_get_selected (self->shared_choice);
  wishes.verifies = gtk_switch_get_active (self->verify_switch);
  wishes.starts = gtk_switch_get_active (self->start_switch);
  flash_firmware_model_set_wishes (self->model, &wishes);
}

static void
show_wishes (FlashFirmwareForm *self)
{
  const FlashFirmwareWishes *wishes = flash_firmware_model_get_wishes (self->model);
  FlashFirmwarePlan *plan = flash_firmware_model_get_plan (self->model);

  self->is_showing = TRUE;
  gtk_switch_set_active (self->changed_switch, wishes->changed != FLASH_MCU_CHANGED_ALL);
  gtk_drop_down_set_selected (self->shared_choice, wishes->shared);
  gtk_switch_set_active (self->verify_switch, wishes->verifies);
  gtk_switch_set_active (self->start_switch, wishes->starts);
  self->is_showing = FALSE;
  gtk_widget_set_visible (self->shared_row, plan == NULL || flash_firmware_plan_has_shared (plan));
}

/* The toolkit gives the buttons in a row of text a tooltip, and no name. */
static void
name_button (GtkWidget *root, const char *name)
{
  if (GTK_IS_BUTTON (root))
    gtk_accessible_update_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_button (child, name);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_firmware_form_dispose (GObject *object)
{
  FlashFirmwareForm *self = FLASH_FIRMWARE_FORM (object);

  g_clear_object (&self->model);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_FIRMWARE_FORM);

  G_OBJECT_CLASS (flash_firmware_form_parent_class)->dispose (object);
}

static void
flash_firmware_form_class_init (FlashFirmwareFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_firmware_form_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-firmware-form.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareForm, address_box);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareForm, address_row);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareForm, changed_switch);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareForm, error_label);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareForm, guess_row);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareForm, shared_choice);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareForm, shared_row);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareForm, start_switch);
  gtk_widget_class_bind_template_child (widget_class, FlashFirmwareForm, verify_switch);
  gtk_widget_class_bind_template_callback (widget_class, on_address_applied);
  gtk_widget_class_bind_template_callback (widget_class, on_address_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_guess_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_wish_changed);
}

static void
flash_firmware_form_init (FlashFirmwareForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* What is inside of them has the keyboard, or is pressed. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->shared_choice))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Other data in shared sectors"), -1);
  name_button (GTK_WIDGET (self->address_row), _ ("Apply the address"));
}

void
flash_firmware_form_update (FlashFirmwareForm *self, FlashFirmwareModel *model)
{
  g_return_if_fail (FLASH_IS_FIRMWARE_FORM (self));
  g_return_if_fail (FLASH_IS_FIRMWARE_MODEL (model));

  if (g_set_object (&self->model, model))
    gtk_editable_set_text (GTK_EDITABLE (self->address_row), "");
  show_address (self);
  show_wishes (self);
}

void
flash_firmware_form_focus_address (FlashFirmwareForm *self)
{
  g_return_if_fail (FLASH_IS_FIRMWARE_FORM (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
}
