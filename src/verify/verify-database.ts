import type { Kysely } from "kysely";
import type { DatabaseSurvey } from "../sync/survey.js";
import type { SchemaState } from "../sync/schema-state.js";
import { compareStructure } from "./compare-structure.js";
import type { StructureComparison } from "./drift.js";
import { fingerprintOf } from "./fingerprint.js";
import { type ManifestPart, migrationNames, structureAt } from "./manifest.js";
import { readLikenesses, readStructures } from "./read-structures.js";

export type VerifiedRole = "shared" | "template" | "tenant";

export interface FoundStructure {
  /** Equal for schemas with equal structures, what a host has added included. */
  readonly likeness: string;
  /** Of what is ours alone. */
  readonly fingerprint: string;
  readonly comparison: StructureComparison;
}

/** One schema of the survey beside the canonical structure; `comparison` is shared by all with equal structures. */
export interface VerifiedSchema {
  readonly schema: string;
  readonly role: VerifiedRole;
  readonly state: SchemaState;
  /** The last of our migrations that its ledger records. */
  readonly migration: string | null;
  readonly pending: readonly string[];
  /** Undefined when the schema vanished, or cannot be read. */
  readonly found: FoundStructure | undefined;
}

/**
 * Verifies the schemas of one database: one pass over the catalog for a thousand of them to tell them apart, one more
 * for an example of each structure that was met.
 */
export async function verifyDatabase(
  survey: DatabaseSurvey,
  signal: AbortSignal | undefined,
): Promise<VerifiedSchema[]> {
  const { db } = survey.database;
  const shared = survey.shared === undefined ? [] : [survey.shared];
  const template = survey.template === undefined ? [] : [survey.template];
  return [
    ...(await verifyPart(db, "shared", shared, () => "shared", signal)),
    ...(await verifyPart(
      db,
      "tenant",
      [...template, ...survey.tenants],
      ({ schema }) => (schema === survey.template?.schema ? "template" : "tenant"),
      signal,
    )),
  ];
}

async function verifyPart(
  db: Kysely<any>,
  part: ManifestPart,
  states: readonly SchemaState[],
  roleOf: (state: SchemaState) => VerifiedRole,
  signal: AbortSignal | undefined,
): Promise<VerifiedSchema[]> {
  const names = migrationNames(part);
  const readable = states.filter(({ failure }) => failure === undefined).map(({ schema }) => schema);
  signal?.throwIfAborted();
  const likenesses = await readLikenesses(db, readable, part);
  const found = new Map<string, FoundStructure>();
  const levelOf = (state: SchemaState): string | null =>
    names.findLast((name) => state.recorded.includes(name)) ?? null;
  const keyOf = (state: SchemaState): string => `${levelOf(state)} ${likenesses.get(state.schema)}`;

  const examples = new Map<string, SchemaState>();
  for (const state of states) if (likenesses.has(state.schema)) examples.set(keyOf(state), state);
  signal?.throwIfAborted();
  const structures = await readStructures(
    db,
    [...examples.values()].map(({ schema }) => schema),
    part,
  );
  for (const [key, state] of examples) {
    const expected = structureAt(part, levelOf(state) ?? names.at(-1) ?? "");
    const structure = structures.get(state.schema) ?? [];
    const comparison = compareStructure(expected, structure);
    found.set(key, { likeness: key, fingerprint: fingerprintOf(structure, comparison), comparison });
  }

  return states.map((state) => {
    return {
      schema: state.schema,
      role: roleOf(state),
      state,
      migration: levelOf(state),
      pending: names.filter((name) => !state.recorded.includes(name)),
      found: found.get(keyOf(state)),
    };
  });
}
