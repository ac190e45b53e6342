/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-mock-udisks"

#include "config.h"

#include "flash-mock-udisks.h"

#include "flash-drive-private.h"
#include "flash-test-bus.h"
#include "flash-test-images.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <string.h>

#define NAME "org.freedesktop.UDisks2"
#define ROOT "/org/freedesktop/UDisks2"
#define ERROR_FAILED NAME ".Error.Failed"

struct _FlashMockUdisks {
  GDBusConnection *client; /* (owned) */
  GDBusConnection *service; /* (owned) (nullable) */
  GDBusNodeInfo *info; /* (owned) */
  char *folder; /* (owned) */
  GHashTable *objects; /* (owned) (element-type utf8 GVariant): full path to `a{sa{sv}}` */
  GHashTable *files; /* (owned) (element-type utf8 utf8): name of a disk to its file */
  GHashTable *refusals; /* (owned) (element-type utf8 GStrv): method to error name and message */
  GHashTable *registered; /* (owned) (element-type utf8 GArray): full path to registrations */
  GPtrArray *unanswered; /* (owned) (element-type GDBusMethodInvocation) */
  GString *calls; /* (owned) */
  FlashMockUdisksHook hook;
  gpointer hook_data;
  char *other_file; /* (owned) (nullable) */
  guint other_from;
  guint manager_id;
  guint n_opens;
  gboolean refuses_direct;
  gboolean forgets_descriptor;
};

/* The part of the interface that is called. */
static const char introspection[] =
    "<node>"
    "<interface name='org.freedesktop.DBus.ObjectManager'>"
    "<method name='GetManagedObjects'><arg type='a{oa{sa{sv}}}' direction='out'/></method>"
    "</interface>"
    "<interface name='" NAME ".Drive'>"
    "<method name='Eject'><arg type='a{sv}' direction='in'/></method>"
    "<method name='PowerOff'><arg type='a{sv}' direction='in'/></method>"
    "</interface>"
    "<interface name='" NAME ".Block'>"
    "<method name='OpenDevice'><arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>"
    "<arg type='h' direction='out'/></method>"
    "<method name='Rescan'><arg type='a{sv}' direction='in'/></method>"
    "</interface>"
    "<interface name='" NAME ".Filesystem'>"
    "<method name='Unmount'><arg type='a{sv}' direction='in'/></method>"
    "</interface>"
    "</node>";

/* --- methods ------------------------------------------------------------------------------ */

static void
answer_objects (FlashMockUdisks *self, GDBusMethodInvocation *invocation)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{oa{sa{sv}}}"));
  GHashTableIter iter;
  gpointer path, object;

  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, &path, &object))
    g_variant_builder_add (&builder, "{o@a{sa{sv}}}", path, object);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(a{oa{sa{sv}}})", &builder));
}

static void
answer_open (FlashMockUdisks *self, const char *name, GVariant *parameters,
             GDBusMethodInvocation *invocation)
{
  g_autoptr (GUnixFDList) descriptors = g_unix_fd_list_new ();
  g_autoptr (GVariant) options = NULL;
  const char *file = g_hash_table_lookup (self->files, name);
  const char *mode;
  int flags = 0;
  int fd;

  g_variant_get (parameters, "(&s@a{sv})", &mode, &options);
  g_variant_lookup (options, "flags", "i", &flags);
  g_assert_cmpint (flags & (O_ACCMODE | O_CREAT | O_TRUNC), ==, 0);
  g_string_append_printf (self->calls, " %s%s%s", mode, flags & O_EXCL ? " excl" : "",
                          flags & O_DIRECT ? " direct" : "");
  if (self->other_file != NULL && ++self->n_opens >= self->other_from)
    file = self->other_file;
  /* O_EXCL is for devices only. */
  fd = open (file, (g_str_equal (mode, "r") ? O_RDONLY : O_RDWR) | O_CLOEXEC | (flags & O_DIRECT));
  if ((flags & O_DIRECT) != 0 && self->refuses_direct && fd >= 0) {
    g_close (fd, NULL);
    errno = EINVAL;
    fd = -1;
  }
  if (fd < 0) {
    g_autofree char *text = g_strdup_printf ("Error opening device: %s", g_strerror (errno));

    g_dbus_method_invocation_return_dbus_error (invocation, ERROR_FAILED, text);
    return;
  }
  if (!self->forgets_descriptor)
    g_assert_cmpint (g_unix_fd_list_append (descriptors, fd, NULL), ==, 0);
  g_close (fd, NULL);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0),
                                                           descriptors);
}

