/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-fault"

#include "config.h"

#include "flash-sim-fault.h"

#include "flash-diag.h"
#include "flash-provider.h"

#define AT(stage) (1u << FLASH_SIM_STAGE_##stage)
#define AT_MP (AT (ROM) | AT (TFA) | AT (UBOOT) | AT (UBOOT2))
#define AT_PLAIN (AT (DFU) | AT (RUNTIME))
#define AT_ANY (AT_MP | AT_PLAIN | AT (BOOTLOADER))

/* In the order of the enumeration. The stages are those in which KIND@STAGE makes sense. */
static const struct {
  const char *name;
  guint stages;
  const char *description;
} kinds[] = {
  { "stall", AT_ANY, N_ ("the request is refused") },
  { "timeout", AT_ANY, N_ ("the request is lost and never answered") },
  { "lost-answer", AT_ANY, N_ ("the request is carried out, its answer is lost") },
  { "short", AT_ANY, N_ ("an answer holds half of its bytes") },
  { "corrupt", AT_ANY, N_ ("one bit of the data sent or returned is wrong") },
  { "unplug", AT_ANY, N_ ("the board leaves the bus until it is switched off and on") },
  { "replug", AT_ANY, N_ ("the board leaves the bus and restarts") },
  { "cable", AT_MP, N_ ("the cable is out for a moment; the board has its own power and goes on") },
  { "long-nak", AT_ANY, N_ ("the board takes 8 s over one request") },
  { "endless-busy", AT_ANY, N_ ("GETSTATUS says busy for ever") },
  { "strings-unknown", AT_ANY, N_ ("string descriptors are refused for 400 ms") },
  { "never-return", AT_ANY, N_ ("the board does not return from the next hand-over") },
  { "return-as-rom", AT_MP, N_ ("the board returns from the next hand-over in its ROM") },
  { "return-elsewhere", AT_MP, N_ ("the board returns from the next hand-over on another port") },
  { "wrong-serial", AT_ANY, N_ ("another board returns on the port from the next hand-over") },
  { "handover-delay", AT_ANY, N_ ("the next hand-over takes 8 s longer") },
  { "stall-detach", AT_MP | AT_PLAIN, N_ ("DETACH is refused and done all the same") },
  { "fsbl-refused", AT (ROM), N_ ("the ROM answers the first stage with a DFU error") },
  { "fsbl-ignored", AT (ROM), N_ ("the ROM takes the first stage and does not start it") },
  { "fsbl-crash", AT (ROM), N_ ("the first stage dies; the board stays on the bus and is silent") },
  { "fsbl-reenum", AT (ROM),
    N_ ("the board leaves the bus and returns when the first stage starts") },
  { "fsbl-keep", AT (ROM), N_ ("the board stays on the bus when the first stage starts") },
  { "spl-instead", AT (ROM), N_ ("U-Boot SPL comes up in place of TF-A") },
  { "pipe-once", AT (ROM), N_ ("the first GETSTATUS after the first stage is refused") },
  { "bad-fip", AT (TFA), N_ ("TF-A refuses whatever it is sent") },
  { "fip-overflow", AT (TFA), N_ ("TF-A has room for 64 KiB only") },
  { "no-uboot", AT (TFA), N_ ("U-Boot never shows on the bus") },
  { "stale-layout", AT (UBOOT), N_ ("U-Boot finds the remains of a layout in its memory") },
  { "layout-error", AT (UBOOT), N_ ("U-Boot has no memory for the layout") },
  { "init-error", AT (UBOOT), N_ ("the first storage of the layout cannot be initialised") },
  { "erase-error", AT (UBOOT), N_ ("the next erase of the layout fails") },
  { "gpt-error", AT (UBOOT), N_ ("the partition table cannot be written") },
  { "write-error", AT (UBOOT2) | AT (DFU), N_ ("writing fails while data arrive") },
  { "buffer-overflow", AT (UBOOT2), N_ ("the next block does not fit U-Boot's buffer") },
  { "flush-error", AT (UBOOT2),
    N_ ("writing fails at the end of a partition; the board restarts") },
  { "end-action-error", AT (UBOOT2), N_ ("what follows the end of a partition fails") },
  { "phase-stuck", AT (UBOOT2), N_ ("the board asks for the same partition again and again") },
  { "full-storage", AT (UBOOT) | AT (UBOOT2) | AT (DFU),
    N_ ("nothing more can be written to the storage") },
  { "otp-error", AT (UBOOT) | AT (UBOOT2), N_ ("the next access to the OTP words fails") },
  { "erase-ignored", AT (BOOTLOADER), N_ ("the next erase is acknowledged and not done") },
  { "write-dropped", AT (BOOTLOADER), N_ ("the next block is acknowledged and not written") },
  { "read-vendor", AT (BOOTLOADER), N_ ("the next read fails as if the chip were protected") },
  { "bad-string", AT_ANY, N_ ("the next string descriptor claims more bytes than it has") },
  { "power-cut", AT (BOOTLOADER), N_ ("the power goes away in the middle of what is being done") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == FLASH_SIM_N_FAULTS);

const char *const *
flash_sim_fault_list (void)
{
  static const char *list[2 * FLASH_SIM_N_FAULTS + 1];
  static gsize is_ready;

  if (g_once_init_enter (&is_ready)) {
    for (guint i = 0; i < FLASH_SIM_N_FAULTS; i++) {
      list[2 * i] = kinds[i].name;
      list[2 * i + 1] = kinds[i].description;
    }
    g_once_init_leave (&is_ready, 1);
  }
  return list;
}

static gboolean
can_happen_at (FlashSimFaultKind kind, FlashSimStage stage, const FlashSimModel *model)
{
  return (kinds[kind].stages & 1u << stage) != 0 && flash_sim_model_has_stage (model, stage);
}

static gboolean
can_happen (FlashSimFaultKind kind, const FlashSimModel *model)
{
  for (guint i = 0; i < FLASH_SIM_N_STAGES; i++)
    if (can_happen_at (kind, i, model))
      return TRUE;
  return FALSE;
}

static char *
dup_kind_names (const FlashSimModel *model)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < FLASH_SIM_N_FAULTS; i++)
    if (can_happen (i, model))
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", kinds[i].name);
  return g_string_free (names, FALSE);
}

