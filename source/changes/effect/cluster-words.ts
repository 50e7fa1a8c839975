import {formatIdentity, type ResourceId} from '../../resources/identity.ts';
import type {ClusterEffect, ObjectOnCluster} from './types.ts';
import {changeLines, type EffectLine, type EffectStyle} from './values.ts';
import {plainStyle} from './words.ts';

/** So many are named in one line; of the others their number is. */
const mostNamed = 3;

/** What a change would do to the cluster, in a line: `1 changed (Deployment/web), 1 created (…), 2 already so`. */
export function clusterSummary(cluster: ClusterEffect, {ellipsis}: EffectStyle = plainStyle): string {
  if ('unknown' in cluster) return `not known: ${cluster.unknown}`;
  const {objects} = cluster;
  const of = (...outcomes: ObjectOnCluster['outcome'][]) =>
    objects.filter(({outcome}) => outcomes.includes(outcome));
  const named = (found: readonly ObjectOnCluster[]) => {
    const names = found.slice(0, mostNamed).map(({id}) => short(id));
    return `${names.join('; ')}${found.length > mostNamed ? `, ${ellipsis}` : ''}`;
  };
  const counted = (found: readonly ObjectOnCluster[], words: string) =>
    found.length === 0 ? [] : [`${found.length} ${words} (${named(found)})`];
  const gone = of('gone').length;
  const same = of('same').length;
  const drifted = objects.filter(({fields}) => fields.some(({isDrift}) => isDrift));
  const parts = [
    ...counted(of('changed'), 'changed'),
    ...counted(of('created'), 'created'),
    ...counted(of('prunable'), 'deleted by a sync that prunes'),
    ...counted(of('kept'), 'no longer in git and kept'),
    ...(gone === 0 ? [] : [`${gone} not live anyway`]),
    ...(same === 0 ? [] : [`${same} already so`]),
    ...(of('left-out').length === 0 ? [] : [`${of('left-out').length} left out`]),
    ...counted(of('unknown'), 'unknown'),
    ...counted(
      objects.filter(({refused}) => refused !== null),
      'refused by the server as it is',
    ),
    ...counted(drifted, 'with drift of their own besides'),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** What a change would do to the cluster, object by object. */
export function clusterLines(cluster: ClusterEffect, style: EffectStyle = plainStyle): EffectLine[] {
  if ('unknown' in cluster) return [{text: `not known: ${cluster.unknown}`, tone: 'drift', depth: 0}];
  const lines = cluster.objects.flatMap(object => objectLines(object, style));
  const problems = cluster.problems.map(
    ({message}): EffectLine => ({text: `! ${message}`, tone: 'drift', depth: 0}),
  );
  if (lines.length + problems.length === 0) return [{text: 'nothing', tone: 'dim', depth: 0}];
  return [...lines, ...problems];
}

function objectLines(object: ObjectOnCluster, style: EffectStyle): EffectLine[] {
  const {id, outcome, reason, refused, fields, notes, verdict} = object;
  const [mark, words, tone] = outcomes[outcome];
  const why = reason === null ? '' : `: ${reason}`;
  const local = outcome === 'changed' && verdict === 'local' ? ' (compared here only)' : '';
  return [
    {text: `${mark} ${formatIdentity(id)} ${words}${local}${why}`, tone, depth: 0},
    ...(refused === null ? [] : [{text: `refused: ${refused}`, tone: 'bad' as const, depth: 2}]),
    ...fields.flatMap(({path, live, desired, isDrift}) =>
      changeLines(
        path,
        [live, desired],
        isDrift
          ? {tone: 'drift', depth: 2, remark: ' (drift, not of this change)'}
          : {tone: 'plain', depth: 2},
        style,
      ),
    ),
    ...notes.map((note): EffectLine => ({text: `note: ${note}`, tone: 'dim', depth: 2})),
  ];
}

const outcomes: Record<ObjectOnCluster['outcome'], [string, string, EffectLine['tone']]> = {
  created: ['+', 'would be created', 'added'],
  changed: ['~', 'would change', 'strong'],
  same: ['=', 'is so already', 'dim'],
  unknown: ['?', 'is unknown', 'drift'],
  'left-out': ['=', 'is left out', 'dim'],
  prunable: ['-', 'would be deleted by a sync that prunes', 'removed'],
  kept: ['=', 'would no longer be in git, and stay', 'drift'],
  gone: ['=', 'is not live anyway', 'dim'],
};

function short({kind, name}: ResourceId): string {
  return `${kind}/${name}`;
}
