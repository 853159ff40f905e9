import type { DatabaseConnections } from "./connection/database-connections.js";
import type { Interruption } from "./interruption.js";
import type { Talk } from "./output/talk.js";

/** What a command works with. */
export interface Session {
  readonly connections: DatabaseConnections;
  readonly interruption: Interruption;
  readonly talk: Talk;
}
