import type { Kysely } from "kysely";
import * as z from "zod";
import type { ActionType, ActionTypeKey, NewActionType } from "../entities/action-type.js";
import { actionTypeKeySchema, newActionTypeSchema } from "../entities/action-type.js";
import { boundedText } from "../entities/bounded-text.js";
import type { SharedTables } from "../entities/shared-tables.js";
import { ActionTypeExistsError } from "../errors/action-type-exists-error.js";
import { parseInput } from "../errors/parse-input.js";
import { UnknownActionTypeError } from "../errors/unknown-action-type-error.js";
import { parseKysely } from "../tenancy/kysely-instance.js";
import { DEFAULT_SHARED_SCHEMA, schemaName } from "../tenancy/tenant-schema-name.js";
import { actionTypeColumns, toActionType } from "./action-type-row.js";
import { insertOrFindActionType } from "./insert-action-type-query.js";

/**
 * A minute: action types change with a deployment, so reading them again costs next to nothing, and a name that was
 * corrected by hand shows soon enough without a restart.
 */
export const DEFAULT_ACTION_TYPE_MAX_AGE_MS = 60_000;

export interface ActionTypesOptions {
  /** The schema of `marketplace_action_types`; `public` by default. */
  readonly sharedSchema?: string | undefined;
  /** How long the cached action types are used before they are read again; a minute by default, 0 for always. */
  readonly maxAgeMs?: number | undefined;
}

export interface RegisterActionTypeResult {
  readonly actionType: Readonly<ActionType>;
  /** False when it existed, with the same settings. */
  readonly created: boolean;
}

const actionTypesOptionsSchema = z.strictObject({
  sharedSchema: schemaName.default(DEFAULT_SHARED_SCHEMA),
  maxAgeMs: z.int().min(0).default(DEFAULT_ACTION_TYPE_MAX_AGE_MS),
});

const listActionTypesOptionsSchema = z.strictObject({ marketplace: boundedText("a marketplace", 50).optional() });

interface Snapshot {
  readonly readAtMs: number;
  readonly actionTypes: Promise<readonly Readonly<ActionType>[]>;
}

/**
 * The action types of the shared schema. All of them are read in one statement and kept by the instance, so a host
 * makes one instance and keeps it; {@link actionTypes} makes it.
 *
 * No method takes a row lock but `registerActionType`, and that one only on a row it inserts.
 */
export class ActionTypeRepository {
  readonly #db: Kysely<SharedTables>;
  readonly #maxAgeMs: number;
  #snapshot: Snapshot | undefined;

  /** Use {@link actionTypes}, which checks its options. */
  constructor(db: Kysely<SharedTables>, maxAgeMs: number) {
    this.#db = db;
    this.#maxAgeMs = maxAgeMs;
  }

  /**
   * The action type with this code on this marketplace. One that is not in the cache is looked for once more in the
   * table, since another process may have registered it.
   *
   * @throws `UNKNOWN_ACTION_TYPE` naming the marketplace and the code and listing the action types there are.
   *
   * @example
   * ```ts
   * import { actionTypes } from "marketplace-jobs";
   *
   * const publish = await actionTypes(db).resolveActionType({ marketplace: "vinted", code: "publish" });
   * console.log(publish.id, publish.priority); // 3 3
   * ```
   */
  async resolveActionType(key: ActionTypeKey): Promise<Readonly<ActionType>> {
    const { marketplace, code } = parseInput(actionTypeKeySchema, key, {
      code: "INVALID_INPUT",
      subject: "resolveActionType",
    });
    const isWanted = (candidate: ActionType): boolean =>
      candidate.marketplace === marketplace && candidate.code === code;
    const known = await this.#readUntil((cached) => cached.some(isWanted));
    const actionType = known.find(isWanted);
    if (actionType === undefined) throw new UnknownActionTypeError({ marketplace, actionCode: code, known });
    return actionType;
  }

  /** The action type with this id, or `undefined`: nothing keeps a job's `actionTypeId` from leading nowhere. */
  async getActionType(id: number): Promise<Readonly<ActionType> | undefined> {
    return (await this.getActionTypes([id])).get(id);
  }

  /**
   * Those of the action types with these ids that there are, by id: what a list of jobs needs to name its actions.
   * No statement when all are in the cache, one otherwise.
   *
   * @example
   * ```ts
   * import { actionTypes, forTenant } from "marketplace-jobs";
   *
   * const jobs = await forTenant(db, "user_1").jobs.listJobs({ limit: 50 });
   * const byId = await actionTypes(db).getActionTypes(jobs.map((job) => job.actionTypeId));
   * console.log(jobs.map((job) => byId.get(job.actionTypeId)?.name));
   * ```
   */
  async getActionTypes(ids: readonly number[]): Promise<ReadonlyMap<number, Readonly<ActionType>>> {
    const wanted = new Set(parseInput(z.array(z.int()), ids, { code: "INVALID_INPUT", subject: "getActionTypes" }));
    if (wanted.size === 0) return new Map();
    const pick = (known: readonly ActionType[]): ActionType[] => known.filter(({ id }) => wanted.has(id));
    const known = await this.#readUntil((cached) => pick(cached).length === wanted.size);
    return new Map(pick(known).map((actionType) => [actionType.id, actionType]));
  }

