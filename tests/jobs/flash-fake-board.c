/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-fake-board"

#include "config.h"

#include "flash-fake-board.h"

#include "flash-dfu-defs.h"
#include "flash-sim-descriptors.h"

#define PORT "fake-1"
#define TRANSFER_SIZE 1024

struct _FlashFakeProvider {
  GObject parent_instance;

  FlashClock *clock; /* (owned) */
  const FlashFakeScene *scenes;
  guint at; /* of the scene that plays, or has just ended */
  gboolean is_on; /* whether it plays */
  guint64 generation;
  gint64 changed_us; /* when it began, or ended */
  FlashDfuState state;
  guint n_phases; /* that were read in this scene */
};

static void list_model_iface_init (GListModelInterface *iface);
static void provider_iface_init (FlashProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FlashFakeProvider, flash_fake_provider, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init)
                                   G_IMPLEMENT_INTERFACE (FLASH_TYPE_PROVIDER, provider_iface_init))

#define FLASH_TYPE_FAKE_BOARD (flash_fake_board_get_type ())
G_DECLARE_FINAL_TYPE (FlashFakeBoard, flash_fake_board, FLASH, FAKE_BOARD, FlashBoard)

struct _FlashFakeBoard {
  FlashBoard parent_instance;

  FlashFakeProvider *provider; /* (owned) */
};

G_DEFINE_FINAL_TYPE (FlashFakeBoard, flash_fake_board, FLASH_TYPE_BOARD)

#define FLASH_TYPE_FAKE_TRANSPORT (flash_fake_transport_get_type ())
G_DECLARE_FINAL_TYPE (FlashFakeTransport, flash_fake_transport, FLASH, FAKE_TRANSPORT,
                      FlashTransport)

struct _FlashFakeTransport {
  FlashTransport parent_instance;

  FlashFakeProvider *provider; /* (owned) */
  guint64 generation;
};

G_DEFINE_FINAL_TYPE (FlashFakeTransport, flash_fake_transport, FLASH_TYPE_TRANSPORT)

/* --- The port ------------------------------------------------------------------------------- */

static void
begin (FlashFakeProvider *self, guint at)
{
  self->at = at;
  self->is_on = TRUE;
  self->changed_us = flash_clock_get_time_us (self->clock);
  self->state = FLASH_DFU_STATE_IDLE;
  self->n_phases = 0;
  if (!self->scenes[at].keeps_bus)
    self->generation++;
}

static void
end (FlashFakeProvider *self)
{
  self->changed_us = flash_clock_get_time_us (self->clock);
  self->is_on = FALSE;
}

static void
advance (FlashFakeProvider *self)
{
  gint64 passed_us = flash_clock_get_time_us (self->clock) - self->changed_us;
  const FlashFakeScene *scene = &self->scenes[self->at];

  if (self->is_on && scene->lasts_ms > 0 && passed_us >= (gint64) scene->lasts_ms * 1000) {
    end (self);
    passed_us = 0;
  }
  if (!self->is_on && scene[1].product != NULL && passed_us >= (gint64) scene[1].gap_ms * 1000)
    begin (self, self->at + 1);
}

static FlashSimDescriptors *
make_descriptors (const FlashFakeScene *scene)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  FlashSimDescriptorTraits traits = { .bcd_device = 0x0200,
                                      .product = scene->product,
                                      .serial = scene->serial,
                                      .dfu_version = scene->dfu_version,
                                      .transfer_size = TRANSFER_SIZE,
                                      .names = names };

  for (guint i = 0; scene->names[i] != NULL; i++)
    g_ptr_array_add (names, (gpointer) scene->names[i]);
  return flash_sim_descriptors_new (&traits);
}

static const char *
get_port (FlashFakeProvider *self)
{
  const char *port = self->scenes[self->at].port;

  return port != NULL ? port : PORT;
}

FlashBoard *
flash_fake_provider_look (FlashFakeProvider *self)
{
  g_autoptr (FlashDescriptors) descriptors = NULL;
  FlashSimDescriptors *made;
  FlashFakeBoard *board;

  advance (self);
  if (!self->is_on)
    return NULL;
  made = make_descriptors (&self->scenes[self->at]);
  descriptors = flash_sim_descriptors_describe (made, TRUE);
  flash_sim_descriptors_free (made);
  board = g_object_new (FLASH_TYPE_FAKE_BOARD, "id", "fake", "port", get_port (self), "generation",
                        self->generation, "descriptors", descriptors, NULL);
  board->provider = g_object_ref (self);
  return FLASH_BOARD (board);
}

