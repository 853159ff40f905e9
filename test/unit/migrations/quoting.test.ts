import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quoteIdentifier, quoteLiteral } from "../../../migrations/index.js";

/** What PostgreSQL reads in a constant: `backslashes` is what a plain one does with standard_conforming_strings off. */
function readConstant(constant: string, backslashes: "escape" | "plain"): string | undefined {
  const match = /^(?<prefix>E?)'(?<body>(?:[^']|'')*)'$/su.exec(constant);
  const { prefix, body } = match?.groups ?? {};
  if (body === undefined) return undefined;
  const text = body.replaceAll("''", "'");
  return prefix === "E" || backslashes === "escape" ? text.replaceAll(/\\(.)/gsu, "$1") : text;
}

describe("quoting", () => {
  test("a text is read back as it was, with and without standard_conforming_strings", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(fc.constantFrom("'", "\\", '"', "$", "%"), fc.string()) }), (text) => {
        expect(readConstant(quoteLiteral(text), "plain")).toBe(text);
        expect(readConstant(quoteLiteral(text), "escape")).toBe(text);
      }),
    );
  });

  test("a name is one identifier, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const match = /^"(?<body>(?:[^"]|"")*)"$/su.exec(quoteIdentifier(name));
        expect(match?.groups?.["body"]?.replaceAll('""', '"')).toBe(name);
      }),
    );
  });
});
