import type { Operation } from "./operation.js";
import { repositoryOperations } from "./repository-operations.js";
import { tenancyOperations } from "./tenancy-operations.js";

export const operations: readonly Operation[] = [...repositoryOperations, ...tenancyOperations];
