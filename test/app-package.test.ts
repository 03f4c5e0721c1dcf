import net from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { type Icons, SAMPLE_ENV, buildPackage, checkIcons, validate } from '../scripts/app-package.js';

interface Picture {
  width: number;
  height: number;
  data: Buffer;
}
// pngjs ships no types; this is all of it that is used here.
const { PNG } = jest.requireActual<{
  PNG: {
    new (size: { width: number; height: number }): Picture;
    sync: { read(file: Buffer): Picture; write(picture: Picture): Buffer };
  };
}>('pngjs');

// An ES module behind the validator's file reader, which packaging does not use and Jest cannot require on Node 20.
jest.mock('strip-bom', () => ({ default: (text: string) => text }));

type Json = Record<string, unknown>;

const folder = join(__dirname, '..', 'appPackage');
const shipped: Icons = {
  color: readFileSync(join(folder, 'color.png')),
  outline: readFileSync(join(folder, 'outline.png')),
};

const connect = jest.spyOn(net.Socket.prototype, 'connect');
const fetched = jest.spyOn(globalThis, 'fetch');

let filled: Json;

beforeAll(async () => {
  connect.mockImplementation(() => {
    throw new Error('no network in packaging');
  });
  fetched.mockRejectedValue(new Error('no network in packaging'));
  filled = (await buildPackage(SAMPLE_ENV)).manifest;
});

afterAll(() => {
  expect(connect).not.toHaveBeenCalled();
  expect(fetched).not.toHaveBeenCalled();
});

/** The shipped manifest, filled, with one value replaced at a path such as `bots.0.botId`; undefined removes it. */
function manifestWith(path: string, value: unknown): Json {
  const manifest = structuredClone(filled);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Json>((node, key) => node[key] as Json, manifest);
  parent[last] = value;
  return JSON.parse(JSON.stringify(manifest)) as Json;
}

function repaint(file: Uint8Array, paint: (picture: Picture) => void): Buffer {
  const picture = PNG.sync.read(Buffer.from(file));
  paint(picture);
  return PNG.sync.write(picture);
}

function setPixel(picture: Picture, x: number, y: number, rgba: [number, number, number, number]): void {
  picture.data.set(rgba, (y * picture.width + x) * 4);
}

function blank(size: number, rgba: [number, number, number, number]): Buffer {
  const picture = new PNG({ width: size, height: size });
  for (let i = 0; i < size * size; i++) setPixel(picture, i % size, Math.floor(i / size), rgba);
  return PNG.sync.write(picture);
}

describe('the shipped package', () => {
  it('is valid', async () => {
    expect(await validate(filled, shipped)).toEqual([]);
  });

  it('holds exactly the three files, at its root', async () => {
    const { zip } = await buildPackage(SAMPLE_ENV);
    const files = unzipSync(zip);
    expect(Object.keys(files)).toEqual(['manifest.json', 'color.png', 'outline.png']);
    expect(Buffer.from(files['color.png'] ?? [])).toEqual(shipped.color);
    expect(Buffer.from(files['outline.png'] ?? [])).toEqual(shipped.outline);
  });

  it('has every placeholder filled, and every value kept inside its string', async () => {
    const name = 'Ann "O" \\ $& ${{BOT_ID}}';
    const { zip } = await buildPackage({ ...SAMPLE_ENV, DEVELOPER_NAME: name });
    const manifest = JSON.parse(Buffer.from(unzipSync(zip)['manifest.json'] ?? []).toString()) as Json;
    expect(manifest).toMatchObject({
      id: SAMPLE_ENV.TEAMS_APP_ID,
      bots: [{ botId: SAMPLE_ENV.BOT_ID, scopes: ['personal', 'team', 'groupChat'], supportsFiles: true }],
      developer: { name },
    });
    expect(JSON.stringify({ ...manifest, developer: {} })).not.toContain('${{');
  });

  it('asks for nothing beyond knowing who is talking', () => {
    expect(filled['permissions']).toEqual(['identity']);
    for (const field of ['authorization', 'webApplicationInfo', 'devicePermissions', 'validDomains']) {
      expect(filled).not.toHaveProperty(field);
    }
  });

  it('is the same, byte for byte, every time', async () => {
    const [first, second] = await Promise.all([buildPackage(SAMPLE_ENV), buildPackage(SAMPLE_ENV)]);
    expect(Buffer.from(first.zip).equals(Buffer.from(second.zip))).toBe(true);
  });
});

