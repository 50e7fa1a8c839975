import type {Problem, SourceLocation} from '../resources/problem.ts';

/** The themes that can be chosen; `auto` goes by the terminal's background where it tells. */
export const themeNames = ['auto', 'dark', 'light', 'high-contrast', 'colour-blind', 'none'] as const;

export type ThemeName = (typeof themeNames)[number];

/** The keys that the user wants for a command; none unbinds it. */
export interface KeyBinding {
  readonly command: string;
  readonly keys: readonly string[];
  /** Where it stands in the file. */
  readonly at: SourceLocation;
}

/** When a command of the user's own can be run: all that is said must hold. */
export interface CustomCondition {
  /** Kinds of the chosen resource. */
  readonly kind?: readonly string[];
  /** Sync status of the chosen resource, on the overview of the environment. */
  readonly status?: readonly string[];
  /** The environment's name, as a glob. */
  readonly environment?: string;
  readonly readOnly?: boolean;
}

/** A command of the user's own: a program and its arguments, in which `{name}` stands for a field of the selection. */
export interface CustomCommand {
  readonly name: string;
  readonly keys: readonly string[];
  /** The screens that have it; null for all. */
  readonly places: readonly string[] | null;
  readonly when: CustomCondition;
  /** The program and its arguments. Never a shell's line. */
  readonly run: readonly string[];
  readonly in: 'terminal' | 'background' | 'pager';
  /** Shows the exact arguments first, and asks. */
  readonly confirm: boolean;
  /** It may change something: then it is always confirmed, and refused in a read-only session. */
  readonly changes: boolean;
  /** Where it stands in the file. */
  readonly at: SourceLocation;
}

/** What the user's own file says of the app. */
export interface Preferences {
  readonly theme: ThemeName;
  readonly mouse: boolean;
  readonly keys: readonly KeyBinding[];
  readonly commands: readonly CustomCommand[];
  /** What of the file could not be used, and why; the rest of it holds. */
  readonly problems: readonly Problem[];
}

/** Those of a user who has said nothing. */
export const defaultPreferences: Preferences = {
  theme: 'auto',
  mouse: false,
  keys: [],
  commands: [],
  problems: [],
};
