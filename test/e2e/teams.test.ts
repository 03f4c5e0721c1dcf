/**
 * What Teams asks of a bot beyond one chat, in the Playground: several people at one card, threads, files, the message extension, a
 * restart, the keyboard. One bot on its embedded storage serves them all, and is killed on the way.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startBot, type Bot } from './bot';
import { launchBrowser } from './browser';
import type { Chat } from './chat';
import { startFileService, type FileService } from './file-service';
import { isFocusVisible, tabTo } from './keyboard';
import { MessageExtension } from './message-extension';
import { CONVERSATION } from './people';
import { startPlayground, type Playground } from './playground';

jest.setTimeout(120_000);

const shots = join(__dirname, '../../.tmp/e2e');
const corpus = (path: string): Buffer => readFileSync(join(__dirname, '../corpus', path));
const restricted = '550 5.7.124 Sender not in allowed-senders list';

let data: string;
let files: FileService;
let bot: Bot;
let browser: Browser;
let playground: Playground;
const startOurs = (port?: number): Promise<Bot> =>
  startBot({
    args: [...files.nodeArgs, join(__dirname, '../../dist/index.js')],
    env: { STORAGE: 'embedded', DATA_DIR: data },
    ...(port === undefined ? {} : { port }),
  });

beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  data = mkdtempSync(join(tmpdir(), 'bounce-desk-e2e-'));
  files = await startFileService({
    'bounce.eml': corpus('eml/lhost-office365-01.eml'),
    'picture.png': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  });
  bot = await startOurs();
  [playground, browser] = await Promise.all([startPlayground({ bot }), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await playground.stop();
  await bot.stop();
  await files.close();
  rmSync(data, { recursive: true, force: true });
});

const shot = (chat: Chat, name: string): Promise<Buffer> => chat.screenshot(join(shots, `teams-${name}.png`));

/**
 * One Playground, and a page for each person: what is typed and posted reaches both pages, and a press is answered in the page of whoever
 * pressed. Two Playgrounds could not share the chat: each keeps its conversations in its own memory, and the bot answers to the
 * `serviceUrl` of the message alone.
 */
describe('two people at one card in a group chat', () => {
  let alex: Chat;
  let megan: Chat;
  beforeAll(async () => {
    alex = await playground.open(browser);
    megan = await playground.open(browser, { as: 'Megan Bowen' });
    for (const chat of [alex, megan]) await chat.goTo('groupChat');
    await alex.say(restricted);
    for (const chat of [alex, megan]) await chat.sees('Who are you?');
  });
  afterAll(async () => {
    for (const chat of [alex, megan]) await chat.close();
  });

  test('each walks a branch of their own, and nobody sees the other’s', async () => {
    const before = playground.sent.length;
    const verdict = await alex.card().text();
    expect(await megan.card().text()).toBe(verdict);

    await megan.card().press('I own or moderate the group');
    const owner = await megan.card().text();
    expect(owner).toContain('Which of these fits');
    expect(await alex.card().text()).toBe(verdict);

    await alex.card().press("Recipient's admin");
    const admin = await alex.card().text();
    expect(admin).toContain("Recipient's admin");
    expect(admin).not.toBe(owner);
    expect(await megan.card().text()).toBe(owner);

    await megan.card().press('A distribution list');
    expect(await megan.card().text()).toContain('A distribution list');
    expect(await alex.card().text()).toBe(admin);
    await shot(alex, 'group-alex');
    await shot(megan, 'group-megan');
    // Nothing was posted or changed for everybody.
    expect(playground.sent.slice(before)).toEqual([]);
  });

  test('typed words go on from where the one who typed stands', async () => {
    const [first = ''] = (await alex.card().buttons()).filter((label) => label !== 'Back');
    const before = await alex.cardCount();
    await megan.say('back');
    for (const chat of [alex, megan]) {
      await chat.sees('Which of these fits');
      expect(await chat.cardCount()).toBe(before + 1);
    }
    await alex.say('1');
    expect(await alex.cardCount()).toBe(before + 2);
    const [crumbs = ''] = (await alex.card().text()).split('\n');
    expect(crumbs).toContain(`Recipient's admin › ${first.slice(0, 12)}`);
  });
});

