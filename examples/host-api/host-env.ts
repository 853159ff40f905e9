import type { ActionTypeRepository, TenantRepositories } from "marketplace-jobs";
import type { Session } from "./authentication.js";

/** What every handler finds in its context: one tenant's repositories, and never another's. */
export interface HostEnv {
  readonly Variables: {
    readonly session: Session;
    readonly tenant: TenantRepositories;
    readonly actionTypes: ActionTypeRepository;
  };
}
