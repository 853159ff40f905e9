import { describe, expect } from "vitest";
import { likenessQuery } from "../../../src/verify/read-structures.js";
import { allNodes, type PlanNode } from "../repositories/statement-plan.js";
import { tenantTest as test } from "../repositories/tenant-fixture.js";

interface CatalogScan extends PlanNode {
  readonly "Index Cond"?: string;
}

/** What hosts hang on their tables: nothing at all, or something on each of ten thousand tenants'. */
const HOST_CATALOGS = ["pg_policy", "pg_rewrite", "pg_statistic_ext", "pg_trigger"];

describe("the query for the structure of many tenants", () => {
  test("looks up table by table what a host has added, whatever the planner holds cheap", async ({
    pool,
    schema,
    tenant: _created,
  }) => {
    const client = await pool.connect();
    try {
      await client.query("begin");
      // A join that is left to the planner goes through a whole catalog now; what is looked up row by row stays so.
      await client.query("set local enable_nestloop = off; set local enable_seqscan = off");
      const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
        `explain (format json) ${likenessQuery([schema], "tenant")}`,
      );
      const scans: readonly CatalogScan[] = allNodes(rows[0]!["QUERY PLAN"][0].Plan);
      const catalogOf = (scan: CatalogScan): string => scan["Relation Name"] ?? "";
      const ofHost = scans.filter((scan) => HOST_CATALOGS.includes(catalogOf(scan)));
      expect([...new Set(ofHost.map(catalogOf))].toSorted()).toEqual(HOST_CATALOGS);
      expect(ofHost.filter((scan) => scan["Index Cond"] === undefined)).toEqual([]);
      const readers = scans.filter((scan) => scan["Index Cond"]?.includes("ev_class") ?? false);
      expect(readers.map(catalogOf).toSorted()).toEqual(["pg_class", "pg_rewrite"]);
    } finally {
      await client.query("rollback");
      client.release();
    }
  });
});
