import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import type { GeneratedBlock } from "./generated-block.js";
import { lineInPage } from "./generated-block.js";
import { repository } from "./read-code-blocks.js";

/**
 * Checks all generated files with one run of the compiler; what is wrong, by page and line. What is wrong in the
 * sources that they import is not the documentation's fault, and is told by `npm run types`.
 */
export async function checkTypes(root: string, generated: readonly GeneratedBlock[]): Promise<string[]> {
  writeFileSync(
    join(root, "tsconfig.json"),
    JSON.stringify({
      extends: relative(root, join(repository, "tsconfig.json")),
      // An example may declare what it does not go on to use.
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
      include: ["**/*.ts"],
      exclude: [],
    }),
  );
  const byPath = new Map(generated.map((block) => [block.path, block]));
  const output = await compile(root);
  return output
    .split("\n")
    .filter((line) => line.includes("error TS"))
    .map((line) => {
      const {
        path = "",
        at = "",
        rest = "",
      } = /^(?<path>[^(]+)\((?<at>\d+),\d+\): (?<rest>.*)$/.exec(line)?.groups ?? {};
      const block = byPath.get(resolve(repository, path));
      return block === undefined ? line : `${block.block.file}:${lineInPage(block, Number(at))} ${rest}`;
    });
}

async function compile(root: string): Promise<string> {
  const compiler = join(repository, "node_modules/@typescript/native/bin/tsc");
  try {
    await promisify(execFile)(process.execPath, [compiler, "--project", root, "--pretty", "false"], {
      cwd: repository,
    });
    return "";
  } catch (error) {
    const { stdout, code } = error as { stdout?: string; code?: number };
    if (stdout === undefined || stdout === "" || typeof code !== "number") throw error;
    return stdout;
  }
}
