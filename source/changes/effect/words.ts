import {formatIdentity, identityKey, type ResourceId} from '../../resources/identity.ts';
import type {Json} from '../../resources/json.ts';
import {formatProblem} from '../../resources/problem.ts';
import type {EffectDigest, FieldEffect, ObjectEffect, RenderedEffect} from './types.ts';
import {changeLines, type EffectLine, type EffectStyle, shownValue} from './values.ts';

export type {EffectLine, EffectStyle} from './values.ts';

export const plainStyle: EffectStyle = {arrow: '→', ellipsis: '…'};
export const asciiStyle: EffectStyle = {arrow: '->', ellipsis: '...'};

/** So many are named in one line; of the others their number is. */
const mostNamed = 3;

/** An effect in a line: `1 changed (Deployment/web: web nginx 1.2 → 1.3), 1 new (Service/web), 2 gone (…)`. */
export function effectSummary(effect: RenderedEffect, style: EffectStyle = plainStyle): string {
  const {digest, undecided} = effect;
  if (!effect.touched) return 'nothing: none of its files differ';
  const {changed, replaced, added, removed, leftOut} = digest;
  const parts = [
    counted(changed, 'changed', changesOf(digest, style), style),
    counted(replaced, 'replaced', replaced.map(short), style),
    counted(added, 'new', added.map(short), style),
    counted(removed, 'gone', removed.map(short), style),
    leftOut === 0 ? '' : `${leftOut} left out`,
    undecided.length === 0 ? '' : `${undecided.length} undecided`,
  ].filter(part => part !== '');
  const broken = brokenWords(effect);
  if (broken !== null) parts.unshift(broken);
  return parts.length === 0 ? 'nothing: it renders to the same' : parts.join(', ');
}

/** An effect with all that it changes, object by object. */
export function effectLines(effect: RenderedEffect, style: EffectStyle = plainStyle): EffectLine[] {
  const lines: EffectLine[] = [];
  const say = (text: string, tone: EffectLine['tone'] = 'plain', depth = 0) =>
    lines.push({text, tone, depth});
  if (!effect.builds) say("it can't be rendered in full:", 'bad');
  for (const problem of effect.problems) {
    say(formatProblem(problem), problem.severity === 'error' ? 'bad' : 'drift', 1);
  }
  for (const problem of effect.repaired) say(`repaired: ${formatProblem(problem)}`, 'added');
  for (const object of effect.objects) lines.push(...objectLines(object, style));
  for (const id of effect.undecided) {
    say(`? ${formatIdentity(id)}: undecided, as it may be in a file that can't be read`, 'drift');
  }
  if (lines.length === 0) say(effectSummary(effect, style), 'dim');
  return lines;
}

function objectLines(object: ObjectEffect, style: EffectStyle): EffectLine[] {
  const {id, change, formerName, fields, leftOut, notes, source} = object;
  const [mark, word, tone] = changeWords[change];
  const was = formerName === undefined ? '' : `, which was ${formerName}`;
  const at = `${source.file}:${source.line}`;
  const about = (text: string): EffectLine => ({text, tone: 'dim', depth: 2});
  return [
    {text: `${mark} ${formatIdentity(id)} ${word}${was} (${at})`, tone, depth: 0},
    ...(leftOut === null ? [] : [about(`left out: ${leftOut}`)]),
    ...notes.map(note => about(`note: ${note}`)),
    ...fields.flatMap(field => fieldLines(field, style)),
  ];
}

const changeWords: Record<ObjectEffect['change'], [string, string, EffectLine['tone']]> = {
  added: ['+', 'is new', 'added'],
  removed: ['-', 'is gone', 'removed'],
  changed: ['~', 'changes', 'strong'],
  replaced: ['~', 'is another object', 'strong'],
};

function fieldLines({path, change, before, after, follows}: FieldEffect, style: EffectStyle): EffectLine[] {
  const told = (value: Json | undefined) => shownValue(value, style);
  switch (change) {
    case 'added':
      return [{text: `${path}: ${told(after)} (new)`, tone: 'added', depth: 2}];
    case 'removed':
      return [{text: `${path}: ${told(before)} (gone)`, tone: 'removed', depth: 2}];
    case 'order':
      return [
        {text: `${path}: order ${told(before)} ${style.arrow} ${told(after)}`, tone: 'plain', depth: 2},
      ];
    case 'changed': {
      const how =
        follows === undefined
          ? ({tone: 'plain', depth: 2} as const)
          : ({tone: 'dim', depth: 2, remark: ' (follows its new name)'} as const);
      return changeLines(path, [before, after], how, style);
    }
  }
}

/** What is said of the objects that differ, each with what people look for first. */
function changesOf({changed, images, replicas}: EffectDigest, style: EffectStyle): string[] {
  const isOf = (id: ResourceId) => (other: {id: ResourceId}) => identityKey(other.id) === identityKey(id);
  return changed.map(id => {
    const told = [
      ...images.filter(isOf(id)).map(({container, before, after}) => {
        if (before === null) return `container ${container} ${after} new`;
        if (after === null) return `container ${container} gone`;
        return imageWords(before, after, style);
      }),
      ...replicas
        .filter(isOf(id))
        .map(({before, after}) => `replicas ${before ?? 'unset'} ${style.arrow} ${after ?? 'unset'}`),
    ];
    return told.length === 0 ? short(id) : `${short(id)} ${told.join(', ')}`;
  });
}

/** `nginx 1.0 → 2.0`; of another repository, or of one that is not followed by a tag, both as they are. */
export function imageWords(before: string, after: string, {arrow}: EffectStyle = plainStyle): string {
  const [old, now] = [splitImage(before), splitImage(after)];
  if (old.repository !== now.repository || old.version === '' || now.version === '')
    return `${before} ${arrow} ${after}`;
  const name = now.repository.slice(now.repository.lastIndexOf('/') + 1);
  return `${name} ${old.version} ${arrow} ${now.version}`;
}

/** A port's colon is before a slash, a tag's is not; of a digest its beginning is enough to tell it from others. */
function splitImage(image: string): {repository: string; version: string} {
  const [name = '', digest] = image.split('@', 2);
  const [, repository = name, tag = ''] = /^(.+):([^:/]+)$/.exec(name) ?? [];
  const shortDigest = digest === undefined ? '' : `@${digest.replace(/^(\w+:[0-9a-f]{12})[0-9a-f]+$/, '$1')}`;
  return {repository, version: `${tag}${shortDigest}`};
}

function counted(
  ids: readonly ResourceId[],
  word: string,
  named: readonly string[],
  {ellipsis}: EffectStyle,
): string {
  if (ids.length === 0) return '';
  const rest = named.length > mostNamed ? `, ${ellipsis}` : '';
  return `${ids.length} ${word} (${named.slice(0, mostNamed).join('; ')}${rest})`;
}

function brokenWords({builds, problems}: RenderedEffect): string | null {
  if (builds) return null;
  const errors = problems.filter(({severity}) => severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `it can't be rendered in full: ${first === undefined ? 'no reason is known' : placed(first)}${more}`;
}

function placed({message, location}: RenderedEffect['problems'][number]): string {
  return location === undefined ? message : `${location.file}:${location.line}: ${message}`;
}

function short({kind, name}: ResourceId): string {
  return `${kind}/${name}`;
}
