/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Little-endian and big-endian numbers at a place in memory. Thread: any.
 *
 * The caller has checked that the bytes are there; nothing here looks at lengths. Sums of
 * numbers that came from outside go through GLib's g_uint64_checked_add () and friends. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

static inline guint16
flash_get_le16 (const guint8 *at)
{
  return (guint16) (at[0] | at[1] << 8);
}

static inline guint32
flash_get_le32 (const guint8 *at)
{
  return (guint32) at[0] | (guint32) at[1] << 8 | (guint32) at[2] << 16 | (guint32) at[3] << 24;
}

static inline guint64
flash_get_le64 (const guint8 *at)
{
  return (guint64) flash_get_le32 (at) | (guint64) flash_get_le32 (at + 4) << 32;
}

static inline guint32
flash_get_be32 (const guint8 *at)
{
  return (guint32) at[0] << 24 | (guint32) at[1] << 16 | (guint32) at[2] << 8 | (guint32) at[3];
}

static inline void
flash_put_le16 (guint8 *at, guint16 value)
{
  at[0] = (guint8) value;
  at[1] = (guint8) (value >> 8);
}

static inline void
flash_put_le32 (guint8 *at, guint32 value)
{
  flash_put_le16 (at, (guint16) value);
  flash_put_le16 (at + 2, (guint16) (value >> 16));
}

static inline void
flash_put_le64 (guint8 *at, guint64 value)
{
  flash_put_le32 (at, (guint32) value);
  flash_put_le32 (at + 4, (guint32) (value >> 32));
}

static inline void
flash_put_be32 (guint8 *at, guint32 value)
{
  at[0] = (guint8) (value >> 24);
  at[1] = (guint8) (value >> 16);
  at[2] = (guint8) (value >> 8);
  at[3] = (guint8) value;
}

G_END_DECLS
