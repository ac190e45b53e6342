/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-fs"

#include "config.h"

#include "flash-usb-fs-private.h"

#include "flash-dfu-defs.h"
#include "flash-usb-sysfs.h"

#include <glib/gstdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define RETRY_MS 1

G_DEFINE_FINAL_TYPE (FlashUsbFs, flash_usb_fs, UMOCKDEV_TYPE_IOCTL_BASE)

/* --- Nodes ---------------------------------------------------------------------------------- */

static void
node_unref (FlashUsbNode *node)
{
  if (!g_atomic_ref_count_dec (&node->ref_count))
    return;
  for (guint i = 0; i < N_INTERFACES; i++) {
    g_free (node->interfaces[i].driver);
    g_free (node->interfaces[i].native);
  }
  flash_usb_gadget_unref (node->gadget);
  g_free (node->path);
  g_free (node->port);
  g_free (node);
}

static GByteArray *
collect_descriptors (FlashUsbGadget *gadget, guint64 generation)
{
  static const guint8 types[] = { FLASH_USB_DESCRIPTOR_DEVICE, FLASH_USB_DESCRIPTOR_CONFIGURATION };
  GByteArray *all = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (GByteArray) bytes =
        flash_usb_gadget_get_descriptor (gadget, generation, types[i], 0);

    if (bytes != NULL)
      g_byte_array_append (all, bytes->data, bytes->len);
  }
  return all;
}

static void
make_node (FlashUsbNode *node, mode_t mode)
{
  g_autoptr (GByteArray) descriptors = collect_descriptors (node->gadget, node->generation);
  g_autoptr (GError) error = NULL;

  /* It is not found before it is whole. */
  g_file_set_contents_full (node->path, (const char *) descriptors->data, (gssize) descriptors->len,
                            G_FILE_SET_CONTENTS_CONSISTENT, (int) mode, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (node->path, mode), ==, 0);
}

static FlashUsbNode *
find_node (FlashUsbFs *self, const char *port)
{
  GHashTableIter iter;
  gpointer node;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, &node))
    if (g_str_equal (((FlashUsbNode *) node)->port, port))
      return node;
  return NULL;
}

static guint
count_interfaces (FlashUsbGadget *gadget, guint64 generation)
{
  g_autoptr (GByteArray) configuration =
      flash_usb_gadget_get_descriptor (gadget, generation, FLASH_USB_DESCRIPTOR_CONFIGURATION, 0);

  return configuration != NULL && configuration->len > 4
             ? MIN (configuration->data[4], N_INTERFACES)
             : 0;
}

void
flash_usb_fs_add (FlashUsbFs *self, const char *port, guint number, FlashUsbGadget *gadget,
                  guint64 generation, mode_t mode)
{
  g_autofree char *name = flash_usb_sysfs_dup_node (port, number);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  FlashUsbNode *node = g_new0 (FlashUsbNode, 1);

  g_atomic_ref_count_init (&node->ref_count);
  node->port = g_strdup (port);
  node->path = g_build_filename (self->root, name, NULL);
  node->gadget = flash_usb_gadget_ref (gadget);
  node->generation = generation;
  node->n_interfaces = count_interfaces (gadget, generation);
  folder = g_path_get_dirname (node->path);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  /* For good: a program that meets a node without an answering end is ended by the bed. */
  if (g_hash_table_add (self->attached, g_strdup (name))) {
    umockdev_testbed_attach_ioctl (self->bed, name, UMOCKDEV_IOCTL_BASE (self), &error);
    g_assert_no_error (error);
  }
  make_node (node, mode);
  g_hash_table_insert (self->nodes, g_steal_pointer (&name), node);
}

/* Takes the node of @port away; what a program has open stays, without a device. */
void
flash_usb_fs_remove (FlashUsbFs *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  FlashUsbNode *node = find_node (self, port);

  if (node == NULL)
    return;
  node->is_gone = TRUE;
  g_unlink (node->path);
  for (guint i = 0; i < self->files->len; i++) {
    FlashUsbFile *file = g_ptr_array_index (self->files, i);

    if (file->node == node)
      flash_usb_fs_end_pending (file);
  }
  g_hash_table_remove (self->nodes, node->path + strlen (self->root));
}

void
flash_usb_fs_break (FlashUsbFs *self, const char *port)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  FlashUsbNode *node = find_node (self, port);

  if (node != NULL)
    node->is_broken = TRUE;
}

void
flash_usb_fs_set_mode (FlashUsbFs *self, const char *port, mode_t mode)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  const FlashUsbNode *node = find_node (self, port);

  g_assert_nonnull (node);
  g_assert_cmpint (g_chmod (node->path, mode), ==, 0);
}

void
flash_usb_fs_set_driver (FlashUsbFs *self, const char *port, guint8 interface_number,
                         const char *driver)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  FlashUsbNode *node = find_node (self, port);
  FlashUsbInterface *interface;

  g_assert_true (node != NULL && interface_number < node->n_interfaces);
  interface = &node->interfaces[interface_number];
  g_assert_null (interface->file);
  g_free (interface->driver);
  g_free (interface->native);
  interface->driver = g_strdup (driver);
  interface->native = g_strcmp0 (driver, "usbfs") != 0 ? g_strdup (driver) : NULL;
  flash_usb_sysfs_set_driver (self->root, port, interface_number, driver);
}

