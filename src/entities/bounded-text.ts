import * as z from "zod";

const NUL = "\u0000";

/**
 * A text that a `varchar(maximum)` column takes and gives back unchanged: 1 to `maximum` code points (PostgreSQL
 * counts characters, JavaScript's `length` counts UTF-16 units), no NUL, which PostgreSQL refuses, and no lone
 * surrogate, which the driver would silently replace.
 */
export function boundedText(subject: string, maximum: number): z.ZodString {
  return z
    .string()
    .min(1, `${subject} must not be empty`)
    .refine((text) => text.length <= maximum || codePointCount(text) <= maximum, {
      error: `${subject} must not exceed ${maximum} characters`,
    })
    .refine((text) => !text.includes(NUL), { error: `${subject} must not contain NUL` })
    .refine((text) => text.isWellFormed(), { error: `${subject} must not contain a lone surrogate` });
}

function codePointCount(text: string): number {
  let count = 0;
  for (const _codePoint of text) count += 1;
  return count;
}
