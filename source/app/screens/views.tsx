import type {ComponentType} from 'react';
import {type AppState, currentScreen, type Screen} from '../state/state.ts';
import type {Look} from '../text/theme.ts';
import {CommandLogView} from './command-log.tsx';
import {EnvironmentView} from './environment.tsx';
import {EventsView} from './events.tsx';
import {FieldView} from './field.tsx';
import {ImagesView} from './images.tsx';
import {LogsView} from './logs.tsx';
import {Overview} from './overview.tsx';
import {ProblemsView} from './problems.tsx';
import {PromotionView} from './promotion.tsx';
import {PullRequestsView} from './pull-requests.tsx';
import {RevisionsView} from './revisions.tsx';
import {SyncView} from './sync.tsx';
import {VersionsView} from './versions.tsx';

/** What every screen is drawn from. */
export interface ViewProps<S extends Screen> {
  readonly state: AppState;
  readonly screen: S;
  readonly look: Look;
  /** The spinner's. */
  readonly frame: number;
}

type Views = {readonly [Id in Screen['id']]: ComponentType<ViewProps<Extract<Screen, {id: Id}>>>};

/** How each screen is drawn. */
const views: Views = {
  overview: Overview,
  environment: EnvironmentView,
  revisions: RevisionsView,
  'pull-requests': PullRequestsView,
  images: ImagesView,
  promotion: PromotionView,
  versions: VersionsView,
  sync: SyncView,
  events: EventsView,
  logs: LogsView,
  field: FieldView,
  'command-log': CommandLogView,
  problems: ProblemsView,
};

/** The screen that is shown. */
export function ShownScreen({state, look, frame}: Omit<ViewProps<Screen>, 'screen'>) {
  const screen = currentScreen(state);
  return viewOf(screen, {state, look, frame});
}

/** Ties a screen to its own view, which the table's type alone can't. */
function viewOf<Id extends Screen['id']>(
  screen: Extract<Screen, {id: Id}>,
  rest: Omit<ViewProps<Screen>, 'screen'>,
) {
  const View: ComponentType<ViewProps<Extract<Screen, {id: Id}>>> = views[screen.id as Id];
  return <View {...rest} screen={screen} />;
}
