import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

/** Where each part may lead; what a part needs of itself is its own business. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // An error names statuses, an entity raises errors; that no two files lead to each other, the linter sees to.
  "src/errors": ["src/entities"],
  "src/entities": ["src/errors"],
  "src/tenancy": ["src/entities", "src/errors", "migrations"],
  "src/repositories": ["src/entities", "src/errors", "src/tenancy"],
  "src/contract": ["src/entities", "src/errors"],
  "src/column-use": ["src/tenancy", "src/entities", "src/errors", "migrations"],
  "src/sync": ["src/column-use", "src/tenancy", "src/entities", "src/errors", "migrations"],
  "src/verify": ["src/sync", "src/tenancy", "src/entities", "src/errors", "migrations"],
  "src/inspect": ["src/sync", "src/column-use", "src/tenancy", "src/entities", "src/errors", "migrations"],
  "src/report": ["src/sync", "src/verify", "src/tenancy", "src/entities", "src/errors"],
  "src/cli": [
    "src/report",
    "src/inspect",
    "src/verify",
    "src/sync",
    "src/column-use",
    "src/tenancy",
    "src/entities",
    "src/errors",
    "migrations",
  ],
  "src/index.ts": [
    "src/errors",
    "src/entities",
    "src/tenancy",
    "src/repositories",
    "src/column-use",
    "src/sync",
    "src/inspect",
    "src/verify",
    "src/report",
    "migrations",
  ],
  migrations: [],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = globSync(["src/**/*.ts", "migrations/**/*.ts"]).map((file) => file.replaceAll("\\", "/"));
const imports = files.flatMap(importsOf);

describe("arrows run one way", () => {
  test("every file belongs to a part of the layout", () => {
    expect(files.filter((file) => !(partOf(file) in MAY_IMPORT))).toEqual([]);
  });

  test.each(Object.entries(MAY_IMPORT))("%s imports nothing but %j", (part, allowed) => {
    const strays = imports
      .filter(({ from, to }) => partOf(from) === part && partOf(to) !== part && isOurs(to))
      .filter(({ to }) => !allowed.includes(partOf(to)))
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(strays).toEqual([]);
  });

  test("migrations stand alone: of the outside they know Kysely, and of that no Migrator", () => {
    const outside = imports.filter(({ from, to }) => partOf(from) === "migrations" && !isOurs(to)).map(({ to }) => to);
    expect(new Set(outside)).toEqual(new Set(["kysely"]));
  });

  test("only the command line reads arguments, files and processes", () => {
    const strays = imports
      .filter(({ from, to }) => to.startsWith("node:") && partOf(from) !== "src/cli")
      .filter(({ to }) => /^node:(process|fs|child_process|util|readline|tty|net|http)/.test(to))
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(strays).toEqual([]);
  });

  test("a page is rendered wherever JavaScript runs: what it is made of leads to no module of Node", () => {
    const reached = new Set(files.filter((file) => partOf(file) === "src/report"));
    for (const file of reached) {
      for (const { from, to } of imports) if (from === file) reached.add(to);
    }
    expect([...reached].filter((path) => path.startsWith("node:"))).toEqual([]);
    expect(reached).toContain("src/errors/parse-input.ts");
  });

  test("no driver is imported outside the command line: the host brings its own", () => {
    const strays = imports.filter(({ from, to }) => /^pg(-|\/|$)/.test(to) && partOf(from) !== "src/cli");
    expect(strays).toEqual([]);
  });
});

function importsOf(file: string): Import[] {
  return ts.preProcessFile(readFileSync(file, "utf8"), true, true).importedFiles.map(({ fileName }) => ({
    from: file,
    to: fileName.startsWith(".") ? resolved(file, fileName) : fileName,
  }));
}

function resolved(file: string, path: string): string {
  return normalize(join(dirname(file), path))
    .replaceAll("\\", "/")
    .replace(/\.js$/, ".ts");
}

function isOurs(path: string): boolean {
  return path.startsWith("src/") || path.startsWith("migrations/");
}

function partOf(file: string): string {
  const [top, second] = file.split("/");
  return top === "src" ? `${top}/${second}` : (top ?? "");
}
