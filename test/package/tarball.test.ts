import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";
import { expect, inject, test } from "vitest";

const PEERS = ["kysely", "pg", "zod"];

/**
 * What a host loads with an entry, the chunks that it shares with others included: a third above what it weighs today,
 * so that a dependency that slips in shows.
 */
const LARGEST_KILOBYTES = {
  "dist/index.js": 640,
  "dist/migrations.js": 90,
  "dist/contract.js": 40,
  "dist/cli.js": 700,
};

const root = join(inject("consumers").kysely029, "node_modules/marketplace-jobs");
const files = globSync("**", { cwd: root }).filter((file) => statSync(join(root, file)).isFile());
const scripts = files.filter((file) => file.endsWith(".js"));

test("the tarball holds the build, its pages and two examples, nothing else", () => {
  // What entries share stands in chunks, whose names change with what is in them.
  const named = files.map((file) =>
    file
      .replaceAll("\\", "/")
      .replace(/^dist\/.+-[\w-]{8}\./, "dist/(chunk).")
      .replace(/^(docs|examples\/[\w-]+)\/.+\./, "$1/(any)."),
  );
  const golden = new URL("../golden/tarball.txt", import.meta.url);
  expect(`${[...new Set(named)].toSorted().join("\n")}\n`).toBe(readFileSync(golden, "utf8"));
});

test("every page that the README or another page leads to is there", () => {
  const pages = files.filter((file) => file.endsWith(".md"));
  expect(pages).toContain(join("docs", "writing-a-worker.md"));
  const dead = pages.flatMap((page) =>
    linksOf(readFileSync(join(root, page), "utf8"))
      .filter((link) => !existsSync(join(root, dirname(page), link)))
      .map((link) => `${page} leads to ${link}`),
  );
  expect(dead).toEqual([]);
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

test.each(Object.entries(LARGEST_KILOBYTES))("%s and what it brings along stay below %i kB", (entry, largest) => {
  const weighed = new Set([entry]);
  // A set is walked to its end, also where that is moved on meanwhile.
  for (const file of weighed) {
    for (const name of importsOf(file)) if (name.startsWith(".")) weighed.add(posix.join("dist", name));
  }
  const kilobytes = [...weighed].reduce((sum, file) => sum + statSync(join(root, file)).size, 0) / 1024;
  expect(kilobytes).toBeLessThan(largest);
  expect(kilobytes, "the ceiling is no longer one").toBeGreaterThan(largest / 2);
});

test("every package whose code is in the build has its licence beside it", () => {
  // The bundler names each module above its code, whichever way it was written.
  const bundled = scripts.flatMap((file) =>
    [...read(file).matchAll(/^(?:\/\/ |\s*")node_modules\/(?:.*\/node_modules\/)?((?:@[^/]+\/)?[^/]+)\//gm)].map(
      ([, name = ""]) => name,
    ),
  );
  const notices = read("dist/THIRD-PARTY-NOTICES.txt").split(/\n-{80}\n/);
  const noticed = notices.slice(1).map((notice) => /^\s*(\S+) \S+ \(\S+\)\n/.exec(notice)?.[1]);
  expect(noticed).toEqual([...new Set(bundled)].toSorted());
  expect(noticed).toContain("commander");
  for (const notice of notices.slice(1)) expect(notice).toMatch(/copyright/i);
});

test("nothing that a host imports leads to the command line", () => {
  const leading = scripts.filter((file) => importsOf(file).some((name) => name.endsWith("/cli.js")));
  expect(leading).toEqual([]);
});

test("the oldest Node that the package takes is the one it can be tried on", () => {
  const oldest = readFileSync(new URL("oldest-node/package.json", import.meta.url), "utf8");
  const { dependencies } = JSON.parse(oldest) as { readonly dependencies: Readonly<Record<string, string>> };
  const { engines } = JSON.parse(read("package.json")) as { readonly engines: Readonly<Record<string, string>> };
  expect(engines["node"]).toBe(`>=${dependencies["node"]}`);
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

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** The files that a page links to, without the headings in them. */
function linksOf(page: string): string[] {
  const prose = page.replaceAll(/^( *)```.*?^\1```$/gms, "");
  return [...prose.matchAll(/\]\((?!\w+:|#)([^)\s#]+)/g)].map(([, link = ""]) => link);
}
