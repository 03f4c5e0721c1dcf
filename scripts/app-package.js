/**
 * Builds the Teams app package.
 *
 *   node scripts/app-package.js            ->  dist/bounce-desk.zip, with the ids from the environment or .env
 *   node scripts/app-package.js --sample   ->  dist/bounce-desk.sample.zip, with made-up ids, to check the package only
 *
 * Plain JavaScript, so that it runs without a build; its types are in app-package.d.ts. It never uses the network.
 */
const fs = require('node:fs');
const path = require('node:path');
const { AppManifestUtils } = require('@microsoft/app-manifest');
const dotenv = require('dotenv');
const { zipSync } = require('fflate');
const { PNG } = require('pngjs');

const BUNDLED_SCHEMAS = '@microsoft/app-manifest/build/json-schemas/teams';
const ROOT = path.join(__dirname, '..');
const SOURCE = path.join(ROOT, 'appPackage');

/** What an operator sets: the manifest field it fills, and either its usual value or what to write there. */
const SETTINGS = {
  TEAMS_APP_ID: {
    field: 'id',
    advice:
      'set it to a GUID of your own, made once with `node -p "crypto.randomUUID()"` and then never changed',
  },
  BOT_ID: {
    field: 'bots[0].botId',
    sameAs: 'MicrosoftAppId',
    advice: 'set it to the application (client) id of the bot registration',
  },
  DEVELOPER_NAME: { field: 'developer.name', usual: 'Bounce Desk' },
  DEVELOPER_WEBSITE: { field: 'developer.websiteUrl', usual: 'https://example.com/bounce-desk' },
  DEVELOPER_PRIVACY_URL: { field: 'developer.privacyUrl', usual: 'https://example.com/bounce-desk/privacy' },
  DEVELOPER_TERMS_URL: { field: 'developer.termsOfUseUrl', usual: 'https://example.com/bounce-desk/terms' },
};

const SAMPLE_ENV = Object.freeze({
  TEAMS_APP_ID: '5f0c2a8e-3b7d-4e61-9a54-c81d6f2e7b90',
  BOT_ID: 'b6e1d7f4-92c5-4a38-8f0b-17a3d95c6e24',
});

/** Ours where the schema is looser than what Teams clients show: older ones cut a longer title or menu off. */
const LIMITS = { commands: 10, title: 32, description: 128 };
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NIL_GUID = /^[0-]+$/;
const ZIP_NAMES = { color: 'color.png', outline: 'outline.png' };
/** Teams crops the colour icon to a hexagon; only the central 96 x 96 is safe. */
const COLOR = { size: 192, safeFrom: 48, safeTo: 144 };
const OUTLINE = { size: 32, minSpan: 30 };

class AppPackageError extends Error {
  /** @param {string[]} problems one sentence each */
  constructor(problems) {
    super(problems.join('\n'));
    this.name = 'AppPackageError';
    this.code = 'APP_PACKAGE_INVALID';
    this.problems = problems;
  }
}

/**
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<{ zip: Uint8Array, manifest: object, notes: string[] }>}
 * @throws {AppPackageError} with every problem found
 */
async function buildPackage(env) {
  const template = JSON.parse(fs.readFileSync(path.join(SOURCE, 'manifest.json'), 'utf8'));
  const icons = {
    color: fs.readFileSync(path.join(SOURCE, ZIP_NAMES.color)),
    outline: fs.readFileSync(path.join(SOURCE, ZIP_NAMES.outline)),
  };
  const { manifest, problems: unset } = fill(template, env);
  // An unfilled id would only be reported a second time as a bad GUID.
  const problems = unset.length > 0 ? unset : await validate(manifest, icons);
  if (problems.length > 0) throw new AppPackageError(problems);
  return { zip: pack(manifest, icons), manifest, notes: notesOn(manifest) };
}

/** Fills the `${{NAME}}` placeholders after parsing, so that no value can break out of its string. */
function fill(template, env) {
  const problems = new Set();
  const replace = (_whole, name) => {
    const { value, problem } = readSetting(name, env);
    if (problem) problems.add(problem);
    return value;
  };
  const manifest = mapStrings(template, (text) => text.replace(/\$\{\{(\w+)\}\}/g, replace));
  return { manifest, problems: [...problems] };
}

