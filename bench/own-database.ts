import { randomBytes } from "node:crypto";
import { quietPool } from "./quiet-pool.js";

/** A database of a contender's own. */
export interface OwnDatabase {
  readonly name: string;
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** An empty database, or a copy of another one's files; nobody may be connected to that. */
export async function createDatabase(serverUrl: string, template = "template0"): Promise<OwnDatabase> {
  const name = `bench_${randomBytes(5).toString("hex")}`;
  await onServer(serverUrl, `create database ${name} template ${template} strategy file_copy`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    drop: () => onServer(serverUrl, `drop database ${name} with (force)`),
  };
}

/** Writes all that is pending to disk, so that it does not fall on whoever is measured next. */
export async function checkpoint(serverUrl: string): Promise<void> {
  await onServer(serverUrl, "checkpoint");
}

async function onServer(url: string, command: string): Promise<void> {
  const server = quietPool(url, 1);
  try {
    await server.query(command);
  } finally {
    await server.end();
  }
}