static FlashBoard *
peek_port (FlashProvider *provider, const char *port)
{
  g_autoptr (FlashBoard) board = flash_fake_provider_look (FLASH_FAKE_PROVIDER (provider));

  if (board == NULL || !g_str_equal (flash_board_get_port (board), port))
    return NULL;
  return g_steal_pointer (&board);
}

static void
provider_iface_init (FlashProviderInterface *iface)
{
  iface->peek_port = peek_port;
}

static GType
get_item_type (GListModel *model)
{
  return FLASH_TYPE_BOARD;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
}

static void
flash_fake_provider_finalize (GObject *object)
{
  g_clear_object (&FLASH_FAKE_PROVIDER (object)->clock);

  G_OBJECT_CLASS (flash_fake_provider_parent_class)->finalize (object);
}

static void
flash_fake_provider_class_init (FlashFakeProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_fake_provider_finalize;
}

static void
flash_fake_provider_init (FlashFakeProvider *self)
{
}

FlashFakeProvider *
flash_fake_provider_new (FlashClock *clock, const FlashFakeScene *scenes)
{
  FlashFakeProvider *self = g_object_new (FLASH_TYPE_FAKE_PROVIDER, NULL);

  self->clock = g_object_ref (clock);
  self->scenes = scenes;
  begin (self, 0);
  return self;
}

/* --- The board ------------------------------------------------------------------------------ */

static FlashTransport *
open_board (FlashBoard *board, GError **error)
{
  FlashFakeProvider *provider = FLASH_FAKE_BOARD (board)->provider;
  gint open_error = provider->scenes[provider->at].open_error;
  FlashFakeTransport *transport;

  if (open_error != FLASH_FAKE_OK) {
    g_set_error_literal (error, FLASH_TRANSPORT_ERROR, open_error, "as in the scene");
    return NULL;
  }
  transport = g_object_new (FLASH_TYPE_FAKE_TRANSPORT, NULL);
  transport->provider = g_object_ref (provider);
  transport->generation = flash_board_get_generation (board);
  return FLASH_TRANSPORT (transport);
}

static void
flash_fake_board_finalize (GObject *object)
{
  g_clear_object (&FLASH_FAKE_BOARD (object)->provider);

  G_OBJECT_CLASS (flash_fake_board_parent_class)->finalize (object);
}

static void
flash_fake_board_class_init (FlashFakeBoardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_fake_board_finalize;
  FLASH_BOARD_CLASS (klass)->open = open_board;
}

static void
flash_fake_board_init (FlashFakeBoard *self)
{
}

/* --- The wire ------------------------------------------------------------------------------- */

/* Returns: (transfer none) (nullable): the scene that answers, or %NULL with @error set. */
static const FlashFakeScene *
find_scene (FlashTransport *transport, guint timeout_ms, GError **error)
{
  FlashFakeTransport *self = FLASH_FAKE_TRANSPORT (transport);
  const FlashFakeScene *scene;

  advance (self->provider);
  scene = &self->provider->scenes[self->provider->at];
  if (!self->provider->is_on || self->provider->generation != self->generation) {
    g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE, "gone");
    return NULL;
  }
  if (scene->request_error == FLASH_FAKE_OK)
    return scene;
  if (scene->request_error == FLASH_TRANSPORT_ERROR_TIMED_OUT)
    flash_clock_wait_ms (self->provider->clock, timeout_ms, NULL, NULL);
  g_set_error_literal (error, FLASH_TRANSPORT_ERROR, scene->request_error, "as in the scene");
  return NULL;
}

static gboolean
stall (GError **error)
{
  g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL, "stalled");
  return FALSE;
}

/* The interface descriptors follow the head of the configuration, all of the same length. */
static void
drop_last_name (const FlashFakeScene *scene, guint8 *configuration, gsize length)
{
  gsize at = 9 + 9 * g_strv_length ((char **) scene->names) - 1;

  if (at < length)
    configuration[at] = 0;
}

