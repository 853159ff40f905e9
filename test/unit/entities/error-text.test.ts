import vm from "node:vm";
import { describe, expect, test } from "vitest";
import { errorTextSchema, MAX_ERROR_MESSAGE_LENGTH } from "../../../src/entities/error-text.js";

describe("why a job failed", () => {
  test("is a text, or the message of an Error of any realm", () => {
    expect(errorTextSchema.parse("timeout")).toBe("timeout");
    expect(errorTextSchema.parse(new TypeError("no title"))).toBe("no title");
    expect(errorTextSchema.parse(vm.runInNewContext("new Error('from a sandbox')"))).toBe("from a sandbox");
  });

  test("is the Error's name when it has no message", () => {
    expect(errorTextSchema.parse(new TypeError())).toBe("TypeError");
  });

  test("of an Error whose message is no text is whatever can be said of it: a worker must be able to report it", () => {
    const withMessage = (message: unknown): Error => Object.defineProperty(new Error(), "message", { value: message });
    expect(errorTextSchema.parse(withMessage({ status: 400 }))).toBe('{"status":400}');
    expect(errorTextSchema.parse(withMessage(429))).toBe("429");
    expect(errorTextSchema.parse(withMessage(Symbol("limit")))).toBe("Symbol(limit)");
    expect(errorTextSchema.parse(withMessage({ toJSON: () => undefined }))).toBe("an error without words");
    const unreadable = Object.defineProperty(new Error(), "message", {
      get: () => {
        throw new Error("no");
      },
    });
    expect(errorTextSchema.parse(unreadable)).toBe("an error without words");
  });

  test("is made storable rather than refused", () => {
    expect(errorTextSchema.parse("a\u0000b\ud800")).toBe("a\ufffdb\ufffd");
    const cut = errorTextSchema.parse("😀".repeat(MAX_ERROR_MESSAGE_LENGTH));
    expect(cut).toHaveLength(MAX_ERROR_MESSAGE_LENGTH);
    expect(cut.endsWith("…")).toBe(true);
    expect(cut.isWellFormed()).toBe(true);
  });

  test.each([[undefined], [null], [17], [{ message: "looks like one" }]])("is not %j", (error) => {
    expect(errorTextSchema.safeParse(error).success).toBe(false);
  });
});
