import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { PAGE_STYLE, PAGE_STYLE_HASH } from "../../../src/report/page-style.js";

test("a page's policy allows the style that the page has", () => {
  expect(PAGE_STYLE_HASH).toBe(`sha256-${createHash("sha256").update(PAGE_STYLE).digest("base64")}`);
});

test("a page's style loads nothing", () => {
  expect(PAGE_STYLE).not.toMatch(/url\(|@import|@font-face|<\//);
});

/** The colours of each scheme by name: light, dark, and paper, which keeps what it does not name of light. */
const schemes = ((): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const named = [...PAGE_STYLE.matchAll(/:root \{(.*?)\}/gs)].map(
    ([, block = ""]) =>
      new Map([...block.matchAll(/--([\w-]+): (#[\da-f]+);/g)].map(([, name = "", hex = ""]) => [name, hex])),
  );
  const [light = new Map<string, string>(), dark = new Map<string, string>(), paper = new Map<string, string>()] =
    named;
  return new Map([
    ["light", light],
    ["dark", dark],
    ["paper", new Map([...light, ...paper])],
  ]);
})();

const TONES = ["good", "same", "back", "hollow", "ahead", "gone", "bad", "bad-2", "bad-3", "bad-4", "bad-5"];

test.each(["light", "dark", "paper"])("text and cells stand out from what is behind them: %s", (scheme) => {
  const faint = [
    ...["ink", "soft", "link"].flatMap((text) =>
      ["paper", "ground", "tint"].map((behind) => [text, behind, 4.5] as const),
    ),
    // The letters of a status.
    ...["good", "bad", "ahead"].map((tone) => ["on-tone", tone, 4.5] as const),
    // What WCAG asks of graphics.
    ...TONES.map((tone) => [tone, "paper", 3] as const),
  ].filter(([a, b, least]) => contrastOf(colour(scheme, a), colour(scheme, b)) < least);
  expect(faint).toEqual([]);
});

function colour(scheme: string, name: string): string {
  const hex = schemes.get(scheme)?.get(name);
  expect(hex, `${scheme} has no --${name}`).toBeDefined();
  return hex ?? "";
}

/** The contrast ratio that WCAG defines. */
function contrastOf(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].toSorted((one, other) => other - one);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const digits = hex.length === 4 ? hex.replaceAll(/[\da-f]/g, "$&$&").match(/[\da-f]{2}/g) : hex.match(/[\da-f]{2}/g);
  const [red = 0, green = 0, blue = 0] = (digits ?? []).map((digit) => {
    const value = Number.parseInt(digit, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
