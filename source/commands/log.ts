import type {Revision} from '../app/session.ts';
import type {JsonObject} from '../resources/json.ts';
import {begin, chooseOne, formatDocument, outputFormat, print} from './common.ts';
import {liveLimitMs} from './diff.ts';
import type {Flags} from './flags.ts';
import {minute, short, table} from './text-report.ts';

/** `gitops-tui log ENVIRONMENT`: the commits of its folder, newest first, and which of them is live. */
export async function run(words: string[], flags: Flags): Promise<number> {
  const {session, loaded, signal} = await begin(flags);
  try {
    const {name} = chooseOne(loaded, words[0], 'log');
    // Without the cluster the log is still of use.
    const deployments = await session.history(name, signal).catch(() => null);
    if (deployments?.length === 0) await session.findLiveRevision(name, signal, liveLimitMs);
    const {revisions, more} = await session.revisions(name, {skip: 0, limit: flags.limit}, signal);
    const format = outputFormat(flags);
    if (format !== 'text') {
      const document = {
        schemaVersion: 1,
        environment: name,
        revisions: revisions.map(revisionDocument),
        more,
      };
      await print(formatDocument(document, format));
      return 0;
    }
    const rows = revisions.map(revision => [
      short(revision.sha),
      minute(revision.time),
      revision.author,
      stateText(revision),
      deployedText(revision),
      revision.subject,
    ]);
    await print(
      `${table([['SHA', 'TIME (UTC)', 'AUTHOR', 'STATE', 'DEPLOYED', 'SUBJECT'], ...rows]).join('\n')}\n`,
    );
    return 0;
  } finally {
    session.close();
  }
}

function stateText({state}: Revision): string {
  if (state === 'unknown') return '';
  return state === 'nearest' ? 'live?' : state;
}

function deployedText({deployments}: Revision): string {
  const [latest] = deployments;
  return latest === undefined ? '' : `${minute(latest.time)} by ${latest.by}`;
}

function revisionDocument(revision: Revision): JsonObject {
  return {
    sha: revision.sha,
    time: revision.time,
    author: revision.author,
    email: revision.email,
    subject: revision.subject,
    refs: [...revision.refs],
    state: revision.state,
    deployments: revision.deployments.map(deployment => ({...deployment})),
  };
}
