import * as v from 'valibot';
/** A deployment as the ApplySet's parent keeps it. */
export type RecordedDeployment = v.InferOutput<typeof deployment>;

/** How many deployments the parent keeps: a ConfigMap holds 1 MiB, a screen shows fewer. */
const kept = 20;

const deployment = v.object({
  revision: v.string(),
  time: v.string(),
  by: v.string(),
  pruned: v.boolean(),
  tookSeconds: v.number(),
});

/** Reads the recorded history, newest first. What is not a deployment is left out: a person may have edited it. */
export function parseHistory(text: string | undefined): RecordedDeployment[] {
  let list: unknown;
  try {
    list = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(list)) return [];
  return list.flatMap(item => {
    const parsed = v.safeParse(deployment, item);
    return parsed.success ? [parsed.output] : [];
  });
}

/** The history as it is kept: a line a deployment, so that `kubectl get -o yaml` is readable. */
export function stringifyHistory(history: readonly RecordedDeployment[]): string {
  if (history.length === 0) return '[]\n';
  return `[\n${history.map(item => `  ${JSON.stringify(item)}`).join(',\n')}\n]\n`;
}

/** The history with a deployment on top, the oldest dropped. */
export function recorded(
  history: readonly RecordedDeployment[],
  latest: RecordedDeployment,
): RecordedDeployment[] {
  return [latest, ...history].slice(0, kept);
}
