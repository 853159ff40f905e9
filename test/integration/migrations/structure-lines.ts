import type { Kysely } from "kysely";
import { readStructures } from "../../../src/verify/read-structures.js";

export interface Structure {
  /** What the migrations answer for, one sorted line an object. */
  readonly own: readonly string[];
  /** What a host has hung on the tables. */
  readonly host: readonly string[];
}

/** The structure of each of these schemas, in lines that a failing test can show as a readable difference. */
export async function structuresOf(db: Kysely<any>, schemas: readonly string[]): Promise<Map<string, Structure>> {
  const structures = await readStructures(db, schemas, "tenant");
  const lines = new Map(schemas.map((schema) => [schema, { own: [] as string[], host: [] as string[] }]));
  for (const [schema, { items }] of structures) {
    for (const { kind, table, name, definition } of items) {
      const isForeign = definition.startsWith("FOREIGN KEY") && !definition.includes("REFERENCES batch_jobs(id)");
      lines.get(schema)?.[isForeign ? "host" : "own"].push(`${table} ${kind} ${name}: ${definition}`);
    }
  }
  for (const { own, host } of lines.values()) {
    own.sort();
    host.sort();
  }
  return lines;
}

export async function structureOf(db: Kysely<any>, schema: string): Promise<Structure> {
  const structures = await structuresOf(db, [schema]);
  return structures.get(schema) as Structure;
}

/** Without what the legacy system leaves behind until nothing uses it any more: an enum type, sequences without owner. */
export function withoutLeftOvers(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.startsWith(" type ") && !line.startsWith(" sequence "));
}
