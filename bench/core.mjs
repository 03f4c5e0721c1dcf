/**
 * The core alone, without Teams: reading, diagnosing, walking and drawing, in this process. Prints microseconds as JSON.
 * Called by turns.mjs; the argument is how long to measure, in ms.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buttonsOf } from './activities.mjs';
import { conversationsOf, toHtml } from './mix.mjs';
import { summary } from './statistics.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = createRequire(join(root, 'dist', 'index.js'));
const { loadTemplates } = dist('./cards/templates.js');
const { createCards } = dist('./cards/render.js');
const { openCase } = dist('./guide/case.js');
const { interpret } = dist('./guide/interpret.js');
const { createGuide } = dist('./guide/walk.js');
const { loadKnowledge } = dist('./knowledge/load.js');
const { createMatcher } = dist('./knowledge/match.js');
const { readPaste } = dist('./ndr/paste.js');
const { loadLocales } = dist('./locales.js');

const knowledge = loadKnowledge(join(root, 'knowledge'));
const matcher = createMatcher(knowledge);
const guide = createGuide(knowledge);
const cards = createCards(loadTemplates(join(root, 'cards')), 30);
const phrases = loadLocales(join(root, 'locales')).of('en');

/** One turn: where the person stands afterwards. */
function take(turn, html, standing) {
  if (turn.kind !== 'typed' && turn.kind !== 'press') {
    const report = readPaste({ text: turn.text, html });
    const diagnoses = matcher
      .diagnose(report)
      .filter(({ article, candidates }) => article !== null || candidates.length > 0);
    const bounce = openCase('bench', report, diagnoses);
    return draw(bounce, guide.start(bounce));
  }
  const { bounce, position, card } = standing;
  if (turn.kind === 'press') return draw(bounce, buttonsOf(card)[turn.button].data.at);
  return draw(bounce, interpret(guide.view(bounce, position, phrases), turn.text, phrases).to);
}

function draw(bounce, position) {
  const view = guide.view(bounce, position, phrases);
  return { bounce, position: view.position, card: cards.view(view, bounce, phrases).card };
}

const conversations = conversationsOf(1000).map((turns) =>
  turns.map((turn) => ({ turn, html: turn.text === undefined ? undefined : toHtml(turn.text) })),
);

function measure(forMs) {
  const byKind = new Map();
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    for (const turns of conversations) {
      let standing;
      for (const { turn, html } of turns) {
        const begun = performance.now();
        standing = take(turn, html, standing);
        const micros = (performance.now() - begun) * 1000;
        const known = byKind.get(turn.kind);
        if (known === undefined) byKind.set(turn.kind, [micros]);
        else known.push(micros);
      }
    }
  }
  return byKind;
}

const forMs = Number(process.argv[2]);
measure(forMs / 4);
const byKind = measure(forMs);
const result = { all: summary([...byKind.values()].flat()) };
for (const [kind, values] of byKind) result[kind] = summary(values);
process.stdout.write(JSON.stringify(result));
