/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-node"

#include "config.h"

#include "flash-report-private.h"

#include <math.h>

/* A map, to be called by another one. */
typedef struct {
  FlashReportMap map;
  gpointer data;
} FlashReportMapping;

static JsonNode *
map_number (JsonNode *node, FlashReportMap map, gpointer data)
{
  g_autofree char *digits = NULL;
  g_autofree char *mapped = NULL;

  if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return isfinite (json_node_get_double (node)) ? json_node_copy (node)
                                                  : json_node_new (JSON_NODE_NULL);
  if (json_node_get_value_type (node) != G_TYPE_INT64)
    return json_node_copy (node);
  digits = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  mapped = map (digits, data);
  if (g_strcmp0 (digits, mapped) == 0)
    return json_node_copy (node);
  return json_node_init_string (json_node_alloc (), mapped);
}

static JsonNode *
map_value (JsonNode *node, FlashReportMap map, gpointer data)
{
  g_autofree char *mapped = NULL;

  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return map_number (node, map, data);
  mapped = map (json_node_get_string (node), data);
  return json_node_init_string (json_node_alloc (), mapped);
}

/* Whether the values of a member of that name are words of this program's own. */
static gboolean
holds_codes (const char *name)
{
  static const char *const names[] = { "candidates", "cause",    "certainty", "code",     "notes",
                                       "port",       "question", "severity",  "vm",       "kind",
                                       "stage",      "source",   "rival",     "expected", NULL };

  return g_strv_contains (names, name);
}

/* Returns: (transfer full): @text as it is if it is such a word. */
static char *
keep_code (const char *text, gpointer data)
{
  const FlashReportMapping *mapping = data;

  return _flash_report_is_vocabulary (text) ? g_strdup (text) : mapping->map (text, mapping->data);
}

static JsonNode *
map_array (JsonArray *array, FlashReportMap map, gpointer data)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *copy = json_array_sized_new (json_array_get_length (array));

  for (guint i = 0; i < json_array_get_length (array); i++)
    json_array_add_element (copy,
                            _flash_report_map_node (json_array_get_element (array, i), map, data));
  json_node_take_array (node, copy);
  return node;
}

/* Two members get the same name where the names only differed in what was taken out. A file that
 * was made to hurt could have us count for hours. */
#define MAX_TRIES 100

/* Returns: (transfer full): @name, or with a number if there is one by that name. */
static char *
dup_unused (JsonObject *object, char *name)
{
  guint first = json_object_get_size (object) + 1;
  char *unused = g_strdup (name);

  for (guint i = 0; i < MAX_TRIES && json_object_has_member (object, unused); i++) {
    g_free (unused);
    unused = g_strdup_printf ("%s-%u", name, first + i);
  }
  g_free (name);
  return unused;
}

static JsonNode *
map_object (JsonObject *object, FlashReportMap map, gpointer data)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member)) {
    FlashReportMapping mapping = { map, data };
    g_autofree char *mapped = dup_unused (copy, keep_code (name, &mapping));

    json_object_set_member (copy, mapped,
                            holds_codes (name) && !JSON_NODE_HOLDS_OBJECT (member)
                                ? _flash_report_map_node (member, keep_code, &mapping)
                                : _flash_report_map_node (member, map, data));
  }
  json_node_take_object (node, copy);
  return node;
}

JsonNode *
_flash_report_map_node (JsonNode *node, FlashReportMap map, gpointer data)
{
  switch (json_node_get_node_type (node)) {
  case JSON_NODE_OBJECT:
    return map_object (json_node_get_object (node), map, data);
  case JSON_NODE_ARRAY:
    return map_array (json_node_get_array (node), map, data);
  case JSON_NODE_VALUE:
    return map_value (node, map, data);
  case JSON_NODE_NULL:
    break;
  }
  return json_node_new (JSON_NODE_NULL);
}
