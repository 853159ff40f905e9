import { expect } from "vitest";
import { syncTenantSchemas } from "../../../../src/index.js";
import type { SmallDisk } from "../../../database/small-disk.js";
import { hostKysely } from "../../sync/fleet.js";
import type { FaultKind } from "../fault-kind.js";

/** Room for some of the migrations and not for all. */
const MOST_BYTES_LEFT = 1_500_000;

/** The disk that the database is on runs full under the run, at whatever statement needs the next page. */
export function fullDisk(disk: SmallDisk, few: number): FaultKind {
  return {
    name: "tenants on a disk that ran full",
    few,
    async strike({ url, options, random }) {
      const host = hostKysely({ connectionString: url });
      try {
        await disk.fillUpTo(Math.floor(random() * MOST_BYTES_LEFT));
        // A template that fails would spare the tenants.
        const report = await syncTenantSchemas(host, { ...options, template: false, throwOnFailure: false });
        const failures = report.tenants.flatMap(({ error }) => error ?? []);
        expect(failures.filter(({ sqlState }) => sqlState !== "53100")).toEqual([]);
        return failures.length;
      } finally {
        await host.destroy();
        await disk.empty();
      }
    },
  };
}
