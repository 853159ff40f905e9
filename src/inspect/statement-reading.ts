import type { ColumnUseReport, NotInspected } from "./column-use-report.js";

export interface RunningStatements {
  readonly found: readonly Omit<ColumnUseReport["statements"]["running"][number], "database">[];
  readonly notInspected: readonly Reason[];
}

export interface StatementHistory {
  readonly found: readonly Omit<ColumnUseReport["statements"]["recorded"][number], "database">[];
  readonly record?: Omit<ColumnUseReport["statements"]["records"][number], "database"> | undefined;
  readonly notInspected: readonly Reason[];
}

/** Why something was not looked at, and what to do so that it can be. */
export type Reason = Pick<NotInspected, "reason" | "hint">;
