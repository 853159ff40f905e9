import type { RawBuilder, SelectQueryBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import * as z from "zod";
import { rowIdSchema } from "../entities/job-reference.js";
import type { TenantTables } from "../entities/tenant-tables.js";
import type { JobFilter, JobFilterValues } from "./job-filter.js";
import { filterForm, filterValues, jobFilterSchema, matchesFilter } from "./job-filter.js";
import type { MarketplaceJobRow } from "./marketplace-job-row.js";
import { marketplaceJobColumns } from "./marketplace-job-row.js";
import { offsetSchema, pageLimitSchema } from "./page-limit.js";
import type { StatementValues } from "./statement-value.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { TenantStatement } from "./tenant-statement.js";
import { tenantStatement } from "./tenant-statement.js";

export interface ListJobsFilter extends JobFilter {
  /** The id of the last job of the page before: constant cost however deep. */
  readonly after?: number | undefined;
  /** 50 when left out, 1,000 at most. */
  readonly limit?: number | undefined;
  /** How many jobs to pass over; costs as much as reading them. Not together with `after`. */
  readonly offset?: number | undefined;
}

export const listJobsFilterSchema = z
  .strictObject({
    ...jobFilterSchema.shape,
    after: rowIdSchema.optional(),
    limit: pageLimitSchema,
    offset: offsetSchema,
  })
  .refine(({ after, offset }) => after === undefined || offset === 0, {
    path: ["offset"],
    error: "cannot be combined with after",
  });

type ParsedListJobsFilter = z.output<typeof listJobsFilterSchema>;
type JobSelect<Output> = SelectQueryBuilder<TenantTables, "marketplace_jobs", Output>;

/** The values of a page, beside those of its filter. */
export function listJobsValues(filter: ParsedListJobsFilter): ListJobsValues {
  return { ...filterValues(filter), after: filter.after, limit: filter.limit, offset: filter.offset };
}

export interface ListJobsValues extends JobFilterValues {
  readonly after: number | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** What the text of a page depends on. */
export function listJobsForm(filter: ParsedListJobsFilter): string {
  return `${filterForm(filter)} ${filter.after !== undefined}`;
}

export function listJobsStatement(
  tenant: TenantDatabase,
  filter: ParsedListJobsFilter,
): TenantStatement<MarketplaceJobRow> {
  return tenantStatement(tenant, {
    form: `list jobs ${listJobsForm(filter)}`,
    values: listJobsValues(filter),
    write: (anyTenant, values) => listJobsQuery(anyTenant, filter, values),
  });
}

/** One page of jobs, in the order of the list. */
export function listJobsQuery(
  { db }: TenantDatabase,
  filter: ParsedListJobsFilter,
  values: StatementValues<ListJobsValues>,
): SelectQueryBuilder<any, any, MarketplaceJobRow> {
  const { limit, offset } = values;
  const jobs = db.selectFrom("marketplace_jobs").select(marketplaceJobColumns).where(matchesFilter(filter, values));
  if (filter.after === undefined) return inListOrder(jobs).limit(limit).offset(offset);

  const cursor = db.selectFrom("marketplace_jobs").where("id", "=", values.after as RawBuilder<number>);
  const cursorPriority = cursor.select("priority");
  const cursorPosition = cursor.select(["created_at", "id"]);
  // Two index ranges rather than one `or`, which would read everything before the cursor and throw it away: what is
  // left of the cursor's own priority, then the priorities behind it.
  const samePriority = jobs
    .where("priority", "=", cursorPriority)
    .where(sql<SqlBool>`(created_at, id) < (${cursorPosition})`);
  const laterPriorities = jobs.where("priority", ">", cursorPriority);
  return db
    .with("same_priority", () => inListOrder(samePriority).limit(limit))
    .with("later_priorities", () => inListOrder(laterPriorities).limit(limit))
    .selectFrom("same_priority")
    .select(marketplaceJobColumns)
    .unionAll((union) => union.selectFrom("later_priorities").select(marketplaceJobColumns))
    .orderBy("priority")
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit);
}

/** Most urgent first, newest first within a priority. */
function inListOrder<Output>(jobs: JobSelect<Output>): JobSelect<Output> {
  return jobs.orderBy("priority").orderBy("created_at", "desc").orderBy("id", "desc");
}
