import { mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { program } from "./command-line.js";

/** A host's file beside the installed package, so that it imports what the host could; gone with the package. */
export function migrationsFile(migrations: string): string {
  const host = dirname(dirname(dirname(dirname(program))));
  const file = join(mkdtempSync(join(host, "migrations-")), "my-migrations.js");
  writeFileSync(file, `export const migrations = ${migrations};\n`);
  return file;
}
