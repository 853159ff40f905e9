interface WaitingJob {
  readonly jobId: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What jobs ask for while a statement is under way goes in the next one: what a host would write by hand around a queue
 * that runs its jobs one by one.
 */
export function inGroups(send: (jobIds: readonly number[]) => Promise<void>): (jobId: number) => Promise<void> {
  let waiting: WaitingJob[] = [];
  let isUnderWay = false;
  const sendAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await send(group.map(({ jobId }) => jobId));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      // Those who were just answered ask for their next in this turn.
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    isUnderWay = false;
  };
  return (jobId) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ jobId, resolve, reject });
    if (!isUnderWay) setImmediate(() => void sendAll());
    isUnderWay = true;
    return promise;
  };
}
