import { faultsIn, knowledgeOf, readLayer, type Base, type Knowledge, type Layer } from './load';
import { hangNotes, notesSchema } from './notes';
import { nothingParsed } from './parsed';
import { readSource, type Problem, type TextFile } from './source';

/** Our knowledge with an organization's own laid over it. */
export interface Laid {
  knowledge: Knowledge;
  /** How much of it is the organization's. */
  own: { articles: number; procedures: number; notes: number };
  /** What of theirs is not served, and why. Ours stands in where there is one of the same name. */
  refused: readonly Problem[];
}

const notesFile = 'notes.yaml';

/**
 * Lay an organization's files over ours: one with the name of ours replaces it, others are added, `notes.yaml` hangs
 * notes on both. They are validated as ours are, but a faulty file only costs itself. Pure.
 */
export function lay(base: Base, texts: readonly TextFile[]): Laid {
  const refused: Problem[] = [];
  let own = readLayer(
    texts.filter(({ file }) => file !== notesFile),
    refused,
    nothingParsed,
  );
  let all = over(base, own);
  // A file that is refused may have been what another one leads to, so it is looked at again until nothing is left to refuse.
  for (;;) {
    const faults = faultsIn(own, all, {
      articleIds: new Set(all.articles.keys()),
      sharedIds: new Set(all.shared.keys()),
    });
    if (faults.length === 0) break;
    refused.push(...faults);
    own = without(own, new Set(faults.map(({ file }) => file)));
    all = over(base, own);
  }
  const knowledge = knowledgeOf({ ...all, registry: base.registry });
  const notes = texts
    .filter(({ file }) => file === notesFile)
    .flatMap((text) => readSource(text, notesSchema, refused, nothingParsed) ?? []);
  const [written] = notes;
  return {
    knowledge:
      written === undefined ? knowledge : { ...knowledge, notes: hangNotes(knowledge, written, refused) },
    own: { articles: own.articles.size, procedures: own.shared.size, notes: written?.value.length ?? 0 },
    refused,
  };
}

const over = (base: Layer, own: Layer): Layer => ({
  articles: new Map([...base.articles, ...own.articles]),
  shared: new Map([...base.shared, ...own.shared]),
});

function without(layer: Layer, files: ReadonlySet<string>): Layer {
  const kept = <T extends { file: string }>(sources: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...sources].filter(([, { file }]) => !files.has(file)));
  return { articles: kept(layer.articles), shared: kept(layer.shared) };
}
