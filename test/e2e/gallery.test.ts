/** Every card the bot can send, drawn by the real renderer in the real browser: `npm run cards` is the same, with pictures. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Finding {
  card: string;
  message: string;
  theme?: string;
  width?: number;
}

interface Gallery {
  cards: string[];
  looks: { theme: string; width: number }[];
  errors: Finding[];
  overflow: Finding[];
}

/** The scripts are ES modules, which jest cannot load; a child process also proves that the command line works. */
function inspectGallery(...options: string[]): Gallery {
  const script = join(__dirname, '../../scripts/gallery.mjs');
  const command = [script, '--check', '--json', ...options];
  const { stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', timeout: 60_000 });
  if (stdout === '') throw new Error(`The gallery could not be drawn: ${stderr}`);
  return JSON.parse(stdout) as Gallery;
}

const looks = ['light', 'dark', 'contrast'].flatMap((theme) => [640, 320].map((width) => ({ theme, width })));
const summary = (findings: Finding[]) => findings.map(({ card, message }) => `${card}: ${message}`);

describe('the gallery', () => {
  let gallery: Gallery;
  beforeAll(() => {
    gallery = inspectGallery();
  }, 60_000);

  test('holds cards, and draws them in every look', () => {
    expect(gallery.cards.length).toBeGreaterThan(0);
    expect(gallery.looks).toEqual(looks);
  });

  test('has no card over the size budget, and none that breaks the page', () => {
    expect(summary(gallery.errors.filter(({ theme }) => theme === undefined))).toEqual([]);
  });

  test.each(looks)('renders without objections: $theme, $width px', ({ theme, width }) => {
    const here = (finding: Finding) => finding.theme === theme && finding.width === width;
    expect(summary(gallery.errors.filter(here))).toEqual([]);
    expect(summary(gallery.overflow.filter(here))).toEqual([]);
  });
});

describe('what the gallery objects to', () => {
  const long =
    'a line that is not allowed to wrap, and therefore does not fit into a card of this width by far, not even the wide one';
  const action = { type: 'Action.Submit', title: 'OK' };
  const hidden = { type: 'TextBlock', text: long, isVisible: false };
  const unknown = { type: 'CodeBlock', codeSnippet: 'x' };
  const rows: [name: string, body: object[], actions: object[], objection: RegExp | undefined][] = [
    ['text cut off', [{ type: 'TextBlock', text: long }], [], /px wider than its room/],
    ['text cut off once it is shown', [hidden], [], /^text cut off once it is shown\.opened: .*px wider/],
    [
      'a button too long for its title',
      [],
      [{ type: 'Action.Submit', title: long }],
      /px wider than its room/,
    ],
    ['more than six buttons', [], Array.from({ length: 7 }, () => action), /Maximum number of actions/],
    ['an unknown element', [unknown], [], /Unknown element type "CodeBlock"/],
    [
      'an unknown element with a fallback',
      [{ ...unknown, fallback: { type: 'TextBlock', text: 'x' } }],
      [],
      undefined,
    ],
    [
      'a value that does not exist',
      [{ type: 'TextBlock', text: 'x', size: 'huge' }],
      [],
      /Invalid value "huge"/,
    ],
    [
      'over the size budget',
      [{ type: 'TextBlock', text: 'x '.repeat(10_000), wrap: true }],
      [],
      /39\.\d KB of JSON/,
    ],
    ['a link without an address', [], [{ type: 'Action.OpenUrl', title: 'Open' }], /url/],
  ];
  let found: string[];
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'gallery-'));
    const file = join(folder, 'cards.json');
    const card = (body: object[], actions: object[]) => ({
      type: 'AdaptiveCard',
      version: '1.5',
      fallbackText: 'x',
      body,
      actions,
    });
    writeFileSync(
      file,
      JSON.stringify(rows.map(([name, body, actions]) => ({ name, card: card(body, actions) }))),
    );
    const { errors, overflow } = inspectGallery('--cards', file, '--theme', 'light', '--width', '320');
    found = summary([...errors, ...overflow]);
    rmSync(folder, { recursive: true });
  }, 60_000);

  test.each(rows)('%s', (name, _body, _actions, objection) => {
    const own = found.filter(
      (finding) => finding.startsWith(`${name}:`) || finding.startsWith(`${name}.opened:`),
    );
    expect(own).toEqual(objection ? expect.arrayContaining([expect.stringMatching(objection)]) : []);
  });
});
