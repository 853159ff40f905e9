import { existsSync, readdirSync, readFileSync } from "node:fs";

const RELEASES = new URL("../../golden/releases/", import.meta.url);

/** The versions that the changelog says were released, newest first. */
export function releasedVersions(): readonly string[] {
  const changelog = readFileSync(new URL("../../../CHANGELOG.md", import.meta.url), "utf8");
  return [...changelog.matchAll(/^## \[(\d+\.\d+\.\d+[^\]]*)\]/gm)].map(([, version = ""]) => version);
}

/** The versions of which a database is kept. */
export function keptVersions(): readonly string[] {
  if (!existsSync(RELEASES)) return [];
  return readdirSync(RELEASES)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length));
}

/** The database as that version left it, as SQL. */
export function keptDatabase(version: string): string {
  return readFileSync(new URL(`${version}.sql`, RELEASES), "utf8");
}
