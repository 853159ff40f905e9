import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { syncTenantSchemas } from "../../../../src/index.js";
import { hostKysely } from "../../sync/fleet.js";
import type { FaultKind } from "../fault-kind.js";

/** So many runs in place of one, each with connections of its own, as from so many machines. */
export function simultaneousRuns(runs: number): FaultKind {
  return {
    name: `${runs} runs at once`,
    few: 1,
    async strike({ url, schemas, options, random }) {
      const hosts = Array.from({ length: runs }, () => hostKysely({ connectionString: url }));
      try {
        const reports = await Promise.all(
          hosts.map(async (host) => {
            await wait(random() * 40);
            return await syncTenantSchemas(host, { ...options, maxAttempts: 50 });
          }),
        );
        for (const schema of ["template_tenant", ...schemas]) {
          const done = reports.flatMap(
            ({ tenants }) => tenants.find((tenant) => tenant.schema === schema)?.applied ?? [],
          );
          expect(new Set(done).size, `no two runs did the same to ${schema}`).toBe(done.length);
        }
      } finally {
        await Promise.all(hosts.map((host) => host.destroy()));
      }
      return 1;
    },
  };
}
