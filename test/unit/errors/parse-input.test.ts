import { describe, expect, test } from "vitest";
import * as z from "zod";
import { parseInput } from "../../../src/errors/parse-input.js";

const params = { subject: "createBatch", code: "INVALID_INPUT" } as const;
const refusal = (input: unknown): unknown => {
  try {
    return parseInput(z.strictObject({ productIds: z.array(z.int()) }), input, params);
  } catch (error) {
    return error;
  }
};

describe("input that is refused", () => {
  test("is told by the paths of its mistakes, never by its values", () => {
    expect(refusal({ productIds: [1, "secret"], colour: "red" })).toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringMatching(/^createBatch: productIds\[1\]: .+; .*"colour"/),
    });
    expect((refusal({ productIds: ["secret"] }) as Error).message).not.toContain("secret");
  });

  test("that may have several forms is told what is wrong with the form that was meant", () => {
    const job = z.union([z.object({ id: z.int(), attempt: z.int() }), z.int().transform((id) => ({ id }))]);
    const said = (input: unknown): string => {
      try {
        parseInput(z.strictObject({ job }), input, params);
      } catch (error) {
        return (error as Error).message;
      }
      return "accepted";
    };
    expect(said({ job: { id: 7 } })).toBe(
      "createBatch: job.attempt: Invalid input: expected number, received undefined",
    );
    expect(said({ job: "7" })).toBe(
      "createBatch: job: Invalid input: expected object, received string, or expected number, received string",
    );
    expect(said({ job: { id: 7, attempt: 1 } })).toBe("accepted");
    const list = z.union([z.string(), z.array(z.string())]);
    const many = (): unknown =>
      parseInput(
        list,
        Array.from({ length: 5_000 }, () => 7),
        params,
      );
    expect(many).toThrow(expect.objectContaining({ details: { issues: expect.any(Array), count: 10 } }));
    expect(many).toThrow(/^createBatch: \[0\]: .{0,800}$/);
  });

  test("is short whatever keys it has", () => {
    const keys = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key_${index}`, 1]));
    for (const input of [keys, { ["k".repeat(1_000_000)]: 1 }]) {
      const { message, details } = refusal(input) as { message: string; details: unknown };
      expect(message.length).toBeLessThan(2_000);
      expect(JSON.stringify(details).length).toBeLessThan(4_000);
    }
  });

  test("of fifty thousand mistakes names the first and counts the others", () => {
    const error = refusal({ productIds: Array.from({ length: 50_000 }, () => "x") }) as Error;
    expect(error.message.length).toBeLessThan(2_000);
    expect(error).toMatchObject({ message: expect.stringMatching(/and 49990 more$/), details: { count: 50_000 } });
  });
});
