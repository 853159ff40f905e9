import { exec } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { databaseTest } from "../../database/fixtures.js";
import { environment, program, run } from "./command-line.js";
import { loadFleet } from "./legacy-fleet.js";
import { nodeOfHosts } from "../node-of-hosts.js";

const test = databaseTest.extend("folder", ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), "marketplace-jobs-help-"));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

/** Every command that the program's own help lists, in its order. */
async function listedCommands(): Promise<string[]> {
  const { stdout } = await run(["--help"]);
  const [, listed = ""] = stdout.split("Commands:");
  return [...listed.matchAll(/^ {2}([a-z-]+) \[options\]/gm)].map(([, name = ""]) => name);
}

test("every command's help has an example that works, one after the other, on legacy tenants", async ({
  database,
  db,
  folder,
}) => {
  await loadFleet(db, ["a", "b", "c", "d", "e"]);
  // As an installer links it; the program then says by its first line what runs it.
  symlinkSync(program, join(folder, "marketplace-jobs"));
  chmodSync(program, 0o755);
  const env = {
    ...environment({ DATABASE_URL: database.url }),
    PATH: [folder, join(nodeOfHosts, ".."), process.env["PATH"]].join(delimiter),
  };
  const commands = await listedCommands();
  expect(commands).toEqual(
    expect.arrayContaining(["status", "plan", "sync", "verify", "inspect-column", "repair", "rollback", "provision"]),
  );
  for (const command of commands) {
    const { stdout: help } = await run([command, "--help"]);
    const examples = [...help.matchAll(/^ {2}\$ (marketplace-jobs .*)$/gm)].map(([, example = ""]) => example);
    expect({ command, examples: examples.length }).toEqual({ command, examples: 1 });
    for (const example of examples) {
      expect(example).toMatch(new RegExp(`^marketplace-jobs ${command}\\b`));
      const { stdout } = await promisify(exec)(example, { env, cwd: folder });
      expect(stdout).not.toBe("");
    }
  }
});
