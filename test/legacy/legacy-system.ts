import { readFileSync } from "node:fs";
import type { Kysely } from "kysely";
import { sql } from "kysely";

/** The shapes in which tenants of the legacy system exist; the README beside this file tells them apart. */
export type LegacyVariant = "a" | "b" | "c" | "d" | "e";

const VARIANT_FILES: Readonly<Record<LegacyVariant, string>> = {
  a: "02-variant-a.sql.tpl",
  b: "03-variant-b.sql.tpl",
  c: "04-variant-c.sql.tpl",
  d: "05-variant-d.sql.tpl",
  e: "06-variant-e.sql.tpl",
};

/** Creates what all tenants share, in `public`: users and action types. Once per database, first. */
export async function loadLegacyShared(db: Kysely<any>): Promise<void> {
  await run(db, read("00-shared.sql"));
}

/** Creates `template_tenant`, without rows. Once per database, after {@link loadLegacyShared}. */
export async function loadLegacyTemplate(db: Kysely<any>): Promise<void> {
  await run(db, read("01-template.sql"));
}

/**
 * Creates a tenant of that variant, after {@link loadLegacyTemplate}. With `data`, also the ordinary rows, which
 * variants A, B and C take.
 */
export async function loadLegacyTenant(
  db: Kysely<any>,
  variant: LegacyVariant,
  name: string,
  number: number,
  options: { readonly data?: boolean | undefined } = {},
): Promise<void> {
  if (options.data === true && (variant === "d" || variant === "e")) {
    throw new RangeError(`Variant ${variant} has no jobs table to put rows into.`);
  }
  const fill = (template: string): string =>
    // Functions, because a "$" in a replacement string would be read as a pattern.
    template.replaceAll("__SCHEMA__", () => quoted(name)).replaceAll("__N__", () => String(number));
  await run(db, fill(read(VARIANT_FILES[variant])));
  if (options.data === true) {
    await run(db, fill(read("data-basic.sql.tpl")));
  }
}

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

async function run(db: Kysely<any>, script: string): Promise<void> {
  await sql.raw(script).execute(db);
}
