import {
  CardFactory,
  type Attachment,
  type MessagingExtensionActionResponse,
  type MessagingExtensionQuery,
  type MessagingExtensionResponse,
} from 'botbuilder';
import { z } from 'zod';
import { postButton } from '../cards/buttons';
import type { RenderedCard } from '../cards/draw';
import type { CardJson } from '../cards/templates';
import { understand, type Desk, type Seen } from '../dialogs/desk';
import type { TurnInput } from '../dialogs/input';
import { catalogue } from '../guide/catalogue';
import { htmlToText } from '../ndr/html';
import { readText } from '../ndr/read';
import { cardText } from './card-text';

/** More than this is nothing to choose from, and Teams sends no answer above 28 KB. */
const maxResults = 6;
/** What all results together may weigh, in bytes of UTF-16 as Teams counts them. */
const maxBytes = 26_000;
const maxQuery = 400;

const query = z.object({
  parameters: z.array(z.object({ name: z.string(), value: z.unknown() })).optional(),
});

/** The search of the message extension: codes and phrases into verdicts that can be posted anywhere. Never throws. */
export function searchResults(desk: Desk, asked: MessagingExtensionQuery): MessagingExtensionResponse {
  const parsed = query.safeParse(asked);
  const value = parsed.data?.parameters?.find(({ name }) => name === 'query')?.value;
  const text = typeof value === 'string' ? value.trim().slice(0, maxQuery) : '';
  const attachments: Attachment[] = [];
  let bytes = 0;
  for (const id of found(desk, text)) {
    const attachment = resultOf(desk, id);
    bytes += attachment === null ? 0 : Buffer.byteLength(JSON.stringify(attachment), 'utf16le');
    if (attachment === null || bytes > maxBytes) continue;
    attachments.push(attachment);
    if (attachments.length === maxResults) break;
  }
  return {
    composeExtension:
      attachments.length > 0
        ? { type: 'result', attachmentLayout: 'list', attachments }
        : { type: 'message', text: desk.phrases.t('module.none') },
  };
}

/** Article ids, the likeliest first: what the words mean literally, then what is found under them. */
function found(desk: Desk, text: string): string[] {
  const literal = text === '' ? [] : desk.matcher.diagnose(readText(text));
  const page = catalogue(desk.knowledge, text === '' ? '5.7' : text);
  return [
    ...new Set([
      ...literal.flatMap(({ article, candidates }) => [
        ...(article === null ? [] : [article.id]),
        ...candidates.map((candidate) => candidate.article.id),
      ]),
      ...(page.kind === 'list' ? page.entries.map(({ article }) => article.id) : []),
    ]),
  ];
}

function resultOf(desk: Desk, article: string): Attachment | null {
  const view = desk.guide.view(null, { problem: null, article, path: [] }, desk.phrases);
  const result = view === null ? null : desk.cards.result(view, desk.phrases);
  const known = desk.knowledge.articles.get(article);
  if (result === null || known === undefined) return null;
  const preview = CardFactory.thumbnailCard(known.title);
  preview.content = {
    title: known.title,
    text: [known.codes.slice(0, 3).join(', '), known.looksLike].filter((part) => part !== '').join(' · '),
  };
  return { ...CardFactory.adaptiveCard(result.card), preview } as Attachment;
}

const payload = z.object({
  messagePayload: z.object({
    body: z.object({ content: z.string(), contentType: z.string().optional() }),
    attachments: z.unknown().optional(),
  }),
});

/** The action on a message: what it means, in a dialog that only the asker sees. The bot need not be in the conversation. */
export async function explainMessage(desk: Desk, action: unknown): Promise<MessagingExtensionActionResponse> {
  const parsed = payload.safeParse(action);
  const { body, attachments } = parsed.data?.messagePayload ?? {};
  const content = body?.content ?? '';
  const isText = body?.contentType === 'text';
  const card = cardText(attachments);
  const words: TurnInput = isText ? { text: content } : { html: content };
  const understood = await understand(
    desk,
    card === '' ? words : { text: `${isText ? content : htmlToText(content)}\n${card}` },
  );
  if (understood.kind === 'notice') return inModule(desk, understood.card, []);
  const { bounce, view } = understood;
  return seenInModule(desk, { bounce, view });
}

/** A place of the tree in the dialog of {@link explainMessage}. */
export function seenInModule(desk: Desk, { bounce, view }: Seen): MessagingExtensionActionResponse {
  const card = desk.cards.view(view, bounce, desk.phrases);
  const post =
    view.kind === 'verdict'
      ? [postButton(desk.phrases.t('module.post'), bounce?.id ?? null, view.position)]
      : [];
  return inModule(desk, card, post);
}

/** A card in the dialog; there only Action.Submit comes back to the bot. */
export function inModule(
  desk: Desk,
  { card }: RenderedCard,
  more: object[],
): MessagingExtensionActionResponse {
  const submitting = submitOnly(card);
  const body: unknown = Reflect.get(submitting, 'body');
  const actions =
    more.length === 0 ? [] : [{ type: 'ActionSet', actions: more, spacing: 'Medium', separator: true }];
  const whole = { ...submitting, body: [...(Array.isArray(body) ? (body as unknown[]) : []), ...actions] };
  return {
    task: {
      type: 'continue',
      value: {
        title: desk.phrases.t('module.title'),
        width: 'medium',
        height: 'large',
        card: CardFactory.adaptiveCard(whole),
      },
    },
  };
}

/** The verdict as a card in the compose box: it is posted by the person, not by the bot. */
export function posted(desk: Desk, { view }: Seen): MessagingExtensionActionResponse | null {
  const result = desk.cards.result(view, desk.phrases);
  return result === null
    ? null
    : {
        composeExtension: {
          type: 'result',
          attachmentLayout: 'list',
          attachments: [CardFactory.adaptiveCard(result.card)],
        },
      };
}

/** Every Action.Execute as the Action.Submit that it carries as its fallback. */
function submitOnly(card: CardJson): CardJson {
  const turned: unknown = JSON.parse(JSON.stringify(card), (_, value: unknown): unknown =>
    isExecute(value) ? value.fallback : value,
  );
  return turned as CardJson;
}

const isExecute = (value: unknown): value is { fallback: unknown } =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  value.type === 'Action.Execute' &&
  'fallback' in value;
