/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card as a list of spans, and writing to it in any order: what comes later lies on top. A span
 * is a #FlashExtent whose source may be %NULL for zeros. For use inside this room. Thread: any. */
#pragma once

#include "flash-plan.h"
#include "flash-range.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (element-type FlashExtent): an empty list that holds on to its
 * sources. */
GArray *flash_card_spans_new (void);

/**
 * flash_card_spans_paint:
 * @spans: ascending, not overlapping
 * @pieces: (element-type FlashExtent): ascending, each beginning where the one before ends; no
 *   piece is empty
 *
 * Puts @pieces over what is in @spans there.
 */
void flash_card_spans_paint (GArray *spans, const GArray *pieces);

/* The same with zeros from @start on. */
void flash_card_spans_paint_zeros (GArray *spans, FlashRange range);

/* Returns: the index of the first span that ends behind @offset; the length of @spans if there is
 * none. */
guint flash_card_spans_find (const GArray *spans, guint64 offset);

/* Returns: (transfer full) (element-type FlashRange): what the spans cover, touching ones as
 * one. */
GArray *flash_card_spans_dup_ranges (const GArray *spans);

/* Returns: (transfer full) (element-type FlashExtent): those that have a source. */
GArray *flash_card_spans_dup_extents (const GArray *spans);

G_END_DECLS
