import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inject } from "vitest";
import type * as Package from "../../src/index.js";

/** The package's main entry as a host with the newest Kysely imports it. */
export async function importInstalledPackage(): Promise<typeof Package> {
  const entry = join(inject("consumers").kysely029, "node_modules/marketplace-jobs/dist/index.js");
  return (await import(pathToFileURL(entry).href)) as typeof Package;
}
