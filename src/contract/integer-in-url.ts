import * as z from "zod";

/**
 * An integer in a path or a query string: decimal digits and nothing else, so that "", "1e2" and " 7" are mistakes
 * rather than numbers. A number is taken too, for callers whose framework has parsed it already.
 */
export function integerInUrl(minimum: number, maximum: number): z.ZodType<number, string | number> {
  const error = "expected a whole number";
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^-?\d{1,16}$/u)
          .transform(Number),
      ],
      { error },
    )
    .pipe(z.int().min(minimum).max(maximum));
}
