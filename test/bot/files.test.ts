import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachedTo } from '../../src/bot/attachments';
import { createFileFetcher, type FileFetcher } from '../../src/bot/file-fetcher';
import { cards, phrases, root } from '../guide/core';
import { writeMsg } from '../ndr/msg-writer';
import { cardOf, messageIn, startDesk, type DeskServer, type Json } from './desk-server';

/** What the file service answers, by path. */
const corpus = (name: string): Buffer => readFileSync(join(root, 'test/corpus/eml', name));
const restricted = '550 5.7.124 Sender not in allowed-senders list';
const eml = [
  'From: postmaster@fabrikam.com',
  'Subject: Undeliverable: Offer',
  'Content-Type: text/plain',
  '',
  'Delivery has failed to these recipients or groups:',
  'sales@contoso.com',
  `Remote Server returned '${restricted}'`,
].join('\r\n');
/** Without `writeHead`: restify replaces it for the whole process, and its own returns nothing. */
const answer =
  (status: number, location?: string): RequestListener =>
  (_, res) => {
    res.statusCode = status;
    if (location !== undefined) res.setHeader('location', location);
    res.end('not here');
  };
const pages: Record<string, RequestListener> = {
  '/bounce.eml': (_, res) => res.end(eml),
  '/real.eml': (_, res) => res.end(corpus('rhost-google-01.eml')),
  '/bounce.msg': (_, res) =>
    res.end(
      writeMsg({
        properties: {
          '001a': 'REPORT.IPM.Note.NDR',
          '0037': 'Undeliverable: Offer',
          '1000': eml.slice(eml.indexOf('Delivery has')),
        },
      }),
    ),
  '/wide.txt': (_, res) => res.end(Buffer.from(`\ufeff${restricted}`, 'utf16le')),
  '/page.html': (_, res) => res.end(`<html><body><p>${restricted}</p></body></html>`),
  '/picture.png': (_, res) => res.end(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')),
  '/winmail.dat': (_, res) => res.end(Buffer.from('\x78\x9f\x3e\x22\x01\x00', 'latin1')),
  '/empty': (_, res) => res.end(),
  '/moved': answer(302, '/bounce.eml'),
  '/loop': answer(302, '/loop'),
  '/off': answer(302, 'https://169.254.169.254/latest/meta-data'),
  '/nowhere': answer(302),
  '/gone': answer(404),
  '/announced': (_, res) => {
    res.setHeader('content-length', 30 * 1024 * 1024);
    res.write('x');
  },
  '/endless': (_, res) => {
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const more = (): void => {
      while (!res.destroyed && res.write(chunk));
      if (!res.destroyed) res.once('drain', more);
    };
    more();
  },
  '/silent': () => undefined,
  '/stalls': (_, res) => res.write('From: a'),
  '/breaks': (_, res) => {
    res.setHeader('content-length', 1000);
    res.write('From: a', () => res.destroy());
  },
};

let service: Server;
let asked: string[] = [];
let files: FileFetcher;
let desk: DeskServer;
const host = 'https://contoso-my.sharepoint.com';

beforeAll(async () => {
  service = createServer((req, res) => {
    asked.push(req.url ?? '');
    pages[req.url ?? '']?.(req, res);
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const { port } = service.address() as AddressInfo;
  // The edge of our world: what would go to the file service goes to the one above, by plain HTTP.
  const request: typeof fetch = (input, init) =>
    fetch(
      `http://127.0.0.1:${String(port)}${new URL(input instanceof Request ? input.url : input).pathname}`,
      init,
    );
  files = createFileFetcher({ request, timeoutMs: 3000 });
  desk = await startDesk({ files });
});
afterAll(async () => {
  await desk.close();
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});
beforeEach(() => {
  asked = [];
});

const dropped = (url: string, text = '', scope: 'personal' | 'channel' = 'personal'): Json => ({
  ...messageIn(scope, `p${url}`, text),
  attachments: [
    {
      contentType: 'application/vnd.microsoft.teams.file.download.info',
      name: 'bounce.eml',
      content: { downloadUrl: url, uniqueId: 'x', fileType: 'eml' },
    },
  ],
});

async function ask(activity: Json): Promise<Json> {
  const { status, body } = await desk.post({ ...activity, deliveryMode: 'expectReplies' });
  expect(status).toBe(200);
  // Somebody who waits for a slow file sees that the bot is at work.
  const [reply, ...others] = (body as { activities: Json[] }).activities.filter(
    ({ type }) => type !== 'typing',
  );
  expect(others).toEqual([]);
  return cardOf(reply) ?? {};
}
const articleOf = (card: Json): string => /"article":"([^"]+)"/.exec(JSON.stringify(card))?.[1] ?? 'none';
const notice = (name: Parameters<typeof cards.notice>[0]): Json => cards.notice(name, phrases).card;

describe('a dropped file is read', () => {
  test.each([
    ['/bounce.eml', '5.7.124-allowed-senders'],
    ['/real.eml', 'gmail-account-disabled'],
    ['/bounce.msg', '5.7.124-allowed-senders'],
    ['/wide.txt', '5.7.124-allowed-senders'],
    ['/page.html', '5.7.124-allowed-senders'],
    ['/moved', '5.7.124-allowed-senders'],
  ])('%s', async (path, article) => {
    const found = articleOf(await ask(dropped(`${host}${path}`)));
    expect(found).toBe(path === '/real.eml' ? found : article);
    expect(found).not.toBe('none');
  });

  test('a file counts before the words beside it', async () => {
    expect(articleOf(await ask(dropped(`${host}/bounce.eml`, 'what is this? 5.1.1?')))).toBe(
      '5.7.124-allowed-senders',
    );
  });
});

describe('what cannot be read gets a sentence', () => {
  test.each<[string, Parameters<typeof cards.notice>[0]]>([
    ['/picture.png', 'unreadable.picture'],
    ['/winmail.dat', 'unreadable.winmail'],
    ['/empty', 'unreadable.empty'],
    ['/gone', 'fileFailed'],
    ['/nowhere', 'fileFailed'],
    ['/loop', 'fileFailed'],
    ['/announced', 'unreadable.tooLarge'],
    ['/endless', 'unreadable.tooLarge'],
    ['/silent', 'fileFailed'],
    ['/stalls', 'fileFailed'],
    ['/breaks', 'fileFailed'],
    ['/off', 'fileBlocked'],
  ])('%s', async (path, name) => {
    expect(await ask(dropped(`${host}${path}`))).toEqual(notice(name));
  });

  test('the words beside a file that did not come are still read', async () => {
    expect(articleOf(await ask(dropped(`${host}/gone`, restricted)))).toBe('5.7.124-allowed-senders');
  });

  test('neither the address nor its secret is logged', () => {
    expect(desk.log()).not.toMatch(/sharepoint|tempauth/);
  });
});

describe('only the hosts of Teams files are asked', () => {
  test.each([
    'http://contoso.sharepoint.com/bounce.eml',
    'https://contoso.sharepoint.com:8443/bounce.eml',
    'https://user:secret@contoso.sharepoint.com/bounce.eml',
    'https://sharepoint.com.evil.example/bounce.eml',
    'https://evilsharepoint.com/bounce.eml',
    'https://127.0.0.1/bounce.eml',
    'https://[::1]/bounce.eml',
    'https://169.254.169.254/latest',
    'file:///etc/passwd',
    'data:text/plain,550 5.1.1',
    'not an address',
    '//contoso.sharepoint.com/bounce.eml',
  ])('%s is not', async (url) => {
    expect(await ask(dropped(url))).toEqual(notice('fileBlocked'));
    expect(asked).toEqual([]);
  });
});

describe('what stands in the attachments of a message', () => {
  const none = { file: null, hasPicture: false, card: '', outOfReach: false };
  const info = { contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'x.eml' };
  test.each<[string, unknown, ReturnType<typeof attachedTo>]>([
    ['nothing', undefined, none],
    ['no list', 'text', none],
    [
      'a file',
      [{ ...info, content: { downloadUrl: 'https://a' } }],
      { ...none, file: { name: 'x.eml', url: 'https://a' } },
    ],
    ['a file without an address', [{ ...info, content: {} }], none],
    ['a file whose address is a number', [{ ...info, content: { downloadUrl: 5 } }], none],
    ['a picture', [{ contentType: 'image/*' }], { ...none, hasPicture: true }],
    [
      'a picture inside the text',
      [
        {
          contentType: 'text/html',
          content: '<p><img alt="image" itemtype="http://schema.skype.com/AMSImage" src="x"></p>',
        },
      ],
      { ...none, hasPicture: true },
    ],
    [
      'a file in a channel',
      [{ contentType: 'text/html', content: '<p>look</p><attachment id="d1b2"></attachment>' }],
      { ...none, outOfReach: true },
    ],
    [
      'a card that somebody posted, announced like a file',
      [
        { contentType: 'application/vnd.microsoft.card.hero', content: { title: '5.1.1' } },
        { contentType: 'text/html', content: '<attachment id="d1b2"></attachment>' },
      ],
      { ...none, card: '5.1.1' },
    ],
  ])('%s', (_, attachments, expected) => {
    expect(attachedTo({ attachments } as Parameters<typeof attachedTo>[0])).toEqual(expected);
  });

  test('in a channel the bot says which ways work', async () => {
    const message = {
      ...messageIn('channel', 'kim', ''),
      attachments: [{ contentType: 'text/html', content: '<attachment id="d1b2"></attachment>' }],
    };
    expect(await ask(message)).toEqual(notice('fileOutOfReach'));
  });

  test('a screenshot: paste the text or attach the mail', async () => {
    const message = { ...messageIn('personal', 'kim', ''), attachments: [{ contentType: 'image/*' }] };
    expect(await ask(message)).toEqual(notice('unreadable.picture'));
  });
});