static gboolean
answer_descriptor (const FlashFakeScene *scene, guint16 value, guint8 *out_data, gsize length,
                   gsize *out_length, GError **error)
{
  FlashSimDescriptors *made = make_descriptors (scene);
  guint8 string[FLASH_SIM_STRING_MAX];
  const guint8 *bytes = string;
  gsize n_bytes = 0;

  switch (value >> 8) {
  case FLASH_USB_DESCRIPTOR_DEVICE:
    bytes = flash_sim_descriptors_get_device (made, &n_bytes);
    break;
  case FLASH_USB_DESCRIPTOR_CONFIGURATION:
    bytes = flash_sim_descriptors_get_configuration (made, &n_bytes);
    break;
  default:
    n_bytes = flash_sim_descriptors_get_string (made, value & 0xff, string);
  }
  *out_length = MIN (n_bytes, length);
  memcpy (out_data, bytes, *out_length);
  if (value >> 8 == FLASH_USB_DESCRIPTOR_CONFIGURATION && scene->is_last_nameless)
    drop_last_name (scene, out_data, *out_length);
  flash_sim_descriptors_free (made);
  return n_bytes > 0 || stall (error);
}

static gboolean
answer_phase (FlashFakeProvider *provider, const FlashFakeScene *scene, guint8 *out_data,
              gsize *out_length, GError **error)
{
  const char *digits = scene->phases[provider->n_phases];

  if (digits == NULL) {
    provider->state = FLASH_DFU_STATE_ERROR;
    return stall (error);
  }
  if (scene->phases[provider->n_phases + 1] != NULL)
    provider->n_phases++;
  *out_length = strlen (digits) / 2;
  for (gsize i = 0; i < *out_length; i++)
    out_data[i] = (guint8) (g_ascii_xdigit_value (digits[2 * i]) << 4 |
                            g_ascii_xdigit_value (digits[2 * i + 1]));
  return TRUE;
}

static gboolean
control_in (FlashTransport *transport, guint8 request_type, guint8 request, guint16 value,
            guint16 index, guint8 *out_data, gsize length, gsize *out_length, guint timeout_ms,
            GError **error)
{
  FlashFakeProvider *provider = FLASH_FAKE_TRANSPORT (transport)->provider;
  const FlashFakeScene *scene = find_scene (transport, timeout_ms, error);

  if (scene == NULL)
    return FALSE;
  if ((request_type & FLASH_USB_TYPE_MASK) == FLASH_USB_TYPE_STANDARD)
    return answer_descriptor (scene, value, out_data, length, out_length, error);
  if (request == FLASH_DFU_REQUEST_UPLOAD)
    return answer_phase (provider, scene, out_data, out_length, error);
  g_assert_cmpuint (request, ==, FLASH_DFU_REQUEST_GETSTATUS);
  memset (out_data, 0, FLASH_DFU_STATUS_LENGTH);
  out_data[0] = provider->state == FLASH_DFU_STATE_ERROR ? FLASH_DFU_STATUS_ERR_STALLEDPKT : 0;
  out_data[4] = (guint8) provider->state;
  *out_length = FLASH_DFU_STATUS_LENGTH;
  if (provider->state == FLASH_DFU_STATE_MANIFEST)
    provider->state = FLASH_DFU_STATE_IDLE;
  return TRUE;
}

static gboolean
control_out (FlashTransport *transport, guint8 request_type, guint8 request, guint16 value,
             guint16 index, const guint8 *data, gsize length, guint timeout_ms, GError **error)
{
  FlashFakeProvider *provider = FLASH_FAKE_TRANSPORT (transport)->provider;
  const FlashFakeScene *scene = find_scene (transport, timeout_ms, error);

  if (scene == NULL)
    return FALSE;
  provider->state = FLASH_DFU_STATE_IDLE;
  if (request == FLASH_DFU_REQUEST_DNLOAD)
    provider->state = length > 0 ? FLASH_DFU_STATE_DNLOAD_IDLE : FLASH_DFU_STATE_MANIFEST;
  else if (request == FLASH_DFU_REQUEST_DETACH && !scene->ignores_detach)
    end (provider);
  return TRUE;
}

static gboolean
set_alternate (FlashTransport *transport, guint8 interface_number, guint8 alternate,
               guint timeout_ms, GError **error)
{
  return find_scene (transport, timeout_ms, error) != NULL;
}

static void
close_transport (FlashTransport *transport)
{
}

static void
flash_fake_transport_finalize (GObject *object)
{
  g_clear_object (&FLASH_FAKE_TRANSPORT (object)->provider);

  G_OBJECT_CLASS (flash_fake_transport_parent_class)->finalize (object);
}

static void
flash_fake_transport_class_init (FlashFakeTransportClass *klass)
{
  FlashTransportClass *transport_class = FLASH_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_fake_transport_finalize;
  transport_class->control_in = control_in;
  transport_class->control_out = control_out;
  transport_class->set_alternate = set_alternate;
  transport_class->close = close_transport;
}

static void
flash_fake_transport_init (FlashFakeTransport *self)
{
}
