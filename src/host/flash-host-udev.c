/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-udev"

#include "config.h"

#include "flash-host-udev.h"

#include <fnmatch.h>
#include <string.h>

#define VENDOR "0483"
#define PRODUCT "df11"
/* As the kernel writes them for programs that are to be started (Linux, drivers/usb/core/driver.c,
 * usb_uevent ()). */
#define VENDOR_AND_PRODUCT "483/df11"
/* Any: which one it is depends on the socket. */
#define A_PORT "1-2"
/* As udev itself has it (systemd, src/udev/udev-rules.c, UDEV_LINE_SIZE). */
#define MAX_LINE 16384u
/* A longer pattern is not tried: matching may take time without end. */
#define MAX_PATTERN 64
#define MAX_KEY 128
#define MAX_VALUE 32

/* --- lines -------------------------------------------------------------------------------- */

GStrv
flash_host_udev_split (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GStrvBuilder) rules = g_strv_builder_new ();
  g_autoptr (GString) rule = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++) {
    char *line = g_strstrip (lines[i]);
    gsize length = strlen (line);
    gboolean goes_on = length > 0 && line[length - 1] == '\\';

    if (line[0] == '#' || (length == 0 && rule->len == 0))
      continue;
    g_string_append_len (rule, line, (gssize) (length - goes_on));
    if (goes_on)
      continue;
    if (rule->len > 0 && rule->len < MAX_LINE)
      g_strv_builder_add (rules, rule->str);
    g_string_truncate (rule, 0);
  }
  return g_strv_builder_end (rules);
}

/* --- one part of a rule ------------------------------------------------------------------- */

/* `ATTR{idVendor}=="0483"` */
typedef struct {
  char key[MAX_KEY];
  char operator[3];
  char *value; /* (owned) */
} Part;

