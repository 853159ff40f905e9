import { quoteLiteral } from "../../migrations/quoting.js";

/** The first of the two numbers of our advisory locks, so that they meet nobody else's: "mjob" in ASCII. */
export const TENANT_LOCK_CLASS = 0x6d_6a_6f_62;

/** The second number: the tenant. Two tenants whose hashes collide merely wait for each other. */
export function tenantLockKey(schema: string): string {
  return `hashtext(${quoteLiteral(schema)})`;
}

/** Takes the tenant's lock until the end of the transaction: whoever changes a tenant's structure holds it. */
export function lockTenant(schema: string): string {
  return `select pg_advisory_xact_lock(${TENANT_LOCK_CLASS}, ${tenantLockKey(schema)});`;
}
