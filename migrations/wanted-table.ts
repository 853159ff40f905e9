/**
 * One table as a migration wants it. `printed` is how PostgreSQL itself prints a definition (pg_get_constraintdef,
 * pg_get_indexdef): objects that exist already are recognised by it, whatever their names.
 */
export interface WantedTable {
  readonly name: string;
  readonly columns: readonly WantedColumn[];
  readonly constraints: readonly WantedConstraint[];
  readonly indexes: readonly WantedIndex[];
  /** Constraints of the legacy system that have no place any more, as printed. */
  readonly replacedConstraints: readonly string[];
  /** Indexes of the legacy system that have no place any more, as printed from the access method on. */
  readonly replacedIndexes: readonly string[];
}

export interface WantedColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable?: boolean;
  /** As pg_get_expr prints it. */
  readonly default?: string;
  /** A later migration drops it, so one that is in use keeps the type that it has: that migration refuses then. */
  readonly deprecated?: boolean;
}

export interface WantedConstraint {
  readonly name: string;
  readonly source: string;
  readonly printed: string;
}

export interface WantedIndex {
  readonly name: string;
  readonly unique?: boolean;
  /** From the column list on. */
  readonly source: string;
  /** From the access method on. */
  readonly printed: string;
}
