import * as z from "zod";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Far beyond any payload that people write, and well within what PostgreSQL's parser and `JSON.stringify` can nest. */
export const MAX_JSON_DEPTH = 200;

const NUL = "\u0000";

/**
 * A value that a `jsonb` column takes and gives back as it was: no `undefined` but as an object's property (which is
 * left out, as in `JSON.stringify`), no class instances (a `Date` would come back as a string), no NUL or lone
 * surrogate in a text, no cycle.
 */
export const jsonValueSchema = z.custom<JsonValue>().superRefine((value, context) => {
  const fault = findFault(value, [], new Set());
  if (fault !== undefined) context.addIssue({ code: "custom", path: fault.path, message: fault.message });
});

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

function findFault(value: unknown, path: (string | number)[], ancestors: Set<object>): Fault | undefined {
  switch (typeof value) {
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : { path, message: "JSON has no infinite numbers and no NaN" };
    case "string":
      return isStorable(value) ? undefined : { path, message: "a JSON text must not contain NUL or a lone surrogate" };
    case "object":
      return value === null ? undefined : findFaultInside(value, path, ancestors);
    default:
      return { path, message: `${typeof value} is no JSON value` };
  }
}

function findFaultInside(value: object, path: (string | number)[], ancestors: Set<object>): Fault | undefined {
  if (ancestors.has(value)) return { path, message: "a JSON value must not contain itself" };
  if (path.length >= MAX_JSON_DEPTH) return { path: [], message: `JSON nested deeper than ${MAX_JSON_DEPTH}` };
  if ("toJSON" in value || !(Array.isArray(value) || isPlainObject(value))) {
    return { path, message: `an instance of ${value.constructor?.name ?? "a class"} is no JSON value` };
  }
  ancestors.add(value);
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, member] of entries) {
    if (member === undefined && typeof key === "string") continue;
    if (typeof key === "string" && !isStorable(key)) {
      return { path, message: "a JSON key must not contain NUL or a lone surrogate" };
    }
    const fault = findFault(member, [...path, key], ancestors);
    if (fault !== undefined) return fault;
  }
  ancestors.delete(value);
  return undefined;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes(NUL);
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