guint
flash_usb_fs_count_open (FlashUsbFs *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  guint n_open = 0;

  /* umockdev (0.17) connects for a node too that was not there any more, and never lets go. */
  for (guint i = 0; i < self->files->len; i++)
    n_open += ((const FlashUsbFile *) g_ptr_array_index (self->files, i))->node != NULL;
  return n_open;
}

/* --- Busy devices --------------------------------------------------------------------------- */

static gboolean
on_retry (gpointer data)
{
  FlashUsbFs *self = data;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  gboolean is_busy = FALSE;

  for (guint i = 0; i < self->files->len; i++)
    is_busy = flash_usb_fs_carry_pending (g_ptr_array_index (self->files, i)) || is_busy;
  if (!is_busy)
    g_clear_pointer (&self->retry, g_source_unref);
  return is_busy;
}

void
flash_usb_fs_start_retry (FlashUsbFs *self)
{
  if (self->retry != NULL)
    return;
  self->retry = g_timeout_source_new (RETRY_MS);
  g_source_set_callback (self->retry, on_retry, self, NULL);
  g_source_attach (self->retry, self->context);
}

/* --- Programs ------------------------------------------------------------------------------- */

static void
file_free (gpointer data)
{
  FlashUsbFile *file = data;

  g_clear_pointer (&file->node, node_unref);
  g_free (file);
}

static GQuark
get_file_quark (void)
{
  return g_quark_from_static_string ("flash-usb-file");
}

/* The bed drops its object when the program has closed the node; its signals do not tell. */
static void
on_closed (gpointer data, GObject *former_client)
{
  FlashUsbFile *file = data;
  FlashUsbFs *self = file->fs;

  g_mutex_lock (&self->lock);
  flash_usb_fs_close (self, file);
  g_ptr_array_remove_fast (self->files, file);
  g_mutex_unlock (&self->lock);
  g_object_unref (self);
}

static void
flash_usb_fs_client_connected (UMockdevIoctlBase *base, UMockdevIoctlClient *client)
{
  FlashUsbFs *self = FLASH_USB_FS (base);
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  FlashUsbFile *file = g_new0 (FlashUsbFile, 1);
  FlashUsbNode *node =
      g_hash_table_lookup (self->nodes, umockdev_ioctl_client_get_devnode (client));

  if (node != NULL) {
    g_atomic_ref_count_inc (&node->ref_count);
    file->node = node;
  }
  if (self->context == NULL)
    self->context = g_main_context_ref_thread_default ();
  file->fs = g_object_ref (self);
  g_ptr_array_add (self->files, file);
  g_object_set_qdata (G_OBJECT (client), get_file_quark (), file);
  g_object_weak_ref (G_OBJECT (client), on_closed, file);
}

static gboolean
flash_usb_fs_handle_ioctl (UMockdevIoctlBase *base, UMockdevIoctlClient *client)
{
  FlashUsbFs *self = FLASH_USB_FS (base);
  FlashUsbFile *file = g_object_get_qdata (G_OBJECT (client), get_file_quark ());
  gulong request = umockdev_ioctl_client_get_request (client);
  UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg (client);
  g_autoptr (UMockdevIoctlData) data = NULL;
  int problem;

  if (_IOC_SIZE (request) > 0)
    data = umockdev_ioctl_data_resolve (arg, 0, _IOC_SIZE (request), NULL);
  g_mutex_lock (&self->lock);
  problem = file != NULL ? flash_usb_fs_answer (self, file, request, arg, data) : ENODEV;
  g_mutex_unlock (&self->lock);
  umockdev_ioctl_client_complete (client, problem != 0 ? -1 : 0, problem);
  return TRUE;
}

static void
flash_usb_fs_finalize (GObject *object)
{
  FlashUsbFs *self = FLASH_USB_FS (object);

  if (self->retry != NULL)
    g_source_destroy (self->retry);
  g_clear_pointer (&self->retry, g_source_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_hash_table_unref (self->nodes);
  g_hash_table_unref (self->attached);
  g_ptr_array_unref (self->files);
  g_free (self->root);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (flash_usb_fs_parent_class)->finalize (object);
}

static void
flash_usb_fs_class_init (FlashUsbFsClass *klass)
{
  UMockdevIoctlBaseClass *base_class = (UMockdevIoctlBaseClass *) klass;

  G_OBJECT_CLASS (klass)->finalize = flash_usb_fs_finalize;
  base_class->handle_ioctl = flash_usb_fs_handle_ioctl;
  base_class->client_connected = flash_usb_fs_client_connected;
}

static void
flash_usb_fs_init (FlashUsbFs *self)
{
  g_mutex_init (&self->lock);
  self->nodes =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) node_unref);
  self->attached = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->files = g_ptr_array_new_with_free_func (file_free);
}

FlashUsbFs *
flash_usb_fs_new (UMockdevTestbed *bed)
{
  FlashUsbFs *self = g_object_new (FLASH_TYPE_USB_FS, NULL);

  self->bed = bed;
  self->root = umockdev_testbed_get_root_dir (bed);
  return self;
}
