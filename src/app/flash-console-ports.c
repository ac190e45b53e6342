/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-console-ports"

#include "config.h"

#include "flash-console-ports.h"

#include "flash-host-serial.h"

/* A node comes a little before what is known of it. */
#define SETTLE_MS 200

struct _FlashConsolePorts {
  GObject parent_instance;

  char *root; /* (owned) (nullable) (type filename) */
  GPtrArray *list; /* (owned) (nullable) (element-type FlashHostSerial) */
  GFileMonitor *nodes; /* (owned) (nullable) */
  guint look_id; /* until they are listed again */
  GCancellable *looking; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (FlashConsolePorts, flash_console_ports, G_TYPE_OBJECT)

enum { SIGNAL_LISTED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, flash_host_serial_list (task_data),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GPtrArray) list = g_task_propagate_pointer (G_TASK (result), NULL);
  FlashConsolePorts *self = data;

  /* Whoever has cancelled it may be gone. */
  if (list == NULL)
    return;
  g_clear_object (&self->looking);
  g_clear_pointer (&self->list, g_ptr_array_unref);
  self->list = g_steal_pointer (&list);
  g_signal_emit (self, signals[SIGNAL_LISTED], 0);
}

static void
stop_looking (FlashConsolePorts *self)
{
  g_clear_handle_id (&self->look_id, g_source_remove);
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
}

static void
look (FlashConsolePorts *self)
{
  g_autoptr (GTask) task = NULL;

  stop_looking (self);
  self->looking = g_cancellable_new ();
  task = g_task_new (NULL, self->looking, on_listed, self);
  g_task_set_source_tag (task, look);
  g_task_set_task_data (task, g_strdup (self->root), g_free);
  g_task_run_in_thread (task, list_in_thread);
}

static gboolean
on_look (gpointer data)
{
  FlashConsolePorts *self = data;

  self->look_id = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

/* Whatever else is done with a node is none of our affair. */
static void
on_nodes_changed (GFileMonitor *nodes, GFile *file, GFile *other, GFileMonitorEvent event,
                  FlashConsolePorts *self)
{
  if (event == G_FILE_MONITOR_EVENT_CREATED || event == G_FILE_MONITOR_EVENT_DELETED)
    flash_console_ports_look (self);
}

static void
flash_console_ports_dispose (GObject *object)
{
  FlashConsolePorts *self = FLASH_CONSOLE_PORTS (object);

  stop_looking (self);
  if (self->nodes != NULL)
    g_signal_handlers_disconnect_by_data (self->nodes, self);
  g_clear_object (&self->nodes);

  G_OBJECT_CLASS (flash_console_ports_parent_class)->dispose (object);
}

static void
flash_console_ports_finalize (GObject *object)
{
  FlashConsolePorts *self = FLASH_CONSOLE_PORTS (object);

  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_free (self->root);

  G_OBJECT_CLASS (flash_console_ports_parent_class)->finalize (object);
}

static void
flash_console_ports_class_init (FlashConsolePortsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flash_console_ports_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_console_ports_finalize;

  /**
   * FlashConsolePorts::listed:
   */
  signals[SIGNAL_LISTED] = g_signal_new ("listed", FLASH_TYPE_CONSOLE_PORTS, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
flash_console_ports_init (FlashConsolePorts *self)
{
}

FlashConsolePorts *
flash_console_ports_new (const char *root)
{
  FlashConsolePorts *self = g_object_new (FLASH_TYPE_CONSOLE_PORTS, NULL);
  g_autofree char *path = g_build_filename (root != NULL ? root : "/", "dev", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);

  self->root = g_strdup (root);
  self->nodes = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->nodes != NULL)
    g_signal_connect (self->nodes, "changed", G_CALLBACK (on_nodes_changed), self);
  look (self);
  return self;
}

void
flash_console_ports_look (FlashConsolePorts *self)
{
  g_return_if_fail (FLASH_IS_CONSOLE_PORTS (self));

  if (self->look_id == 0)
    self->look_id = g_timeout_add (SETTLE_MS, on_look, self);
}

GPtrArray *
flash_console_ports_get_list (FlashConsolePorts *self)
{
  g_return_val_if_fail (FLASH_IS_CONSOLE_PORTS (self), NULL);

  return self->list;
}
