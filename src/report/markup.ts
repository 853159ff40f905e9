import { printable, printableLines } from "./printable.js";

/** A piece of a page; values enter it through {@link markup}, which escapes them. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type MarkupValue = string | number | Markup | readonly MarkupValue[];

/**
 * Every value is escaped for text and for quoted attributes alike, so that there is no place in which one could be put
 * wrongly. What is left out is `[]`.
 */
export function markup(literals: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  let text = literals[0] ?? "";
  for (const [index, value] of values.entries()) text += textOf(value) + (literals[index + 1] ?? "");
  return new Markup(text);
}

/** A text of several lines, for an element that keeps line ends. */
export function lines(text: string): Markup {
  return new Markup(printableLines(text).map(escape).join("\n"));
}

function textOf(value: MarkupValue): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? escape(printable(value)) : value.map(textOf).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
