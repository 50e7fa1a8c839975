import {chosenVersion, type VersionsScreen, versionRows} from '../../app/state/screens/versions-screen.ts';
import type {AppState} from '../../app/state/state.ts';
import {ageOf} from '../../app/text/age.ts';
import {count} from '../../app/text/value.ts';
import type {VersionCell} from '../../changes/promotion/matrix.ts';
import type {ShownText} from './shown.ts';

/** Which version is where, in words: an application a line, with each of its environments. */
export function versionsText(state: AppState, screen: VersionsScreen, detail: readonly string[]): ShownText {
  const environments = screen.matrix?.environments ?? [];
  const {environment} = chosenVersion(screen);
  const unread = environments.filter(({problem}) => problem !== null);
  return {
    head: [
      `Versions of ${count(versionRows(screen).length, 'application')} in ${count(environments.length, 'environment')}${screen.driftOnly ? ', only what differs' : ''}`,
      ...(environment === undefined ? [] : [`Chosen environment: ${environment.name}`]),
    ],
    rows: versionRows(screen).map(({id, application, cells}) => ({
      key: id,
      text: `${application}: ${environments.map(({name}, index) => `${name} ${cellWords(cells[index] ?? null, state.now)}`).join('; ')}`,
    })),
    foot: unread.map(({name, problem}) => `${name} could not be read: ${problem}`),
    detail,
  };
}

function cellWords(cell: VersionCell | null, now: number): string {
  if (cell === null) return 'has none';
  const live = cell.live === null ? '' : `, live is ${cell.live.version}`;
  const against = cell.against === null || cell.against === 'same' ? '' : `, ${cell.against}`;
  const since = against === '' || cell.since === null ? '' : ` ${ageOf(cell.since, now)}`;
  return `${cell.version}${live}${against}${since}`;
}
