import type { Kysely } from "kysely";
import { formatWithOptions } from "node:util";

/** A console that remembers what it was given instead of printing it. */
export interface StageConsole extends Console {
  /** The same console, for the call in that line of the page. */
  at(line: number): StageConsole;
}

/** What a block finds instead of the real things, so that many of them run in one process at the same time. */
export interface Stage {
  readonly db: Kysely<any>;
  readonly process: NodeJS.Process;
  readonly console: StageConsole;
}

const stages = new Map<string, Stage>();

/** Called by the first line of every generated file. */
export function stage(block: string): Stage {
  const found = stages.get(block);
  if (found === undefined) throw new Error(`No stage was set for ${block}.`);
  return found;
}

export interface SetStageParams {
  readonly block: string;
  readonly databaseUrl: string;
  readonly db: Kysely<any>;
  /** What the block logs, with the line where it says so. */
  readonly onOutput: (text: string, line: number | undefined) => void;
}

export function setStage({ block, databaseUrl, db, onOutput }: SetStageParams): void {
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const ownProcess = new Proxy(process, {
    get: (target, key) => (key === "env" ? env : (Reflect.get(target, key) as unknown)),
    // An example that sets the exit code means its own process.
    set: () => true,
  });
  const consoleAt = (line: number | undefined): StageConsole => {
    const log = (...values: unknown[]): void =>
      onOutput(formatWithOptions({ breakLength: Infinity, depth: null }, ...values), line);
    const says = { log, info: log, warn: log, error: log, debug: log, table: log, at: consoleAt };
    return Object.assign(Object.create(console) as Console, says);
  };
  stages.set(block, { db, process: ownProcess, console: consoleAt(undefined) });
}
