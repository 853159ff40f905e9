import { describe, expect, test } from "vitest";
import { byteFigure, figure, ratioFigure } from "../../../bench/figure.js";

describe("a figure", () => {
  test("has three significant digits, and thousands set apart", () => {
    expect([0.012345, 1.2345, 99.96, 123.4, 12_345].map(figure)).toEqual(["0.0123", "1.23", "100", "123", "12,345"]);
  });

  test("of bytes comes in the unit that fits", () => {
    expect([0, 999, 1_459, 131_000, 6_550_000].map(byteFigure)).toEqual([
      "0 B",
      "999 B",
      "1.46 kB",
      "131 kB",
      "6.55 MB",
    ]);
  });

  test("that is a ratio has its spread where there was more than one round", () => {
    expect(ratioFigure(1.1, 0.9, 1.25, 3)).toBe("1.10 (0.90–1.25)");
    expect(ratioFigure(1.1, 1.1, 1.1, 1)).toBe("1.10");
  });

  test("that was not measured is a dash", () => {
    expect([figure(Number.NaN), byteFigure(Number.NaN), ratioFigure(Number.NaN, 0, 0, 3)]).toEqual(["–", "–", "–"]);
  });
});