describe('what the operator sets', () => {
  const { TEAMS_APP_ID, BOT_ID } = SAMPLE_ENV;
  const site = { DEVELOPER_WEBSITE: 'https://a.test', DEVELOPER_PRIVACY_URL: 'https://a.test/p' };

  it.each<[string, Record<string, string>, string]>([
    ['no app id', { BOT_ID }, 'TEAMS_APP_ID is not set'],
    ['a blank app id', { BOT_ID, TEAMS_APP_ID: '  ' }, 'TEAMS_APP_ID is not set'],
    ['no bot id', { TEAMS_APP_ID }, 'BOT_ID is not set'],
    [
      'two bot ids',
      { TEAMS_APP_ID, BOT_ID, MicrosoftAppId: TEAMS_APP_ID },
      'BOT_ID and MicrosoftAppId differ',
    ],
    [
      'a bad app id',
      { TEAMS_APP_ID: 'bounce', BOT_ID },
      'id must be a GUID, not "bounce" (set TEAMS_APP_ID).',
    ],
    [
      'a bad bot id',
      { TEAMS_APP_ID, BOT_ID: 'bot' },
      'bots[0].botId must be a GUID, not "bot" (set BOT_ID).',
    ],
    ['http', { ...SAMPLE_ENV, DEVELOPER_WEBSITE: 'http://a.test' }, '(set DEVELOPER_WEBSITE)'],
    [
      'a long name',
      { ...SAMPLE_ENV, DEVELOPER_NAME: 'n'.repeat(33) },
      'developer.name must not have more than 32 characters.',
    ],
  ])('refuses %s', async (_case, env, sentence) => {
    await expect(buildPackage(env)).rejects.toMatchObject({
      code: 'APP_PACKAGE_INVALID',
      problems: [expect.stringContaining(sentence)],
    });
  });

  it('names every missing variable at once', async () => {
    await expect(buildPackage({})).rejects.toThrow(/^TEAMS_APP_ID is not set.*\nBOT_ID is not set.*$/);
  });

  it('takes the bot id from MicrosoftAppId, in any case of letters', async () => {
    const { manifest } = await buildPackage({ TEAMS_APP_ID, MicrosoftAppId: BOT_ID });
    expect(manifest).toMatchObject({ bots: [{ botId: BOT_ID }] });
    await buildPackage({ TEAMS_APP_ID, BOT_ID, MicrosoftAppId: BOT_ID.toUpperCase() });
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['all', {}, ['DEVELOPER_WEBSITE, DEVELOPER_PRIVACY_URL, DEVELOPER_TERMS_URL']],
    ['one', site, ['set DEVELOPER_TERMS_URL.']],
    ['none', { ...site, DEVELOPER_TERMS_URL: 'https://a.test/t' }, []],
  ])('notes the stand-in addresses: %s', async (_case, env, notes) => {
    const built = await buildPackage({ ...SAMPLE_ENV, ...env });
    expect(built.notes).toEqual(notes.map((note): unknown => expect.stringContaining(note)));
  });
});

