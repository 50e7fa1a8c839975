import {askEvents} from '../kinds/events.ts';
import {askField} from '../kinds/field.ts';
import {askLogs} from '../kinds/logs.ts';
import {pushScreen} from '../screen-stack.ts';
import {type AppState, currentEnvironment, currentScreen} from '../state.ts';
import {chosenEvent, eventsScreen} from './events-screen.ts';
import {fieldScreen} from './field-screen.ts';
import {logsScreen} from './logs-screen.ts';
import {eventsTarget, liveTarget, lookedResource, lookedRow} from './look-target.ts';

/** The events of what is chosen. */
export function openEvents(state: AppState): AppState {
  const known = currentEnvironment(state);
  if (known === undefined) return state;
  const screen = eventsScreen(known.environment.name, eventsTarget(state));
  return askEvents(pushScreen(state, screen), screen);
}

/** The logs of the chosen workload; from its events those of the chosen pod. */
export function openLogs(state: AppState): AppState {
  const known = currentEnvironment(state);
  if (known === undefined) return state;
  const {name} = known.environment;
  const at = currentScreen(state);
  if (at.id === 'events') {
    const row = chosenEvent(at);
    const pod = row?.kind === 'pod' ? row.pod : null;
    if (at.target.of === 'resource') {
      const screen = logsScreen(name, at.target, pod?.name ?? null);
      return askLogs(pushScreen(state, screen), screen);
    }
    if (row?.kind !== 'event' || row.event.about.kind !== 'Pod') return state;
    const {about} = row.event;
    const id = {group: '', kind: 'Pod', namespace: about.namespace, name: about.name};
    const screen = logsScreen(name, {id, version: 'v1'}, null);
    return askLogs(pushScreen(state, screen), screen);
  }
  const resource = lookedResource(state);
  if (resource === undefined) return state;
  const screen = logsScreen(name, liveTarget(resource), null);
  return askLogs(pushScreen(state, screen), screen);
}

/** The chosen field in detail. */
export function openField(state: AppState): AppState {
  const row = lookedRow(state);
  const known = currentEnvironment(state);
  if (row?.kind !== 'field' || known === undefined) return state;
  const {id, version} = row.resource;
  const question = {id, version, liveName: liveTarget(row.resource).id.name, elements: row.field.elements};
  const screen = fieldScreen(known.environment.name, question, row.field.path);
  return askField(pushScreen(state, screen), screen);
}
