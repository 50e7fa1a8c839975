import type {EnvironmentReport, ResourceDrift} from '../../drift/types.ts';
import type {ForgeRule} from '../../engines/permission.ts';
import type {Deployment} from '../../engines/types.ts';
import type {Environment} from '../../environments/types.ts';
import type {ThemeName} from '../../preferences/types.ts';
import {defaultPreferences, type Preferences} from '../../preferences/types.ts';
import type {FileChange} from '../../repository/types.ts';
import type {Problem} from '../../resources/problem.ts';
import type {
  ImageUpdate,
  JournalEntry,
  PullRequest,
  PullRequestEffect,
  PullRequestList,
  PullRequestSeen,
  RenderedEffect,
  RepositorySummary,
  Revision,
  RevisionNote,
  RevisionPage,
} from '../session.ts';
import type {Shade} from '../text/themes/theme.ts';
import type {Request} from './calls.ts';
import type {Dialog} from './dialogs/dialog.ts';
import type {SyncQueue} from './dialogs/sync-queue.ts';
import {freshView, type ListView} from './lists/listing.ts';
import type {PaletteState} from './palette.ts';
import {preferencesNotice} from './problems.ts';
import type {ProgramOutput} from './program.ts';
import type {CommandLogScreen} from './screens/command-log-screen.ts';
import type {EventsScreen} from './screens/events-screen.ts';
import type {FieldScreen} from './screens/field-screen.ts';
import type {LogsScreen} from './screens/logs-screen.ts';
import type {ProblemsScreen} from './screens/problems-screen.ts';
import type {PromotionScreen} from './screens/promotion-screen.ts';
import type {SyncRun} from './screens/sync-run.ts';
import type {SyncScreen} from './screens/sync-screen.ts';
import type {VersionsScreen} from './screens/versions-screen.ts';
import type {TextView} from './text-view.ts';

/** How far a running inspection is. */
export interface InspectionProgress {
  readonly phase: 'source' | 'connect' | 'list' | 'compare';
  readonly done: number;
  readonly total: number | null;
  /** When it was asked for, in ms. */
  readonly since: number;
}

/** What the app knows of an environment. */
export interface EnvironmentState {
  readonly environment: Environment;
  /** True where its context was chosen in this session: then it can be chosen again. */
  readonly isChosen: boolean;
  /** The last complete answer; stays while a newer one is asked for or after that failed. */
  readonly report: EnvironmentReport | null;
  /** When it came, in ms. */
  readonly checkedAt: number | null;
  /** True while changes are told as they come: then it is as of now, unless there is a failure. */
  readonly followed: boolean;
  /** How long it took, in ms: the clock asks a slow cluster less often. */
  readonly tookMs: number;
  /** Why the last inspection failed; null where it didn't. */
  readonly failure: Problem | null;
  /** When it last answered or failed, in ms. */
  readonly settledAt: number | null;
  /** How far the running inspection is. */
  readonly progress: InspectionProgress | null;
  /** Verdicts that came before the first report is complete. */
  readonly early: readonly ResourceDrift[];
  readonly deployments: readonly Deployment[];
  /** What its branch's forge says of straight pushes; null where it was not (or could not be) asked. */
  readonly rule: ForgeRule | null;
}

export interface OverviewScreen extends ListView {
  readonly id: 'overview';
}

/** What is marked are resources, by `identityKey`. */
export interface EnvironmentScreen extends ListView {
  readonly id: 'environment';
  readonly environment: string;
  readonly folded: ReadonlySet<string>;
  readonly pane: 'tree' | 'diff';
  /** First visible line of the diff; null follows the chosen field. */
  readonly diffTop: number | null;
  readonly split: boolean;
  /** Lines of context around a change. */
  readonly context: number;
  /** The gaps of a resource's diff (by its key) that were opened. */
  readonly opened?: {readonly of: string; readonly at: ReadonlySet<number>};
}

/** What a commit changes in the environment, or why that could not be told. */
export interface CommitDetail {
  readonly files: readonly FileChange[];
  readonly patch: string;
  readonly problem: Problem | null;
}

