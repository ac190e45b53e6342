/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-console-pane"

#include "config.h"

#include "flash-console-pane.h"

#include "flash-button-names.h"
#include "flash-console-ports.h"
#include "flash-console-text.h"
#include "flash-dialogs.h"
#include "flash-host-serial.h"

#include <glib/gi18n.h>

#define END_MARK "flash-end"
/* So near to the end is at the end: the margin below the text, in pixels. */
#define END_MARGIN 24

struct _FlashConsolePane {
  AdwBin parent_instance;

  FlashApplication *application; /* (transfer none): outlives its windows */
  FlashJobModel *model; /* (owned) (nullable) */
  FlashConsole *console; /* (owned) (nullable): whose lines are shown */
  guint64 n_shown; /* of its lines, counted from its first one */
  gboolean follows; /* the end is to stay in sight */
  double value; /* where it was scrolled to last */
  GPtrArray *serials; /* (owned) (nullable) (element-type FlashHostSerial) */
  FlashConsolePorts *ports; /* (owned) (nullable): while there is a job */
  GCancellable *opening; /* (owned) (nullable): while a port is being opened */
  GtkNativeDialog *chooser; /* (owned) (nullable): while it is shown */

  GtkButton *copy_button;
  GtkLabel *console_empty_label;
  GtkLabel *error_label;
  GtkToggleButton *console_open_button;
  GtkDropDown *port_choice;
  GtkButton *save_button;
  GtkScrolledWindow *console_scroller;
  GtkTextView *text_view;
};

G_DEFINE_FINAL_TYPE (FlashConsolePane, flash_console_pane, ADW_TYPE_BIN)

/* --- lines ---------------------------------------------------------------------------------- */

/* Whoever has scrolled up reads something there. Text that is still being measured moves the end
 * away, but nothing up. */
static void
on_scrolled (GtkAdjustment *adjustment, FlashConsolePane *self)
{
  double value = gtk_adjustment_get_value (adjustment);

  if (value >= gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) -
                   END_MARGIN)
    self->follows = TRUE;
  else if (value < self->value)
    self->follows = FALSE;
  self->value = value;
}

/* The toolkit does it once the text is measured. */
static void
scroll_to_end (FlashConsolePane *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextMark *mark = gtk_text_buffer_get_mark (buffer, END_MARK);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_iter_set_line_offset (&end, 0);
  if (mark == NULL)
    mark = gtk_text_buffer_create_mark (buffer, END_MARK, &end, FALSE);
  else
    gtk_text_buffer_move_mark (buffer, mark, &end);
  gtk_text_view_scroll_to_mark (self->text_view, mark, 0, TRUE, 0, 1);
}

static void
show_lines (FlashConsolePane *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GPtrArray *lines = flash_console_get_lines (self->console);
  guint64 n_dropped = flash_console_get_n_dropped (self->console);

  for (guint64 i = MAX (self->n_shown, n_dropped); i < n_dropped + lines->len; i++)
    flash_console_text_append (buffer, g_ptr_array_index (lines, (guint) (i - n_dropped)),
                               flash_job_model_get_start_us (self->model));
  self->n_shown = n_dropped + lines->len;
  gtk_widget_set_visible (GTK_WIDGET (self->console_empty_label), self->n_shown == 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->copy_button), self->n_shown > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), self->n_shown > 0);
  if (self->follows)
    scroll_to_end (self);
}

static void on_open_toggled (FlashConsolePane *self);

static void
show_open (FlashConsolePane *self)
{
  gboolean is_open = self->console != NULL && flash_console_is_open (self->console);

  g_signal_handlers_block_by_func (self->console_open_button, on_open_toggled, self);
  gtk_toggle_button_set_active (self->console_open_button, is_open || self->opening != NULL);
  g_signal_handlers_unblock_by_func (self->console_open_button, on_open_toggled, self);
  gtk_button_set_label (GTK_BUTTON (self->console_open_button),
                        is_open || self->opening != NULL ? _ ("_Close") : _ ("_Open"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->port_choice), !is_open && self->opening == NULL);
  gtk_label_set_label (self->console_empty_label,
                       is_open ? _ ("Nothing has come in yet.")
                               : _ ("Open a port to see what the board prints."));
}

static void
show_error (FlashConsolePane *self, const char *text)
{
  gtk_label_set_label (self->error_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);
}

static void
on_closed (FlashConsolePane *self)
{
  show_open (self);
  flash_console_ports_look (self->ports);
  show_error (self, _ ("The serial port is gone. What was read stays."));
}

static void
forget_console (FlashConsolePane *self)
{
  if (self->console != NULL)
    g_signal_handlers_disconnect_by_data (self->console, self);
  g_clear_object (&self->console);
}

