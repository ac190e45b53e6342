/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-provider.h"

/* A provider without boards, that keeps account of what it is asked. */
#define TEST_TYPE_PROVIDER (test_provider_get_type ())
G_DECLARE_FINAL_TYPE (TestProvider, test_provider, TEST, PROVIDER, GObject)

struct _TestProvider {
  GObject parent_instance;

  char *asked; /* (owned) (nullable) */
  guint n_rescans;
};

static FlashBoard *
test_provider_find (FlashProvider *provider, const char *id, GError **error)
{
  TestProvider *self = TEST_PROVIDER (provider);

  g_free (self->asked);
  self->asked = g_strdup (id);
  g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND, "there is no board %s",
               id);
  return NULL;
}

static FlashBoard *
test_provider_peek_port (FlashProvider *provider, const char *port)
{
  TestProvider *self = TEST_PROVIDER (provider);

  g_free (self->asked);
  self->asked = g_strdup (port);
  return NULL;
}

static void
test_provider_rescan (FlashProvider *provider)
{
  TEST_PROVIDER (provider)->n_rescans++;
}

static GType
test_provider_get_item_type (GListModel *model)
{
  return FLASH_TYPE_BOARD;
}

static guint
test_provider_get_n_items (GListModel *model)
{
  return 0;
}

static gpointer
test_provider_get_item (GListModel *model, guint position)
{
  return NULL;
}

static void
provider_iface_init (FlashProviderInterface *iface)
{
  iface->find = test_provider_find;
  iface->peek_port = test_provider_peek_port;
  iface->rescan = test_provider_rescan;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = test_provider_get_item_type;
  iface->get_n_items = test_provider_get_n_items;
  iface->get_item = test_provider_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestProvider, test_provider, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init)
                                   G_IMPLEMENT_INTERFACE (FLASH_TYPE_PROVIDER, provider_iface_init))

static void
test_provider_finalize (GObject *object)
{
  g_free (TEST_PROVIDER (object)->asked);

  G_OBJECT_CLASS (test_provider_parent_class)->finalize (object);
}

static void
test_provider_class_init (TestProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_provider_finalize;
}

static void
test_provider_init (TestProvider *self)
{
}

static void
test_asks (void)
{
  g_autoptr (TestProvider) self = g_object_new (TEST_TYPE_PROVIDER, NULL);
  FlashProvider *provider = FLASH_PROVIDER (self);
  g_autoptr (GError) error = NULL;

  g_assert_null (flash_provider_find (provider, "usb:1-2", &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND);
  g_assert_cmpstr (self->asked, ==, "usb:1-2");
  g_assert_null (flash_provider_peek_port (provider, "1-2.3"));
  g_assert_cmpstr (self->asked, ==, "1-2.3");
  flash_provider_rescan (provider);
  g_assert_cmpuint (self->n_rescans, ==, 1);
}

/* A provider is a list of boards, for the windows that show one. */
static void
test_list (void)
{
  g_autoptr (GListModel) model = g_object_new (TEST_TYPE_PROVIDER, NULL);

  g_assert_true (g_list_model_get_item_type (model) == FLASH_TYPE_BOARD);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
  g_assert_null (g_list_model_get_item (model, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/asks", test_asks);
  g_test_add_func ("/provider/list", test_list);
  return g_test_run ();
}