/* Takes the last mount point away, as every call of the real one does. */
static void
answer_unmount (FlashMockUdisks *self, const char *name, GDBusMethodInvocation *invocation)
{
  g_autofree char *path = g_strdup_printf (ROOT "/block_devices/%s", name);
  g_autofree char *relative = g_strdup_printf ("block_devices/%s", name);
  GVariant *object = g_hash_table_lookup (self->objects, path);
  g_autoptr (GVariant) filesystem = NULL;
  g_autoptr (GVariant) points = NULL;
  GString *left = g_string_new ("@aay [");

  filesystem = g_variant_lookup_value (object, NAME ".Filesystem", NULL);
  points = g_variant_lookup_value (filesystem, "MountPoints", NULL);
  if (g_variant_n_children (points) == 0) {
    g_dbus_method_invocation_return_dbus_error (invocation, NAME ".Error.NotMounted",
                                                "it is not mounted");
    g_string_free (left, TRUE);
    return;
  }
  for (gsize i = 0; i + 1 < g_variant_n_children (points); i++) {
    g_autoptr (GVariant) point = g_variant_get_child_value (points, i);

    g_string_append_printf (left, "%sb'%s'", i > 0 ? ", " : "", g_variant_get_bytestring (point));
  }
  g_string_append (left, "]");
  flash_mock_udisks_set (self, relative, "Filesystem", "MountPoints", left->str);
  g_string_free (left, TRUE);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
on_method (GDBusConnection *connection, const char *sender, const char *path,
           const char *interface_name, const char *method, GVariant *parameters,
           GDBusMethodInvocation *invocation, gpointer data)
{
  FlashMockUdisks *self = data;
  g_autofree char *name = g_path_get_basename (path);
  char **refusal;

  if (!g_str_equal (method, "GetManagedObjects")) {
    g_string_append_printf (self->calls, "%s %s", method, name);
    if (self->hook != NULL)
      self->hook (self, method, name, self->hook_data);
  }
  refusal = g_hash_table_lookup (self->refusals, method);
  if (refusal != NULL && refusal[0][0] == '\0')
    g_ptr_array_add (self->unanswered, g_object_ref (invocation));
  else if (refusal != NULL)
    g_dbus_method_invocation_return_dbus_error (invocation, refusal[0], refusal[1]);
  else if (g_str_equal (method, "GetManagedObjects"))
    answer_objects (self, invocation);
  else if (g_str_equal (method, "OpenDevice"))
    answer_open (self, name, parameters, invocation);
  else if (g_str_equal (method, "Unmount"))
    answer_unmount (self, name, invocation);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
  if (!g_str_equal (method, "GetManagedObjects"))
    g_string_append (self->calls, "; ");
}

static const GDBusInterfaceVTable vtable = { .method_call = on_method };

/* --- objects ------------------------------------------------------------------------------ */

static void
export_object (FlashMockUdisks *self, const char *path, GVariant *object)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; self->info->interfaces[i] != NULL; i++) {
    GDBusInterfaceInfo *info = self->info->interfaces[i];
    g_autoptr (GVariant) properties = g_variant_lookup_value (object, info->name, NULL);
    guint id;

    if (properties == NULL)
      continue;
    id = g_dbus_connection_register_object (self->service, path, info, &vtable, self, NULL, NULL);
    g_assert_cmpuint (id, !=, 0);
    g_array_append_val (ids, id);
  }
  g_hash_table_insert (self->registered, g_strdup (path), ids);
}

static void
retract_object (FlashMockUdisks *self, const char *path)
{
  GArray *ids = g_hash_table_lookup (self->registered, path);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    g_dbus_connection_unregister_object (self->service, g_array_index (ids, guint, i));
  g_hash_table_remove (self->registered, path);
}

