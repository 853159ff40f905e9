import type { SyncReport, TenantSyncReport, VerifyReport } from "../../src/index.js";
import { buildReport } from "../../src/sync/summary.js";

interface FleetParams {
  readonly tenants: number;
  readonly databases?: readonly string[] | undefined;
  readonly dryRun?: boolean | undefined;
}

const MIGRATIONS = ["0004_link_jobs_to_batches", "0005_drop_marketplace_jobs_batch_id"];
const STARTED_AT = new Date("2026-11-26T04:57:32.123Z");

/** A report as a run over so many tenants gives it, with every outcome in it. */
export function syncFleetReport({ tenants, databases = ["default"], dryRun = false }: FleetParams): SyncReport {
  const reports = databases.flatMap((database) => [
    schema({ database, schema: "public", role: "shared", outcome: "up-to-date" }),
    schema({ database, schema: "template_tenant", role: "template", ...changed(dryRun, 41) }),
    ...Array.from({ length: tenants }, (_, index) => tenant(database, index + 1, dryRun)),
  ]);
  const options = { startedAt: STARTED_AT, durationMs: tenants * 17.3, dryRun, isAborted: false, isTroubled: false };
  return buildReport({ tenants: reports, ...options });
}

function tenant(database: string, number: number, dryRun: boolean): TenantSyncReport {
  const base = { database, schema: `user_${number}`, role: number === 1 ? "canary" : "tenant" } as const;
  if (number % 97 === 3) {
    return schema({
      ...base,
      outcome: "failed",
      applied: MIGRATIONS.slice(0, 1),
      attempts: 1,
      durationMs: 120 + number / 7,
      error: {
        code: "COLUMN_IN_USE",
        sqlState: "MJ005",
        message: `marketplace_jobs.batch_id is still used by one object: view user_${number}.jobs_by_batch.`,
        hint: "Drop each of them, or make it read batch_jobs.batch_id through batch_job_id, and run again.",
        migration: "0005_drop_marketplace_jobs_batch_id",
        details: { dependents: [`view user_${number}.jobs_by_batch`] },
      },
    });
  }
  if (number % 151 === 5) {
    return schema({
      ...base,
      outcome: "failed",
      attempts: 5,
      durationMs: 2_600,
      error: {
        code: "LOCK_TIMEOUT",
        sqlState: "55P03",
        message: "canceling statement due to lock timeout",
        hint: "Another session kept the tenant's tables locked. Run again when it is quiet, or raise lockTimeoutMs.",
        migration: "0004_link_jobs_to_batches",
      },
      blockedBy: [{ pid: 4_711, applicationName: "nightly-report", state: "idle in transaction", ageMs: 754_000 }],
    });
  }
  if (number % 211 === 7) {
    const warnings = ["The ledger records migrations that this run does not know: 0100_products. Nothing was changed."];
    return schema({ ...base, outcome: "ahead", warnings });
  }
  if (number % 307 === 9) {
    return schema({ ...base, outcome: "skipped", warnings: ["Not started: 20 tenants failed and maxFailures is 20."] });
  }
  if (number % 401 === 2) return schema({ ...base, outcome: "gone" });
  if (number % 13 === 0) return schema({ ...base, outcome: "up-to-date" });
  const report = schema({
    ...base,
    ...changed(dryRun, 180 + ((number * 7_919) % 331) + (number % 53 === 0 ? 900 : 0)),
  });
  if (number % 59 !== 8) return report;
  return { ...report, warnings: ["A trigger function of yours names the column batch_id in its text."] };
}

function changed(
  dryRun: boolean,
  durationMs: number,
): Pick<TenantSyncReport, "outcome" | "applied" | "attempts" | "durationMs"> {
  const [attempts, took] = dryRun ? [0, 0] : [1, durationMs];
  return { outcome: "migrated", applied: MIGRATIONS, attempts, durationMs: took };
}

function schema(
  report: Partial<TenantSyncReport> & Pick<TenantSyncReport, "database" | "schema" | "role" | "outcome">,
): TenantSyncReport {
  return { applied: [], attempts: 0, durationMs: 0, warnings: [], ...report };
}

type Verified = VerifyReport["tenants"][number];

