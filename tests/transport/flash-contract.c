/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-contract"

#include "config.h"

#include "flash-contract-private.h"

#define STEP_MS 10
/* Nothing takes that long, whatever the machine. */
#define DEADLINE_US (60 * G_USEC_PER_SEC)
#define DEVICE_LENGTH 18

typedef struct {
  Contract contract;
  const ContractPromise *promise;
  gint is_done; /* atomic */
} Run;

/* A question to the main thread. */
typedef struct {
  Contract *contract;
  const char *port;
  guint64 generation;
  gboolean answer;
  gboolean is_answered;
  GMutex lock;
  GCond answered;
} Question;

/* --- For the checks ------------------------------------------------------------------------- */

static void
wait_step (Contract *self, gint64 start_us)
{
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, DEADLINE_US);
  flash_clock_wait_ms (self->clock, STEP_MS, NULL, NULL);
}

FlashBoard *
contract_wait_board (Contract *self, const char *port, guint64 not_generation)
{
  gint64 start_us = g_get_monotonic_time ();

  for (;;) {
    FlashBoard *board = flash_provider_peek_port (self->world->provider, port);

    if (board != NULL && flash_board_get_generation (board) != not_generation)
      return board;
    g_clear_object (&board);
    wait_step (self, start_us);
  }
}

void
contract_wait_empty (Contract *self, const char *port)
{
  gint64 start_us = g_get_monotonic_time ();

  for (;;) {
    g_autoptr (FlashBoard) board = flash_provider_peek_port (self->world->provider, port);

    if (board == NULL)
      return;
    wait_step (self, start_us);
  }
}

static guint64
find_listed (GListModel *list, const char *port)
{
  guint64 generation = 0;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (list, i);

    if (!g_str_equal (flash_board_get_port (board), port))
      continue;
    g_assert_cmpuint (generation, ==, 0);
    generation = flash_board_get_generation (board);
  }
  return generation;
}

static gboolean
on_asked (gpointer data)
{
  Question *question = data;
  FlashContractWorld *world = question->contract->world;

  if (!world->is_following)
    flash_provider_rescan (world->provider);
  g_mutex_lock (&question->lock);
  question->answer =
      find_listed (G_LIST_MODEL (world->provider), question->port) == question->generation;
  question->is_answered = TRUE;
  g_cond_signal (&question->answered);
  g_mutex_unlock (&question->lock);
  return G_SOURCE_REMOVE;
}

static gboolean
ask_main_thread (Contract *self, const char *port, guint64 generation)
{
  Question question = { .contract = self, .port = port, .generation = generation };

  g_mutex_init (&question.lock);
  g_cond_init (&question.answered);
  g_idle_add (on_asked, &question);
  g_mutex_lock (&question.lock);
  while (!question.is_answered)
    g_cond_wait (&question.answered, &question.lock);
  g_mutex_unlock (&question.lock);
  g_mutex_clear (&question.lock);
  g_cond_clear (&question.answered);
  return question.answer;
}

void
contract_wait_listed (Contract *self, const char *port, guint64 generation)
{
  gint64 start_us = g_get_monotonic_time ();

  while (!ask_main_thread (self, port, generation))
    wait_step (self, start_us);
}

FlashTransport *
contract_open (Contract *self, const char *port)
{
  g_autoptr (FlashBoard) board = contract_wait_board (self, port, 0);
  g_autoptr (GError) error = NULL;
  FlashTransport *transport = flash_board_open (board, &error);

  g_assert_no_error (error);
  g_assert_nonnull (transport);
  return transport;
}

int
contract_take_code (GError *error)
{
  g_autoptr (GError) taken = error;

  g_assert_nonnull (taken);
  g_assert_cmpstr (g_quark_to_string (taken->domain), ==, "flash-transport-error-quark");
  g_assert_cmpstr (taken->message, !=, "");
  return taken->code + 1;
}

int
contract_get (FlashTransport *transport, guint8 type, guint8 index, guint8 *out_data, gsize length,
              gsize *out_length, guint timeout_ms)
{
  GError *error = NULL;

  if (flash_transport_control_in (transport, FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR,
                                  (guint16) (type << 8 | index), 0, out_data, length, out_length,
                                  timeout_ms, &error)) {
    g_assert_no_error (error);
    return CONTRACT_OK;
  }
  return contract_take_code (error);
}

int
contract_ask (FlashTransport *transport, guint timeout_ms)
{
  guint8 data[DEVICE_LENGTH];
  gsize length = G_MAXSIZE;
  int code = contract_get (transport, FLASH_USB_DESCRIPTOR_DEVICE, 0, data, sizeof data, &length,
                           timeout_ms);

  /* An out argument is untouched on failure. */
  g_assert_cmpuint (length, ==, code == CONTRACT_OK ? sizeof data : G_MAXSIZE);
  if (code == CONTRACT_OK)
    g_assert_cmpuint (data[0] | data[1] << 8, ==, sizeof data | FLASH_USB_DESCRIPTOR_DEVICE << 8);
  return code;
}

int
contract_ask_until (Contract *self, guint timeout_ms)
{
  for (guint i = 0; i < CONTRACT_MAX_REQUESTS; i++) {
    int code = contract_ask (self->transport, timeout_ms);

    if (code != CONTRACT_OK)
      return code;
  }
  return CONTRACT_OK;
}

void
contract_assert_works (FlashTransport *transport)
{
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (contract_ask (transport, CONTRACT_TIMEOUT_MS), ==, CONTRACT_OK);
}

/* --- One check ------------------------------------------------------------------------------ */

static gpointer
work (gpointer data)
{
  Run *run = data;
  Contract *self = &run->contract;
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  self->clock = flash_clock_new_real ();
  self->transport = contract_open (self, self->ports[0]);
  run->promise->check (self);
  g_clear_object (&self->transport);
  g_clear_object (&self->clock);
  g_main_context_pop_thread_default (context);
  g_atomic_int_set (&run->is_done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

typedef struct {
  FlashContractWorld *world;
  const ContractPromise *promise;
} Case;

static void
run_case (gconstpointer data)
{
  const Case *entry = data;
  g_autoptr (GPtrArray) ports = g_ptr_array_new_with_free_func (g_free);
  Run run = { .contract = { .world = entry->world }, .promise = entry->promise };
  GThread *thread;

  for (guint i = 0; entry->promise->ids[i] != NULL; i++)
    g_ptr_array_add (ports, entry->world->add (entry->world, entry->promise->ids[i]));
  g_ptr_array_add (ports, NULL);
  run.contract.ports = (char **) ports->pdata;

  thread = g_thread_new ("contract", work, &run);
  while (!g_atomic_int_get (&run.is_done))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);

  for (guint i = 0; run.contract.ports[i] != NULL; i++)
    entry->world->remove (entry->world, run.contract.ports[i]);
}

static void
add_tests (FlashContractWorld *world, const ContractPromise *promises)
{
  for (guint i = 0; promises[i].name != NULL; i++) {
    g_autofree char *path = g_strconcat ("/contract/", promises[i].name, NULL);
    Case *entry = g_new0 (Case, 1);

    entry->world = world;
    entry->promise = &promises[i];
    g_test_add_data_func_full (path, entry, run_case, g_free);
  }
}

void
flash_contract_add_tests (FlashContractWorld *world)
{
  add_tests (world, contract_transfer_promises);
  add_tests (world, contract_board_promises);
}
