import type {
  columnUseReportSchema,
  repairReportSchema,
  syncReportSchema,
  tenantSchemaStatusSchema,
  verifyReportSchema,
} from "marketplace-jobs";
import {
  type ColumnUseReport,
  type RepairReport,
  type SyncReport,
  type TenantSchemaStatus,
  type TenantSyncReport,
  type VerifyReport,
} from "marketplace-jobs";
import { describe, expectTypeOf, test } from "vitest";
import type * as z from "zod";

describe("a report that was read back is the report that was written", () => {
  test("with all that its schema says and nothing else", () => {
    expectTypeOf<z.output<typeof syncReportSchema>>().branded.toEqualTypeOf<SyncReport>();
    expectTypeOf<z.output<typeof repairReportSchema>>().branded.toEqualTypeOf<RepairReport>();
    expectTypeOf<z.output<typeof verifyReportSchema>>().branded.toEqualTypeOf<VerifyReport>();
    expectTypeOf<z.output<typeof columnUseReportSchema>>().branded.toEqualTypeOf<ColumnUseReport>();
    expectTypeOf<z.output<typeof tenantSchemaStatusSchema>>().toExtend<TenantSchemaStatus>();
  });

  test("and its tenants have a name", () => {
    expectTypeOf<SyncReport["tenants"]>().toEqualTypeOf<TenantSyncReport[]>();
  });
});
