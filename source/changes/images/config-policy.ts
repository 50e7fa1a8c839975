import type {ImageRule} from '../../environments/types.ts';
import {starGlob} from '../../registries/pattern.ts';
import {taggedPolicy} from '../../registries/policies/tagged.ts';
import type {StatedPolicy} from '../../registries/policies/types.ts';
import type {ImagePolicy, TagFilter} from '../../registries/policy.ts';
import {fullName, type ImageReference} from '../../registries/reference.ts';

export type {ImageRule} from '../../environments/types.ts';

/** The policy of the first rule of the config file that an image's name fits; null where none does. */
export function configPolicy(reference: ImageReference, rules: readonly ImageRule[]): StatedPolicy | null {
  const rule = rules.find(({image}) => {
    const fits = starGlob(image);
    return fits(reference.name) || fits(fullName(reference));
  });
  if (rule === undefined) return null;
  return {
    origin: 'config',
    name: rule.origin ?? '.gitops-tui.yaml',
    location: null,
    policy: rulePolicy(rule),
    pinsDigest: false,
  };
}

/** What a rule says, or what is wrong with it. */
export function rulePolicy({policy: text, tags, extract}: ImageRule): ImagePolicy | {problem: string} {
  const policy = taggedPolicy(text);
  if ('problem' in policy || tags === undefined) return policy;
  const filter: TagFilter = {type: 'pattern', pattern: tags, extract: extract ?? null};
  return {...policy, filters: [filter, ...policy.filters]};
}