function readSetting(name, env) {
  const setting = SETTINGS[name];
  if (!setting) return { value: '', problem: `\${{${name}}} in manifest.json is not a known setting.` };
  const own = env[name]?.trim();
  const other = setting.sameAs && env[setting.sameAs]?.trim();
  if (own && other && own.toLowerCase() !== other.toLowerCase()) {
    return {
      value: own,
      problem: `${name} and ${setting.sameAs} differ, but they name the same bot: remove ${name} or make them equal.`,
    };
  }
  const value = own || other || setting.usual;
  if (value) return { value };
  return { value: '', problem: `${name} is not set (it fills ${setting.field}): ${setting.advice}.` };
}

function mapStrings(value, change) {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}

/**
 * Everything wrong with a filled manifest and its icons, one sentence each, beginning with the field.
 *
 * @param {object} manifest
 * @param {{ color: Uint8Array, outline: Uint8Array }} icons PNG files
 * @returns {Promise<string[]>} empty when Teams would take the package, as far as can be told offline
 */
async function validate(manifest, icons) {
  const schema = await checkSchema(manifest);
  // The other checks take every field to have the type that the schema gives it.
  if (schema.some((problem) => UNREADABLE.test(problem))) return schema;
  const rules = [checkIds, checkWording, checkUrls, checkBot].flatMap((check) => check(manifest));
  const found = [...rules, ...checkIcons(manifest, icons)];
  // The message extension is the bot's: what is wrong with its id has been said of the bot.
  const named = new Set([...found.map(fieldOf), 'composeExtensions[0].botId']);
  return [...found, ...schema.filter((problem) => !named.has(fieldOf(problem)))];
}

const UNREADABLE = /^(?:manifestVersion|\$schema) | must be of type /;
const fieldOf = (problem) => problem.slice(0, problem.indexOf(' '));

/** Asks Microsoft's validator, after making sure it will take the schema from its own package, not from the web. */
async function checkSchema(manifest) {
  const version = String(manifest.manifestVersion);
  if (!isBundledSchema(version)) {
    return [`manifestVersion must be one that @microsoft/app-manifest knows here, not ${quote(version)}.`];
  }
  const url = `https://developer.microsoft.com/json-schemas/teams/v${version}/MicrosoftTeams.schema.json`;
  if (manifest.$schema !== url) return [`$schema must be ${url}, to agree with manifestVersion.`];
  return (await AppManifestUtils.validateAgainstSchema(manifest)).map(schemaSentence);
}

function isBundledSchema(version) {
  if (!/^\d+\.\d+$/.test(version)) return false;
  try {
    require.resolve(`${BUNDLED_SCHEMAS}/v${version}/MicrosoftTeams.schema.json`);
    return true;
  } catch {
    return false;
  }
}

/** The validator's lines look like `/bots/0/scopes/1 must be equal to one of … . Details: {"allowedValues":[…]}`. */
function schemaSentence(line) {
  const [, pointer = '', message = line, json = '{}'] = /^(\S*) (.*)\. Details: (.*)$/s.exec(line) ?? [];
  const details = JSON.parse(json || '{}');
  const at = pointer
    .slice(1)
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
  const inside = (name) => (at ? `${at}.${name}` : name);
  if (details.missingProperty) return `${inside(details.missingProperty)} is missing.`;
  if (details.additionalProperty) return `${inside(details.additionalProperty)} is not in this schema.`;
  if (details.type) return `${at} must be of type ${details.type}.`;
  if (details.allowedValues) return `${at} must be one of: ${details.allowedValues.join(', ')}.`;
  return `${at || 'manifest'} ${message.replace('NOT', 'not')}.`;
}

function checkIds(manifest) {
  const [extension] = manifest.composeExtensions ?? [];
  const botId = manifest.bots?.[0]?.botId;
  if (extension !== undefined && GUID.test(botId ?? '') && extension.botId !== botId)
    return ['composeExtensions[0].botId must be the id of the bot.'];
  const ids = { id: manifest.id, 'bots[0].botId': manifest.bots?.[0]?.botId };
  const problems = Object.entries(ids).flatMap(([field, id]) => {
    if (!GUID.test(id ?? '')) return [`${field} must be a GUID, not ${quote(id)}${setBy(field)}.`];
    if (NIL_GUID.test(id)) return [`${field} must not be the all-zero GUID${setBy(field)}.`];
    return [];
  });
  // Teams refuses the pre-release suffixes that semver itself allows.
  if (!/^\d+\.\d+\.\d+$/.test(manifest.version ?? '')) {
    problems.push(`version must be three numbers such as 1.0.0, not ${quote(manifest.version)}.`);
  }
  return problems;
}

