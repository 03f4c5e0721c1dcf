import { z } from 'zod';
import { isObject } from '../is-object';

const cardTypes = [
  'application/vnd.microsoft.card.adaptive',
  'application/vnd.microsoft.card.hero',
  'application/vnd.microsoft.card.thumbnail',
];
/** Deeper than this nobody nests a card, and longer than this nobody reads one, in characters. */
const maxDepth = 24;
const maxText = 100_000;
/** What the card says elsewhere already, or only to the program behind it. */
const unread = new Set([
  'actions',
  'fallback',
  'fallbackText',
  'selectAction',
  'data',
  'metadata',
  'refresh',
]);

/**
 * The words of the cards among the attachments of a message, a line for every block; '' where there are none. Other bots post bounces
 * as cards, and people post ours. The content is an object in what a bot receives and JSON in what an action on a message is given.
 */
export function cardText(attachments: unknown): string {
  return (Array.isArray(attachments) ? (attachments as unknown[]) : [])
    .filter(isObject)
    .filter(
      ({ contentType }) => typeof contentType === 'string' && cardTypes.includes(contentType.toLowerCase()),
    )
    .flatMap(({ content }) => blocksIn(typeof content === 'string' ? parsed(content) : content, maxDepth))
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .join('\n')
    .slice(0, maxText);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

const spoken = z.object({
  title: z.string().optional().catch(undefined),
  subtitle: z.string().optional().catch(undefined),
  text: z.string().optional().catch(undefined),
  value: z.string().optional().catch(undefined),
  codeSnippet: z.string().optional().catch(undefined),
  inlines: z.array(z.unknown()).optional().catch(undefined),
});

function blocksIn(element: unknown, depth: number): string[] {
  if (depth === 0 || typeof element !== 'object' || element === null) return [];
  if (Array.isArray(element)) return element.flatMap((part: unknown) => blocksIn(part, depth - 1));
  const { title, subtitle, text, value, codeSnippet, inlines } = spoken.parse(element);
  if (inlines !== undefined) return [inlines.flatMap(runsIn).join('')];
  // A fact is one line: its name and what it is.
  const own = value === undefined ? [title, subtitle, text, codeSnippet] : [`${title ?? ''} ${value}`];
  const within = Object.entries(element).flatMap(([key, part]): string[] =>
    unread.has(key) ? [] : blocksIn(part, depth - 1),
  );
  return [...own.filter((words) => words !== undefined), ...within];
}

const runsIn = (run: unknown): string[] =>
  typeof run === 'string' ? [run] : [spoken.safeParse(run).data?.text ?? ''];
