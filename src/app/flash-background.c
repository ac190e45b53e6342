/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-background"

#include "config.h"

#include "flash-background.h"

/* org.freedesktop.portal.Background, version 1, and org.freedesktop.portal.Request: the answer
 * comes as a signal of an object whose path the caller can tell beforehand. */
#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Background"
#define REQUEST_INTERFACE "org.freedesktop.portal.Request"

/* The first argument of a Response: the request was carried out, or the user has ended it. */
#define RESPONSE_SUCCESS 0
#define RESPONSE_CANCELLED 1

typedef struct {
  GDBusConnection *bus; /* (owned) */
  guint subscription;
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_object_unref (self->bus);
  g_free (self);
}

/* What was subscribed holds a reference to the task: without this neither would ever go. */
static void
unsubscribe (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  guint subscription = request->subscription;

  request->subscription = 0;
  if (subscription != 0)
    g_dbus_connection_signal_unsubscribe (request->bus, subscription);
}

static void
on_response (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
             const char *signal, GVariant *args, gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  g_autoptr (GVariant) results = NULL;
  gboolean is_allowed = FALSE;
  guint32 response;

  if (!g_variant_is_of_type (args, G_VARIANT_TYPE ("(ua{sv})")))
    return;
  unsubscribe (task);
  g_variant_get (args, "(u@a{sv})", &response, &results);
  if (response == RESPONSE_SUCCESS)
    g_variant_lookup (results, "background", "b", &is_allowed);
  g_task_return_int (task, is_allowed                       ? FLASH_BACKGROUND_ALLOWED
                           : response == RESPONSE_CANCELLED ? FLASH_BACKGROUND_DECLINED
                                                            : FLASH_BACKGROUND_REFUSED);
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  /* The answer may have come already. */
  if (answer != NULL || request->subscription == 0)
    return;
  unsubscribe (task);
  g_task_return_error (task, g_steal_pointer (&error));
}

/* Returns: (transfer full): where the answer to the request with that token will come from. */
static char *
dup_request_path (GDBusConnection *bus, const char *token)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (bus) + 1);

  g_strdelimit (sender, ".", '_');
  return g_strdup_printf (PORTAL_PATH "/request/%s/%s", sender, token);
}

void
flash_background_request (GDBusConnection *bus, const char *reason, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  static guint n_requests = 0;
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Request *request = g_new0 (Request, 1);
  g_autofree char *token = g_strdup_printf ("flashwright%u", ++n_requests);
  g_autofree char *path = NULL;
  GVariantBuilder options;

  g_return_if_fail (G_IS_DBUS_CONNECTION (bus) && reason != NULL);

  request->bus = g_object_ref (bus);
  g_task_set_task_data (task, request, request_free);
  g_task_set_source_tag (task, flash_background_request);
  path = dup_request_path (bus, token);
  request->subscription = g_dbus_connection_signal_subscribe (
      bus, PORTAL_NAME, REQUEST_INTERFACE, "Response", path, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
      on_response, g_object_ref (task), g_object_unref);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (reason));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (FALSE));
  g_dbus_connection_call (bus, PORTAL_NAME, PORTAL_PATH, PORTAL_INTERFACE, "RequestBackground",
                          g_variant_new ("(sa{sv})", "", &options), NULL, G_DBUS_CALL_FLAGS_NONE,
                          -1, cancellable, on_called, task);
}

gboolean
flash_background_request_finish (GAsyncResult *result, FlashBackgroundAnswer *out_answer,
                                 GError **error)
{
  g_autoptr (GError) own_error = NULL;
  FlashBackgroundAnswer answer;

  g_return_val_if_fail (g_async_result_is_tagged (result, flash_background_request), FALSE);

  answer = g_task_propagate_int (G_TASK (result), &own_error);
  if (own_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&own_error));
    return FALSE;
  }
  *out_answer = answer;
  return TRUE;
}
