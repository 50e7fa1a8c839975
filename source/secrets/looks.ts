import type {
  EarlierLines,
  EventsSeen,
  FieldNews,
  FieldSide,
  LogLine,
  LogNews,
  PodSeen,
} from '../looks/types.ts';
import type {Json} from '../resources/json.ts';
import {redactProblem} from './answers.ts';
import type {KnownSecrets} from './known.ts';

/** Conditions and events without secret values: controllers and programs quote what they could not use. */
export function redactEvents(seen: EventsSeen, known: KnownSecrets): EventsSeen {
  const {object} = seen;
  return {
    ...seen,
    object:
      object === null
        ? null
        : {
            ...object,
            conditions: object.conditions.map(condition => ({
              ...condition,
              message: known.redact(condition.message),
            })),
          },
    pods: seen.pods.map(pod => redactPod(pod, known)),
    events: seen.events.map(event => ({...event, message: known.redact(event.message)})),
    problems: seen.problems.map(problem => redactProblem(problem, known)),
  };
}

/** News of logs without secret values: programs write what they were given. */
export function redactLogNews(news: LogNews, known: KnownSecrets): LogNews {
  if (news.type === 'lines') return {...news, lines: redactLines(news.lines, known)};
  return {
    ...news,
    pods: news.pods.map(pod => redactPod(pod, known)),
    sources: news.sources.map(source => ({...source, reason: known.redact(source.reason)})),
    problems: news.problems.map(problem => redactProblem(problem, known)),
  };
}

/** Earlier lines, the same. */
export function redactEarlier(earlier: EarlierLines, known: KnownSecrets): EarlierLines {
  return {...earlier, lines: redactLines(earlier.lines, known)};
}

function redactLines(lines: readonly LogLine[], known: KnownSecrets): LogLine[] {
  return lines.map(line => {
    const text = known.redact(line.text);
    return text === line.text ? line : {...line, text};
  });
}

function redactPod(pod: PodSeen, known: KnownSecrets): PodSeen {
  return {
    ...pod,
    containers: pod.containers.map(container => ({...container, message: known.redact(container.message)})),
  };
}

/** What is told of a field without secret values. */
export function redactField(news: FieldNews, known: KnownSecrets): FieldNews {
  const side = (told: FieldSide): FieldSide => {
    if ('value' in told) return {value: known.redactValue(told.value)};
    return 'problem' in told ? {problem: redactProblem(told.problem, known)} : told;
  };
  switch (news.type) {
    case 'live':
      return {...news, live: side(news.live), applied: side(news.applied)};
    case 'git':
      return {...news, git: side(news.git)};
    case 'commit': {
      const {before, after, ...commit} = news.commit;
      const value = (name: 'before' | 'after', given: Json | undefined) =>
        given === undefined ? {} : {[name]: known.redactValue(given)};
      const subject = known.redactContent(commit.subject);
      return {
        type: 'commit',
        commit: {...commit, subject, ...value('before', before), ...value('after', after)},
      };
    }
    default:
      return news;
  }
}
