import { z } from 'zod';
import { link, prose, type Article, type Node, type Procedure } from './schema';
import type { Problem, Source } from './source';

/** A name of an article, `procedures/` and a name, or the beginning of either with a `*` behind it. */
const target = z
  .string()
  .max(120)
  .regex(
    /^(?:procedures\/)?[\w.-]*\*?$/,
    'a note is for the name of an article, for procedures/NAME, or for a beginning and *',
  )
  .refine((name) => /[\w*]$/.test(name), 'a note is for something');

const note = z
  .strictObject({
    for: z.union([target, z.array(target).min(1).max(50)]),
    text: prose(300).optional(),
    link: link.optional(),
  })
  .refine(
    ({ text, link: page }) => text !== undefined || page !== undefined,
    'a note has a text, a link or both',
  );

/** `notes.yaml` of an organization's own folder. */
export const notesSchema = z.array(note).max(200);
export type NotesFile = z.infer<typeof notesSchema>;

/** What an organization adds to a card of ours. One of the two is there. */
export type OwnNote = Pick<NotesFile[number], 'text' | 'link'>;

/** Where a note can hang, by name. */
interface Places {
  articles: ReadonlyMap<string, Article>;
  shared: ReadonlyMap<string, Node>;
}

/** More than these would bury what the card is about. */
const maxOnCard = 3;

/**
 * The notes by the articles and procedures whose cards show them. A note for a file of `procedures/` belongs to every
 * procedure written in it, but not to those it leads to with `use`. What belongs nowhere goes to `refused`.
 */
export function hangNotes(
  { articles, shared }: Places,
  { file, value, lineOf }: Source<NotesFile>,
  refused: Problem[],
): Map<object, OwnNote[]> {
  const hung = new Map<object, OwnNote[]>();
  value.forEach(({ for: names, ...own }, index) => {
    for (const name of typeof names === 'string' ? [names] : names) {
      const complain = (message: string): void => {
        refused.push({ file, line: lineOf([index, 'for']), message });
      };
      const places = name.startsWith(folder)
        ? proceduresIn(matching(shared, name.slice(folder.length)))
        : matching(articles, name);
      if (places.length === 0) complain(`nothing to hang a note on is called "${name}"`);
      const full = places.filter((place) => (hung.get(place)?.length ?? 0) >= maxOnCard);
      if (full.length > 0)
        complain(
          `"${name}": a card has room for ${String(maxOnCard)} notes, this one is left out on ${String(full.length)}`,
        );
      for (const place of places)
        if (!full.includes(place)) hung.set(place, [...(hung.get(place) ?? []), own]);
    }
  });
  return hung;
}

const folder = 'procedures/';

function matching<T>(files: ReadonlyMap<string, T>, name: string): T[] {
  const start = name.endsWith('*') ? name.slice(0, -1) : undefined;
  return [...files]
    .filter(([id]) => (start === undefined ? id === name : id.startsWith(start)))
    .map(([, value]) => value);
}

const proceduresIn = (nodes: readonly Node[]): Procedure[] =>
  nodes.flatMap((node): Procedure[] => {
    if ('use' in node) return [];
    return 'ask' in node ? proceduresIn(node.options.map(({ then }) => then)) : [node];
  });