static void
emit (FlashMockUdisks *self, const char *path, const char *interface_name, const char *signal_name,
      GVariant *parameters)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (self->service, NULL, path, interface_name, signal_name, parameters,
                                 &error);
  g_assert_no_error (error);
}

static void
emit_removed (FlashMockUdisks *self, const char *path)
{
  emit (self, ROOT, "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved",
        g_variant_new ("(o^as)", path, (const char *const[]){ NAME ".Block", NULL }));
}

/* Returns: (transfer full): the same with whole names. */
static GVariant *
complete_names (const char *text)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sa{sv}}"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) given =
      g_variant_parse (G_VARIANT_TYPE ("a{sa{sv}}"), text, NULL, NULL, &error);
  GVariantIter iter;
  const char *name;
  GVariant *properties;

  g_assert_no_error (error);
  g_variant_iter_init (&iter, given);
  while (g_variant_iter_loop (&iter, "{&s@a{sv}}", &name, &properties)) {
    g_autofree char *whole = g_strconcat (NAME ".", name, NULL);

    g_variant_builder_add (&builder, "{s@a{sv}}", whole, properties);
  }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

void
flash_mock_udisks_add (FlashMockUdisks *self, const char *path, const char *interfaces)
{
  char *whole = g_strconcat (ROOT "/", path, NULL);
  GVariant *object = complete_names (interfaces);

  g_hash_table_replace (self->objects, whole, object);
  if (self->service == NULL)
    return;
  retract_object (self, whole);
  export_object (self, whole, object);
  emit (self, ROOT, "org.freedesktop.DBus.ObjectManager", "InterfacesAdded",
        g_variant_new ("(o@a{sa{sv}})", whole, object));
}

void
flash_mock_udisks_remove (FlashMockUdisks *self, const char *path)
{
  g_autofree char *whole = g_strconcat (ROOT "/", path, NULL);

  g_assert_true (g_hash_table_remove (self->objects, whole));
  if (self->service == NULL)
    return;
  retract_object (self, whole);
  emit_removed (self, whole);
}

void
flash_mock_udisks_set (FlashMockUdisks *self, const char *path, const char *interface_name,
                       const char *property, const char *value)
{
  char *whole = g_strconcat (ROOT "/", path, NULL);
  g_autofree char *name = g_strconcat (NAME ".", interface_name, NULL);
  GVariant *object = g_hash_table_lookup (self->objects, whole);
  g_autoptr (GVariant) old = NULL;
  g_autoptr (GVariant) changed = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sa{sv}}"));
  g_auto (GVariantBuilder) single = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantDict properties;
  GVariantIter iter;
  const char *other;
  GVariant *kept;

  g_assert_nonnull (object);
  changed = g_variant_parse (NULL, value, NULL, NULL, &error);
  g_assert_no_error (error);
  old = g_variant_lookup_value (object, name, NULL);
  g_variant_dict_init (&properties, old);
  g_variant_dict_insert_value (&properties, property, changed);
  g_variant_iter_init (&iter, object);
  while (g_variant_iter_loop (&iter, "{&s@a{sv}}", &other, &kept))
    if (!g_str_equal (other, name))
      g_variant_builder_add (&builder, "{s@a{sv}}", other, kept);
  g_variant_builder_add (&builder, "{s@a{sv}}", name, g_variant_dict_end (&properties));
  g_hash_table_replace (self->objects, whole,
                        g_variant_ref_sink (g_variant_builder_end (&builder)));

  g_variant_builder_add (&single, "{sv}", property, changed);
  if (self->service != NULL)
    emit (self, whole, "org.freedesktop.DBus.Properties", "PropertiesChanged",
          g_variant_new ("(sa{sv}as)", name, &single, NULL));
}

void
flash_mock_udisks_make_file (FlashMockUdisks *self, const char *name, gsize size)
{
  g_autofree char *bytes = g_malloc (size + 1);
  g_autoptr (GError) error = NULL;
  char *file = g_build_filename (self->folder, name, NULL);

  memset (bytes, FLASH_MOCK_UDISKS_OLD_BYTE, size);
  g_file_set_contents (file, bytes, (gssize) size, &error);
  g_assert_no_error (error);
  g_hash_table_insert (self->files, g_strdup (name), file);
}

