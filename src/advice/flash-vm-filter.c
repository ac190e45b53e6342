/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-vm-filter"

#include "config.h"

#include "flash-vm-filter.h"

#include "flash-diag.h"

/* Vendor and product ids of all stages (stm32mp-usb.md sections 1.1, 1.4.1 and 7.4): 0483:df11 is
 * the ROM, TF-A and U-Boot, and the ROM of microcontrollers; 0483:5720 is U-Boot by configuration;
 * 0483:0afb is fastboot. A filter must not name product or serial number: every stage calls itself
 * something else. */

static const char oracle_text[] =
    "VBoxManage modifyvm \"NAME\" --usb-xhci on\n"
    "VBoxManage usbfilter add 0 --target \"NAME\" --name \"STM32 boot\" "
    "--vendorid 0483 --productid df11\n"
    "VBoxManage usbfilter add 1 --target \"NAME\" --name \"STM32 U-Boot\" "
    "--vendorid 0483 --productid 5720\n"
    "VBoxManage usbfilter add 2 --target \"NAME\" --name \"STM32 fastboot\" "
    "--vendorid 0483 --productid 0afb\n";

static const char vmware_text[] = "usb.present = \"TRUE\"\n"
                                  "usb_xhci.present = \"TRUE\"\n"
                                  "usb.autoConnect.device0 = \"0x0483:0xdf11\"\n"
                                  "usb.autoConnect.device1 = \"0x0483:0x5720\"\n"
                                  "usb.autoConnect.device2 = \"0x0483:0x0afb\"\n";

static const char libvirt_text[] =
    "<controller type='usb' model='qemu-xhci'/>\n"
    "<graphics type='spice' autoport='yes'/>\n"
    "<redirdev bus='usb' type='spicevmc'/>\n"
    "<redirdev bus='usb' type='spicevmc'/>\n"
    "<redirfilter>\n"
    "  <usbdev vendor='0x0483' product='0xdf11' allow='yes'/>\n"
    "  <usbdev vendor='0x0483' product='0x5720' allow='yes'/>\n"
    "  <usbdev vendor='0x0483' product='0x0afb' allow='yes'/>\n"
    "</redirfilter>\n"
    "\n"
    "virt-viewer --connect qemu:///system --spice-usbredir-auto-redirect-filter="
    "\"-1,0x0483,0xdf11,-1,1|-1,0x0483,0x5720,-1,1|-1,0x0483,0x0afb,-1,1|-1,-1,-1,-1,0\" NAME\n";

static const char qemu_text[] = "-device qemu-xhci,id=xhci\n"
                                "-device usb-host,bus=xhci.0,vendorid=0x0483,productid=0xdf11\n"
                                "-device usb-host,bus=xhci.0,vendorid=0x0483,productid=0x5720\n"
                                "-device usb-host,bus=xhci.0,vendorid=0x0483,productid=0x0afb\n";

/* By bus: rules with a hardware id alone do not work in usbipd-win 5.2.0. */
static const char usbipd_text[] =
    "usbipd list\n"
    "usbipd policy add --effect Allow --operation AutoBind --busid BUSID\n"
    "usbipd attach --wsl --auto-attach --busid BUSID\n"
    "# The board is 0483:df11, with some builds 0483:5720 or 0483:0afb in its later stages.\n";

/* The client of Linux attaches what is there once: each stage is to be attached anew. */
static const char hyper_v_text[] =
    "usbipd list\n"
    "usbipd policy add --effect Allow --operation AutoBind --busid BUSID\n"
    "# The board is 0483:df11, with some builds 0483:5720 or 0483:0afb in its later stages.\n"
    "\n"
    "sudo modprobe vhci-hcd\n"
    "while true; do sudo usbip attach -r HOST -b BUSID 2>/dev/null; sleep 0.3; done\n";

static const char parallels_text[] = "0483:df11\n"
                                     "0483:5720\n"
                                     "0483:0afb\n";

