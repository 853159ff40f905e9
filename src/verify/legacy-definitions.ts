import { batchJobs } from "../../migrations/0001_batch_jobs.js";
import { marketplaceJobs } from "../../migrations/0002_marketplace_jobs.js";
import { marketplaceJobStats } from "../../migrations/0003_marketplace_job_stats.js";
import { marketplaceActionTypes } from "../../migrations/shared/0001_marketplace_action_types.js";
import type { WantedTable } from "../../migrations/wanted-table.js";
import type { StructureItem } from "./structure-item.js";

const wantedTables: readonly WantedTable[] = [batchJobs, marketplaceJobs, marketplaceJobStats, marketplaceActionTypes];

/** The table as the migrations spell it out. */
export function wantedTable(name: string): WantedTable | undefined {
  return wantedTables.find((table) => table.name === name);
}

/** Whether the legacy system made it: such an object is ours to remove, whatever its name. */
export function isOfLegacy(table: string, item: StructureItem): boolean {
  const wanted = wantedTable(table);
  if (wanted === undefined) return false;
  switch (item.kind) {
    case "constraint":
      return (
        wanted.replacedConstraints.includes(item.definition) ||
        item.definition.startsWith("FOREIGN KEY (batch_job_id) REFERENCES batch_jobs(id)")
      );
    case "index": {
      const printed = item.definition.replace(/^unique /, "UNIQUE ").replace(/ \(invalid\)$/, "");
      return (
        wanted.replacedIndexes.includes(printed) ||
        wanted.indexes.some((index) => `${index.unique === true ? "UNIQUE " : ""}${index.printed}` === printed)
      );
    }
    case "sequence":
      return item.definition.startsWith("owned by id ");
    default:
      return false;
  }
}
