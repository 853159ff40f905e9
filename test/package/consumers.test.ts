import { execFile } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { nodeOfHosts } from "./node-of-hosts.js";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const consumers = inject("consumers");

/** Oldest and newest compilers that hosts use, and the one between. */
const COMPILERS = {
  "TypeScript 5.9": join(require.resolve("@tsd/typescript/package.json"), "../typescript/lib/tsc.js"),
  "TypeScript 6": join(require.resolve("typescript/package.json"), "../lib/tsc.js"),
  "TypeScript 7": join(require.resolve("@typescript/native/package.json"), "../bin/tsc"),
};

const STRICTEST = {
  target: "es2023",
  lib: ["es2023"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
};

const CONFIGURATIONS = {
  "nodenext.json": {
    compilerOptions: { ...STRICTEST, module: "nodenext" },
    files: ["esm.ts", "host-database.ts", "commonjs.cts"],
  },
  "bundler.json": {
    compilerOptions: { ...STRICTEST, module: "esnext", moduleResolution: "bundler" },
    files: ["esm.ts", "host-database.ts"],
  },
};

beforeAll(() => {
  for (const root of Object.values(consumers)) {
    cpSync(fileURLToPath(new URL("consumer", import.meta.url)), root, { recursive: true });
    writeFileSync(join(root, "package.json"), JSON.stringify({ type: "module" }));
    for (const [file, configuration] of Object.entries(CONFIGURATIONS)) {
      writeFileSync(join(root, file), JSON.stringify(configuration));
    }
  }
});

describe.each(Object.entries(consumers))("a host with %s", (_, root) => {
  test.each(Object.entries(COMPILERS))("compiles with %s as Node resolves modules", async (__, compiler) => {
    expect(await failureOf([compiler, "--project", "nodenext.json"])).toBe("");
  });

  test("compiles as a bundler resolves modules", async () => {
    expect(await failureOf([COMPILERS["TypeScript 7"], "--project", "bundler.json"])).toBe("");
  });

  test.each(["marketplace-jobs", "marketplace-jobs/migrations", "marketplace-jobs/contract"])(
    "imports and requires %s, and gets the same module",
    async (entry) => {
      const program = `
        const required = require(${JSON.stringify(entry)});
        import(${JSON.stringify(entry)}).then((imported) => {
          if (Object.keys(imported).length === 0 || imported !== required) process.exitCode = 1;
        });`;
      expect(await failureOf(["--input-type=commonjs", "--eval", program])).toBe("");
    },
  );

  test.each(["--version", "--help", "sync --help"])("runs the command line's %s", async (args) => {
    const program = join(root, "node_modules/marketplace-jobs/dist/cli.js");
    expect(await failureOf([program, ...args.split(" ")])).toBe("");
  });

  /** What the program says when it fails, and nothing when it succeeds. */
  async function failureOf(args: readonly string[]): Promise<string> {
    try {
      await run(nodeOfHosts, [...args], { cwd: root });
      return "";
    } catch (error) {
      const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
      return stdout + stderr || String(error);
    }
  }
});
