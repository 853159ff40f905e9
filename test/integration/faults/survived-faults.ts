/** The same seed chooses the same tenants and nearly the same moments; another one by hand: FAULTS_SEED=1. */
export const SEED = Number(process.env["FAULTS_SEED"] ?? 20_261_126);

/** How many faults of a kind: a few in the ordinary run, more by hand: FAULTS=100. */
export function faultsOf(few: number): number {
  return Number(process.env["FAULTS"] ?? few);
}

/** What a test of that many faults may take on a busy machine. */
export function timeoutFor(faults: number): number {
  return 120_000 + faults * 15_000;
}

const survived: { readonly kind: string; readonly faults: number }[] = [];

/** One line for each kind; empty when none was asked for. */
export function survivedTable(): string {
  const width = Math.max(0, ...survived.map(({ kind }) => kind.length));
  const lines = survived.map(({ kind, faults }) => `  ${kind.padEnd(width)}  ${String(faults).padStart(5)}`);
  const total = survived.reduce((sum, { faults }) => sum + faults, 0);
  return [`${total} faults survived (seed ${SEED}):`, ...lines].join("\n");
}

/** Called when everything was found in order after the last one of a kind. */
export function recordSurvived(kind: string, faults: number): void {
  survived.push({ kind, faults });
}
