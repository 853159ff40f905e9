import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonValueSchema, MAX_JSON_DEPTH } from "../../../src/entities/json-value.js";

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

describe("a JSON value", () => {
  test("is whatever JSON.parse gives, without NUL", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const isStorable = !JSON.stringify(value).includes("\\u0000");
        expect(jsonValueSchema.safeParse(value).success).toBe(isStorable);
      }),
    );
  });

  test("may have properties that are undefined, which are left out", () => {
    expect(jsonValueSchema.safeParse({ title: undefined }).success).toBe(true);
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);

  test.each([
    ["undefined in a list", [undefined], "[0]", "undefined is no JSON value"],
    ["NaN", { price: Number.NaN }, "price", "no NaN"],
    ["a bigint", { id: 1n }, "id", "bigint is no JSON value"],
    ["a function", { f: () => 1 }, "f", "function is no JSON value"],
    ["a Date, which would come back as a text", { at: new Date() }, "at", "an instance of Date is no JSON value"],
    [
      "an array that says itself what it is",
      { list: Object.assign([1], { toJSON: () => "\u0000" }) },
      "list",
      "an instance of Array is no JSON value",
    ],
    ["a Map, which would come back empty", new Map(), "", "an instance of Map is no JSON value"],
    ["NUL in a text", { a: ["x\u0000"] }, "a[0]", "must not contain NUL"],
    ["NUL in a key", { "a\u0000": 1 }, "", "must not contain NUL"],
    ["half a surrogate pair", "\ud800", "", "lone surrogate"],
    ["a cycle", cyclic, "[0]", "must not contain itself"],
    ["more depth than can be stored", nested(MAX_JSON_DEPTH + 1), "", "nested deeper"],
  ])("is not %s", (_title, value, path, message) => {
    const [issue] = jsonValueSchema.safeParse(value).error!.issues;
    expect(issue!.message).toContain(message);
    expect(issue!.path.map((key) => (typeof key === "number" ? `[${key}]` : key)).join("")).toBe(path);
  });

  test("may name the same object twice", () => {
    const shared = { a: 1 };
    expect(jsonValueSchema.safeParse([shared, shared]).success).toBe(true);
  });
});
