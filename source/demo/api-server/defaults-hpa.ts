import {isObject, type JsonObject, listAt} from '../../resources/json.ts';

const scaleUp = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    {type: 'Pods', value: 4, periodSeconds: 15},
    {type: 'Percent', value: 100, periodSeconds: 15},
  ],
};
const scaleDown = {selectPolicy: 'Max', policies: [{type: 'Percent', value: 100, periodSeconds: 15}]};

/** Fills in the spec of a HorizontalPodAutoscaler. Source: kubernetes, pkg/apis/autoscaling/v2/defaults.go. */
export function hpaDefaults(spec: JsonObject): void {
  spec['minReplicas'] ??= 1;
  if (listAt(spec, 'metrics').length === 0) {
    spec['metrics'] = [
      {
        type: 'Resource',
        resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}},
      },
    ];
  }
  const behavior = spec['behavior'];
  if (!isObject(behavior)) return;
  behavior['scaleUp'] = {...scaleUp, ...rulesOf(behavior['scaleUp'])};
  behavior['scaleDown'] = {...scaleDown, ...rulesOf(behavior['scaleDown'])};
}

function rulesOf(rules: unknown): JsonObject {
  if (!isObject(rules)) return {};
  return Object.fromEntries(
    Object.entries(rules).filter(([, value]) => value !== undefined && value !== null),
  );
}