export interface RevisionsScreen extends ListView {
  readonly id: 'revisions';
  readonly environment: string;
  /** The commit that the log begins at; null before the first page. */
  readonly tip: string | null;
  readonly revisions: readonly Revision[];
  readonly more: boolean;
  /** Why older ones are not here. */
  readonly missing: RevisionPage['missing'];
  /** What was found out about revisions since, by commit. */
  readonly notes: ReadonlyMap<string, RevisionNote>;
  /** The commits of which all was told, as of a report of the environment; `failed` while the cluster can't be asked. */
  readonly noted: {readonly as: EnvironmentReport | 'failed' | null; readonly shas: ReadonlySet<string>};
  /** Files and patch by commit, once asked. */
  readonly details: ReadonlyMap<string, CommitDetail>;
  /** What commits do, rendered, or why that can't be told. */
  readonly effects: ReadonlyMap<string, RenderedEffect | {readonly problem: string}>;
  /** The pull requests that brought commits, as the forge knows them. */
  readonly pullRequests: ReadonlyMap<string, PullRequest | null>;
  readonly failure: Problem | null;
}

/** The open pull requests, and what the chosen one would change. */
export interface PullRequestsScreen extends ListView {
  readonly id: 'pull-requests';
  /** Only those that touch this environment; null for all. */
  readonly environment: string | null;
  readonly answer: PullRequestList | null;
  readonly failure: Problem | null;
  /** What each changes, once asked, or why that could not be told; by number and head. */
  readonly effects: ReadonlyMap<
    string,
    {effect: PullRequestEffect; asked: 'at-hand' | 'no'} | {problem: Problem}
  >;
  /** Counts the looks at the list: a fresh one follows anew. */
  readonly round: number;
}

export interface ImagesScreen extends ListView {
  readonly id: 'images';
  readonly environment: string;
  /** Null until it is known which there are. */
  readonly images: readonly ImageUpdate[] | null;
  readonly problems: readonly Problem[];
  readonly failure: Problem | null;
  /** When the last question was answered, in ms; null before the first was. */
  readonly settledAt: number | null;
  /** What was newer at the last answer: only what is more than that is news. */
  readonly announced: readonly string[];
}

export type Screen =
  | OverviewScreen
  | EnvironmentScreen
  | RevisionsScreen
  | PullRequestsScreen
  | ImagesScreen
  | PromotionScreen
  | VersionsScreen
  | SyncScreen
  | EventsScreen
  | LogsScreen
  | FieldScreen
  | CommandLogScreen
  | ProblemsScreen;

/** Something in front of everything else, to be read and left. */
export type Overlay = OverlayText & {readonly view?: TextView};

type OverlayText =
  | {readonly id: 'help'; readonly top: number}
  /** What a command of the user's own printed. */
  | {readonly id: 'output'; readonly top: number}
  /** What was run or asked, in full. */
  | {readonly id: 'errand'; readonly top: number; readonly entry: JournalEntry}
  | {readonly id: 'hidden'; readonly top: number}
  | {readonly id: 'pull-request'; readonly top: number; readonly number: number}
  | {readonly id: 'diff'; readonly top: number}
  | {readonly id: 'yaml'; readonly top: number; readonly side: 'live' | 'git'}
  /** What can't be copied, to be copied by hand, and why. */
  | {readonly id: 'by-hand'; readonly top: number; readonly text: string; readonly why: string}
  /** What the open dialog's change does; more comes to be known of it while it is looked at. */
  | {readonly id: 'effect'; readonly top: number}
  | {
      readonly id: 'patch';
      readonly top: number;
      readonly title: string;
      readonly patch: string;
      /** What the patch does, rendered, as far as it was known when it was opened. */
      readonly effect?: RenderedEffect;
    };

/** A question as it is remembered for a while: when it was asked, and what became of it. */
export interface CallRecord {
  readonly token: number;
  readonly what: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly outcome: 'running' | 'ok' | 'failed' | 'dropped';
}

/** What the session says of itself. */
export interface SessionInfo {
  readonly version: string;
  readonly readOnly: boolean;
  readonly worktree: boolean;
  readonly demoHint: string | null;
  readonly revealsSecrets: boolean;
}

/** Which theme is chosen, and what it is drawn on. */
export interface Appearance {
  readonly theme: ThemeName;
  readonly shade: Shade;
}

