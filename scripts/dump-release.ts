/**
 * `npm run release:dump`, once for each release: keeps a database as this version leaves it, so that every later version
 * is tested to bring it to its own newest structure. What is kept is never changed.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dumpSyncedDatabase } from "../test/golden/synced-database-dump.js";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const folder = new URL("../test/golden/releases/", import.meta.url);
mkdirSync(folder, { recursive: true });
// "wx" fails on a file that exists: a second release of the same version is a mistake.
writeFileSync(new URL(`${version}.sql`, folder), await dumpSyncedDatabase(), { flag: "wx" });
process.stdout.write(`Kept: test/golden/releases/${version}.sql\n`);
