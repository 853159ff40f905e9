import { chunksOf } from "./schema-chunks.js";
import { workOff } from "./wait-for-all.js";

interface ReadInChunksParams {
  readonly schemas: readonly string[];
  readonly schemasPerQuery: number;
  /** How many queries run at the same time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  readonly read: (chunk: readonly string[]) => Promise<void>;
  /** Which of a chunk's schemas are known to be in the way; a chunk with none is halved. */
  readonly findCulprits?: ((chunk: readonly string[], error: unknown) => Promise<ReadonlySet<string>>) | undefined;
  /** Hears which schema cannot be read, and why. */
  readonly onUnreadable: (schema: string, error: unknown) => void;
}

/**
 * Reads from tables of many schemas in a number of queries that depends on their number divided by the chunk's. A
 * schema that cannot be read does not keep the others from being read: its query is divided until it stands alone.
 */
export async function readInChunks(params: ReadInChunksParams): Promise<void> {
  const chunks = chunksOf(params.schemas, params.schemasPerQuery);
  await workOff(chunks, params.concurrency, async (chunk) => {
    params.signal?.throwIfAborted();
    try {
      await params.read(chunk);
    } catch (error) {
      const [only] = chunk;
      if (!isSmallerWorthTrying(error)) throw error;
      if (chunk.length === 1 && only !== undefined) params.onUnreadable(only, error);
      else chunks.push(...divide(chunk, (await params.findCulprits?.(chunk, error)) ?? new Set()));
    }
  });
}

/** Each culprit alone, and the rest last, which is taken first; halves where that would be no division. */
function divide(chunk: readonly string[], culprits: ReadonlySet<string>): (readonly string[])[] {
  const rest = chunk.filter((schema) => !culprits.has(schema));
  if (rest.length === chunk.length) {
    return [chunk.slice(0, chunk.length / 2), chunk.slice(chunk.length / 2)];
  }
  return [
    ...chunk.filter((schema) => culprits.has(schema)).map((schema) => [schema]),
    ...(rest.length > 0 ? [rest] : []),
  ];
}

/**
 * Undefined table, undefined column, no privilege, no such schema; somebody holds a table for longer than the role
 * waits; or too many locks for a small lock table.
 */
const SMALLER_WORTH_TRYING: ReadonlySet<unknown> = new Set(["42P01", "42703", "42501", "3F000", "55P03", "53200"]);

function isSmallerWorthTrying(error: unknown): boolean {
  return SMALLER_WORTH_TRYING.has(((error ?? {}) as { code?: unknown }).code);
}
