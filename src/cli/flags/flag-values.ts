import { InvalidArgumentError } from "commander";

const UNITS_MS: Readonly<Record<string, number>> = { "": 1, ms: 1, s: 1_000, min: 60_000 };

/** The longest time that PostgreSQL's own settings hold. */
const LONGEST_MS = 2_147_483_647;

/** "500", "500ms", "2s", "1min" in milliseconds; a bare number is milliseconds, as in PostgreSQL's settings. */
export function durationMs(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|min)?$/.exec(text) ?? [];
  const milliseconds = Math.round(Number(number) * (UNITS_MS[unit] ?? Number.NaN));
  if (milliseconds >= 1 && milliseconds <= LONGEST_MS) return milliseconds;
  throw new InvalidArgumentError("Give milliseconds, or a duration such as 500ms, 2s or 1min.");
}

export function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number, 1 or more.");
}

export function pattern(text: string): RegExp {
  try {
    return new RegExp(text, "u");
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : "Give a regular expression.");
  }
}

/** Collects a flag that is given several times. */
export function eachOf(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** How many canaries, or one of them by name. */
export function canaries(text: string, before: number | readonly string[] | undefined): number | readonly string[] {
  if (!/^\d+$/.test(text)) {
    if (typeof before === "number") throw new InvalidArgumentError("Give a number or names, not both.");
    return eachOf(text, before);
  }
  if (before !== undefined) throw new InvalidArgumentError("Give a number once, or names.");
  return positiveInteger(text);
}