/** All that the app shows, and all that it waits for. */
export interface AppState {
  readonly session: SessionInfo | null;
  /** What the user's own file says. */
  readonly preferences: Preferences;
  /** True where changes are refused, by the start-up flag or by the session. */
  readonly readOnly: boolean;
  readonly repository: RepositorySummary | null;
  readonly environments: readonly EnvironmentState[];
  /** True once the environments are known. */
  readonly loaded: boolean;
  /** What the session found wrong; what is wrong with the preferences, they say. */
  readonly problems: readonly Problem[];
  /** How many contexts the kubeconfig has: 0 where there is none. */
  readonly contextCount: number;
  /** Where the kubeconfig was looked for, and whether there is one; null before that is known. */
  readonly kubeconfig: {readonly where: string; readonly found: boolean} | null;
  /** Why the repository could not be read. */
  readonly failure: Problem | null;
  /** Why the remote could not be asked for new commits the last time. */
  readonly fetchFailure: Problem | null;
  readonly requests: readonly Request[];
  readonly nextToken: number;
  readonly screens: readonly [OverviewScreen, ...Screen[]];
  /** Pull requests as they were last looked at, by number. */
  readonly seen: ReadonlyMap<number, PullRequestSeen>;
  /** The syncs of this session, by environment: each until its environment's next one. */
  readonly syncs: ReadonlyMap<string, SyncRun>;
  /** What of several marked environments is still to be asked for. */
  readonly queue: SyncQueue | null;
  /** The row that was chosen is gone from its list: a change would be of another one. Since when (ms), and its key. */
  readonly slipped: {readonly at: number; readonly key: string} | null;
  readonly dialog: Dialog | null;
  /** First visible line of a dialog whose text is longer than the screen. */
  readonly dialogTop: number;
  readonly overlay: Overlay | null;
  /** The line of commands, in front of everything; null while it is closed. */
  readonly palette: PaletteState | null;
  /** The command of the user's own that ran last; null before one did. */
  readonly program: ProgramOutput | null;
  /** What was run from it, the last first. */
  readonly paletteHistory: readonly string[];
  /** One sentence in the footer until the next key. */
  readonly notice: {readonly text: string; readonly tone: 'good' | 'bad' | 'drift'} | null;
  readonly appearance: Appearance;
  readonly calls: readonly CallRecord[];
  readonly size: {readonly columns: number; readonly rows: number};
  /** When the app was started, in ms. */
  readonly startedAt: number;
  /** The time of the last action, in ms: ages are counted to it, so that nothing moves by itself. */
  readonly now: number;
  /** The exit code, once the user has quit. */
  readonly exit: number | null;
}

/** The state before anything is known. */
export function initialState(options: {
  size: {columns: number; rows: number};
  readOnly: boolean;
  now: number;
  preferences?: Preferences;
  appearance?: Appearance;
}): AppState {
  const {preferences = defaultPreferences} = options;
  return {
    preferences,
    session: null,
    readOnly: options.readOnly,
    repository: null,
    environments: [],
    loaded: false,
    problems: [],
    contextCount: 0,
    kubeconfig: null,
    failure: null,
    fetchFailure: null,
    requests: [],
    nextToken: 1,
    screens: [{id: 'overview', ...freshView}],
    seen: new Map(),
    syncs: new Map(),
    queue: null,
    slipped: null,
    dialog: null,
    dialogTop: 0,
    overlay: null,
    palette: null,
    program: null,
    paletteHistory: [],
    notice: preferencesNotice(preferences),
    appearance: options.appearance ?? {theme: 'auto', shade: 'dark'},
    calls: [],
    size: options.size,
    startedAt: options.now,
    now: options.now,
    exit: null,
  };
}

/** The screen that is shown. */
export function currentScreen(state: AppState): Screen {
  return state.screens.at(-1) ?? state.screens[0];
}

/** What is known of an environment by its name. */
export function environmentNamed(state: AppState, name: string): EnvironmentState | undefined {
  return state.environments.find(({environment}) => environment.name === name);
}

/** The environment that keys act on: the one of the screen, on the overview the chosen one. */
export function currentEnvironment(state: AppState): EnvironmentState | undefined {
  const screen = currentScreen(state);
  if (screen.id !== 'overview' && screen.environment === null) return undefined;
  if (screen.id !== 'overview') return environmentNamed(state, screen.environment ?? '');
  const {key} = screen.list;
  // Where the filter leaves none, none is chosen: no key acts on what nobody sees.
  if (key === null && (screen.filter !== '' || screen.driftOnly)) return undefined;
  return state.environments.find(({environment}) => environment.name === key) ?? state.environments[0];
}

/** The resources to show of an environment: of its report, else those that came early. */
export function resourcesOf(known: EnvironmentState | undefined): readonly ResourceDrift[] {
  return known?.report?.resources ?? known?.early ?? [];
}