static void
part_clear (Part *self)
{
  g_clear_pointer (&self->value, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Part, part_clear)

/* What is in braces may have any characters. */
static gsize
find_key_end (const char *at)
{
  gsize length = strcspn (at, "=!+-:\" \t{");
  const char *brace = at[length] == '{' ? strchr (at + length, '}') : NULL;

  return brace != NULL ? (gsize) (brace - at) + 1 : length;
}

/* Takes a part off a rule.
 *
 * Returns: (nullable): what is behind it; %NULL at the end, and where it is no rule any more */
static const char *
take_part (const char *at, Part *out_part)
{
  gsize length;
  const char *end;

  at += strspn (at, " \t,");
  length = find_key_end (at);
  if (length == 0 || length >= MAX_KEY)
    return NULL;
  memcpy (out_part->key, at, length);
  out_part->key[length] = '\0';
  at += length;
  at += strspn (at, " \t");
  length = strspn (at, "=!+-:");
  if (length == 0 || length > 2)
    return NULL;
  memcpy (out_part->operator, at, length);
  out_part->operator[length] = '\0';
  at += length;
  at += strspn (at, " \t");
  /* i"…" does not look at the case of letters, e"…" has escapes. */
  at += at[0] != '\0' && strchr ("ie", at[0]) != NULL && at[1] == '"';
  if (*at != '"' || (end = strchr (at + 1, '"')) == NULL)
    return NULL;
  g_free (out_part->value);
  out_part->value = g_strndup (at + 1, (gsize) (end - at - 1));
  return end + 1;
}

static gboolean
is_comparison (const Part *part)
{
  return g_str_equal (part->operator, "==") || g_str_equal (part->operator, "!=");
}

/* --- a board ------------------------------------------------------------------------------ */

/* What is known of a board that is plugged in.
 *
 * @is_vendor: the key is about the vendor
 * @is_product: the key is about the product */
typedef struct {
  const char *key;
  const char *value;
  gboolean is_vendor;
  gboolean is_product;
} Fact;

static const Fact facts[] = {
  { "ACTION", "add", FALSE, FALSE },
  { "SUBSYSTEM", "usb", FALSE, FALSE },
  { "SUBSYSTEMS", "usb", FALSE, FALSE },
  { "ENV{DEVTYPE}", "usb_device", FALSE, FALSE },
  { "ATTR{idVendor}", VENDOR, TRUE, FALSE },
  { "ATTRS{idVendor}", VENDOR, TRUE, FALSE },
  { "SYSFS{idVendor}", VENDOR, TRUE, FALSE },
  { "ENV{ID_VENDOR_ID}", VENDOR, TRUE, FALSE },
  { "ATTR{idProduct}", PRODUCT, FALSE, TRUE },
  { "ATTRS{idProduct}", PRODUCT, FALSE, TRUE },
  { "SYSFS{idProduct}", PRODUCT, FALSE, TRUE },
  { "ENV{ID_MODEL_ID}", PRODUCT, FALSE, TRUE },
  { "ENV{PRODUCT}", VENDOR_AND_PRODUCT, TRUE, TRUE },
  { "KERNEL", A_PORT, FALSE, FALSE },
};

static const Fact *
find_fact (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    if (g_str_equal (facts[i].key, key))
      return &facts[i];
  return NULL;
}

/* `483/df11/2200`: the last one differs from chip to chip, and is taken for what is asked for. */
static void
leave_revision_off (char *pattern)
{
  char *slash = strchr (pattern, '/');

  slash = slash != NULL ? strchr (slash + 1, '/') : NULL;
  if (slash != NULL)
    *slash = '\0';
}

/* @patterns: `0483|1209`, each with `*`, `?` and `[…]` */
static gboolean
is_match (const char *patterns, const char *text, gboolean ignores_case)
{
  g_auto (GStrv) each = g_strsplit (patterns, "|", -1);

  for (guint i = 0; each[i] != NULL; i++) {
    if (g_str_equal (text, VENDOR_AND_PRODUCT))
      leave_revision_off (each[i]);
    if (strlen (each[i]) <= MAX_PATTERN &&
        fnmatch (each[i], text, ignores_case ? FNM_CASEFOLD : 0) == 0)
      return TRUE;
  }
  return FALSE;
}

/* --- rules -------------------------------------------------------------------------------- */

/* Where the reading of a file stands.
 *
 * @names_vendor: all rules from here on are for that vendor only, because others have jumped away
 * @names_product: the same for the product
 * @until: (owned) (nullable): the label where that ends
 * @jumps_to: (owned) (nullable): the label that is looked for
 * @doubt_until: (owned) (nullable): up to this label, boards may have jumped away
 * @has_uaccess: what boards get
 * @mode: (owned) (nullable): what boards get
 * @group: (owned) (nullable): what boards get
 * @node: (nullable): what they have of all files */
typedef struct {
  gboolean names_vendor;
  gboolean names_product;
  char *until;
  char *jumps_to;
  char *doubt_until;
  gboolean is_about_boards;
  gboolean has_uaccess;
  char *mode;
  char *group;
  FlashHostUdevNode *node;
} Reading;

static void
reading_clear (Reading *self)
{
  g_clear_pointer (&self->until, g_free);
  g_clear_pointer (&self->jumps_to, g_free);
  g_clear_pointer (&self->doubt_until, g_free);
  g_clear_pointer (&self->mode, g_free);
  g_clear_pointer (&self->group, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

/* What one rule asks for.
 *
 * @applies: to a board, as far as is known
 * @applies_in_any_case: it would, if the case of letters did not count
 * @is_certain: all that it asks for is known
 * @names_vendor: the rule names the vendor of boards
 * @names_product: the same for the product
 * @asks_product: it has a condition on the product
 * @label: (owned) (nullable): its label
 * @jump: (owned) (nullable): where it jumps to */
typedef struct {
  gboolean applies;
  gboolean applies_in_any_case;
  gboolean is_certain;
  gboolean names_vendor;
  gboolean names_product;
  gboolean asks_product;
  char *label;
  char *jump;
} Rule;

static void
rule_clear (Rule *self)
{
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->jump, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rule, rule_clear)

/* A board is called by the port that it stands on, `1-2`: `hidraw*` is none. */
static gboolean
is_other_kernel_name (const Part *part)
{
  return g_str_equal (part->key, "KERNEL") && g_ascii_isalpha (part->value[0]);
}

/* `483/` and a star name a vendor only. */
static gboolean
asks_product (const Fact *fact, const char *pattern)
{
  const char *slash = fact->is_vendor ? strchr (pattern, '/') : NULL;

  return fact->is_product && (slash == NULL || slash[1] != '*');
}

static void
compare_part (Rule *self, const Part *part)
{
  const Fact *fact = find_fact (part->key);
  gboolean wants_match = part->operator[0] == '=';

  if (fact == NULL || (g_str_equal (fact->value, A_PORT) && !is_other_kernel_name (part))) {
    self->is_certain = FALSE;
    return;
  }
  self->asks_product |= asks_product (fact, part->value);
  if (is_match (part->value, fact->value, FALSE) != wants_match)
    self->applies = FALSE;
  if (is_match (part->value, fact->value, TRUE) != wants_match)
    self->applies_in_any_case = FALSE;
  /* "*" is no name. */
  if (is_match (part->value, fact->value, TRUE) &&
      strpbrk (part->value, G_CSET_a_2_z G_CSET_DIGITS)) {
    self->names_vendor |= fact->is_vendor;
    self->names_product |= asks_product (fact, part->value);
  }
}

static void
read_conditions (Rule *self, const char *text)
{
  g_auto (Part) part = { 0 };

  self->applies = self->applies_in_any_case = self->is_certain = TRUE;
  while ((text = take_part (text, &part)) != NULL) {
    if (is_comparison (&part)) {
      compare_part (self, &part);
    } else if (g_str_equal (part.key, "LABEL")) {
      g_free (self->label);
      self->label = g_strdup (part.value);
    } else if (g_str_equal (part.key, "GOTO")) {
      g_free (self->jump);
      self->jump = g_strdup (part.value);
    }
  }
}

/* Only what cannot be mistaken for something else in a list. */
static void
set_value (char **target, const char *value)
{
  if (value[0] == '\0' || strlen (value) > MAX_VALUE ||
      strspn (value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.-") != strlen (value))
    return;
  g_free (*target);
  *target = g_strdup (value);
}

static gboolean
is_final (const Part *part)
{
  return part->operator[0] == ':';
}

/* TAG alone puts one in the place of all others. */
static gboolean
gets_uaccess (const Part *part, gboolean has_uaccess)
{
  gboolean is_uaccess = g_str_equal (part->value, "uaccess");

  if (part->operator[0] == '+' || part->operator[0] == '-')
    return is_uaccess ? part->operator[0] == '+' : has_uaccess;
  return is_uaccess;
}

static void
take_gifts (Reading *self, const char *text)
{
  g_auto (Part) part = { 0 };

  while ((text = take_part (text, &part)) != NULL) {
    if (is_comparison (&part))
      continue;
    if (g_str_equal (part.key, "MODE"))
      set_value (&self->mode, part.value);
    else if (g_str_equal (part.key, "GROUP"))
      set_value (&self->group, part.value);
    else if (g_str_equal (part.key, "TAG"))
      self->has_uaccess = gets_uaccess (&part, self->has_uaccess);
  }
}

static void
give_to_node (FlashHostUdevNode *self, const char *text)
{
  g_auto (Part) part = { 0 };

  while ((text = take_part (text, &part)) != NULL) {
    if (is_comparison (&part))
      continue;
    if (g_str_equal (part.key, "MODE") && !self->is_mode_final) {
      set_value (&self->mode, part.value);
      self->is_mode_final = is_final (&part);
    } else if (g_str_equal (part.key, "TAG") && !self->is_uaccess_final) {
      self->has_uaccess = gets_uaccess (&part, self->has_uaccess);
      self->is_uaccess_final = is_final (&part);
    }
  }
}

/* A rule that jumps tells whom those behind it are for: `ATTR{idVendor}!="0483", GOTO="end"` keeps
 * all others away from them, `ATTR{idVendor}=="0483", GOTO="st"` brings this vendor there. */
static void
follow_jump (Reading *self, const Rule *rule)
{
  gboolean jumps = rule->applies && rule->is_certain;

  self->names_vendor |= rule->names_vendor;
  self->names_product |= rule->names_product;
  if (jumps) {
    g_free (self->jumps_to);
    self->jumps_to = g_strdup (rule->jump);
  } else if (rule->names_vendor || rule->names_product) {
    g_free (self->until);
    self->until = g_strdup (rule->jump);
  } else if (rule->applies && self->doubt_until == NULL) {
    self->doubt_until = g_strdup (rule->jump);
  }
}

/* What is not certain is believed of a rule that names boards, and of no other. */
static gboolean
counts (const Reading *self, const Rule *rule)
{
  return (rule->is_certain && self->doubt_until == NULL) ||
         ((rule->names_vendor || self->names_vendor) &&
          (rule->names_product || self->names_product));
}

static void
read_rule (Reading *self, const char *text)
{
  g_auto (Rule) rule = { 0 };

  read_conditions (&rule, text);
  if (rule.label != NULL && g_strcmp0 (rule.label, self->until) == 0) {
    self->names_vendor = self->names_product = FALSE;
    g_clear_pointer (&self->until, g_free);
  }
  if (rule.label != NULL && g_strcmp0 (rule.label, self->doubt_until) == 0)
    g_clear_pointer (&self->doubt_until, g_free);
  if (self->jumps_to != NULL) {
    if (g_strcmp0 (rule.label, self->jumps_to) == 0)
      g_clear_pointer (&self->jumps_to, g_free);
    return;
  }
  if (rule.jump != NULL) {
    follow_jump (self, &rule);
    return;
  }
  if (self->node != NULL && rule.applies && counts (self, &rule))
    give_to_node (self->node, text);
  if (!rule.applies_in_any_case || !(rule.names_vendor || self->names_vendor))
    return;
  if (rule.names_product || self->names_product)
    self->is_about_boards = TRUE;
  else if (rule.asks_product || !rule.is_certain)
    return;
  if (rule.applies)
    take_gifts (self, text);
}

static char *
dup_gives (const Reading *reading)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) gifts = NULL;

  if (reading->has_uaccess)
    g_strv_builder_add (builder, "uaccess");
  if (reading->mode != NULL) {
    g_autofree char *mode = g_strconcat ("MODE=", reading->mode, NULL);

    g_strv_builder_add (builder, mode);
  }
  if (reading->group != NULL) {
    g_autofree char *group = g_strconcat ("GROUP=", reading->group, NULL);

    g_strv_builder_add (builder, group);
  }
  gifts = g_strv_builder_end (builder);
  return gifts[0] != NULL ? g_strjoinv (", ", gifts) : NULL;
}

void
flash_host_udev_node_clear (FlashHostUdevNode *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->mode, g_free);
}

void
flash_host_udev_init (FlashHostUdev *self, const char *text, FlashHostUdevNode *node)
{
  g_auto (GStrv) rules = NULL;
  g_auto (Reading) reading = { .node = node };

  g_return_if_fail (self != NULL);
  g_return_if_fail (text != NULL);

  rules = flash_host_udev_split (text);
  for (guint i = 0; rules[i] != NULL; i++)
    read_rule (&reading, rules[i]);
  self->gives = dup_gives (&reading);
  /* A rule for all products of the vendor counts if it gives something. */
  self->is_about_boards = reading.is_about_boards || self->gives != NULL;
}

void
flash_host_udev_clear (FlashHostUdev *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->gives, g_free);
}
