import { UnsafeIntegerError } from "../errors/unsafe-integer-error.js";

/**
 * A `bigint` or an integral `numeric` as a number. The driver gives these as strings unless the host installed type
 * parsers of its own, so all three forms are read.
 *
 * @throws `UNSAFE_INTEGER` when a number could not hold it exactly.
 */
export function toSafeInteger(value: string | number | bigint, column: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new UnsafeIntegerError({ column });
  return number;
}
