import { Kysely, PostgresDialect } from "kysely";
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { expect } from "vitest";
import { setStage } from "./block-stage.js";
import type { CodeBlock } from "./code-block.js";
import { folderOf, generate } from "./generated-block.js";
import { repository } from "./read-code-blocks.js";

export interface RunBlockParams {
  readonly block: CodeBlock;
  readonly databaseUrl: string;
  /** Where generated files are. */
  readonly root: string;
}

const runners: Readonly<Record<string, (params: RunBlockParams) => Promise<void>>> = {
  ts: runProgram,
  sql: runSql,
  sh: runCommands,
  json: ({ block }) => Promise.resolve(void JSON.parse(block.code)),
};

/** Pictures and things to look at; what they show is held against the code by tests of their pages. */
const shown = new Set(["mermaid", "text"]);

export function isShown({ language }: CodeBlock): boolean {
  return shown.has(language);
}

export function canRun(block: CodeBlock): boolean {
  return block.language in runners && (block.language !== "sh" || isOurs(block));
}

/** Whether all commands are this package's: nothing else is run, lest a page's `npm ci` be run in this repository. */
function isOurs({ code }: CodeBlock): boolean {
  return code
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((command) => command.trim() !== "" && !command.startsWith("#"))
    .every((command) => /^npx marketplace-jobs [^;&|`$(]*$/.test(command));
}

export async function runBlock(params: RunBlockParams): Promise<void> {
  await runners[params.block.language]?.(params);
}

async function runProgram({ block, databaseUrl, root }: RunBlockParams): Promise<void> {
  const { id, path, expectedOutput } = generate(root, block);
  const outputs = new Map<number, string[]>();
  const db = new Kysely<any>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: databaseUrl }) }),
  });
  setStage({
    block: id,
    databaseUrl,
    db,
    onOutput: (text, line) => line !== undefined && outputs.set(line, [...(outputs.get(line) ?? []), text]),
  });
  try {
    await import(/* @vite-ignore */ path);
  } finally {
    await db.destroy();
  }
  for (const [line, expected] of expectedOutput) expectOutput(outputs.get(line) ?? [], expected, block.file, line);
  await expectNoConnection(databaseUrl);
}

/** "…" in the comment stands for whatever is printed there. */
function expectOutput(printed: readonly string[], expected: string, file: string, line: number): void {
  const wanted = new RegExp(
    `^${normalize(expected)
      .replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")
      .replaceAll("…", ".*")}$`,
    "s",
  );
  expect(printed.length, `${file}:${line} prints nothing`).toBeGreaterThan(0);
  for (const text of printed) {
    expect(normalize(text), `${file}:${line} says that it prints something else`).toMatch(wanted);
  }
}

function normalize(text: string): string {
  return text.replaceAll('"', "'").replaceAll(/\s+/g, " ").trim();
}

/** A program that leaves a pool open never ends. */
async function expectNoConnection(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // A session that was closed just now is listed for a moment longer.
    for (let look = 1; ; look += 1) {
      const { rows } = await client.query<{ others: number }>(
        "select count(*)::integer as others from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'",
      );
      if (rows[0]?.others === 0) return;
      expect(look, "the block leaves a connection open: await db.destroy()").toBeLessThan(100);
      await new Promise((resolve) => void setTimeout(resolve, 50));
    }
  } finally {
    await client.end();
  }
}

async function runSql({ block, databaseUrl }: RunBlockParams): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(block.code);
  } finally {
    await client.end();
  }
}

/** The commands as a reader would type them; `npx marketplace-jobs` is the command line of the sources. */
async function runCommands({ block, databaseUrl, root }: RunBlockParams): Promise<void> {
  const folder = folderOf(root, block);
  mkdirSync(folder, { recursive: true });
  const programs = join(repository, "test/integration/documentation/programs");
  await promisify(execFile)("bash", ["-euo", "pipefail", "-c", block.code], {
    cwd: folder,
    env: {
      ...process.env,
      NO_COLOR: "1",
      DATABASE_URL: databaseUrl,
      MARKETPLACE_JOBS_REPOSITORY: repository,
      PATH: `${programs}:${process.env["PATH"] ?? ""}`,
    },
  });
}