describe('threads of a channel', () => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await playground.open(browser);
    await chat.goTo('channel');
  });
  afterAll(() => chat.close());

  test('the answer stays in the thread of the question, and threads know nothing of each other', async () => {
    await chat.say('first: 550 5.7.124');
    await chat.say('second: 5.7.705');
    const inThread = async (thread: string, shows: string | RegExp): Promise<void> => {
      chat.turnTo(thread);
      await chat.sees(shows);
      expect(await chat.card().text()).toMatch(shows);
    };
    await inThread('first:', /allowed senders list/);
    await inThread('second:', /5\.7\.705/);

    chat.turnTo('first:');
    await chat.card().press('I own or moderate the group');
    await inThread('first:', /Which of these fits/);
    await inThread('second:', /Who are you\?/);

    await chat.say("sender's admin", { reply: true });
    await inThread('second:', /Sender's admin/);
    await inThread('first:', /Which of these fits/);

    chat.turnTo('first:');
    await chat.say('2', { reply: true });
    await inThread('first:', /A list with over 5,000 members/);
    await shot(chat, 'channel-threads');

    const threads = playground.sent
      .map(({ activity }) => activity.conversation?.id ?? '')
      .filter((id) => id.startsWith(`${CONVERSATION.channel};messageid=`));
    const [first, second] = threads;
    expect(first).not.toBe(second);
    expect(threads).toEqual([first, second, second, first]);
  });
});

describe('a dropped file', () => {
  const info = 'application/vnd.microsoft.teams.file.download.info';
  const dropped = (name: string, downloadUrl: string): object => ({
    type: 'message',
    text: '',
    attachments: [
      {
        contentType: info,
        contentUrl: downloadUrl,
        name,
        content: { downloadUrl, uniqueId: 'x', fileType: name.slice(-3) },
      },
    ],
  });
  let chat: Chat;
  beforeAll(async () => {
    chat = await playground.open(browser);
  });
  afterAll(() => chat.close());

  test('is fetched and read', async () => {
    await chat.mockActivity({ ...dropped('bounce.eml', files.url('bounce.eml')) });
    await chat.sees('Who are you?');
    expect(files.asked).toEqual(['bounce.eml']);
    await chat.card().press('What I read');
    expect(await chat.card().text()).toContain('kijitora@example.com');
    await shot(chat, 'file');
  });

  test.each<[name: string, url: () => string, shows: string]>([
    ['a picture', () => files.url('picture.png'), "I can't read pictures"],
    ['a file that is gone', () => files.url('gone.eml'), 'I could not fetch the file'],
    ['a file elsewhere', () => 'https://127.0.0.1/bounce.eml', 'I only fetch files that Teams keeps'],
  ])('%s gets a sentence', async (name, url, shows) => {
    await chat.mockActivity({ ...dropped('bounce.eml', url()) });
    await chat.sees(shows);
    await shot(chat, `file-${name.replaceAll(' ', '-')}`);
  });

  test('in a group chat does not reach the bot, which says where it would', async () => {
    await chat.goTo('groupChat');
    await chat.say('', { html: '<div><attachment id="d1b2"></attachment></div>' });
    await chat.sees("Files don't reach me here");
  });
});

describe('the message extension', () => {
  let chat: Chat;
  let extension: MessageExtension;
  beforeAll(async () => {
    chat = await playground.open(browser);
    extension = new MessageExtension(chat, { search: 'search', parameter: 'query', action: 'explain' });
  });
  afterAll(() => chat.close());

  test('searches, and a result can be posted', async () => {
    await extension.search('xyzzy');
    expect(await extension.popover.innerText()).toContain('Nothing is known under that');
    await extension.search('quota');
    const titles = await extension.titles();
    expect(titles.length).toBeGreaterThan(2);
    expect(titles).toContain("The recipient's mailbox is full");
    await shot(chat, 'extension-results');
    const before = await chat.cardCount();
    await extension.take("The recipient's mailbox is full");
    await extension.send({ delivered: true });
    // Posted to the bot itself, it leads on to the steps.
    expect(await chat.cardCount()).toBe(before + 2);
    expect(await chat.card().text()).toMatch(/The recipient's mailbox is full[\s\S]*Who are you\?/);
    await shot(chat, 'extension-posted');
  });

  test('explains a message of a chat in a dialog, and posts it on demand only', async () => {
    await chat.goTo('groupChat');
    await chat.say(`look at this: ${restricted}`, { mention: false });
    const before = playground.sent.length;
    await extension.actOn('look at this');
    expect(await extension.dialog.innerText()).toMatch(/allowed senders list[\s\S]*Who are you\?/);
    await shot(chat, 'extension-dialog');
    await extension.press('I own or moderate the group');
    expect(await extension.dialog.innerText()).toContain('Which of these fits');
    await extension.press('A distribution list');
    await extension.press('Back');
    expect(await extension.dialog.innerText()).toContain('Which of these fits');
    await extension.press('Back');
    await extension.press('Post it to this conversation');
    expect(await extension.dialog.count()).toBe(0);
    expect(playground.sent.slice(before)).toEqual([]);
    const cards = await chat.cardCount();
    await extension.send({ delivered: false });
    expect(await chat.cardCount()).toBe(cards);
    expect(await chat.card().text()).toMatch(/allowed senders list[\s\S]*paste the report to Bounce Desk/);
    expect(await chat.card().buttons()).toEqual([]);
    await shot(chat, 'extension-dialog-posted');

    // A card that somebody posted is a message too.
    await extension.actOn('paste the report to Bounce Desk');
    expect(await extension.dialog.innerText()).toMatch(/allowed senders list[\s\S]*Who are you\?/);
    await extension.close();
  });

  test('says so where a message is no bounce', async () => {
    await chat.say('lunch at noon?', { mention: false });
    await extension.actOn('lunch at noon?');
    expect(await extension.dialog.innerText()).toContain("I can't find a bounce in that");
    await extension.close();
  });
});

describe('a bot that is killed and started again', () => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await playground.open(browser);
  });
  afterAll(() => chat.close());

  test('goes on with the old cards, by button and by typing', async () => {
    await chat.say(corpus('pasted/024.txt').toString('utf8'));
    await chat.sees('Who are you?');
    await bot.kill();
    bot = await startOurs(bot.port);
    await chat.card().press('I sent it');
    const question = await chat.card().text();
    expect(question).toContain('› I sent it');

    await bot.kill();
    bot = await startOurs(bot.port);
    await chat.say('back');
    await chat.sees('Who are you?');
    expect(await chat.card().text()).toContain('mjohnson@brinlitware.com');
    await chat.say('1');
    expect(await chat.card().text()).toBe(question);
    await shot(chat, 'restart');
  });
});

