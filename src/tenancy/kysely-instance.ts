import type { Kysely } from "kysely";
import * as z from "zod";
import { parseInput } from "../errors/parse-input.js";

export const kyselyInstance = z.custom<Kysely<any>>(isKysely, { error: "must be a Kysely instance" });

/** Refuses what is no Kysely, a pool or a URL say, before something deep inside stumbles over it. */
export function parseKysely(db: Kysely<any>, subject: string): Kysely<any> {
  return parseInput(kyselyInstance, db, {
    code: "INVALID_OPTIONS",
    subject: `${subject} database`,
    hint: "Pass your Kysely, or a transaction of it: new Kysely({ dialect: new PostgresDialect({ pool }) }).",
  });
}

/** By structure: a host may have another copy or version of Kysely than the one beside this package. */
function isKysely(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { getExecutor?: unknown }).getExecutor === "function"
  );
}
