import { createTenantSchema, syncTenantSchemas, verifyTenantSchemas } from "marketplace-jobs";
import type { Operation, OperationPlace } from "./operation.js";

const TENANTS = 200;
const QUICK_TENANTS = 5;

/** What goes through many tenants, and the making of one. */
export const tenancyOperations: readonly Operation[] = [
  {
    name: "createTenantSchema",
    unit: "tenant",
    place: "tenant",
    count: 20,
    quickCount: 2,
    async work({ db, count }) {
      for (let index = 0; index < count; index += 1) await createTenantSchema(db, `user_${1_000 + index}`);
    },
  },
  sync("syncTenantSchemas, one migration pending", "fleet one migration behind"),
  sync("syncTenantSchemas, legacy tenants, five pending", "legacy fleet"),
  sync("syncTenantSchemas, nothing pending", "current fleet"),
  {
    name: "verifyTenantSchemas",
    unit: "tenant",
    place: "current fleet",
    count: TENANTS,
    quickCount: QUICK_TENANTS,
    async work({ db }) {
      await verifyTenantSchemas(db);
    },
  },
];

/** The statements for the shared schema and the template are in the figures. */
function sync(name: string, place: OperationPlace): Operation {
  return {
    name,
    unit: "tenant",
    place,
    count: TENANTS,
    quickCount: QUICK_TENANTS,
    async work({ db }) {
      await syncTenantSchemas(db);
    },
  };
}
