import { chunksOf } from "./schema-chunks.js";

interface ReadInChunksParams {
  readonly schemas: readonly string[];
  readonly schemasPerQuery: number;
  /** How many queries run at the same time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  readonly read: (chunk: readonly string[]) => Promise<void>;
  /** Hears which schema cannot be read, and why. */
  readonly onUnreadable: (schema: string, error: unknown) => void;
}

/**
 * Reads from tables of many schemas in a number of queries that depends on their number divided by the chunk's. A
 * schema that cannot be read does not keep the others from being read: its query is halved until it stands alone.
 */
export async function readInChunks(params: ReadInChunksParams): Promise<void> {
  const chunks = chunksOf(params.schemas, params.schemasPerQuery);
  const work = async (): Promise<void> => {
    for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
      params.signal?.throwIfAborted();
      try {
        await params.read(chunk);
      } catch (error) {
        const [only] = chunk;
        if (!isSmallerWorthTrying(error)) throw error;
        if (chunk.length === 1 && only !== undefined) params.onUnreadable(only, error);
        else chunks.push(chunk.slice(0, chunk.length / 2), chunk.slice(chunk.length / 2));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(params.concurrency, chunks.length) }, work));
}

/**
 * Undefined table, undefined column, no privilege, no such schema; somebody holds a table for longer than the role
 * waits; or too many locks for a small lock table.
 */
const SMALLER_WORTH_TRYING: ReadonlySet<unknown> = new Set(["42P01", "42703", "42501", "3F000", "55P03", "53200"]);

function isSmallerWorthTrying(error: unknown): boolean {
  return SMALLER_WORTH_TRYING.has(((error ?? {}) as { code?: unknown }).code);
}
