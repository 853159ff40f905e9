import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect } from "vitest";
import { databaseTest } from "../../database/fixtures.js";
import type { TestDatabase } from "../../database/test-database.js";
import { checkTypes } from "./check-types.js";
import { type CodeBlock, titleOf } from "./code-block.js";
import { generate } from "./generated-block.js";
import { readCodeBlocks, repository } from "./read-code-blocks.js";
import { canRun, isShown, runBlock } from "./run-block.js";
import { build, settingOf, type World } from "./world.js";

mkdirSync(join(repository, ".vitest"), { recursive: true });
const root = mkdtempSync(join(repository, ".vitest/documentation-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const blocks = readCodeBlocks();
const toRun = blocks.filter((block) => block.notRun === undefined && canRun(block));

/** Databases to copy, each made when the first block asks for it. */
const test = databaseTest.extend("originals", { scope: "file" }, async ({ databases }, { onCleanup }) => {
  const made = new Map<World, Promise<TestDatabase>>();
  onCleanup(async () => {
    for (const original of made.values()) await databases.drop(await original);
  });
  return (world: World): Promise<TestDatabase> => {
    let original = made.get(world);
    if (original === undefined) {
      original = (async () => {
        const database = await databases.create();
        await build(world, database);
        return database;
      })();
      made.set(world, original);
    }
    return original;
  };
});

describe("the code in the documentation", () => {
  test("is run, looked at, or says why it cannot be run", () => {
    const isAccountedFor = (block: CodeBlock): boolean =>
      block.notRun !== undefined || block.fileName !== undefined || isShown(block) || canRun(block);
    expect(blocks.filter((block) => !isAccountedFor(block)).map(titleOf)).toEqual([]);
    expect(toRun.length).toBeGreaterThan(0);
  });

  test("has a name only where another block of the page uses it", () => {
    const unused = blocks.filter(
      ({ file, fileName }) =>
        fileName !== undefined &&
        !blocks.some(
          (other) => other.file === file && other.fileName !== fileName && other.code.includes(stem(fileName)),
        ),
    );
    expect(unused.map(titleOf)).toEqual([]);
  });

  test("names only scripts that the repository has", () => {
    const { scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { scripts: object };
    const named = blocks
      .filter(({ language }) => language === "sh")
      .flatMap(({ code }) => [...code.matchAll(/npm run ([\w:-]+)/g)].map(([, script = ""]) => script));
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  test("type-checks as a host's code under strict settings", async () => {
    const programs = blocks.filter((block) => block.language === "ts");
    const folder = mkdtempSync(join(root, "types-"));
    const generated = programs.map((block) => generate(folder, block));
    expect(await checkTypes(folder, generated)).toEqual([]);
  });
});

describe.concurrent("run against a real database", () => {
  const pages = Map.groupBy(toRun, ({ file }) => file);
  for (const [file, blocksOfPage] of pages) {
    const { world, isInOrder } = settingOf(file);
    const runs = isInOrder
      ? [blocksOfPage]
      : blocksOfPage.filter((block) => block.fileName === undefined).map((block) => [block]);
    for (const run of runs) {
      const [first] = run;
      const title = isInOrder || first === undefined ? `${file} from top to bottom` : titleOf(first);
      test(`${title} runs`, async ({ databases, originals, onTestFinished }) => {
        const folder = mkdtempSync(join(root, "run-"));
        // What a block imports or calls by its name is there before it.
        for (const named of blocksOfPage) if (named.fileName !== undefined) generate(folder, named);
        const database = await databases.create(await originals(world));
        onTestFinished(() => databases.drop(database));
        for (const block of run) {
          if (block.fileName === undefined) await runBlock({ block, databaseUrl: database.url, root: folder });
        }
      });
    }
  }
});

function stem(fileName: string): string {
  return fileName.replace(/\.\w+$/, "");
}
