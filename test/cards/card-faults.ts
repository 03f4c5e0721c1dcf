import type * as AdaptiveCards from 'adaptivecards';
import { z } from 'zod';
import type { RenderedCard } from '../../src/cards/render';

// The package's own entry is written for bundlers; its bundle parses in Node without a DOM.
const { AdaptiveCard, CardElement, SerializationContext, Versions } = jest.requireActual<
  typeof AdaptiveCards
>('adaptivecards/dist/adaptivecards');

/** Teams refuses a message above 28 KB, and counts UTF-16 (teams-platform.md §1). */
export const maxCardBytes = 28 * 1024;
const maxTitle = 40;

/** The marker in every value of the hostile case; it may stand in runs and code only. */
export const hostileMark = 'ZQX';

const spacing = z.enum(['None', 'Small', 'Default', 'Medium', 'Large', 'ExtraLarge', 'Padding']);
const size = z.enum(['Small', 'Default', 'Medium', 'Large', 'ExtraLarge']);
const weight = z.enum(['Lighter', 'Default', 'Bolder']);
const color = z.enum(['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention']);
const style = z.enum(['default', 'emphasis', 'good', 'attention', 'warning', 'accent']);
const text = z.string().min(1);
const https = z.string().regex(/^https:\/\/[^\s"<>]+$/);

const position = z.strictObject({
  problem: z.number().int().nullable(),
  article: z.string().nullable(),
  path: z.array(z.string()),
  outcome: z.enum(['fixed', 'stuck']).optional(),
});
const data = z.strictObject({
  v: z.literal(1),
  verb: z.enum(['go', 'help', 'example', 'codes', 'post']),
  case: z.string().nullable(),
  at: position.nullable(),
  codes: z.strictObject({ asked: z.string().max(100), page: z.number().int().min(0) }).optional(),
});
const title = text.max(maxTitle);
const openUrl = z.strictObject({
  type: z.literal('Action.OpenUrl'),
  title: title.optional(),
  tooltip: text.optional(),
  url: https,
});
const submit = z.strictObject({
  type: z.literal('Action.Submit'),
  title,
  tooltip: text.optional(),
  data,
});
const execute = z.strictObject({
  type: z.literal('Action.Execute'),
  title,
  tooltip: text.optional(),
  verb: text,
  data,
  fallback: submit,
});
const toggle = z.strictObject({
  type: z.literal('Action.ToggleVisibility'),
  title,
  targetElements: z.array(text).min(1),
});
const action = z.discriminatedUnion('type', [openUrl, submit, execute, toggle]);

/** Adaptive Cards 1.5, as strict as the published schema, for the elements that we use. */
const common = {
  id: text.optional(),
  isVisible: z.boolean().optional(),
  separator: z.boolean().optional(),
  spacing: spacing.optional(),
};
const textRun = z.strictObject({
  type: z.literal('TextRun'),
  text,
  size: size.optional(),
  weight: weight.optional(),
  color: color.optional(),
  isSubtle: z.boolean().optional(),
  italic: z.boolean().optional(),
  fontType: z.enum(['Default', 'Monospace']).optional(),
  selectAction: openUrl.optional(),
});
const element: z.ZodType = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.strictObject({
      ...common,
      type: z.literal('TextBlock'),
      text,
      size: size.optional(),
      weight: weight.optional(),
      color: color.optional(),
      isSubtle: z.boolean().optional(),
      wrap: z.literal(true).optional(),
      style: z.enum(['default', 'heading']).optional(),
    }),
    z.strictObject({ ...common, type: z.literal('RichTextBlock'), inlines: z.array(textRun).min(1) }),
    z.strictObject({
      ...common,
      type: z.literal('Container'),
      style: style.optional(),
      bleed: z.boolean().optional(),
      items: z.array(element),
    }),
    z.strictObject({ ...common, type: z.literal('ColumnSet'), columns: z.array(column).min(1) }),
    z.strictObject({ ...common, type: z.literal('ActionSet'), actions: z.array(action).min(1) }),
    // Teams' own, outside the public schema: what a client without it draws is not optional.
    z.strictObject({
      ...common,
      type: z.literal('CodeBlock'),
      codeSnippet: text,
      language: z.literal('PowerShell'),
      startLineNumber: z.number().optional(),
      fallback: element,
    }),
  ]),
);
const column = z.strictObject({
  ...common,
  type: z.literal('Column'),
  width: z.union([z.enum(['auto', 'stretch']), z.string().regex(/^\d+px$/)]),
  items: z.array(element),
});
const cardSchema = z.strictObject({
  type: z.literal('AdaptiveCard'),
  $schema: https,
  version: z.literal('1.5'),
  fallbackText: text,
  lang: z.string().regex(/^[a-z]{2,3}$/),
  rtl: z.literal(true).optional(),
  body: z.array(element).min(1),
  actions: z.array(action).max(6).optional(),
  msteams: z.strictObject({ width: z.literal('Full') }).optional(),
});

/** The size that Teams counts. */
export const cardBytes = (card: unknown): number => Buffer.byteLength(JSON.stringify(card), 'utf16le');

/**
 * Everything that is wrong with a card as Teams would get it, in words; empty for a sound one. `hostile`: the card was drawn with the
 * hostile case, whose values carry {@link hostileMark} and look like templates, Markdown and HTML.
 */