  /** All action types, or those of one marketplace, by id; at most `maxAgeMs` old. */
  async listActionTypes(options: { marketplace?: string | undefined } = {}): Promise<readonly Readonly<ActionType>[]> {
    const { marketplace } = parseInput(listActionTypesOptionsSchema, options, {
      code: "INVALID_INPUT",
      subject: "listActionTypes",
    });
    const known = await this.#readUntil(() => true);
    return known.filter((actionType) => marketplace === undefined || actionType.marketplace === marketplace);
  }

  /**
   * Adds an action type of the host's own. Registering the same one again, also at the same moment from several
   * processes, gives the row that exists; a row that exists is never changed.
   *
   * @throws `ACTION_TYPE_EXISTS` when a row with this marketplace and code exists and differs from `actionType` in
   * any setting, those left out counted with their defaults.
   *
   * @example
   * ```ts
   * import { actionTypes } from "marketplace-jobs";
   *
   * const { actionType, created } = await actionTypes(db).registerActionType({
   *   marketplace: "vinted",
   *   code: "relist",
   *   name: "List one product again",
   * });
   * console.log(actionType.code, created); // relist true
   * ```
   */
  async registerActionType(actionType: NewActionType): Promise<RegisterActionTypeResult> {
    const wanted = parseInput(newActionTypeSchema, actionType, {
      code: "INVALID_INPUT",
      subject: "registerActionType",
    });
    const { created, ...row } = await insertOrFindActionType(this.#db, wanted);
    const registered = toActionType(row);
    const differingFields = Object.entries(wanted)
      .filter(([field, value]) => registered[field as keyof typeof wanted] !== value)
      .map(([field]) => field);
    if (differingFields.length > 0) {
      throw new ActionTypeExistsError({ marketplace: wanted.marketplace, actionCode: wanted.code, differingFields });
    }
    if (created) this.#snapshot = undefined;
    return { actionType: registered, created };
  }

  /** The cached action types when they are young enough and hold what is wanted, else the table's. */
  async #readUntil(
    isEnough: (known: readonly Readonly<ActionType>[]) => boolean,
  ): Promise<readonly Readonly<ActionType>[]> {
    const snapshot = this.#snapshot;
    if (snapshot !== undefined && performance.now() - snapshot.readAtMs < this.#maxAgeMs) {
      const known = await snapshot.actionTypes;
      if (isEnough(known)) return known;
    }
    // Callers that meet here at once share one statement.
    if (this.#snapshot === snapshot || this.#snapshot === undefined) this.#snapshot = this.#read();
    return this.#snapshot.actionTypes;
  }

  #read(): Snapshot {
    const read = this.#db.selectFrom("marketplace_action_types").select(actionTypeColumns).orderBy("id").execute();
    const snapshot: Snapshot = {
      readAtMs: performance.now(),
      actionTypes: read.then((rows) => rows.map(toActionType)),
    };
    // A failed read is told to those who wait for it and forgotten, so that the next call tries again.
    snapshot.actionTypes.catch(() => {
      if (this.#snapshot === snapshot) this.#snapshot = undefined;
    });
    return snapshot;
  }
}

/**
 * The action types of the shared schema, cached by the instance that comes back: make it once and keep it.
 *
 * @throws `INVALID_OPTIONS` for what is no Kysely, for an unknown option, and for a name that cannot be a schema.
 *
 * @example
 * ```ts
 * import { actionTypes } from "marketplace-jobs";
 *
 * const repository = actionTypes(db);
 * console.log((await repository.listActionTypes({ marketplace: "ebay" })).map(({ code }) => code));
 * // [ 'publish', 'update', 'delete', 'sync', 'sync_orders' ]
 * ```
 */
export function actionTypes(db: Kysely<any>, options: ActionTypesOptions = {}): ActionTypeRepository {
  const { sharedSchema, maxAgeMs } = parseInput(actionTypesOptionsSchema, options, {
    code: "INVALID_OPTIONS",
    subject: "actionTypes options",
  });
  // A host's plugins (camel case, say) would rename our columns.
  return new ActionTypeRepository(parseKysely(db, "actionTypes").withoutPlugins().withSchema(sharedSchema), maxAgeMs);
}
