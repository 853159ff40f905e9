import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, inject, test } from "vitest";

const PEERS = ["kysely", "pg", "zod"];

/** Twice what an entry and its chunks weigh today: a dependency that slips into the build weighs more. */
const LARGEST_BUILD_KILOBYTES = 500;

const root = join(inject("consumers").kysely029, "node_modules/marketplace-jobs");
const files = globSync("**", { cwd: root }).filter((file) => statSync(join(root, file)).isFile());
const scripts = files.filter((file) => file.endsWith(".js"));

test("the tarball holds the build and its papers, nothing else", () => {
  // What entries share stands in chunks, whose names change with what is in them.
  const named = files.map((file) => file.replaceAll("\\", "/").replace(/^dist\/.+-[\w-]{8}\./, "dist/(chunk)."));
  expect([...new Set(named)].toSorted()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dist/(chunk).d.ts",
    "dist/(chunk).js",
    "dist/contract.d.ts",
    "dist/contract.js",
    "dist/index.d.ts",
    "dist/index.js",
    "dist/migrations.d.ts",
    "dist/migrations.js",
    "package.json",
  ]);
});

test("the build imports its peers and nothing else", () => {
  const foreign = scripts.flatMap((file) =>
    ts
      .preProcessFile(read(file), true, true)
      .importedFiles.map(({ fileName }) => fileName)
      .filter((name) => !name.startsWith(".") && !name.startsWith("node:"))
      .filter((name) => !PEERS.includes(name.split("/")[0] ?? ""))
      .map((name) => `${file} imports ${name}`),
  );
  expect(foreign).toEqual([]);
});

test("the build is light", () => {
  const kilobytes = scripts.reduce((sum, file) => sum + statSync(join(root, file)).size, 0) / 1024;
  expect(kilobytes).toBeLessThan(LARGEST_BUILD_KILOBYTES);
});

test("the package needs no install script and no dependency beyond its peers", () => {
  const manifest = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
  expect(manifest["dependencies"]).toBeUndefined();
  expect(Object.keys(manifest["peerDependencies"] ?? {}).toSorted()).toEqual(PEERS);
  const scriptsOfInstall = Object.keys(manifest["scripts"] ?? {}).filter((name) => /install|prepare$/.test(name));
  expect(scriptsOfInstall).toEqual([]);
});

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
