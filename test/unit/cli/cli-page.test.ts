import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exitCodes } from "../../../src/cli/exit-codes.js";
import { generatedParts } from "./cli-reference.js";

const docs = new URL("../../../docs/", import.meta.url);
const page = readFileSync(new URL("cli.md", docs), "utf8");

/** What stands between `<!-- generated: name -->` and `<!-- end -->`, put in anew. */
function withParts(text: string): string {
  const parts = generatedParts(docs);
  return text.replace(/(<!-- generated: ([\w -]+?) -->)[\s\S]*?(<!-- end -->)/g, (_, start, name: string, end) => {
    expect(Object.keys(parts)).toContain(name);
    return `${start}\n\n${parts[name]}\n\n${end}`;
  });
}

test("the command line's page has the commands, flags and recordings that there are", async () => {
  for (const name of Object.keys(generatedParts(docs))) expect(page).toContain(`<!-- generated: ${name} -->`);
  // To bring the page up to date: vitest run --project unit test/unit/cli -u
  await expect(withParts(page)).toMatchFileSnapshot("../../../docs/cli.md");
});

test("the command line's page has every exit code", () => {
  for (const code of Object.values(exitCodes)) expect(page).toMatch(new RegExp(`^\\| ${code} +\\|`, "m"));
});
