/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this computer is: real or virtual, in a sandbox or not, on mains or battery.
 *
 * Looks below a folder that tests can bring; %NULL is this computer. Thread: any; reads a few small
 * files, and may run systemd-detect-virt where the kernel's own files do not tell, for one second
 * at most. */
#pragma once

#include "flash-tri.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashHostMachine:
 * @vm: (nullable): the kind of virtual machine as systemd-detect-virt calls it (`oracle`, `vmware`,
 *   `kvm`, `qemu`, `microsoft`, `wsl`, `parallels`, `xen`, `bochs`, `apple`, `google`, `amazon`;
 * `other` for one that only the processor's hypervisor flag tells of), `none`; %NULL if nobody
 * could look
 * @product: (nullable): what DMI calls the computer, made safe to show
 * @container: (nullable): `flatpak`, `docker`, `lxc` and the like; %NULL outside of any
 * @is_flatpak: whether this is the sandbox of a Flatpak
 * @battery_percent: charge of the fullest battery; -1 without one, or on mains, which
 *   is also where a battery is being filled, or is full
 * @kernel: (nullable): release of the kernel, `6.1.0-28-amd64`
 * @system: (nullable): PRETTY_NAME of os-release
 * @architecture: (nullable): `x86_64` and the like
 */
typedef struct {
  char *vm;
  char *product;
  char *container;
  FlashTri is_flatpak;
  gint battery_percent;
  char *kernel;
  char *system;
  char *architecture;
} FlashHostMachine;

/* Fills @self. @root: (nullable): where the file system begins. */
void flash_host_machine_init (FlashHostMachine *self, const char *root);
/* Returns: whether this is the sandbox of a Flatpak: what it shows of /etc and /usr is not the
 * computer's. @root: (nullable): where the file system begins. */
gboolean flash_host_machine_is_flatpak (const char *root);
void flash_host_machine_clear (FlashHostMachine *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashHostMachine, flash_host_machine_clear)

G_END_DECLS