function checkWording({ name = {}, description = {} }) {
  const problems = [];
  for (const [field, text] of Object.entries({
    'name.short': name.short,
    'name.full': name.full,
    'description.short': description.short,
    'description.full': description.full,
  })) {
    if (!text?.trim()) problems.push(`${field} must not be empty.`);
  }
  if (name.full && name.full === name.short) problems.push('name.full must differ from name.short.');
  if (description.short && description.full?.includes(description.short)) {
    problems.push('description.full must not repeat description.short.');
  }
  return problems;
}

function checkUrls({ developer = {} }) {
  return ['websiteUrl', 'privacyUrl', 'termsOfUseUrl']
    .filter((key) => !isHttps(developer[key]))
    .map((key) => {
      const field = `developer.${key}`;
      return `${field} must be an https:// address, not ${quote(developer[key])}${setBy(field)}.`;
    });
}

function isHttps(text) {
  return URL.canParse(text ?? '') && new URL(text).protocol === 'https:';
}

function checkBot({ bots }) {
  if (bots?.length !== 1) return ['bots must hold exactly one bot.'];
  const lists = bots[0].commandLists ?? [];
  return [...checkScopes(bots[0].scopes ?? [], lists), ...lists.flatMap(checkCommands)];
}

function checkScopes(scopes, lists) {
  const listed = lists.flatMap((list) => list.scopes ?? []);
  return [
    ...listed
      .filter((scope) => !scopes.includes(scope))
      .map(
        (scope) => `bots[0].commandLists names the scope ${quote(scope)}, which is not in bots[0].scopes.`,
      ),
    ...scopes
      .filter((scope) => listed.filter((other) => other === scope).length !== 1)
      .map((scope) => `bots[0].commandLists must serve the scope ${quote(scope)} exactly once.`),
  ];
}

function checkCommands({ commands = [] }, index) {
  const at = `bots[0].commandLists[${index}].commands`;
  const problems = commands.flatMap((command, n) =>
    ['title', 'description']
      .filter((key) => !command[key]?.trim() || command[key].length > LIMITS[key])
      .map(
        (key) =>
          `${at}[${n}].${key} must have 1 to ${LIMITS[key]} characters, not ${command[key]?.length ?? 0}.`,
      ),
  );
  if (commands.length > LIMITS.commands) {
    problems.push(`${at} must hold at most ${LIMITS.commands} commands, not ${commands.length}.`);
  }
  const titles = commands.map(({ title }) => title?.toLowerCase());
  if (new Set(titles).size < titles.length) problems.push(`${at} must not hold the same title twice.`);
  return problems;
}

/**
 * @param {object} manifest whose accent colour the colour icon must share
 * @param {{ color: Uint8Array, outline: Uint8Array }} icons PNG files
 * @returns {string[]}
 */
function checkIcons(manifest, icons) {
  return [
    ...Object.entries(ZIP_NAMES)
      .filter(([key, name]) => manifest.icons?.[key] !== name)
      .map(([key, name]) => `icons.${key} must be "${name}", the file in the package.`),
    ...checkPng('color', icons.color, COLOR.size, (png) => checkColor(png, manifest.accentColor)),
    ...checkPng('outline', icons.outline, OUTLINE.size, checkOutline),
  ];
}

function checkPng(key, bytes, size, check) {
  let png;
  try {
    png = PNG.sync.read(Buffer.from(bytes));
  } catch {
    return [`icons.${key} must be a PNG file.`];
  }
  if (png.width !== size || png.height !== size) {
    return [`icons.${key} must be ${size} x ${size} pixels, not ${png.width} x ${png.height}.`];
  }
  return check(png);
}

