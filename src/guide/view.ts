import type { Lasting } from '../knowledge/schema';
import type { Tries } from './case';
import type { Piece } from './fill';

/** A place in the tree of one case. Plain JSON; every button carries one, so an old card still knows where it leads. */
export interface Position {
  /** Index of the problem in the case; null while the person has not said which one. */
  problem: number | null;
  /** Article id; null while the meaning is open. */
  article: string | null;
  /** Audience, then option ids, then the way: `['groupOwner', 'named', 'newEac']`. */
  path: string[];
  /** What became of the steps. */
  outcome?: 'fixed' | 'stuck' | undefined;
}

/** Something a person can choose, by button or by typing its label, its number or one of its words. */
export interface Choice {
  label: string;
  words: readonly string[];
  to: Position;
}

interface Place {
  position: Position;
  /** Labels from the code down to here, for people who lost track. */
  crumbs: string[];
  choices: Choice[];
  back: Position | null;
  start: Position;
}

export interface StepView {
  pieces: Piece[];
  script: string | null;
}

/** A message that is ready to copy. */
export interface DraftView {
  /** Whom it is for, seen from the reader. */
  label: string;
  text: string;
  /** Opens a Teams chat with that person and the message in it; null where there is no address. */
  chat: { label: string; url: string } | null;
}

export interface FactRow {
  label: string;
  value: string;
}

/** A station of the message's way. */
export interface PathRow {
  host: string;
  /** Protocol and time since the station before, as far as known. */
  detail: string;
  /** The message went no further. */
  refused: boolean;
}

export type View =
  | (Place & {
      kind: 'problems';
      total: number;
      items: { recipients: string; title: string; code: string | null }[];
    })
  | (Place & {
      kind: 'meanings';
      code: string | null;
      items: { looksLike: Piece[]; title: Piece[]; quote: string | null }[];
    })
  | (Place & {
      kind: 'verdict';
      title: Piece[];
      summary: Piece[];
      code: string | null;
      lasting: Lasting;
      /** What the person must know of the tries to deliver: they go on, or they ended although the fault may pass. */
      tries: 'on' | 'over' | null;
      /** The sender most likely never sent the message: the report is about somebody else's mail. */
      isForged: boolean;
      /** In words, the likeliest first. */
      whoCanFix: string[];
      /** Why the first of them is not the usual one; null where it is. */
      whoFirst: string | null;
      /** A sentence that says whose server said no; null where the report does not tell. */
      refused: string | null;
      sure: string;
      quotes: string[];
      /** Codes of the report that speak against this one. */
      alsoSaid: string[];
      /** Only class and subject are known; what the registry calls the code. */
      general: boolean;
      registry: string | null;
      /** Notes of the reader's organization. */
      own: Piece[][];
      facts: FactRow[];
      /** Where the message's way is shown, when the report has its trace headers. */
      mailPath: Position | null;
      sources: { label: string; url: string }[];
      checked: string;
    })
  | (Place & { kind: 'question'; ask: Piece[]; help: Piece[] })
  | (Place & {
      kind: 'procedure';
      title: Piece[];
      intro: Piece[];
      /** Notes of the reader's organization. */
      own: Piece[][];
      role: Piece[];
      steps: StepView[];
      script: string | null;
      /** The scripts need a session of Exchange Online first. */
      needsShell: boolean;
      draft: DraftView | null;
      effect: Piece[];
      takes: Piece[];
      check: StepView[];
      notes: Piece[][];
      links: { label: string; url: string }[];
      /** Whether nothing is mended here, so that nobody is asked what became of it. */
      settled: boolean;
    })
  | (Place & { kind: 'path'; rows: PathRow[]; note: string })
  | (Place & { kind: 'fixed'; tries: Tries })
  | (Place & {
      kind: 'stuck';
      tries: Tries;
      takes: Piece[];
      /** Among the choices are steps of other people than the sender who reads it. */
      forOthers: boolean;
      related: { title: Piece[]; choice: Choice }[];
    });
