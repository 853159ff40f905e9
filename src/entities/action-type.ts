import * as z from "zod";
import { boundedText } from "./bounded-text.js";

/** The largest value of PostgreSQL's `integer`, which every number of an action type is stored in. */
const MAX_INTEGER = 2_147_483_647;

/**
 * What a registered action type is given for what it leaves out: the same values as the column defaults of
 * `marketplace_action_types`, so that a row registered here equals one that was inserted by hand.
 */
export const DEFAULT_ACTION_TYPE = {
  description: null,
  priority: 3,
  isBatch: false,
  rateLimitMs: 2_000,
  maxRetries: 3,
  timeoutSeconds: 60,
} as const;

/** Something that can be done on a marketplace, such as publishing one product on vinted; shared by all tenants. */
export const actionTypeSchema = z.strictObject({
  id: z.int(),
  marketplace: z.string(),
  code: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  priority: z.int(),
  isBatch: z.boolean(),
  rateLimitMs: z.int(),
  maxRetries: z.int(),
  timeoutSeconds: z.int(),
  createdAt: z.date(),
});

/** Something that can be done on a marketplace, as it is registered. */
export interface ActionType extends z.output<typeof actionTypeSchema> {}

/** The pair that names an action type: codes repeat from one marketplace to the next. */
export const actionTypeKeySchema = z.strictObject({
  marketplace: boundedText("a marketplace", 50),
  code: boundedText("an action code", 50),
});

/** The pair that names an action type. */
export interface ActionTypeKey extends z.output<typeof actionTypeKeySchema> {}

/** An action type as a host registers it; what is left out is filled from {@link DEFAULT_ACTION_TYPE}. */
export const newActionTypeSchema = z.strictObject({
  ...actionTypeKeySchema.shape,
  name: boundedText("an action's name", 100),
  description: z
    .string()
    .refine((text) => !text.includes("\u0000") && text.isWellFormed(), {
      error: "a description must not contain NUL or a lone surrogate",
    })
    .nullable()
    .default(DEFAULT_ACTION_TYPE.description),
  priority: z.int().min(1).max(4).default(DEFAULT_ACTION_TYPE.priority),
  isBatch: z.boolean().default(DEFAULT_ACTION_TYPE.isBatch),
  rateLimitMs: z.int().min(0).max(MAX_INTEGER).default(DEFAULT_ACTION_TYPE.rateLimitMs),
  maxRetries: z.int().min(0).max(MAX_INTEGER).default(DEFAULT_ACTION_TYPE.maxRetries),
  timeoutSeconds: z.int().min(1).max(MAX_INTEGER).default(DEFAULT_ACTION_TYPE.timeoutSeconds),
});

export interface NewActionType extends z.input<typeof newActionTypeSchema> {}