/** A report as a verification of so many tenants gives it, with every state in it. */
export function verifyFleetReport({ tenants: count }: Pick<FleetParams, "tenants">): VerifyReport {
  const tenants = Array.from({ length: count }, (_, index) => verified(index + 1));
  const countOf = (state: Verified["state"]): number => tenants.filter((one) => one.state === state).length;
  const groups = [
    ...Map.groupBy(
      tenants.filter(({ group }) => group !== null),
      ({ group }) => group,
    ).values(),
  ].flatMap((members) => {
    const [first] = members;
    if (first === undefined || (first.state !== "canonical" && first.state !== "drifted")) return [];
    const { group, fingerprint, role, state, migration, database, schema: example } = first;
    return {
      group: group ?? 0,
      fingerprint: fingerprint ?? "",
      role,
      state,
      migration,
      tenants: members.length,
      example: { database, schema: example },
      summary: state,
    };
  });
  return {
    version: 1,
    status: "drift",
    startedAt: STARTED_AT.toISOString(),
    durationMs: count / 2,
    summary: {
      canonical: countOf("canonical"),
      drifted: countOf("drifted"),
      gone: countOf("gone"),
      unreadable: countOf("unreadable"),
      pending: tenants.filter(({ pending }) => pending.length > 0).length,
    },
    groups: groups.toSorted((a, b) => b.tenants - a.tenants),
    tenants,
  };
}

function verified(number: number): Verified {
  const name = `user_${number}`;
  const canonical: Verified = {
    database: "default",
    schema: name,
    role: "tenant",
    state: "canonical",
    migration: "0005_drop_marketplace_jobs_batch_id",
    pending: [],
    group: 0,
    fingerprint: "f634281b0f3b5d10",
    drift: [],
    extra: [
      {
        kind: "constraint",
        table: "marketplace_jobs",
        name: "fk_products",
        definition: "FOREIGN KEY (product_id) REFERENCES products(id)",
      },
    ],
    leftOver:
      number % 3 === 0 ? [{ kind: "type", table: "", name: "job_status", definition: "ENUM pending, running" }] : [],
    notices: number % 29 === 1 ? ["The action type 5 is filed under vinted, and its code names ebay."] : [],
  };
  const unknown = { group: null, fingerprint: null, extra: [], leftOver: [], notices: [] };
  if (number % 83 === 4) return { ...canonical, ...unknown, state: "gone", migration: null };
  if (number % 61 === 5) {
    const error = {
      code: "PERMISSION_DENIED",
      sqlState: "42501",
      message: `permission denied for schema ${name}`,
      hint: "The role needs USAGE on the schema.",
    };
    return { ...canonical, ...unknown, state: "unreadable", migration: null, error };
  }
  if (number % 17 === 3) {
    const message =
      "index marketplace_jobs_claim_idx of marketplace_jobs is missing: (marketplace, priority, run_at, id)";
    const mend = `create index marketplace_jobs_claim_idx on ${name}.marketplace_jobs (marketplace, priority, run_at, id)\n  where (status = 'pending')`;
    const drift = {
      kind: "index",
      table: "marketplace_jobs",
      name: "marketplace_jobs_claim_idx",
      difference: "missing",
      message,
      expected: "btree (marketplace, priority, run_at, id)",
      mend,
    } as const;
    return { ...canonical, state: "drifted", group: 1, fingerprint: "2c1544dc04e9aaaa", drift: [drift] };
  }
  if (number % 41 === 6) {
    const refusal = "A type that does not hold every value is yours to change.";
    const drift = {
      kind: "column",
      table: "batch_jobs",
      name: "priority",
      difference: "different",
      message: "column batch_jobs.priority is text, not integer",
      expected: "integer",
      found: "text",
      refusal,
    } as const;
    return { ...canonical, state: "drifted", group: 2, fingerprint: "9d1544dc04e9aaaa", drift: [drift] };
  }
  if (number % 19 === 7) {
    return {
      ...canonical,
      migration: "0004_link_jobs_to_batches",
      pending: ["0005_drop_marketplace_jobs_batch_id"],
      group: 3,
      fingerprint: "aa634281b0f3b5d1",
    };
  }
  return canonical;
}
