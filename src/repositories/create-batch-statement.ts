import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { JOB_EXPIRY_MS } from "../entities/job-timing.js";
import type { JsonValue } from "../entities/json-value.js";
import type { BatchJobRow } from "./batch-job-row.js";
import { batchJobColumns } from "./batch-job-row.js";
import { columnList } from "./column-list.js";
import { duration } from "./duration.js";
import type { StatementValues } from "./statement-value.js";
import type { TenantDatabase } from "./tenant-database.js";
import type { TenantStatement } from "./tenant-statement.js";
import { tenantStatement } from "./tenant-statement.js";

export interface CreateBatchStatementParams {
  readonly batchId: string;
  readonly marketplace: string;
  readonly actionCode: string;
  readonly productIds: readonly number[];
  readonly priority?: number | undefined;
  readonly inputData?: JsonValue | null | undefined;
  readonly createdByUserId?: number | null | undefined;
}

interface CreateBatchValues {
  readonly batchId: string;
  readonly marketplace: string;
  readonly actionCode: string;
  readonly totalCount: number;
  readonly priority: number | null;
  readonly createdByUserId: number | null;
  readonly inputData: string | null;
  readonly productIds: string;
}

export type CreateBatchRow = BatchJobRow & { readonly created: boolean };

/**
 * Creates a batch and its jobs, or gives the batch that has the id. No row means that there is no such action type.
 *
 * The conflict clause writes nothing new; `do nothing` would give no row to the second of two creators at once. It
 * names no column of a key, so that the row is not locked against jobs that refer to it. Only an inserted row has no
 * `xmax`.
 *
 * The products are one text, which is the smallest and needs no array type of the driver's.
 */
export function createBatchStatement(
  tenant: TenantDatabase,
  params: CreateBatchStatementParams,
): TenantStatement<CreateBatchRow> {
  const { batchId, marketplace, actionCode, productIds, priority, inputData, createdByUserId } = params;
  return tenantStatement(tenant, {
    form: "create batch",
    values: {
      batchId,
      marketplace,
      actionCode,
      totalCount: productIds.length,
      priority: priority ?? null,
      createdByUserId: createdByUserId ?? null,
      inputData: inputData === undefined || inputData === null ? null : JSON.stringify(inputData),
      productIds: productIds.join(","),
    },
    write: createBatchText,
  });
}

function createBatchText(
  { names }: TenantDatabase,
  values: StatementValues<CreateBatchValues>,
): RawBuilder<CreateBatchRow> {
  return sql<CreateBatchRow>`
    with action as (
      select a.id, a.priority, a.max_retries
      from ${names.actionTypes} a
      where a.marketplace = ${values.marketplace} and a.code = ${values.actionCode}
    ), batch as (
      insert into ${names.batchJobs} as b (
        batch_id, marketplace, action_code, total_count, priority, created_by_user_id
      )
      select ${values.batchId}, ${values.marketplace}, ${values.actionCode}, ${values.totalCount}::integer,
        coalesce(${values.priority}::integer, a.priority), ${values.createdByUserId}::integer
      from action a
      on conflict (batch_id) do update set total_count = b.total_count
      returning ${columnList("b", batchJobColumns)}, b.xmax = 0 as created
    ), jobs as (
      insert into ${names.marketplaceJobs} (
        marketplace, batch_job_id, action_type_id, product_id, priority, max_retries, input_data, expires_at
      )
      select ${values.marketplace}, b.id, a.id, product.id, b.priority, a.max_retries, ${values.inputData}::text::jsonb,
        statement_timestamp() + ${duration(JOB_EXPIRY_MS)}
      from batch b
      cross join action a
      cross join unnest(string_to_array(${values.productIds}, ',')::bigint[]) with ordinality product (id, position)
      where b.created
      order by product.position
    )
    select ${columnList("b", batchJobColumns)}, b.created from batch b`;
}