const char *
flash_mock_udisks_get_file (FlashMockUdisks *self, const char *name)
{
  return g_hash_table_lookup (self->files, name);
}

/* --- script ------------------------------------------------------------------------------- */

void
flash_mock_udisks_swap_file (FlashMockUdisks *self, guint from_call, const char *file)
{
  g_free (self->other_file);
  self->other_file = g_strdup (file);
  self->other_from = from_call;
  self->n_opens = 0;
}

void
flash_mock_udisks_refuse (FlashMockUdisks *self, const char *method, const char *error_name,
                          const char *message)
{
  if (error_name == NULL)
    g_hash_table_remove (self->refusals, method);
  else
    g_hash_table_insert (self->refusals, g_strdup (method),
                         g_strdupv ((char *[]){ (char *) error_name, (char *) message, NULL }));
}

void
flash_mock_udisks_refuse_direct (FlashMockUdisks *self)
{
  self->refuses_direct = TRUE;
}

void
flash_mock_udisks_forget_descriptor (FlashMockUdisks *self)
{
  self->forgets_descriptor = TRUE;
}

void
flash_mock_udisks_set_hook (FlashMockUdisks *self, FlashMockUdisksHook hook, gpointer user_data)
{
  self->hook = hook;
  self->hook_data = user_data;
}

const char *
flash_mock_udisks_get_calls (FlashMockUdisks *self)
{
  return self->calls->str;
}

void
flash_mock_udisks_wait (const gboolean *condition)
{
  while (!*condition)
    g_main_context_iteration (NULL, TRUE);
}

/* --- service ------------------------------------------------------------------------------ */

void
flash_mock_udisks_start (FlashMockUdisks *self)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer path, object;

  g_assert_null (self->service);
  self->service = flash_test_bus_connect ();
  self->manager_id = g_dbus_connection_register_object (
      self->service, ROOT, self->info->interfaces[0], &vtable, self, NULL, &error);
  g_assert_no_error (error);
  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, &path, &object))
    export_object (self, path, object);
  answer = g_dbus_connection_call_sync (self->service, "org.freedesktop.DBus",
                                        "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                        "RequestName", g_variant_new ("(su)", NAME, 0), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

void
flash_mock_udisks_stop (FlashMockUdisks *self)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer path;

  if (self->service == NULL)
    return;
  /* Calls that wait in the main loop must not find a mock that is gone. */
  g_dbus_connection_unregister_object (self->service, self->manager_id);
  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    retract_object (self, path);
  /* Whoever comes next may have the name at once. */
  answer = g_dbus_connection_call_sync (
      self->service, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "ReleaseName", g_variant_new ("(s)", NAME), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_close_sync (self->service, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&self->service);
}

FlashMockUdisks *
flash_mock_udisks_new (void)
{
  FlashMockUdisks *self = g_new0 (FlashMockUdisks, 1);
  g_autoptr (GError) error = NULL;

  flash_drive_write_set_takes_files (TRUE);
  self->client = flash_test_bus_connect ();
  self->info = g_dbus_node_info_new_for_xml (introspection, &error);
  g_assert_no_error (error);
  self->folder = flash_test_make_dir ();
  self->objects =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->refusals =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  self->registered =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  self->unanswered = g_ptr_array_new_with_free_func (g_object_unref);
  self->calls = g_string_new (NULL);
  return self;
}

void
flash_mock_udisks_free (FlashMockUdisks *self)
{
  flash_mock_udisks_stop (self);
  g_dbus_connection_close_sync (self->client, NULL, NULL);
  g_clear_object (&self->client);
  g_ptr_array_unref (self->unanswered);
  g_dbus_node_info_unref (self->info);
  flash_test_remove_dir (self->folder);
  g_free (self->folder);
  g_hash_table_unref (self->objects);
  g_hash_table_unref (self->files);
  g_hash_table_unref (self->refusals);
  g_hash_table_unref (self->registered);
  g_string_free (self->calls, TRUE);
  g_free (self->other_file);
  g_free (self);
}

GDBusConnection *
flash_mock_udisks_get_client (FlashMockUdisks *self)
{
  return self->client;
}

const char *
flash_mock_udisks_get_folder (FlashMockUdisks *self)
{
  return self->folder;
}