describe('a broken manifest is refused', () => {
  const commands = 'bots.0.commandLists.0.commands';
  const command = { title: 'help', description: 'Help' };
  const listOf = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...command, title: `help ${n}` }));

  it.each<[string, string, unknown, string]>([
    ['bad GUID', 'id', '5f0c2a8e-3b7d-4e61-9a54', 'id must be a GUID'],
    ['nil GUID', 'id', '00000000-0000-0000-0000-000000000000', 'id must not be the all-zero GUID'],
    ['missing id', 'id', undefined, 'id must be a GUID, not nothing'],
    ['bad bot id', 'bots.0.botId', 'bot', 'bots[0].botId must be a GUID'],
    ['no bot', 'bots', [], 'bots must hold exactly one bot.'],
    ['pre-release version', 'version', '1.0.0-beta.1', 'version must be three numbers'],
    [
      'http website',
      'developer.websiteUrl',
      'http://example.com',
      'developer.websiteUrl must be an https:// address',
    ],
    [
      'http privacy page',
      'developer.privacyUrl',
      'http://example.com',
      'developer.privacyUrl must be an https:// address',
    ],
    [
      'no terms page',
      'developer.termsOfUseUrl',
      undefined,
      'developer.termsOfUseUrl must be an https:// address',
    ],
    [
      'not an address',
      'developer.websiteUrl',
      'example.com',
      'developer.websiteUrl must be an https:// address',
    ],
    ['no developer', 'developer', undefined, 'developer is missing.'],
    ['long short name', 'name.short', 'n'.repeat(31), 'name.short must not have more than 30 characters.'],
    ['names alike', 'name.full', 'Bounce Desk', 'name.full must differ from name.short.'],
    ['empty name', 'name.full', ' ', 'name.full must not be empty.'],
    [
      'long short description',
      'description.short',
      'd'.repeat(81),
      'description.short must not have more than 80',
    ],
    [
      '33-character title',
      `${commands}.0.title`,
      't'.repeat(33),
      'commands[0].title must have 1 to 32 characters, not 33.',
    ],
    [
      'long command text',
      `${commands}.0.description`,
      'd'.repeat(129),
      'commands[0].description must have 1 to 128',
    ],
    ['no command text', `${commands}.0.description`, undefined, 'commands[0].description must have 1 to 128'],
    ['eleven commands', commands, listOf(11), 'commands must hold at most 10 commands, not 11.'],
    [
      'a command twice',
      commands,
      [command, { ...command, title: 'Help' }],
      'commands must not hold the same title twice.',
    ],
    [
      'old spelling of a scope',
      'bots.0.scopes.2',
      'groupchat',
      'bots[0].scopes[2] must be one of: team, personal, groupChat',
    ],
    [
      'a scope without commands',
      'bots.0.commandLists.0.scopes',
      [],
      'bots[0].commandLists must serve the scope "personal"',
    ],
    [
      'a scope too many',
      'bots.0.scopes',
      ['personal', 'team'],
      'names the scope "groupChat", which is not in bots[0].scopes.',
    ],
    ['a field of older schemas', 'packageName', 'com.example', 'packageName is not in this schema.'],
    ['a name that is nothing', 'name', null, 'name must be of type object.'],
    ['a title that is a number', `${commands}.0.title`, 5, 'commands[0].title must be of type string.'],
    ['a misplaced icon', 'icons.color', 'images/color.png', 'icons.color must be "color.png"'],
    [
      'accent of another colour',
      'accentColor',
      '#123456',
      'accentColor must be the background of icons.color, #0e5a5f',
    ],
    ['an unknown schema version', 'manifestVersion', '9.99', 'manifestVersion must be one that'],
    ['a version that is a path', 'manifestVersion', '1.30/../v1.29', 'manifestVersion must be one that'],
    [
      'a schema from elsewhere',
      '$schema',
      'https://example.com/schema.json',
      '$schema must be https://developer.microsoft.com',
    ],
  ])('%s', async (_case, path, value, sentence) => {
    const problems = await validate(manifestWith(path, value), shipped);
    expect(problems).toContainEqual(expect.stringContaining(sentence));
    for (const problem of problems) expect(problem).toMatch(/^\S+ [^\n]+\.$/);
  });

  it('a full description that repeats the short one', async () => {
    const manifest = manifestWith('description', {
      short: 'Read a bounce.',
      full: 'Read a bounce. And more.',
    });
    expect(await validate(manifest, shipped)).toEqual([
      'description.full must not repeat description.short.',
    ]);
  });

  it('and names one field once', async () => {
    expect(await validate(manifestWith('id', 'x'), shipped)).toHaveLength(1);
  });
});

describe('a broken icon is refused', () => {
  const { color, outline } = shipped;
  const white: [number, number, number, number] = [255, 255, 255, 255];

  it.each<[string, Partial<Icons>, string]>([
    ['not a PNG', { color: Buffer.from('<svg/>') }, 'icons.color must be a PNG file.'],
    ['cut short', { color: color.subarray(0, 900) }, 'icons.color must be a PNG file.'],
    ['wrong size', { color: outline }, 'icons.color must be 192 x 192 pixels, not 32 x 32.'],
    ['wrong outline size', { outline: color }, 'icons.outline must be 32 x 32 pixels, not 192 x 192.'],
    [
      'a hole in the colour icon',
      {
        color: repaint(color, (p) => {
          setPixel(p, 0, 0, [14, 90, 95, 0]);
        }),
      },
      'icons.color must be opaque',
    ],
    [
      'symbol outside the safe square',
      {
        color: repaint(color, (p) => {
          setPixel(p, 47, 96, white);
        }),
      },
      'pixel 47,96 is outside.',
    ],
    ['flat colour', { color: blank(192, [14, 90, 95, 255]) }, 'icons.color must show a symbol'],
    [
      'coloured outline',
      {
        outline: repaint(outline, (p) => {
          setPixel(p, 4, 5, [255, 254, 255, 9]);
        }),
      },
      'pixel 4,5 is #fffeff.',
    ],
    [
      'outline without transparency',
      { outline: blank(32, white) },
      'icons.outline must have a transparent background.',
    ],
    [
      'outline with nothing in it',
      { outline: blank(32, [255, 255, 255, 0]) },
      'its symbol spans 0 of 32 pixels.',
    ],
  ])('%s', (_case, icons, sentence) => {
    expect(checkIcons(filled, { ...shipped, ...icons })).toEqual([expect.stringContaining(sentence)]);
  });

  it('by the whole check, too', async () => {
    const problems = await validate(filled, { ...shipped, color: outline });
    expect(problems).toEqual(['icons.color must be 192 x 192 pixels, not 32 x 32.']);
  });
});
