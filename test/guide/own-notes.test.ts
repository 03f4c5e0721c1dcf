import { join } from 'node:path';
import { createGuide } from '../../src/guide/walk';
import type { Position } from '../../src/guide/view';
import { loadBase } from '../../src/knowledge/load';
import { lay } from '../../src/knowledge/overlay';
import { cardFaults, hostileMark } from '../cards/card-faults';
import { cards, caseOf, phrases, root } from './core';

const notes = `
- for: 5.1.8-account-stopped
  text: "Call **1234** about {sender}, see [the list](https://intranet.example.org/stopped)."
  link: { label: Unblock portal, url: "https://portal.example.org/unblock" }
- for: "5.1.*"
  text: Only in office hours.
- for: procedures/ask-my-admin
  link: { label: Help desk, url: "https://portal.example.org/help" }
`;
const { knowledge, refused } = lay(loadBase(join(root, 'knowledge')), [{ file: 'notes.yaml', text: notes }]);
const guide = createGuide(knowledge);
const bounce = caseOf('550 5.1.8 Access denied, bad outbound sender');
const viewAt = (article: string, path: string[] = []) => {
  const position: Position = { problem: 0, article, path };
  const view = guide.view(bounce, position, phrases);
  if (view === null) throw new Error(`nothing at ${article}/${path.join('/')}`);
  return view;
};
const textOf = (own: readonly (readonly { text: string; url?: string }[])[]): string[] =>
  own.map((note) => note.map(({ text, url }) => (url === undefined ? text : `${text} <${url}>`)).join(''));
const label = phrases.t('label.own');

test('the notes are fit to serve', () => {
  expect(refused).toEqual([]);
});

test('a verdict shows the notes of its article and of its family, in the order of the file', () => {
  const view = viewAt('5.1.8-account-stopped');
  expect(view.kind === 'verdict' && textOf(view.own)).toEqual([
    'Call 1234 about ‹sender›, see the list <https://intranet.example.org/stopped>. Unblock portal <https://portal.example.org/unblock>',
    'Only in office hours.',
  ]);
  const { card } = cards.view(view, bounce, phrases);
  expect(JSON.stringify(card)).toContain(`"text":"${label}"`);
  expect(JSON.stringify(card)).toContain(
    '"selectAction":{"type":"Action.OpenUrl","url":"https://portal.example.org/unblock"}',
  );
});

test('a procedure shows the notes of its file, and not those of the article', () => {
  const places = [...knowledge.articles.keys()].flatMap((id) =>
    guide.paths(id).map((position) => ({ id, view: guide.view(bounce, position, phrases) })),
  );
  const noted = places.filter(({ view }) => view?.kind === 'procedure' && view.own.length > 0);
  expect(noted.length).toBeGreaterThan(5);
  for (const { view } of noted)
    expect(view?.kind === 'procedure' && textOf(view.own)).toEqual([
      'Help desk <https://portal.example.org/help>',
    ]);
});

test('where nothing is noted there is no row', () => {
  for (const view of [viewAt('5.7.124-allowed-senders'), viewAt('5.7.124-allowed-senders', ['groupOwner'])])
    expect(JSON.stringify(cards.view(view, bounce, phrases).card)).not.toContain(label);
});

test('a card with notes is drawn without faults, also with hostile facts in them', () => {
  const hostile = {
    ...bounce,
    problems: bounce.problems.map((problem) => ({
      ...problem,
      facts: { ...problem.facts, sender: `${hostileMark}\${title}**b**_i_[x](https://evil.example)<b>` },
    })),
  };
  for (const one of [bounce, hostile]) {
    const view = guide.view(one, { problem: 0, article: '5.1.8-account-stopped', path: [] }, phrases);
    expect(view).not.toBeNull();
    if (view !== null)
      expect(cardFaults(cards.view(view, one, phrases), { hostile: one === hostile })).toEqual([]);
  }
});
