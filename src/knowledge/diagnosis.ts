import type { Failure } from '../ndr/report';
import type { Article, Circumstance, RegistryEntry } from './schema';

/** What in the report speaks for a meaning, in words that can be shown. */
export interface Evidence {
  kind: 'words' | 'code' | 'range' | 'innerCode' | 'reply' | 'class';
  /** The literal piece of the report. */
  quote: string;
}

/** A meaning that fits, with what speaks for it. */
export interface Candidate {
  article: Article;
  evidence: Evidence[];
}

/** What the evidence comes to, whatever the failure. */
export interface Decision {
  /** The meaning, when the evidence decides; null when it is open between `candidates` or nothing is known. */
  article: Article | null;
  evidence: Evidence[];
  /** `sure`: the words or an unambiguous code say so. `likely`: a range, an inner code or the class only. */
  certainty: 'sure' | 'likely' | 'open';
  /** The meanings that fit equally well, best known first; empty when decided. */
  candidates: Candidate[];
}

/** What one failure means. */
export interface Diagnosis extends Decision {
  failure: Failure;
  /** What the IANA registry calls the code, where we know no more than that. */
  registry: RegistryEntry | null;
  /** What the report tells about who stands where. */
  circumstances: Circumstance[];
}
