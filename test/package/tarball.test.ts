import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, inject, test } from "vitest";

const PEERS = ["kysely", "pg", "zod"];

/** What a host loads weighs half of this today; a dependency that slips into it shows. */
const LARGEST_LIBRARY_KILOBYTES = 700;
/** The command line brings its libraries along. */
const LARGEST_BUILD_KILOBYTES = 1200;

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
    "dist/cli.js",
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
    importsOf(file)
      .filter((name) => !name.startsWith(".") && !name.startsWith("node:"))
      .filter((name) => !PEERS.includes(name.split("/")[0] ?? ""))
      .map((name) => `${file} imports ${name}`),
  );
  expect(foreign).toEqual([]);
});

test("the build is light", () => {
  expect(kilobytesOf(scripts.filter((file) => !file.endsWith("cli.js")))).toBeLessThan(LARGEST_LIBRARY_KILOBYTES);
  expect(kilobytesOf(scripts)).toBeLessThan(LARGEST_BUILD_KILOBYTES);
});

test("nothing that a host imports leads to the command line", () => {
  const leading = scripts.filter((file) => importsOf(file).some((name) => name.endsWith("/cli.js")));
  expect(leading).toEqual([]);
});

test("the package needs no install script and no dependency beyond its peers", () => {
  const manifest = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
  expect(manifest["dependencies"]).toBeUndefined();
  expect(Object.keys(manifest["peerDependencies"] ?? {}).toSorted()).toEqual(PEERS);
  const scriptsOfInstall = Object.keys(manifest["scripts"] ?? {}).filter((name) => /install|prepare$/.test(name));
  expect(scriptsOfInstall).toEqual([]);
});

function importsOf(file: string): string[] {
  return ts.preProcessFile(read(file), true, true).importedFiles.map(({ fileName }) => fileName);
}

function kilobytesOf(some: readonly string[]): number {
  return some.reduce((sum, file) => sum + statSync(join(root, file)).size, 0) / 1024;
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
