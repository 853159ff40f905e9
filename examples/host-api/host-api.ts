import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import type { Kysely } from "kysely";
import { actionTypes, forTenant, type SharedTables, type TenantTables } from "marketplace-jobs";
import { type ErrorBody, toErrorResponse } from "marketplace-jobs/contract";
import type { Authenticate } from "./authentication.js";
import { batchRoutes } from "./batch-routes.js";
import type { HostEnv } from "./host-env.js";
import { marketplaceJobRoutes } from "./marketplace-job-routes.js";

/** Two megabytes: a batch of 50,000 products with data for its jobs. */
export const DEFAULT_MAX_BODY_BYTES = 2 * 1_024 * 1_024;

/** The tables that the application knows of: the library's, and whatever is its own. */
export interface HostTables extends TenantTables, SharedTables {}

export interface HostApiParams {
  readonly db: Kysely<HostTables>;
  readonly authenticate: Authenticate;
  /** Told of every error that is the server's own. */
  readonly logError: (error: unknown) => void;
  readonly maxBodyBytes?: number | undefined;
}

/** The application: every request is made in the name of one tenant, whose repositories its handler is given. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the inferred type is what the typed client reads
export function createHostApi({ db, authenticate, logError, maxBodyBytes = DEFAULT_MAX_BODY_BYTES }: HostApiParams) {
  const sharedActionTypes = actionTypes(db);
  const answerTooLarge = (): never => {
    throw new HTTPException(413, { message: `The body exceeds ${maxBodyBytes} bytes` });
  };
  return new Hono<HostEnv>()
    .onError((error, context) => {
      if (error instanceof HTTPException) return context.json<ErrorBody>({ detail: error.message }, error.status);
      const { status, body } = toErrorResponse(error);
      if (status >= 500) logError(error);
      return context.json(body, status);
    })
    .notFound((context) => context.json<ErrorBody>({ detail: "Not found" }, 404))
    .use("/api/*", async (context, next) => {
      const session = await authenticate(context.req.raw);
      if (session === undefined) return context.json<ErrorBody>({ detail: "Not authenticated" }, 401);
      context.set("session", session);
      context.set("tenant", forTenant(db, session.tenantSchema));
      context.set("actionTypes", sharedActionTypes);
      return next();
    })
    .use("/api/*", bodyLimit({ maxSize: maxBodyBytes, onError: answerTooLarge }))
    .route("/api/batches", batchRoutes)
    .route("/api/vinted/jobs", marketplaceJobRoutes("vinted"))
    .route("/api/ebay/jobs", marketplaceJobRoutes("ebay"));
}

/** For a typed client: `hc<HostApi>(url)`. */
export type HostApi = ReturnType<typeof createHostApi>;
