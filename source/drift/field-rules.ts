import type {IgnoreRule} from '../environments/types.ts';
import type {ResourceId} from '../resources/identity.ts';
import type {JsonObject} from '../resources/json.ts';
import {matchesGlob} from './glob.ts';
import {type IgnorePattern, parseIgnorePath} from './ignore-path.ts';
import {jqPaths} from './jq/paths.ts';
import {JqSyntaxError} from './jq/tokens.ts';

/** What a rule is asked about. */
export interface RuleSubject {
  /** As git wants it. */
  git: JsonObject;
  live: JsonObject;
}

/** Fields that are nobody's business here: a rule of the config file, or of a tool that deploys the environment. */
export interface FieldRule extends IgnoreRule {
  /** jq expressions that name fields, as Argo CD has them. */
  jq?: readonly string[];
  /** Field managers whose values count more than git's. */
  managers?: readonly string[];
  /** All fields, as long as the object is there. */
  whole?: boolean;
  /** What others than git's applier add. */
  added?: boolean;
  /** Which objects it is about, beside the globs. */
  about?: (subject: RuleSubject) => boolean;
}

/** The ignore rules that are about one resource, ready to be used; `by` says whose they are. */
export interface Ignored {
  patterns: readonly {pattern: IgnorePattern; by: string}[];
  jq: readonly {named: ReturnType<typeof jqPaths>; by: string}[];
  managers: readonly {name: string; by: string}[];
  whole: string | null;
  added: string | null;
  /** What of the rules can't be followed here. */
  notes: readonly string[];
}

const nothing: Ignored = {patterns: [], jq: [], managers: [], whole: null, added: null, notes: []};

/**
 * The rules that are about a resource; undefined where none is. Throws an Error that names the path where one can't be
 * read. A jq expression that can't be read ignores nothing, and a note says so: what it may have ignored is shown as drift.
 */
export function ignoredOf(
  id: ResourceId,
  rules: readonly FieldRule[],
  subject: RuleSubject,
): Ignored | undefined {
  const own = rules.filter(
    rule =>
      matchesGlob(rule.group, id.group) &&
      matchesGlob(rule.kind, id.kind) &&
      matchesGlob(rule.namespace, id.namespace) &&
      matchesGlob(rule.name, id.name) &&
      (rule.about === undefined || rule.about(subject)),
  );
  if (own.length === 0) return undefined;
  const notes: string[] = [];
  return {
    ...nothing,
    patterns: own.flatMap(rule =>
      rule.paths.map(text => ({pattern: patternOf(text), by: wordsFor(rule, text)})),
    ),
    jq: own.flatMap(rule =>
      (rule.jq ?? []).flatMap(text => {
        const by = wordsFor(rule, text);
        const named = programOf(text);
        if (typeof named !== 'string') return [{named, by}];
        notes.push(`${by} can't be followed here (${named}): what it ignores is compared`);
        return [];
      }),
    ),
    managers: own.flatMap(rule =>
      (rule.managers ?? []).map(name => ({name, by: wordsFor(rule, `what ${name} sets`)})),
    ),
    whole: wordsOf(own.find(({whole}) => whole === true)),
    added: wordsOf(own.find(({added}) => added === true)),
    notes,
  };
}

function wordsFor({origin}: FieldRule, text: string): string {
  return origin === undefined ? `the rule ${text}` : `${origin}: ${text}`;
}

function wordsOf(rule: FieldRule | undefined): string | null {
  return rule === undefined ? null : (rule.origin ?? 'a rule');
}

const patterns = new Map<string, IgnorePattern>();

function patternOf(text: string): IgnorePattern {
  let pattern = patterns.get(text);
  if (pattern === undefined) {
    pattern = parseIgnorePath(text);
    patterns.set(text, pattern);
  }
  return pattern;
}

const programs = new Map<string, ReturnType<typeof jqPaths> | string>();

function programOf(text: string): ReturnType<typeof jqPaths> | string {
  let program = programs.get(text);
  if (program === undefined) {
    try {
      program = jqPaths(text);
    } catch (error) {
      if (!(error instanceof JqSyntaxError)) throw error;
      program = error.message;
    }
    programs.set(text, program);
  }
  return program;
}