static const FlashVmFilter filters[] = {
  { "kvm", "virt-manager",
    N_ ("On the computer outside, enter “virsh edit NAME” with the name of the virtual machine, "
        "and paste the lines with brackets between “<devices>” and “</devices>”; leave out what "
        "is there already. The machine needs SPICE graphics for it.\n"
        "Shut the virtual machine down and start it again.\n"
        "Open its window with the last line instead of virt-manager, and leave the keyboard in "
        "that window while you flash: it passes new devices on only then.\n"
        "Filter by vendor and product only: name and serial number differ from stage to stage.\n"
        "Without such a window, hand a whole USB controller to the machine: “Add Hardware”, “PCI "
        "Host Device”. Everything on its ports then belongs to the machine."),
    libvirt_text },
  { "microsoft", "Hyper-V",
    N_ ("Hyper-V itself does not pass USB devices on.\n"
        "Install usbipd-win 4.2 or later on the Windows outside, and enter the lines up to the "
        "empty one there as administrator, with the BUSID that “usbipd list” shows for the "
        "board.\n"
        "In the virtual machine, install “usbip” and enter the last lines, with the address of "
        "the Windows computer for HOST. Leave them running: they attach each stage of the board "
        "as it appears on that port.\n"
        "If that is too slow for the board, flash it from a computer that is no virtual "
        "machine."),
    hyper_v_text },
  { "oracle", "VirtualBox",
    N_ ("Shut the virtual machine down.\n"
        "On the computer outside, enter the lines with the name of the machine for NAME; before "
        "VirtualBox 7, the first one ends in “--usbxhci on”. In the window of VirtualBox it is "
        "“Settings”, “USB”: choose the USB 3.0 (xHCI) controller, and add a filter for each "
        "product.\n"
        "In each filter fill in vendor and product only: name and serial number differ from "
        "stage to stage.\n"
        "If the computer outside runs Linux, make sure that you are in the group “vboxusers” "
        "there, and log in anew after that was changed.\n"
        "Start the machine, then plug the board in again."),
    oracle_text },
  { "parallels", "Parallels Desktop",
    N_ ("Open “Settings”, “Devices” of Parallels Desktop, and let new USB devices connect to this "
        "virtual machine.\n"
        "Where it asks for a device by itself, choose this virtual machine and have it "
        "remembered, once for each stage of the board: these are their vendors and products.\n"
        "Each stage has another name, so that one answer is not enough."),
    parallels_text },
  { "qemu", "QEMU",
    N_ ("Add the lines to the command line with which QEMU is started.\n"
        "QEMU then passes on each device with that vendor and product as soon as it appears; do "
        "not add a name, a bus or a serial number, which differ from stage to stage.\n"
        "Whoever starts QEMU needs the right to open the device on the computer outside."),
    qemu_text },
  { "vmware", "VMware",
    N_ ("Shut the virtual machine down.\n"
        "On the computer outside, put the lines into the “.vmx” file of the virtual machine. If "
        "a line begins as one of them already, change that one: a name that is there twice "
        "keeps the machine from starting.\n"
        "They go by vendor and product, since name and serial number differ from stage to "
        "stage.\n"
        "In the settings of the machine, choose USB 3.1 under “USB Controller”, and let it "
        "connect new devices by itself.\n"
        "Where a stage stays outside nevertheless, connect it once in the menu “Removable "
        "Devices”."),
    vmware_text },
  { "wsl", "Windows Subsystem for Linux",
    N_ ("Install usbipd-win 4.2 or later on Windows, and look for the board in what “usbipd list” "
        "shows.\n"
        "Enter the next lines as administrator, with its BUSID; leave the window of the last one "
        "open while you flash.\n"
        "The rule goes by the port, since vendor and product alone are not enough for every "
        "version, and name and serial number differ from stage to stage: leave the board on that "
        "port."),
    usbipd_text },
};

const FlashVmFilter *
flash_vm_filter_list (guint *out_n)
{
  g_return_val_if_fail (out_n != NULL, NULL);

  *out_n = G_N_ELEMENTS (filters);
  return filters;
}

const FlashVmFilter *
flash_vm_filter_find (const char *kind)
{
  g_return_val_if_fail (kind != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (g_str_equal (filters[i].kind, kind))
      return &filters[i];
  return NULL;
}
