import type { Position } from '../guide/view';

/** The version of {@link ButtonData}; a card of another version is answered with a kind word and the way on. */
export const buttonVersion = 1;

/** What holds a button: a message in a conversation, or the dialog of the message extension. */
export type Holder = 'message' | 'dialog';

/**
 * What buttons can ask for, who may press them, and what they work on. A press gives nobody anything but a look at what the card
 * leads to, so whoever sees the card may press; what is another's is changed by no button. "Forget me" deletes, and is typed.
 */
export const verbs = {
  go: { who: 'everybody', on: ['message', 'dialog'] },
  help: { who: 'everybody', on: ['message', 'dialog'] },
  example: { who: 'everybody', on: ['message', 'dialog'] },
  codes: { who: 'everybody', on: ['message', 'dialog'] },
  // Into the conversation that the dialog lies over, as a card of the presser's.
  post: { who: 'everybody', on: ['dialog'] },
} as const satisfies Readonly<Record<string, { who: 'everybody'; on: readonly Holder[] }>>;

export type Verb = keyof typeof verbs;

/** What a button sends back: where to go, never facts or authority. */
export interface ButtonData {
  v: typeof buttonVersion;
  verb: Verb;
  /** The case the card belongs to; null when the card needs none. */
  case: string | null;
  at: Position | null;
  /** Where to look around; only with the verb `codes`. */
  codes?: Look | undefined;
}

/** A page of the catalogue: what was asked for, and which page of it, from 0. */
export interface Look {
  asked: string;
  page: number;
}

export interface ExecuteAction {
  type: 'Action.Execute';
  title: string;
  /** What a screen reader says instead of the title; it begins with it. */
  tooltip?: string;
  verb: string;
  data: ButtonData;
  fallback: SubmitAction;
}

export interface SubmitAction {
  type: 'Action.Submit';
  title: string;
  tooltip?: string;
  data: ButtonData;
}

export interface ToggleAction {
  type: 'Action.ToggleVisibility';
  title: string;
  targetElements: string[];
}

export type Action = ExecuteAction | ToggleAction;

/** The longest title that Teams shows uncut in a narrow pane, in characters. */
const maxTitle = 40;

/** A button that leads to a place of a case. Clients older than schema 1.4 use the Submit twin. */
export function goButton(title: string, caseId: string | null, at: Position): ExecuteAction {
  return button(title, { v: buttonVersion, verb: 'go', case: caseId, at });
}

export function verbButton(title: string, verb: 'help' | 'example'): ExecuteAction {
  return button(title, { v: buttonVersion, verb, case: null, at: null });
}

/** A button whose title others beside it have too: `about` says to a screen reader which one it is. */
export function oneOfMany(action: ExecuteAction, about: string): ExecuteAction {
  const tooltip = `${action.title}: ${about}`;
  return { ...action, tooltip, fallback: { ...action.fallback, tooltip } };
}

/** A button that shows a page of what the bot knows. */
export function codesButton(title: string, look: Look): ExecuteAction {
  return button(title, { v: buttonVersion, verb: 'codes', case: null, at: null, codes: look });
}

/** A button that does again what another one was pressed for. */
export const againButton = (title: string, data: ButtonData): ExecuteAction => button(title, data);

/** Puts the verdict into the conversation that it was asked for in; only where the bot itself could not. */
export const postButton = (title: string, caseId: string | null, at: Position): SubmitAction =>
  button(title, { v: buttonVersion, verb: 'post', case: caseId, at }).fallback;

function button(title: string, data: ButtonData): ExecuteAction {
  const shown = title.length > maxTitle ? `${title.slice(0, maxTitle - 1)}…` : title;
  return {
    type: 'Action.Execute',
    title: shown,
    verb: data.verb,
    data,
    fallback: { type: 'Action.Submit', title: shown, data },
  };
}
