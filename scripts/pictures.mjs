/**
 * Makes the pictures of the README anew: the built bot in the Playground, as anybody sees it after `npm run try`. `npm run pictures`
 *
 *   --out DIR   where to (docs/images)
 *
 * Look at them before they go in: nothing here knows whether a picture is a good one.
 */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBrowser } from './ensure-browser.mjs';

const require = createRequire(import.meta.url);
// The hands of the browser tests, which are TypeScript.
require('../test/storage/ts-require.cjs');
const { startBot } = require('../test/e2e/bot.ts');
const { launchBrowser } = require('../test/e2e/browser.ts');
const { MessageExtension } = require('../test/e2e/message-extension.ts');
const { startPlayground } = require('../test/e2e/playground.ts');

/** @typedef {import('../test/e2e/chat').Chat} Chat */

const { values: options } = parseArgs({
  options: { out: { type: 'string', default: fileURLToPath(new URL('../docs/images', import.meta.url)) } },
});

/** Pixels for each CSS pixel: sharp on the screens of today, and no picture above some 250 KB. */
const SCALE = 1.5;
const ERROR = '550 5.7.124 Sender not in allowed-senders list';
const REPORT = [
  "Your message to sales-team@contoso.com couldn't be delivered.",
  'Status code: 550 5.7.124',
  'Original Message Details',
  'Sender Address: kim.akers@contoso.com',
  'Recipient Address: sales-team@contoso.com',
  'Error Details',
  `Error: ${ERROR}`,
].join('\n');

/** A bare machine has no font of Teams' width. Under the names that the Playground asks for, its own come from a CDN. */
const FONTS = ['-apple-system', 'Segoe UI'].flatMap((family) =>
  [400, 600, 700].map((weight) => {
    const file = require.resolve(
      `@fontsource/open-sans/files/open-sans-latin-${Math.min(weight, 600)}-normal.woff2`,
    );
    const url = `data:font/woff2;base64,${readFileSync(file).toString('base64')}`;
    return `@font-face { font-family: '${family}'; font-weight: ${weight}; src: url(${url}) format('woff2'); }`;
  }),
);

/** Not the time at which the picture happens to be made. @param {import('playwright-core').Page} page */
const setClocks = (page) =>
  page.evaluate(`{
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode())
      if (/^\\s*\\d{1,2}:\\d{2}\\s[AP]M\\s*$/.test(texts.currentNode.data)) texts.currentNode.data = '10:32 AM';
  }`);

/** Press one button after the other, by how its label begins. @param {Chat} chat @param {...string} labels */
async function press(chat, ...labels) {
  for (const label of labels) {
    const titles = await chat.card().buttons();
    const title = titles.find((each) => each.startsWith(label));
    if (title === undefined) throw new Error(`No button begins with "${label}": ${titles.join(', ')}`);
    await chat.card().press(title);
  }
}

/** A window, for as long as the work lasts. @param {(chat: Chat) => Promise<void>} work */
async function inWindow(how, work) {
  const chat = await playground.open(browser, { ...how, scale: SCALE });
  await chat.page.addStyleTag({ content: FONTS.join('\n') });
  await work(chat);
  await chat.close();
}

/** @param {string} name */
const pathOf = (name) => join(options.out, `${name}.png`);

/** @param {Chat} chat @param {string} name */
async function shootCard(chat, name) {
  await chat.page.mouse.move(0, 0);
  await chat.card().screenshot(pathOf(name));
}

/** The dialog and the message it is about, without the rest of the window. @param {Chat} chat @param {MessageExtension} extension */
async function shootDialog(chat, extension, name) {
  const { page } = chat;
  const { width } = page.viewportSize();
  await page.mouse.move(0, 0);
  await setClocks(page);
  const box = await extension.dialog.boundingBox();
  const [x, y] = [box.x - 24, 50];
  await page.screenshot({
    path: pathOf(name),
    clip: { x, y, width: width - x, height: box.y + box.height + 40 - y },
  });
}

const pictures = {
  verdict: () =>
    inWindow({}, async (chat) => {
      await chat.say(REPORT);
      await shootCard(chat, 'verdict');
    }),
  steps: () =>
    inWindow({}, async (chat) => {
      await chat.say(REPORT);
      await press(chat, 'I own or moderate', 'A distribution list', 'This colleague', 'Outlook on the web');
      await shootCard(chat, 'steps');
    }),
  narrow: () =>
    inWindow({ width: 380, colorScheme: 'dark' }, async (chat) => {
      await chat.say(REPORT);
      await press(chat, 'Our email admin', 'Method 1', 'Distribution', 'PowerShell');
      await shootCard(chat, 'narrow');
    }),
  extension: () =>
    inWindow({}, async (chat) => {
      const extension = new MessageExtension(chat, {
        search: 'search',
        parameter: 'query',
        action: 'explain',
      });
      await chat.goTo('groupChat');
      await chat.say(`Does anybody know what this means? ${ERROR}`, { mention: false });
      await extension.actOn(ERROR);
      await extension.dialog.waitFor();
      await shootDialog(chat, extension, 'extension');
    }),
};

process.env.CHROMIUM_PATH = ensureBrowser();
mkdirSync(options.out, { recursive: true });
const bot = await startBot();
const [playground, browser] = await Promise.all([startPlayground({ bot }), launchBrowser()]);
try {
  for (const [name, make] of Object.entries(pictures)) {
    await make();
    console.log(`${pathOf(name)}: ${Math.ceil(statSync(pathOf(name)).size / 1024)} KB`);
  }
} finally {
  await browser.close();
  await playground.stop();
  await bot.stop();
}