/* The model may have got one from another pane. */
static void
follow_console (FlashConsolePane *self)
{
  FlashConsole *console = flash_job_model_get_console (self->model);

  if (console != self->console) {
    forget_console (self);
    self->n_shown = 0;
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), "", 0);
    self->console = console != NULL ? g_object_ref (console) : NULL;
    if (console != NULL) {
      g_signal_connect_swapped (console, "line", G_CALLBACK (show_lines), self);
      g_signal_connect_swapped (console, "closed", G_CALLBACK (on_closed), self);
      show_lines (self);
    }
  }
  show_open (self);
}

/* --- opening -------------------------------------------------------------------------------- */

typedef struct {
  FlashConsolePane *pane; /* (owned) */
  char *path; /* (owned) (type filename): as it is named to the user */
} Request;

static void
request_free (Request *self)
{
  g_object_unref (self->pane);
  g_free (self->path);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

/* Whether another pane was faster: then the port is not busy, but shown already. */
static gboolean
has_open_console (FlashConsolePane *self)
{
  FlashConsole *console = flash_job_model_get_console (self->model);

  return console != NULL && flash_console_is_open (console);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Request) request = data;
  FlashConsolePane *self = request->pane;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashConsole) console = flash_console_open_finish (result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->opening);
  if (console == NULL && !has_open_console (self))
    text = flash_console_text_dup_error (error, request->path);
  show_error (self, text);
  if (console != NULL)
    flash_job_model_set_console (self->model, console);
  follow_console (self);
}

static void
stop_opening (FlashConsolePane *self)
{
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
}

/* A port whose board hangs answers after seconds. */
static void
open_port (FlashConsolePane *self, const FlashHostSerial *serial)
{
  const char *root = flash_application_get_root (self->application);
  g_autofree char *path =
      root != NULL ? g_build_filename (root, serial->path, NULL) : g_strdup (serial->path);
  Request *request = g_new0 (Request, 1);

  request->pane = g_object_ref (self);
  request->path = g_strdup (serial->path);
  stop_opening (self);
  self->opening = g_cancellable_new ();
  flash_console_open_async (path, self->opening, on_opened, request);
  show_error (self, NULL);
  show_open (self);
}

static const FlashHostSerial *
get_chosen (FlashConsolePane *self)
{
  guint index = gtk_drop_down_get_selected (self->port_choice);

  return self->serials != NULL && index < self->serials->len
             ? g_ptr_array_index (self->serials, index)
             : NULL;
}

static void
on_open_toggled (FlashConsolePane *self)
{
  const FlashHostSerial *serial = get_chosen (self);

  if (!gtk_toggle_button_get_active (self->console_open_button)) {
    stop_opening (self);
    if (self->console != NULL)
      flash_console_close (self->console);
    show_open (self);
  } else if (serial != NULL) {
    g_settings_set_string (flash_application_get_settings (self->application), "console-path",
                           serial->path);
    open_port (self, serial);
  }
}

/* --- serial ports --------------------------------------------------------------------------- */

/* Returns: (transfer full): its name in the list. */
static char *
dup_name (const FlashHostSerial *serial, gboolean belongs)
{
  const char *name = serial->name != NULL ? serial->name
                     : serial->is_stlink  ? "ST-LINK"
                                          : _ ("Serial port");

  if (belongs)
    /* TRANSLATORS: a serial port, its name */
    return g_strdup_printf (_ ("%1$s, %2$s, belongs to this board"), serial->path, name);
  /* TRANSLATORS: a serial port, its name */
  return g_strdup_printf (_ ("%1$s, %2$s"), serial->path, name);
}

/* @before: (nullable): the port that was chosen */
static const FlashHostSerial *
show_serials (FlashConsolePane *self, const char *before)
{
  FlashBoard *board = flash_job_get_board (flash_job_model_get_job (self->model));
  const FlashHostSerial *guess =
      flash_board_is_virtual (board)
          ? NULL
          : flash_host_serial_guess (self->serials, flash_board_get_port (board));
  g_autofree char *last =
      g_settings_get_string (flash_application_get_settings (self->application), "console-path");
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint chosen = 0;

  for (guint i = 0; i < self->serials->len; i++) {
    const FlashHostSerial *serial = g_ptr_array_index (self->serials, i);
    g_autofree char *name = dup_name (serial, serial == guess);

    gtk_string_list_append (names, name);
    if (before != NULL  ? g_str_equal (serial->path, before)
        : guess != NULL ? serial == guess
                        : g_str_equal (serial->path, last))
      chosen = i;
  }
  gtk_drop_down_set_model (self->port_choice, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->port_choice, chosen);
  return guess;
}

static gboolean
is_automatic (FlashConsolePane *self)
{
  GSettings *settings = flash_application_get_settings (self->application);

  return flash_job_model_get_console (self->model) == NULL &&
         flash_job_is_running (flash_job_model_get_job (self->model)) &&
         g_settings_get_boolean (settings, "console-automatic");
}

