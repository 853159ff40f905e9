import type { StructureItem, StructureKind } from "./structure-item.js";

/** One way in which a schema differs from the canonical structure. */
export interface Drift {
  readonly kind: StructureKind;
  readonly table: string;
  readonly name: string;
  readonly difference: "missing" | "different" | "misnamed" | "superfluous";
  /** The difference in words. */
  readonly message: string;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  /** The pending migration that would mend it. */
  readonly pendingMigration?: string | undefined;
  /** The SQL that would mend it and can lose nothing; runnable as it stands, in the order of the list. */
  readonly mend?: string | undefined;
  /** Why there is no such SQL, and what to do instead. */
  readonly refusal?: string | undefined;
}

/** Something that is not ours: a host's own foreign key, column, trigger, view. It is listed and left alone. */
export type ExtraObject = StructureItem;

/** A tenant's structure beside the canonical one. */
export interface StructureComparison {
  /** In an order in which the mends can be run one after the other. */
  readonly drift: readonly UnmendedDrift[];
  readonly extra: readonly ExtraObject[];
  /** What the legacy tables left behind: sequences that nobody owns, the former enum type. */
  readonly leftOver: readonly StructureItem[];
  /** What is no drift and yet worth a look. */
  readonly notices: readonly string[];
  /** The canonical name of each item that is as it should be, whatever name it goes by. */
  readonly canonicalNames: ReadonlyMap<StructureItem, string>;
}

/** How a drift is mended: by SQL for the schema, or not, and why. */
export type Mend = { readonly sql: (schema: string) => string } | { readonly refusal: string };

/** A drift before its mend is written for one schema. */
export interface UnmendedDrift extends Omit<Drift, "mend" | "refusal" | "pendingMigration"> {
  /** The migration that brings about what is expected here. */
  readonly mendedBy: string;
  readonly mend: Mend;
}
