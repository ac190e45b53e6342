/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files that read ids share. Thread: any. */
#pragma once

#include "flash-sim-config.h"

G_BEGIN_DECLS

/* Sets @error, with what would have been legal. Returns FALSE. */
gboolean
flash_sim_config_refuse (const char *key, const char *value, const char *legal, GError **error);

/* Returns: whether the value is one of the choices, of which @out_choice is then the index. */
gboolean
flash_sim_config_parse_choice (const char *key, const char *value, const char *const *choices,
                               guint n_choices, guint *out_choice, GError **error);

/* What a microcontroller has when its id says no more. */
void flash_sim_config_set_mcu_defaults (FlashSimConfig *self);

/* One for each key. Returns whether the value is legal. */
gboolean flash_sim_config_parse_serial (FlashSimConfig *self, const char *key, const char *value,
                                        GError **error);
gboolean flash_sim_config_parse_rdp (FlashSimConfig *self, const char *key, const char *value,
                                     GError **error);
gboolean flash_sim_config_parse_wrp (FlashSimConfig *self, const char *key, const char *value,
                                     GError **error);
gboolean flash_sim_config_parse_boot0 (FlashSimConfig *self, const char *key, const char *value,
                                       GError **error);
gboolean flash_sim_config_parse_rom (FlashSimConfig *self, const char *key, const char *value,
                                     GError **error);
gboolean flash_sim_config_parse_revision (FlashSimConfig *self, const char *key, const char *value,
                                          GError **error);
gboolean flash_sim_config_parse_skeleton (FlashSimConfig *self, const char *key, const char *value,
                                          GError **error);
gboolean flash_sim_config_parse_timing (FlashSimConfig *self, const char *key, const char *value,
                                        GError **error);
gboolean flash_sim_config_parse_busy (FlashSimConfig *self, const char *key, const char *value,
                                      GError **error);
gboolean flash_sim_config_parse_detach (FlashSimConfig *self, const char *key, const char *value,
                                        GError **error);

G_END_DECLS
