import { fold } from '../ndr/fold';
import type { Phrases } from '../phrases';
import { remembering } from '../remembering';
import { notMineSegment } from './not-mine';
import type { Position, View } from './view';

/** What typed words mean at a view; null when they fit nothing there. */
export type Move = { kind: 'go'; to: Position } | { kind: 'help' };

/**
 * Understand what somebody typed while `view` was on the screen: a number, a label, one of its words, "back",
 * "start over", "help", a role. Words that fit two choices fit none: guessing would walk the wrong way.
 */
export function interpret(view: View, typed: string, phrases: Phrases): Move | null {
  const said = plain(typed);
  if (said === '' || said.length > 80) return null;
  const go = (to: Position | null): Move | null => (to === null ? null : { kind: 'go', to });
  if (phrases.words('help').includes(said)) return { kind: 'help' };
  if (phrases.words('back').includes(said)) return go(view.back ?? view.start);
  if (phrases.words('startOver').includes(said)) return go(view.start);
  if (view.kind === 'verdict') {
    if (phrases.words('path').includes(said)) return go(view.mailPath);
    if (phrases.words('notMine').includes(said)) return go({ ...view.position, path: [notMineSegment] });
  }

  const exact = view.choices.filter(({ label, words }) => meant(label, words).includes(said));
  if (exact.length === 1) return go(exact[0]?.to ?? null);
  // Behind the words: where an article says "Method 2", a typed 2 means that, not the second button.
  const [, before = '', number] = /^(\D*)(\d{1,2})$/.exec(said) ?? [];
  if (number !== undefined && ['', ...phrases.words('number')].includes(before.trim()))
    return go(view.choices[Number(number) - 1]?.to ?? null);
  const role = exact.length === 0 ? roleSwitch(view, said, phrases) : null;
  if (role !== null) return role;
  const partial =
    said.length < 3
      ? []
      : view.choices.filter(({ label, words }) =>
          meant(label, words).some((word) => containsWords(word, said)),
        );
  return partial.length === 1 ? go(partial[0]?.to ?? null) : null;
}

const plain = (text: string): string =>
  isPlain.test(text)
    ? text
    : fold(text)
        .replace(/[^\p{L}\p{N} ]+/gu, ' ')
        .replace(/\s+/g, ' ')
        .trim();

/** Most words are so already. */
const isPlain = /^[a-z\d]+(?: [a-z\d]+)*$/;

/** The same for what stands on buttons. */
const plainLabel = remembering(2000, plain);

/** What may be typed for a choice. Its words can be addresses of a bounce, and are forgotten with it. */
const meant = (label: string, words: readonly string[]): string[] => [plainLabel(label), ...words.map(plain)];

/** Every typed word stands in the label; "everyone" finds "Everyone, inside and outside". */
const containsWords = (label: string, said: string): boolean => {
  const words = new Set(label.split(' '));
  return said.split(' ').every((word) => words.has(word));
};

const roles = ['sender', 'recipient', 'groupOwner', 'senderAdmin', 'recipientAdmin', 'admin'] as const;

/** "admin" at any place below a verdict changes the role, even when the question there has other answers. */
function roleSwitch(view: View, said: string, phrases: Phrases): Move | null {
  if (view.position.article === null) return null;
  const role = roles.find((known) => phrases.words(`role.${known}`).includes(said));
  return role === undefined
    ? null
    : { kind: 'go', to: { problem: view.position.problem, article: view.position.article, path: [role] } };
}
