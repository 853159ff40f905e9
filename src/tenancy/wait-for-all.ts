/**
 * What all of them give, or the error of the first in their order that failed; in either case when all have ended. Nobody is to use
 * the caller's connections after the caller has heard of an error and closes them.
 */
export async function waitForAll<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ends = await Promise.allSettled(work);
  return ends.map((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
}

/** Works items off from the end, several at a time, what is added meanwhile as well. After an error none is begun. */
export async function workOff<Item>(
  items: Item[],
  concurrency: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (let item = items.pop(); item !== undefined && !hasFailed; item = items.pop()) {
      try {
        await work(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await waitForAll(Array.from({ length: Math.min(concurrency, items.length) }, worker));
}
