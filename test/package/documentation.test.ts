import { execFile } from "node:child_process";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const compiler = join(createRequire(import.meta.url).resolve("@typescript/native/package.json"), "../bin/tsc");

const COMPILER_OPTIONS = {
  target: "es2024",
  module: "nodenext",
  moduleDetection: "force",
  types: ["node"],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What an example need not say again: the host's own Kysely. */
const GIVEN = `
import type { Kysely } from "kysely";
declare global {
  const db: Kysely<any>;
}`;

test("every example in the documentation and in doc comments is a program that compiles", async () => {
  const folder = join(inject("consumers").kysely029, "examples");
  mkdirSync(folder);
  const found = [...examplesIn("{README,docs/**/*}.md", /^/gm), ...examplesIn("{src,migrations}/**/*.ts", /^ *\* ?/gm)];
  expect(found.length).toBeGreaterThan(0);
  for (const { name, program } of found) {
    writeFileSync(join(folder, name), program);
  }
  writeFileSync(join(folder, "given.d.ts"), GIVEN);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
  const complaints = await promisify(execFile)(process.execPath, [compiler, "--project", folder], { cwd: folder }).then(
    () => "",
    (error: { readonly stdout: string }) => error.stdout,
  );
  expect(complaints).toBe("");
});

/** The blocks marked `ts` in these files, without the margin that a comment gives them. */
function examplesIn(pattern: string, margin: RegExp): { name: string; program: string }[] {
  return globSync(pattern, { cwd: repository }).flatMap((file) => {
    const text = readFileSync(join(repository, file), "utf8").replaceAll(margin, "");
    const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)];
    const path = file.replace(/\.(md|ts)$/, "").replaceAll(/[^\w]+/g, "-");
    return blocks.map(([, program], index) => ({ name: `${path}-${index + 1}.ts`, program: program ?? "" }));
  });
}
