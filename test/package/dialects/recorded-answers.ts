import type { ActionTypeRepository, TenantRepositories } from "../../../src/index.js";
import { callEveryMethod } from "../../integration/documentation/every-method.js";

/** One call of a method and what came back. */
export type Answer = readonly [method: string, answer: unknown];

/**
 * What every method of a fresh tenant's repositories answers, in the order of the calls. Moments, durations and the
 * random part of batch ids, which no two runs have in common, give way to what they are.
 */
export async function recordAnswers(
  types: ActionTypeRepository,
  { jobs, batches, stats }: TenantRepositories,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const recording = <Repository extends object>(repository: Repository): Repository =>
    new Proxy(repository, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]): Promise<unknown> => {
          const answer = (await value.apply(target, args)) as unknown;
          answers.push([String(key), comparable(answer)]);
          return answer;
        };
      },
    });
  await callEveryMethod({
    types: recording(types),
    jobs: recording(jobs),
    batches: recording(batches),
    stats: recording(stats),
  });
  return answers;
}

function comparable(value: unknown): unknown {
  if (value instanceof Date) return "a moment";
  if (typeof value === "string") return value.replace(/_\d{8}_\d{6}_[0-9a-f]{8}$/, "_(time and chance)");
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, of]) => [
      key,
      typeof of === "number" && /DurationMs$|MsSum$/.test(key) ? "a time" : comparable(of),
    ]),
  );
}
