import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSuiteResult, type SuiteResult } from "../suite-result.js";

/** All runs in a folder, in the order of their files' names. */
export function readSuiteRuns(folder: string): SuiteResult[] {
  return globSync("*.json", { cwd: folder })
    .toSorted((one, other) => one.localeCompare(other, "en", { numeric: true }))
    .map((file) => parseSuiteResult(readFileSync(join(folder, file), "utf8")));
}
