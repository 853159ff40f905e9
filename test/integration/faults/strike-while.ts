/** Strikes again and again until the run is over, or was struck often enough; says how often. */
export async function strikeWhile<Result>(
  run: Promise<Result>,
  strike: () => Promise<number>,
  atMost = Number.POSITIVE_INFINITY,
): Promise<{ readonly result: Result; readonly struck: number }> {
  const state = { isRunning: true, struck: 0 };
  const striking = async (): Promise<void> => {
    while (state.isRunning && state.struck < atMost) state.struck += await strike();
  };
  const [result] = await Promise.all([run.finally(() => (state.isRunning = false)), striking()]);
  return { result, struck: state.struck };
}
