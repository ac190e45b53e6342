/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of the mocked device nodes; all of it is guarded by their lock. */
#pragma once

#include "flash-usb-fs.h"

G_BEGIN_DECLS

#define N_INTERFACES 8

/* One transfer that a program has given to the kernel. */
typedef struct {
  UMockdevIoctlData *data; /* (owned): struct usbdevfs_urb */
  UMockdevIoctlData *buffer; /* (owned) */
  gboolean is_lost;
} FlashUsbUrb;

typedef struct _FlashUsbFile FlashUsbFile;

typedef struct {
  char *driver; /* (owned) (nullable) */
  char *native; /* (owned) (nullable): the driver that connects again */
  FlashUsbFile *file; /* (nullable): which of our programs holds it */
} FlashUsbInterface;

/* One enumeration of a device. */
typedef struct {
  gatomicrefcount ref_count;
  char *port; /* (owned) */
  char *path; /* (owned): in the file system */
  gboolean is_gone;
  gboolean is_broken;
  FlashUsbGadget *gadget; /* (owned) */
  guint64 generation;
  guint n_interfaces;
  FlashUsbInterface interfaces[N_INTERFACES];
} FlashUsbNode;

/* A node that a program has open. */
struct _FlashUsbFile {
  FlashUsbFs *fs; /* (owned) */
  FlashUsbNode *node; /* (owned) (nullable) */
  GQueue pending; /* (owned) (element-type FlashUsbUrb) */
  GQueue done; /* (owned) (element-type FlashUsbUrb) */
};

struct _FlashUsbFs {
  UMockdevIoctlBase parent_instance;

  UMockdevTestbed *bed;
  char *root; /* (owned) */

  GMutex lock;
  GHashTable *nodes; /* (owned) (element-type utf8 FlashUsbNode): by path in `/dev` */
  GHashTable *attached; /* (owned) (element-type utf8): paths that the bed knows */
  GPtrArray *files; /* (owned) (element-type FlashUsbFile) */
  GMainContext *context; /* (owned) (nullable): of the bed's thread */
  GSource *retry; /* (owned) (nullable) */
};

/* Asks busy devices again, soon. */
void flash_usb_fs_start_retry (FlashUsbFs *self);

/* --- flash-usb-fs-file.c -------------------------------------------------------------------- */

/**
 * flash_usb_fs_answer:
 * @request: number of the ioctl
 * @arg: its argument
 * @data: (nullable): what the argument points to
 *
 * Returns: 0 or an errno
 */
int flash_usb_fs_answer (FlashUsbFs *self, FlashUsbFile *file, gulong request,
                         UMockdevIoctlData *arg, UMockdevIoctlData *data);
/* Returns: whether a device that is busy has to be asked again. */
gboolean flash_usb_fs_carry_pending (FlashUsbFile *file);
/* Ends all transfers: the device left. */
void flash_usb_fs_end_pending (FlashUsbFile *file);
/* The program closed the node. */
void flash_usb_fs_close (FlashUsbFs *self, FlashUsbFile *file);

G_END_DECLS
