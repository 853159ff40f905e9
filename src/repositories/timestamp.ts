import { InvalidRowError } from "../errors/invalid-row-error.js";

/** How a timestamp may come back: node-postgres gives a `Date`, a host that took its parser away gets the text. */
export type StoredTimestamp = Date | string;

/**
 * A stored timestamp as a `Date`. Both forms are read, so that a host may set type parsers of its own without losing
 * these columns; PostgreSQL's ISO text carries its offset, so the zone of the session plays no part.
 *
 * @throws `INVALID_ROW` for anything else, and for what no `Date` can hold, such as `infinity`.
 */
export function toDate(value: StoredTimestamp, column: string): Date {
  const date = typeof value === "string" ? new Date(value) : value;
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) {
    throw new InvalidRowError({ column, expected: "a Date or PostgreSQL's ISO text" });
  }
  return date;
}

export function toNullableDate(value: StoredTimestamp | null, column: string): Date | null {
  return value === null ? null : toDate(value, column);
}
