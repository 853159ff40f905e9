import * as z from "zod";

/** A moment as every answer writes it: ISO 8601 in UTC with milliseconds, `2026-01-15T10:15:30.123Z`. */
export const isoDateTime = z.iso.datetime({ precision: 3 });

export function toIsoDateTime(date: Date): string;
export function toIsoDateTime(date: Date | null): string | null;
export function toIsoDateTime(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
