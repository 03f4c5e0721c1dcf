import type { OwnNote } from './notes';
import type { Article, Node, RegistryEntry } from './schema';

/** Everything we know, cross-checked: every `use` and `related` leads somewhere, no tree runs in a circle. */
export interface Knowledge {
  articles: ReadonlyMap<string, Article>;
  /** Trees and procedures that articles share, by file name without ending. */
  shared: ReadonlyMap<string, Node>;
  /** The IANA registry by class-independent code, `X.7.1`. */
  registry: ReadonlyMap<string, RegistryEntry>;
  /** What the organization adds, by the very article or procedure (the object) whose card shows it. */
  notes: ReadonlyMap<object, readonly OwnNote[]>;
}
