import { createMatcher } from '../../src/knowledge/match';
import { createGuide } from '../../src/guide/walk';
import type { Library } from '../../src/library';
import {
  answeredCard,
  cardOf,
  messageIn,
  pressIn,
  startDesk,
  type DeskServer,
  type Json,
} from '../bot/desk-server';
import { cards, guide, knowledge, phrases } from '../guide/core';

const gone = '5.7.124-allowed-senders';
const report = 'Error: 550 5.7.124 Sender not in allowed-senders list';

/** The knowledge after somebody took an article away. */
const after = (): Library => {
  const changed = { ...knowledge, articles: new Map([...knowledge.articles].filter(([id]) => id !== gone)) };
  return { knowledge: changed, matcher: createMatcher(changed), guide: createGuide(changed) };
};

let server: DeskServer;
let onRead: () => void;
beforeEach(async () => {
  onRead = () => undefined;
  server = await startDesk();
  const { cases } = server.desk;
  server.desk.cases = {
    ...cases,
    get: (id) => {
      onRead();
      return cases.get(id);
    },
  };
});
afterEach(() => server.close());

const sent = (): Json | null => cardOf(server.deliveries.at(-1)?.activity);
const at = { problem: 0, article: gone, path: ['groupOwner'] };
const press = async () => {
  const button = { v: 1, verb: 'go', case: 'case-1', at };
  return answeredCard((await server.post(pressIn('personal', 'kim', 'sent-1', button))).body);
};
const steps = async (): Promise<Json> => {
  const bounce = await server.desk.cases.get('case-1');
  const view = guide.view(bounce, at, phrases);
  if (view === null) throw new Error('the article has no such place');
  return cards.view(view, bounce, phrases).card;
};

test('a press that has begun ends with the knowledge it began with; the next one gets the new', async () => {
  await server.post(messageIn('personal', 'kim', report));
  const expected = await steps();
  onRead = () => Object.assign(server.desk, after());
  expect(await press()).toEqual(expected);
  expect(await press()).toEqual(cards.notice('unknownButton', phrases).card);
});

test('typed words where the article has vanished: a kind word, and the next report is answered', async () => {
  await server.post(messageIn('personal', 'kim', report));
  Object.assign(server.desk, after());
  await server.post(messageIn('personal', 'kim', 'owner'));
  expect(sent()).toEqual(cards.notice('notUnderstoodHere', phrases).card);
  await server.post(messageIn('personal', 'kim', '550 5.7.705 Access denied, tenant has exceeded threshold'));
  expect(JSON.stringify(sent())).toContain(knowledge.articles.get('5.7.705-tenant-threshold')?.title);
  expect(server.log()).not.toContain('"level":"error"');
});
