/** Activities as Teams sends them in a personal chat. */
import { toHtml } from './mix.mjs';

const bot = { id: '28:4f6f2f61-0000-4000-8000-00000000b0b0', name: 'Bounce Desk' };
const tenant = '72f988bf-0000-4000-8000-2d7cd011db47';

/** Stands where the id of an activity goes: every request has one of its own, however often its body is sent. */
export const ID = '@@activity-id@@';

function common(serviceUrl, conversation) {
  const user = conversation.slice(2, 38);
  return {
    id: ID,
    timestamp: '2026-11-03T08:10:29.1234567Z',
    localTimestamp: '2026-11-03T09:10:29.1234567+01:00',
    localTimezone: 'Europe/Berlin',
    channelId: 'msteams',
    serviceUrl,
    from: { id: `29:1${user}`, name: 'Kim Akers', aadObjectId: user },
    conversation: { conversationType: 'personal', tenantId: tenant, id: conversation },
    recipient: bot,
    locale: 'en-GB',
    entities: [
      { locale: 'en-GB', country: 'GB', platform: 'Windows', timezone: 'Europe/Berlin', type: 'clientInfo' },
    ],
    channelData: { tenant: { id: tenant } },
  };
}

export function message(serviceUrl, conversation, text) {
  return {
    ...common(serviceUrl, conversation),
    type: 'message',
    text,
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: toHtml(text) }],
  };
}

/** A press on a button: `action` is the Action.Execute of the card, as the card has it. */
export function press(serviceUrl, conversation, { type, title, verb, data }) {
  return {
    ...common(serviceUrl, conversation),
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId: 'sent-1',
    value: { action: { type, title, verb, data }, trigger: 'manual' },
  };
}

/** The buttons of a card in reading order. */
export function buttonsOf(card) {
  if (typeof card !== 'object' || card === null) return [];
  if (card.type === 'Action.Execute') return [card];
  return Object.values(card).flatMap(buttonsOf);
}
