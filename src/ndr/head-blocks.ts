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
  /** Where its first line begins and its last one ends. */
  at: number;
  end: number;
}

type Part = 'from' | 'sender' | 'to' | 'subject' | 'other';
const names: readonly (readonly [Part, string])[] = [
  ['from', 'from|von|de|da|van|от|från|fra|od|lähettäjä|gönderen|差出人|发件人|寄件者|보낸 사람'],
  ['sender', 'sender|absender'],
  ['to', 'to|an|à|para|a|aan|till|til|кому|do|komu|vastaanottaja|kime|宛先|收件人|받는 사람'],
  [
    'subject',
    'subject|betreff|objet|asunto|oggetto|onderwerp|assunto|ämne|emne|тема|temat|předmět|aihe|konu|件名|主题|主旨|제목',
  ],
  [
    'other',
    'sent|date|cc|bcc|importance|reply-to|gesendet|datum|envoyé|enviado(?: el)?|fecha|inviato|data|verzonden|enviada em|skickat|отправлено|送信日時|发送时间|寄件日期',
  ],
];
const line = new RegExp(
  `^[ \\t>*|]{0,8}(?:${names.map(([, words]) => `(${words})`).join('|')})\\*{0,2} ?[:\\uff1a]\\*{0,2}[ \\t]*(.*)$`,
  'iu',
);

/** A field between those, whose name is in a language that is not among them. */
const anyField = /^[ \t>*|]{0,8}\p{L}[\p{L} -]{1,24}\*{0,2} ?[:\uff1a]\*{0,2}[ \t]*\S/u;

/** Such blocks stand above a report; further down are those of the messages that it answers. */
const maxLooked = 20_000;
/** Longer lines are no field that a program shows. */
const maxLine = 1000;
const maxBlocks = 5;

/** The blocks in `text` that begin with who sent the message, in order; places are places in `text`. */
export function findHeadBlocks(text: string): HeadBlock[] {
  const blocks: HeadBlock[] = [];
  let open: HeadBlock | null = null;
  let led: Lead | null = null;
  let wasBlank = false;
  let at = 0;
  for (const row of text.slice(0, maxLooked).split('\n')) {
    const field = row.length > maxLine ? null : line.exec(row);
    const value = field?.[names.length + 1] ?? '';
    const part = partOf(field);
    const end = at + row.length;
    const isBlank = row.trim() === '';
    if (part === null && !isBlank && (wasBlank || !anyField.test(row))) open = null;
    // A second addressee behind a gap is the one of the message that the block's own tells about.
    if (part === 'to' && wasBlank && open !== null && open.to.length > 0) open = null;
    if (open !== null && part !== null && part !== 'from') {
      open.rows += 1;
      open.end = end;
    }
    // Beside `From`, `Sender` is who sent it for somebody else.
    if (part === 'from' || (part === 'sender' && open === null)) {
      const [sender = null] = addressesIn(row, value, at);
      open = { from: value, sender, to: [], ...(led ?? { subject: '', at }), rows: 1, end };
      if (blocks.push(open) > maxBlocks) break;
    } else if (open !== null && part === 'to') open.to.push(...addressesIn(row, value, at));
    else if (open !== null && part === 'subject') open.subject ||= value.trim();
    led = part === null || open !== null ? null : leadOf(led, part, value, at);
    wasBlank = isBlank;
    at = end + 1;
  }
  return blocks;
}

/** Whether a line begins as those of such a block do; its value may be cut off anywhere. */
export const isHeadRow = (row: string): boolean => row.length <= maxLine && line.test(row);

/** What stands right above `From`: some programs begin with the subject. */
type Lead = Pick<HeadBlock, 'subject' | 'at'>;

const leadOf = (led: Lead | null, part: Part, value: string, at: number): Lead => ({
  subject:
    led?.subject !== undefined && led.subject !== '' ? led.subject : part === 'subject' ? value.trim() : '',
  at: led?.at ?? at,
});

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
