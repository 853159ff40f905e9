import * as z from "zod";

const EARLIEST = Date.parse("0001-01-01T00:00:00.000Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/** A moment as a caller names it: JavaScript writes years outside 1–9999 in a way that PostgreSQL does not read. */
export const momentSchema = z.date().refine((moment) => moment.getTime() >= EARLIEST && moment.getTime() <= LATEST, {
  error: "must be in the years 1 to 9999",
});
