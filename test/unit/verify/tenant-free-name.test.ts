import { describe, expect, test } from "vitest";
import { carriesTenant, nameInTenant } from "../../../src/verify/tenant-free-name.js";

describe("a name with placeholders in the tenant's place", () => {
  test.each([
    ["ix_\u0002_marketplace_jobs_status", "user_10", "ix_user10_marketplace_jobs_status"],
    ["idx_\u0003_marketplace_jobs", "user_10", "idx_10_marketplace_jobs"],
    ["by_\u0001", "a_$&_b", "by_a_$&_b"],
    ["marketplace_jobs_pkey", "user_10", "marketplace_jobs_pkey"],
  ])("%j in %s is %s", (pattern, schema, name) => {
    expect(nameInTenant(pattern, schema)).toBe(name);
    expect(carriesTenant(pattern)).toBe(pattern !== name);
  });
});
