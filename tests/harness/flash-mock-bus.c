/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-mock-bus"

#include "config.h"

#include "flash-mock-bus.h"

/* D-Bus specification, RequestName: take the name at once or fail. */
#define NAME_FLAG_DO_NOT_QUEUE 4

struct _FlashMockBus {
  GThread *thread; /* (owned) */
  GMainContext *context; /* (owned) */
  GMainLoop *loop; /* (owned) */
  GDBusNodeInfo *info; /* (owned) */
  char *name; /* (owned) */
  char *path; /* (owned) */
  FlashMockReply reply;
  GAsyncQueue *calls; /* (owned) (element-type utf8) */

  GMutex lock;
  GCond ready_changed; /* with lock */
  gint is_ready; /* atomic */
  gint is_stopping; /* atomic */
};

static void
on_method_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                const char *method, GVariant *args, GDBusMethodInvocation *invocation,
                gpointer data)
{
  FlashMockBus *self = data;
  g_autofree char *text = g_variant_print (args, FALSE);

  g_async_queue_push (self->calls, g_strconcat (method, text, NULL));
  g_dbus_method_invocation_return_value (invocation, self->reply (method, args));
}

static GDBusConnection *
connect_service (FlashMockBus *self)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_method_call };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  GDBusConnection *bus;

  bus = g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                    G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, &error);
  g_assert_no_error (error);

  for (GDBusInterfaceInfo **i = self->info->interfaces; *i != NULL; i++) {
    g_dbus_connection_register_object (bus, self->path, *i, &vtable, self, NULL, &error);
    g_assert_no_error (error);
  }
  answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                        "org.freedesktop.DBus", "RequestName",
                                        g_variant_new ("(su)", self->name, NAME_FLAG_DO_NOT_QUEUE),
                                        NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  return bus;
}

static gpointer
serve (gpointer data)
{
  FlashMockBus *self = data;
  g_autoptr (GDBusConnection) bus = NULL;

  g_main_context_push_thread_default (self->context);
  bus = connect_service (self);

  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->is_ready, TRUE);
  g_cond_signal (&self->ready_changed);
  g_mutex_unlock (&self->lock);

  while (!g_atomic_int_get (&self->is_stopping))
    g_main_context_iteration (self->context, TRUE);
  g_dbus_connection_close_sync (bus, NULL, NULL);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

FlashMockBus *
flash_mock_bus_new (const char *name, const char *path, const char *xml, FlashMockReply reply)
{
  FlashMockBus *self = g_new0 (FlashMockBus, 1);
  g_autoptr (GError) error = NULL;

  self->info = g_dbus_node_info_new_for_xml (xml, &error);
  g_assert_no_error (error);
  self->name = g_strdup (name);
  self->path = g_strdup (path);
  self->reply = reply;
  self->calls = g_async_queue_new_full (g_free);
  self->context = g_main_context_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->ready_changed);
  self->thread = g_thread_new ("mock-bus", serve, self);

  g_mutex_lock (&self->lock);
  while (!g_atomic_int_get (&self->is_ready))
    g_cond_wait (&self->ready_changed, &self->lock);
  g_mutex_unlock (&self->lock);
  return self;
}

static GVariant *
answer_with_number (const char *method, GVariant *args)
{
  if (g_str_equal (method, "Notify") || g_str_equal (method, "Inhibit"))
    return g_variant_new ("(u)", 7u);
  if (g_str_equal (method, "RegisterClient"))
    return g_variant_new ("(o)", "/org/gnome/SessionManager/Client7");
  return NULL;
}

FlashMockBus *
flash_mock_bus_new_notifications (void)
{
  return flash_mock_bus_new (
      "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
      "<node><interface name='org.freedesktop.Notifications'>"
      "<method name='Notify'><arg type='s'/><arg type='u'/><arg type='s'/><arg type='s'/>"
      "<arg type='s'/><arg type='as'/><arg type='a{sv}'/><arg type='i'/>"
      "<arg type='u' direction='out'/></method>"
      "<method name='CloseNotification'><arg type='u'/></method>"
      "</interface></node>",
      answer_with_number);
}

FlashMockBus *
flash_mock_bus_new_session_manager (void)
{
  return flash_mock_bus_new (
      "org.gnome.SessionManager", "/org/gnome/SessionManager",
      "<node><interface name='org.gnome.SessionManager'>"
      "<method name='Inhibit'><arg type='s'/><arg type='u'/><arg type='s'/><arg type='u'/>"
      "<arg type='u' direction='out'/></method>"
      "<method name='Uninhibit'><arg type='u'/></method>"
      "<method name='RegisterClient'><arg type='s'/><arg type='s'/>"
      "<arg type='o' direction='out'/></method>"
      "</interface></node>",
      answer_with_number);
}

char *
flash_mock_bus_take (FlashMockBus *self, const char *method)
{
  g_autofree char *prefix = method != NULL ? g_strconcat (method, "(", NULL) : g_strdup ("");
  char *call;

  while ((call = g_async_queue_try_pop (self->calls)) != NULL && !g_str_has_prefix (call, prefix))
    g_free (call);
  return call;
}

void
flash_mock_bus_free (FlashMockBus *self)
{
  g_atomic_int_set (&self->is_stopping, TRUE);
  g_main_context_wakeup (self->context);
  g_thread_join (self->thread);
  g_main_context_unref (self->context);
  g_async_queue_unref (self->calls);
  g_dbus_node_info_unref (self->info);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ready_changed);
  g_free (self->name);
  g_free (self->path);
  g_free (self);
}
