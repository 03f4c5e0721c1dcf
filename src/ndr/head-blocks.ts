import { findAddresses, type Found } from './addresses';

/** What a mail program writes above a message that it shows, prints or forwards: `From`, `Sent`, `To`, `Subject`. */
export interface HeadBlock {
  /** The whole line behind `From:`, a name without an address too. */
  from: string;
  sender: Found | null;
  to: Found[];
  subject: string;
  /** How many lines of such fields it has. */
  rows: number;
}

type Part = 'from' | 'sender' | 'to' | 'subject' | 'other';
const names: readonly (readonly [Part, string])[] = [
  ['from', 'from|von|de|da|van|от|från|差出人|发件人|寄件者|보낸 사람'],
  ['sender', 'sender|absender'],
  ['to', 'to|an|à|para|a|aan|till|кому|do|宛先|收件人|받는 사람'],
  ['subject', 'subject|betreff|objet|asunto|oggetto|onderwerp|assunto|ämne|тема|temat|件名|主题|主旨|제목'],
  [
    'other',
    'sent|date|cc|bcc|importance|reply-to|gesendet|datum|envoyé|enviado(?: el)?|fecha|inviato|data|verzonden|enviada em|skickat|отправлено|送信日時|发送时间|寄件日期',
  ],
];
const line = new RegExp(
  `^[ \\t>*|]{0,8}(?:${names.map(([, words]) => `(${words})`).join('|')})\\*{0,2} ?[:\\uff1a]\\*{0,2}[ \\t]*(.*)$`,
  'iu',
);

/** Such blocks stand above a report; further down are those of the messages that it answers. */
const maxLooked = 20_000;
/** Longer lines are no field that a program shows. */
const maxLine = 1000;
const maxBlocks = 5;

/** The blocks in `text` that begin with who sent the message, in order; places are places in `text`. */
export function findHeadBlocks(text: string): HeadBlock[] {
  const blocks: HeadBlock[] = [];
  let open: HeadBlock | null = null;
  let at = 0;
  for (const row of text.slice(0, maxLooked).split('\n')) {
    const field = row.length > maxLine ? null : line.exec(row);
    const value = field?.[names.length + 1] ?? '';
    const part = partOf(field);
    if (part === null && row.trim() !== '') open = null;
    if (open !== null && part !== null && part !== 'from') open.rows += 1;
    // Beside `From`, `Sender` is who sent it for somebody else.
    if (part === 'from' || (part === 'sender' && open === null)) {
      const [sender = null] = addressesIn(row, value, at);
      open = { from: value, sender, to: [], subject: '', rows: 1 };
      if (blocks.push(open) > maxBlocks) break;
    } else if (open !== null && part === 'to') open.to.push(...addressesIn(row, value, at));
    else if (open !== null && part === 'subject') open.subject ||= value.trim();
    at += row.length + 1;
  }
  return blocks;
}

const partOf = (field: RegExpExecArray | null): Part | null =>
  names.find((_, index) => field?.[index + 1] !== undefined)?.[0] ?? null;

/** Each address once: `kim@contoso.com<mailto:kim@contoso.com>` is one. */
function addressesIn(row: string, value: string, at: number): Found[] {
  const offset = at + row.length - value.length;
  const distinct = new Map<string, Found>();
  for (const { value: name, at: from, end } of findAddresses(value)) {
    const low = name.toLowerCase();
    if (!distinct.has(low)) distinct.set(low, { value: name, at: offset + from, end: offset + end });
  }
  return [...distinct.values()];
}