function checkColor(png, accentColor) {
  const all = pixels(png);
  if (all.some(({ alpha }) => alpha < 255)) return ['icons.color must be opaque: it has transparent pixels.'];
  const background = all[0].hex;
  const { safeFrom, safeTo } = COLOR;
  const isSafe = ({ x, y }) => x >= safeFrom && x < safeTo && y >= safeFrom && y < safeTo;
  const stray = all.find((pixel) => pixel.hex !== background && !isSafe(pixel));
  if (stray) {
    return [
      `icons.color must keep its symbol in the central 96 x 96 pixels on one colour: pixel ${stray.x},${stray.y} is outside.`,
    ];
  }
  if (all.every(({ hex }) => hex === background))
    return ['icons.color must show a symbol, not a flat colour.'];
  if (background !== String(accentColor).toLowerCase()) {
    return [`accentColor must be the background of icons.color, ${background}, not ${quote(accentColor)}.`];
  }
  return [];
}

function checkOutline(png) {
  const drawn = pixels(png).filter(({ alpha }) => alpha > 0);
  const coloured = drawn.find(({ hex }) => hex !== '#ffffff');
  if (coloured) {
    return [
      `icons.outline must be pure white on transparent: pixel ${coloured.x},${coloured.y} is ${coloured.hex}.`,
    ];
  }
  if (drawn.length === png.width * png.height) return ['icons.outline must have a transparent background.'];
  const span = Math.max(spanOf(drawn.map(({ x }) => x)), spanOf(drawn.map(({ y }) => y)));
  return span >= OUTLINE.minSpan
    ? []
    : [`icons.outline must reach the edges: its symbol spans ${span} of ${OUTLINE.size} pixels.`];
}

const spanOf = (places) => (places.length === 0 ? 0 : Math.max(...places) - Math.min(...places) + 1);

function pixels({ width, height, data }) {
  return Array.from({ length: width * height }, (_, i) => ({
    x: i % width,
    y: Math.floor(i / width),
    hex: `#${data.toString('hex', i * 4, i * 4 + 3)}`,
    alpha: data[i * 4 + 3],
  }));
}

/** Equal input gives equal bytes: fixed order, and a fixed local time, because zip stores no time zone. */
function pack(manifest, icons) {
  const json = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const files = { 'manifest.json': json, [ZIP_NAMES.color]: icons.color, [ZIP_NAMES.outline]: icons.outline };
  return zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
}

function notesOn({ developer }) {
  const standIns = Object.keys(SETTINGS).filter((name) => {
    const { field, usual } = SETTINGS[name];
    return usual?.startsWith('https:') && usual === developer[field.replace('developer.', '')];
  });
  if (standIns.length === 0) return [];
  return [
    `The package still links to example.com: before you hand it to people, set ${standIns.join(', ')}.`,
  ];
}

function setBy(field) {
  const name = Object.keys(SETTINGS).find((key) => SETTINGS[key].field === field);
  return name ? ` (set ${name})` : '';
}

function quote(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

async function main(args) {
  const unknown = args.find((arg) => arg !== '--sample');
  if (unknown) throw new AppPackageError([`${unknown} is not an option: there is only --sample.`]);
  const sample = args.includes('--sample');
  const file = path.join('dist', sample ? 'bounce-desk.sample.zip' : 'bounce-desk.zip');
  const target = path.join(ROOT, file);
  // After a refusal there must be no older package left to upload by mistake.
  fs.rmSync(target, { force: true });
  const { zip, manifest, notes } = await buildPackage(sample ? SAMPLE_ENV : readEnv());
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, zip);
  console.log(
    `${file}: ${manifest.name.short} ${manifest.version}, manifest ${manifest.manifestVersion}, ${zip.length} bytes`,
  );
  const advice = sample ? ['Its ids are made up: good for checking, not for uploading.'] : notes;
  for (const line of advice) console.log(line);
}

/** A variable of the environment wins over .env, as it does when the bot runs. */
function readEnv() {
  const file = path.join(ROOT, '.env');
  return { ...(fs.existsSync(file) ? dotenv.parse(fs.readFileSync(file)) : {}), ...process.env };
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error instanceof AppPackageError ? error.message : error);
    process.exitCode = 1;
  });
}

module.exports = { AppPackageError, SAMPLE_ENV, buildPackage, checkIcons, validate };
