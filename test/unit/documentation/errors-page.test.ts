import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { errorCodes } from "../../../src/errors/error-code.js";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const page = readFileSync(`${repository}docs/errors.md`, "utf8");

test("the page about errors has every code once", () => {
  const documented = [...page.matchAll(/^### `(.+)`$/gm)].map(([, code = ""]) => code);
  expect(documented).toHaveLength(errorCodes.length);
  expect(new Set(documented)).toEqual(new Set(errorCodes));
});

test("every code that is documented is given by the code", () => {
  const sources = globSync(["src/**/*.ts", "migrations/**/*.ts"], { cwd: repository })
    .filter((file) => !file.endsWith("error-code.ts") && !file.startsWith("src/contract/"))
    .map((file) => readFileSync(`${repository}${file}`, "utf8"))
    .join("\n");
  expect(errorCodes.filter((code) => !new RegExp(`["']${code}["']`).test(sources))).toEqual([]);
});

test("every code comes with words about what to do", () => {
  for (const entry of page.split(/^### /m).slice(1)) {
    const [title = "", ...text] = (entry.split(/^## /m)[0] ?? "").split("\n");
    expect(text.join(" ").trim().length, title).toBeGreaterThan(60);
  }
});
