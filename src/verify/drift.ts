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
  /** The SQL that would mend it, runnable as it stands; absent where no statement is known to lose nothing. */
  readonly mend?: string | undefined;
}

/** Something that is not ours: a host's own foreign key, column, trigger, view. It is listed and left alone. */
export type ExtraObject = StructureItem;

/** A tenant's structure beside the canonical one. */
export interface StructureComparison {
  readonly drift: readonly UnmendedDrift[];
  readonly extra: readonly ExtraObject[];
  /** What the legacy tables left behind: sequences that nobody owns, the former enum type. */
  readonly leftOver: readonly StructureItem[];
}

/** A drift before its mend is written for one schema. */
export interface UnmendedDrift extends Omit<Drift, "mend" | "pendingMigration"> {
  /** The migration that brings about what is expected here. */
  readonly mendedBy: string;
  readonly mendIn?: ((schema: string) => string) | undefined;
}
