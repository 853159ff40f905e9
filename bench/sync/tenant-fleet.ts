import { randomBytes } from "node:crypto";
import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import { migrations, sharedMigrations } from "../../migrations/index.js";
import { createLedger, recordMigration } from "../../src/tenancy/ledger.js";
import { quietPool } from "../quiet-pool.js";
import {
  type LegacyVariant,
  loadLegacyShared,
  loadLegacyTemplate,
  loadLegacyTenant,
} from "../../test/legacy/legacy-system.js";

/** How a fleet begins: legacy tenants of all five kinds, or tenants whose ledgers end with a migration. */
export type FleetState = "legacy" | "0004_link_jobs_to_batches" | "0005_drop_marketplace_jobs_batch_id";

export interface Fleet {
  readonly name: string;
  readonly url: string;
  readonly schemas: readonly string[];
}

const VARIANTS: readonly LegacyVariant[] = ["a", "b", "c", "d", "e"];
const WORKERS = 4;

/** Databases full of tenants: made once for a state and a number, then copied as files for every run. */
export class TenantFleets {
  readonly #serverUrl: string;
  readonly #pool: pg.Pool;
  readonly #templates = new Map<string, Fleet>();
  readonly #created: string[] = [];

  constructor(serverUrl: string) {
    this.#serverUrl = serverUrl;
    this.#pool = quietPool(serverUrl, 2);
  }

  /** A database of its own with that many tenants, fit to be changed. */
  async copy(state: FleetState, tenants: number): Promise<Fleet> {
    return await this.copyOf(await this.#template(state, tenants));
  }

  async copyOf(fleet: Fleet): Promise<Fleet> {
    const name = await this.#create(fleet.name);
    // Otherwise the copy's own writing to disk falls on whoever runs first.
    await this.#pool.query("checkpoint");
    return { ...fleet, name, url: this.#urlOf(name) };
  }

  /** A new database with that many tenants, for whoever works on each of them once. */
  async create(state: FleetState, tenants: number): Promise<Fleet> {
    const name = await this.#create("template0");
    const url = this.#urlOf(name);
    const fleet = { name, url, schemas: await fill(url, state, tenants) };
    await this.#pool.query("checkpoint");
    return fleet;
  }

  async drop({ name }: Fleet): Promise<void> {
    await this.#pool.query(`drop database if exists ${name} with (force)`);
  }

  async end(): Promise<void> {
    for (const name of this.#created) await this.#pool.query(`drop database if exists ${name} with (force)`);
    await this.#pool.end();
  }

  async #template(state: FleetState, tenants: number): Promise<Fleet> {
    const key = `${state} ${tenants}`;
    const known = this.#templates.get(key);
    if (known !== undefined) return known;
    const fleet = await this.create(state, tenants);
    this.#templates.set(key, fleet);
    return fleet;
  }

  async #create(template: string): Promise<string> {
    const name = `bench_${randomBytes(5).toString("hex")}`;
    this.#created.push(name);
    await this.#pool.query(`create database ${name} template ${template} strategy file_copy`);
    return name;
  }

  #urlOf(name: string): string {
    const url = new URL(this.#serverUrl);
    url.pathname = `/${name}`;
    return url.href;
  }
}

async function fill(url: string, state: FleetState, tenants: number): Promise<readonly string[]> {
  const pool = quietPool(url, WORKERS);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await fillWith(db, pool, state, tenants);
  } finally {
    await db.destroy();
  }
}

async function fillWith(
  db: Kysely<unknown>,
  pool: pg.Pool,
  state: FleetState,
  tenants: number,
): Promise<readonly string[]> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  const upTo = Object.keys(migrations).filter((name) => state !== "legacy" && name <= state);
  if (state !== "legacy") {
    await pool.query(transaction("public", Object.keys(sharedMigrations), sharedMigrations));
    await pool.query(transaction("template_tenant", upTo, migrations));
  }
  const schemas = Array.from({ length: tenants }, (_, index) => `user_${index + 1}`);
  const rest = schemas.entries();
  const work = async (): Promise<void> => {
    for (const [index, schema] of rest) {
      const variant = VARIANTS[index % VARIANTS.length] ?? "e";
      if (state === "legacy") await loadLegacyTenant(db, variant, schema, index + 1);
      else await pool.query(`create schema ${schema}; ${transaction(schema, upTo, migrations)}`);
    }
  };
  // Legacy tenants have keys to public.users, and adding two at a time deadlocks on it.
  await Promise.all(Array.from({ length: state === "legacy" ? 1 : WORKERS }, work));
  await pool.query("vacuum analyze");
  return schemas;
}

/** The given migrations of one schema with their ledger rows, as one message: what a hand-written program would send. */
export function transaction(schema: string, names: readonly string[], set: typeof migrations, isFirst = true): string {
  const scripts = names.map((name) => `${set[name]?.script.up(schema) ?? ""}\n;${recordMigration(schema, name)}`);
  return ["begin;", isFirst ? createLedger(schema) : "", ...scripts, "commit;"].join("\n");
}