export function cardFaults({ card, summary }: RenderedCard, { hostile = false } = {}): string[] {
  const faults: string[] = [];
  const json = JSON.stringify(card);
  const shape = cardSchema.safeParse(card);
  for (const issue of shape.error?.issues ?? [])
    faults.push(`schema: ${issue.path.join('.')}: ${issue.message}`);
  if (summary.trim() === '') faults.push('no summary');
  if (hostile && summary.includes(hostileMark)) faults.push(`a value stands in the summary: ${summary}`);
  if (cardBytes(card) >= maxCardBytes) faults.push(`${cardBytes(card)} bytes`);
  if (!hostile && json.includes('${')) faults.push('an unbound ${');
  // A value that looks like a template must come out as it went in.
  if (hostile && /ZQX\$\{(?!title\})/.test(json)) faults.push('a value was cut inside its ${}');
  if (hostile && /ZQX(?!\$\{title\}|W|")/.test(json.replace(/\\"/g, '"')))
    faults.push(`a value was evaluated: ${/.{20}ZQX(?!\$\{title\}|W|").{60}/.exec(json)?.[0] ?? ''}`);
  return [...faults, ...walk(card, hostile), ...nameFaults(card), ...idFaults(card), ...parserFaults(card)];
}

/** What our own prose must not leave behind in words that people see. */
const leftover =
  /\{(?:recipient|sender|group|domain|senderDomain|ip|server|generatingServer|code|reply|diagnostic|error|subject|messageId)\}|undefined|\[object|\bNaN\b/;

function walk(node: unknown, hostile: boolean, where = 'card'): string[] {
  if (Array.isArray(node)) return node.flatMap((item, index) => walk(item, hostile, `${where}.${index}`));
  if (typeof node !== 'object' || node === null) return [];
  const faults: string[] = [];
  const type = 'type' in node ? String(node.type) : '';
  for (const [key, value] of Object.entries(node)) {
    const here = `${where}.${key}`;
    if (typeof value !== 'string') {
      faults.push(...walk(value, hostile, here));
      continue;
    }
    const isPlain = (type === 'TextRun' && key === 'text') || (type === 'CodeBlock' && key === 'codeSnippet');
    if (hostile && !isPlain && value.includes(hostileMark))
      faults.push(`${here} of ${type} shows a value: ${value.slice(0, 120)}`);
    if (!hostile && leftover.test(value)) faults.push(`${here}: ${value.slice(0, 120)}`);
    // A TextBlock reads Markdown: a line "1. …" loses its number, stars and underscores their signs.
    if (type === 'TextBlock' && key === 'text') {
      const outside = value.replace(/\[[^[\]]*\]\(https:[^)\s]*\)/g, '');
      // Words that do not wrap are cut off; a bullet or a number has nothing to wrap.
      if (value.length > 3 && !('wrap' in node)) faults.push(`${here} does not wrap`);
      if (/^\s*(?:\d+\.|[-*+>#])\s/.test(outside) || /\*\*|__|`|\]\(|<[a-z/]/i.test(outside))
        faults.push(`${here} is Markdown: ${value.slice(0, 120)}`);
    }
  }
  return [...faults, ...twinFault(node, where)];
}

/** The Submit twin of an Execute says and sends the same. */
function twinFault(node: object, where: string): string[] {
  const button = execute.safeParse(node);
  if (!button.success) return [];
  const { title: shown, tooltip, data: sent, verb, fallback } = button.data;
  const same =
    shown === fallback.title &&
    tooltip === fallback.tooltip &&
    (tooltip ?? shown).startsWith(shown) &&
    JSON.stringify(sent) === JSON.stringify(fallback.data) &&
    verb === sent.verb;
  return same ? [] : [`${where}: the fallback differs`];
}

/** Who hears a card hears the names of its buttons alone: no two may have the same. */
function nameFaults(card: unknown): string[] {
  const names = namesIn(card);
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `two buttons are named "${name}"`);
}

function namesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('type' in node && typeof node.type === 'string' && node.type.startsWith('Action.')) {
    const name = 'tooltip' in node ? node.tooltip : 'title' in node ? node.title : undefined;
    return typeof name === 'string' ? [name] : [];
  }
  return Object.values(node).flatMap(namesIn);
}

function idFaults(card: unknown): string[] {
  const json = JSON.stringify(card);
  const ids = [...json.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id ?? '');
  const targets = [...json.matchAll(/"targetElements":\["([^"]+)"\]/g)].map(([, id]) => id ?? '');
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `the id "${id}" stands twice`),
    ...targets.filter((id) => !ids.includes(id)).map((id) => `a button opens "${id}", which is not there`),
  ];
}

function parserFaults(card: object): string[] {
  const context = new SerializationContext(Versions.v1_5);
  const parsed = new AdaptiveCard();
  // The renderer's own fault: this expression remembers where it ended, and refuses every second card.
  const { regEx } = CardElement.langProperty;
  if (regEx !== undefined) regEx.lastIndex = 0;
  parsed.parse(card, context);
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  const checks = parsed.validateProperties().validationEvents.map(({ message }) => message);
  return [...events, ...checks]
    .filter((message) => message !== 'Unknown element type "CodeBlock". Fallback will be used if present.')
    .map((message) => `adaptivecards: ${message}`);
}