static void
on_ports_listed (FlashConsolePane *self)
{
  g_autofree char *before = NULL;
  const FlashHostSerial *guess;

  if (get_chosen (self) != NULL)
    before = g_strdup (get_chosen (self)->path);
  g_clear_pointer (&self->serials, g_ptr_array_unref);
  self->serials = g_ptr_array_ref (flash_console_ports_get_list (self->ports));
  guess = show_serials (self, before);
  gtk_widget_set_visible (GTK_WIDGET (self), self->serials->len > 0 || self->console != NULL);
  if (guess != NULL && is_automatic (self))
    open_port (self, guess);
}

static void
stop_watching (FlashConsolePane *self)
{
  if (self->ports != NULL)
    g_signal_handlers_disconnect_by_data (self->ports, self);
  g_clear_object (&self->ports);
}

/* A probe may be plugged in while the job waits. */
static void
watch (FlashConsolePane *self)
{
  self->ports = flash_console_ports_new (flash_application_get_root (self->application));
  g_signal_connect_swapped (self->ports, "listed", G_CALLBACK (on_ports_listed), self);
}

/* --- copying and saving --------------------------------------------------------------------- */

static char *
dup_text (FlashConsolePane *self)
{
  char *text;

  g_object_get (gtk_text_view_get_buffer (self->text_view), "text", &text, NULL);
  return text;
}

static void
on_copy_clicked (FlashConsolePane *self)
{
  g_autofree char *text = dup_text (self);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashConsolePane) self = data;
  g_autofree char *fault = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    /* TRANSLATORS: what the system said */
    fault = g_strdup_printf (_ ("The text could not be saved. Choose another place. In detail: "
                                "%s"),
                             error->message);
  /* Closed meanwhile. */
  if (self->error_label != NULL)
    show_error (self, fault);
}

void
flash_console_pane_save_to (FlashConsolePane *self, GFile *file)
{
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  g_return_if_fail (FLASH_IS_CONSOLE_PANE (self));

  if (file == NULL)
    return;
  text = dup_text (self);
  bytes = g_bytes_new_take (text, strlen (text));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, on_saved,
                                       g_object_ref (self));
}

static void
on_place_chosen (GFile *file, gpointer data)
{
  flash_console_pane_save_to (data, file);
}

static void
on_save_clicked (FlashConsolePane *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_clear_object (&self->chooser);
  self->chooser =
      flash_dialogs_save_console (GTK_WINDOW (root), "console.txt", on_place_chosen, self);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_console_pane_dispose (GObject *object)
{
  FlashConsolePane *self = FLASH_CONSOLE_PANE (object);

  if (self->text_view != NULL)
    flash_console_pane_set_model (self, NULL);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->serials, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_CONSOLE_PANE);

  G_OBJECT_CLASS (flash_console_pane_parent_class)->dispose (object);
}

static void
flash_console_pane_class_init (FlashConsolePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_console_pane_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-console-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashConsolePane, copy_button);
  gtk_widget_class_bind_template_child (widget_class, FlashConsolePane, console_empty_label);
  gtk_widget_class_bind_template_child (widget_class, FlashConsolePane, error_label);
  gtk_widget_class_bind_template_child (widget_class, FlashConsolePane, console_open_button);
  gtk_widget_class_bind_template_child (widget_class, FlashConsolePane, port_choice);
  gtk_widget_class_bind_template_child (widget_class, FlashConsolePane, save_button);
  gtk_widget_class_bind_template_child (widget_class, FlashConsolePane, console_scroller);
  gtk_widget_class_bind_template_child (widget_class, FlashConsolePane, text_view);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_open_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked);
}

static void
flash_console_pane_init (FlashConsolePane *self)
{
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->follows = TRUE;
  adjustment = gtk_scrolled_window_get_vadjustment (self->console_scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled), self, 0);
  flash_button_names_mend (GTK_WIDGET (self));
}

void
flash_console_pane_set_application (FlashConsolePane *self, FlashApplication *application)
{
  g_return_if_fail (FLASH_IS_CONSOLE_PANE (self));
  g_return_if_fail (FLASH_IS_APPLICATION (application));

  self->application = application;
}

void
flash_console_pane_set_model (FlashConsolePane *self, FlashJobModel *model)
{
  g_return_if_fail (FLASH_IS_CONSOLE_PANE (self));
  g_return_if_fail (model == NULL || FLASH_IS_JOB_MODEL (model));

  stop_watching (self);
  stop_opening (self);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  forget_console (self);
  g_set_object (&self->model, model);
  show_error (self, NULL);
  if (model == NULL)
    return;
  g_signal_connect_swapped (model, "changed", G_CALLBACK (follow_console), self);
  follow_console (self);
  gtk_widget_set_visible (GTK_WIDGET (self), self->console != NULL);
  watch (self);
}