describe('without a mouse', () => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await playground.open(browser);
  });
  afterAll(() => chat.close());

  test('from the verdict to the steps by Tab, Enter and Space, and the focus is always to be seen', async () => {
    const { page } = chat;
    await chat.say(restricted);
    /** Press what is tabbed to; the card that comes next is reached by going on. */
    const press = async (label: string, key: 'Enter' | 'Space', shows: string | RegExp): Promise<void> => {
      expect(await isFocusVisible(page)).toBe(true);
      await chat.causing(() => page.keyboard.press(key), /\/_conversation\/v1\/(?:invoke|submit)$/);
      expect(`${label}: ${await chat.card().text()}`).toMatch(shows);
    };
    // From the message box upwards, the card's last button comes first.
    await tabTo(page, 'What I read', 'Shift+Tab');
    await press('What I read', 'Space', /The server's words/);
    await tabTo(page, 'I own or moderate the group', 'Shift+Tab');
    await press('I own or moderate the group', 'Enter', /Which of these fits/);
    // The pressed button is gone with its card, and the Playground lets go of the focus: it goes on behind the card.
    const stops = await tabTo(page, 'A distribution list', 'Shift+Tab');
    expect(stops).toEqual(expect.arrayContaining(['Back', "Neither, or I'm not sure"]));
    // Each button is one stop: no wandering through the whole page, and none twice.
    expect(new Set(stops).size).toBe(stops.length);
    expect(stops.length).toBeLessThan(14);
    await press('A distribution list', 'Space', /Who should be able to write/);
    await tabTo(page, 'Back', 'Shift+Tab');
    await press('Back', 'Enter', /Which of these fits/);
    await tabTo(page, 'A distribution list', 'Shift+Tab');
    await press('A distribution list', 'Enter', /Who should be able to write/);
    await tabTo(page, 'This colleague', 'Shift+Tab');
    await press('This colleague', 'Space', /Outlook on the web/);
    await tabTo(page, 'Outlook on the web', 'Shift+Tab');
    await press('Outlook on the web', 'Enter', /Edit delivery management/);
    await tabTo(page, 'Check and notes', 'Shift+Tab');
    await press('Check and notes', 'Space', /Check that it worked/);
    await shot(chat, 'keyboard');
  });
});

describe('somebody whose Teams speaks German', () => {
  test('is answered in German, and may type in English all the same', async () => {
    const theirs = await startPlayground({ bot, me: 'Adele Vance', locale: 'de-DE' });
    try {
      const chat = await theirs.open(browser, { width: 380 });
      await chat.say(restricted);
      await chat.sees('Wer sind Sie?');
      await shot(chat, 'german');
      await chat.card().press('Besitzer oder Moderator der Gruppe');
      expect(await chat.card().text()).toContain('Zurück');
      await chat.say('back');
      await chat.sees('Wer es beheben kann');
      await chat.close();
    } finally {
      await theirs.stop();
    }
  });
});
