import * as z from "zod";

/** Enough for a message with its stack; a page of HTML that a marketplace answered with is cut. */
export const MAX_ERROR_MESSAGE_LENGTH = 10_000;

const NUL = "\u0000";
const CUT_MARK = "…";
const UNREADABLE = "an error without words";

/**
 * Why a job failed, as its worker has it: a text, or whatever it caught as an Error. Texts are made storable rather
 * than refused, cut to {@link MAX_ERROR_MESSAGE_LENGTH} and without NUL: a worker must be able to report any failure.
 */
export const errorTextSchema = z
  .union([z.string(), z.custom<Error>(isError, "must be a text or an Error")])
  .transform((error) => storableText(typeof error === "string" ? error : wordsOf(error)));

function isError(value: unknown): boolean {
  // Errors of another realm, such as a worker's sandbox, are no instances of this realm's Error.
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** A class of somebody's own may keep an object as its message, or a getter that throws. */
function wordsOf(error: Error): string {
  try {
    const words: unknown = error.message || error.name;
    if (typeof words === "object" && words !== null) return JSON.stringify(words) ?? UNREADABLE;
    return String(words);
  } catch {
    return UNREADABLE;
  }
}

function storableText(text: string): string {
  const storable = text.toWellFormed().replaceAll(NUL, "\ufffd");
  if (storable.length <= MAX_ERROR_MESSAGE_LENGTH) return storable;
  return storable.slice(0, MAX_ERROR_MESSAGE_LENGTH - CUT_MARK.length).toWellFormed() + CUT_MARK;
}
