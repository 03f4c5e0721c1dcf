import { cardOf, messageIn, startDesk, type DeskServer, type Json } from './desk-server';

let server: DeskServer;
beforeAll(async () => {
  server = await startDesk();
});
afterAll(() => server.close());

const posted = (text: string): Json => ({
  contentType: 'application/vnd.microsoft.card.adaptive',
  content: { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text }] },
});
/** What somebody replies to, as Teams puts it in front of their words, and as newer clients name it. */
const inHtml = (quote: string, words: string): Json => ({
  contentType: 'text/html',
  content: `<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="1"><strong itemprop="mri" itemid="8:orgid:1">Somebody</strong><p itemprop="preview">${quote}</p></blockquote><p>${words}</p><attachment id="1"></attachment>`,
});
const inEntity = (quote: string): Json => ({
  type: 'quotedReply',
  quotedReply: { messageId: '1', senderId: '8:orgid:1', preview: quote },
});

/** Somebody new each time: Teams takes a few messages a second in one chat. */
let people = 0;
const from = (words: string): Json => messageIn('personal', `reader-${String((people += 1))}`, words);

/** The article of the answer. */
async function answerTo(message: Json): Promise<string> {
  await server.post(message);
  const card = JSON.stringify(cardOf(server.deliveries.at(-1)?.activity));
  return /"article":"([^"]+)"/.exec(card)?.[1] ?? 'none';
}

const restricted = '550 5.7.124 Sender not in allowed-senders list';
const relay = '550 5.7.1 Unable to relay';
const allowed = '5.7.124-allowed-senders';

describe('a reply that carries a card: own words and card first, then what it replies to', () => {
  test.each<[string, words: string, card: string, quote: string, article: string]>([
    ['the bounce is quoted', 'see above', 'Lunch at noon', restricted, allowed],
    ['the bounce is in the card', 'see below', restricted, 'see you at lunch', allowed],
    ['the bounce is in the words', restricted, 'Lunch at noon', 'see you at lunch', allowed],
    ['one in the card, one quoted', 'this one', restricted, relay, allowed],
    ['one in the words, one quoted', restricted, 'Lunch at noon', relay, allowed],
    ['none at all', 'see above', 'Lunch at noon', 'see you at lunch', 'none'],
  ])('%s', async (_, words, card, quote, article) => {
    const ofTeams = { ...from(words), attachments: [inHtml(quote, words), posted(card)] };
    expect(await answerTo(ofTeams)).toBe(article);
    const ofNewerTeams = { ...from(words), entities: [inEntity(quote)], attachments: [posted(card)] };
    expect(await answerTo(ofNewerTeams)).toBe(article);
  });
});