static gboolean
parse_kind (const char *text, const FlashSimModel *model, FlashSimFault *fault, GError **error)
{
  g_autofree char *names = NULL;

  for (guint i = 0; i < FLASH_SIM_N_FAULTS; i++)
    if (g_str_equal (kinds[i].name, text) && can_happen (i, model)) {
      fault->kind = i;
      return TRUE;
    }
  names = dup_kind_names (model);
  g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID,
               "key fault: there is no kind “%s” for %s; the kinds are %s", text, model->name,
               names);
  return FALSE;
}

static gboolean
parse_moment (const char *text, const FlashSimModel *model, FlashSimFault *fault, GError **error)
{
  g_autoptr (GString) legal = g_string_new ("a number of a request from 1");
  guint64 number;

  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64, &number, NULL)) {
    fault->at_request = number;
    return TRUE;
  }
  for (guint i = 0; i < FLASH_SIM_N_STAGES; i++) {
    if (!can_happen_at (fault->kind, i, model))
      continue;
    if (g_str_equal (flash_sim_stage_get_name (i), text)) {
      fault->stage = i;
      return TRUE;
    }
    g_string_append_printf (legal, ", %s", flash_sim_stage_get_name (i));
  }
  g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID,
               "key fault: %s cannot happen at “%s”; legal are %s", kinds[fault->kind].name, text,
               legal->str);
  return FALSE;
}

static gboolean
parse_one (const char *text, const FlashSimModel *model, FlashSimFault *fault, GError **error)
{
  const char *at = strchr (text, '@');
  g_autofree char *kind = NULL;

  if (at == NULL) {
    g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID,
                 "key fault: “%s” is not of the form KIND@N or KIND@STAGE", text);
    return FALSE;
  }
  kind = g_strndup (text, (gsize) (at - text));
  return parse_kind (kind, model, fault, error) && parse_moment (at + 1, model, fault, error);
}

gboolean
flash_sim_fault_script_parse (const char *text, const FlashSimModel *model,
                              FlashSimFaultScript *out_script, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);
  FlashSimFaultScript script = { 0 };

  if (parts[0] == NULL)
    return parse_one ("", model, &script.faults[0], error);
  for (guint i = 0; parts[i] != NULL; i++) {
    if (script.n_faults == FLASH_SIM_MAX_FAULTS) {
      g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID,
                   "key fault: more than %d faults", FLASH_SIM_MAX_FAULTS);
      return FALSE;
    }
    if (!parse_one (parts[i], model, &script.faults[script.n_faults++], error))
      return FALSE;
  }
  *out_script = script;
  return TRUE;
}

void
flash_sim_fault_script_arm (FlashSimFaultScript *self, guint64 request, FlashSimStage stage)
{
  for (guint i = 0; i < self->n_faults; i++) {
    FlashSimFault *fault = &self->faults[i];

    if (fault->at_request > 0 ? request >= fault->at_request : stage == fault->stage)
      fault->is_armed = TRUE;
  }
}

gboolean
flash_sim_fault_script_take (FlashSimFaultScript *self, FlashSimFaultKind kind)
{
  for (guint i = 0; i < self->n_faults; i++) {
    FlashSimFault *fault = &self->faults[i];

    if (fault->kind == kind && fault->is_armed && !fault->is_spent) {
      fault->is_spent = TRUE;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
flash_sim_fault_script_holds (const FlashSimFaultScript *self, FlashSimFaultKind kind)
{
  for (guint i = 0; i < self->n_faults; i++)
    if (self->faults[i].kind == kind && self->faults[i].is_armed && !self->faults[i].is_spent)
      return TRUE;
  return FALSE;
}

void
flash_sim_fault_script_restart (FlashSimFaultScript *self)
{
  for (guint i = 0; i < self->n_faults; i++)
    if (self->faults[i].is_armed)
      self->faults[i].is_spent = TRUE;
}
