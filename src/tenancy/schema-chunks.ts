/** How many schemas one pass over the catalog covers: enough to make its fixed cost vanish, few enough to hold. */
export const SCHEMAS_PER_QUERY = 1_000;

/** The schemas in their order, so many at a time. */
export function chunksOf(schemas: readonly string[], size: number = SCHEMAS_PER_QUERY): (readonly string[])[] {
  return Array.from({ length: Math.ceil(schemas.length / size) }, (_, index) =>
    schemas.slice(index * size, (index + 1) * size),
  );
}
