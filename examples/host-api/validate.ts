import { zValidator } from "@hono/zod-validator";
import type { ValidationTargets } from "hono";
import { toErrorResponse } from "marketplace-jobs/contract";
import type * as z from "zod";

/** Checks one part of a request by a schema of the contract, and answers what it refuses with a 400. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the inferred type is what the typed client reads
export function validate<Target extends keyof ValidationTargets, Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) {
  return zValidator(target, schema, (result, context) => {
    if (!result.success) return context.json(toErrorResponse(result.error).body, 400);
    return undefined;
  });
}
