import { InvalidRowError } from "../errors/invalid-row-error.js";

/**
 * How a timestamp may come back: node-postgres gives a `Date`, a host that took its parser away gets the text; a
 * number is in seconds, see {@link secondsOf}, and so is the text of one.
 */
export type StoredTimestamp = Date | string | number;

/**
 * A timestamp in seconds since 1970, for statements that read many rows: a driver reads a number in a tenth of the time
 * that it takes for the text of a date, which is more than half of what a list of jobs costs its host. Exact from the year
 * 1685 to 2255, and a millisecond off at the most beyond. A single row does not make up for what the server needs to
 * read the longer statement.
 */
export function secondsOf(column: string): string {
  return `date_part('epoch', ${column})`;
}

/**
 * A stored timestamp as a `Date`. Both forms are read, so that a host may set type parsers of its own without losing
 * these columns; PostgreSQL's ISO text carries its offset, so the zone of the session plays no part.
 *
 * @throws `INVALID_ROW` for anything else, and for what no `Date` can hold, such as `infinity`.
 */
export function toDate(value: StoredTimestamp, column: string): Date {
  const date =
    value instanceof Date ? value : Number.isNaN(Number(value)) ? new Date(value) : fromSeconds(Number(value));
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) {
    throw new InvalidRowError({ column, expected: "a Date or PostgreSQL's ISO text" });
  }
  return date;
}

/** Whole microseconds first, which a fraction of seconds only comes near to; a `Date` then drops them, as from a text. */
function fromSeconds(seconds: number): Date {
  return new Date(Math.floor(Math.round(seconds * 1e6) / 1e3));
}

export function toNullableDate(value: StoredTimestamp | null, column: string): Date | null {
  return value === null ? null : toDate(value, column);
}
