import { decodeText } from './charset';
import { htmlToText } from './html';
import { openMail, type OpenedMail } from './mail';
import type { MailKind } from './nature';
import { readHeaders } from './mime';
import { openOle, type Storage } from './ole';
import { rtfToText, unpackRtf } from './rtf';

/** Property ids (MS-OXPROPS), as the streams of a .msg are named. */
const property = {
  messageClass: '001a',
  subject: '0037',
  transportHeaders: '007d',
  supplementaryInfo: '0c1b',
  senderName: '0c1a',
  senderAddress: '0c1f',
  senderSmtp: '5d01',
  body: '1000',
  reportText: '1001',
  rtf: '1009',
  html: '1013',
  messageId: '1035',
  name: '3001',
  address: '3003',
  smtpAddress: '39fe',
  attachment: '3701',
  fileName: '3707',
  shortName: '3704',
  mimeType: '370e',
} as const;
const internetCodepage = 0x3fde;
const ndrStatus = 0x0c20;

const maxRecipients = 500;
const maxAttachments = 20;
/** A mail in a mail in a mail: deeper ones are not opened. */
const maxDepth = 4;

/**
 * Open an Outlook item (MS-OXMSG). A report item keeps what the servers said in its recipients' properties, and the
 * message that bounced as an attachment. Null when the file is no Outlook item or broken beyond its directory.
 */
export function openMsg(bytes: Uint8Array): OpenedMail | null {
  const root = openOle(bytes);
  return root?.stream('__properties_version1.0') == null ? null : openItem(root, 32, 0);
}

function openItem(item: Storage, propertiesFrom: number, depth: number): OpenedMail {
  const kind = kindOf(textAt(item, property.messageClass));
  const attachments = item.storages('__attach_version1.0_').slice(0, maxAttachments);
  const embedded = depth < maxDepth ? attachments.flatMap((attachment) => embeddedIn(attachment, depth)) : [];
  const head = textAt(item, property.transportHeaders).replace(/\r\n?/g, '\n');
  const headers = headersOf(item, head);
  return {
    headers,
    text: textOf(item, propertiesFrom),
    deliveryStatus: kind === 'report' ? statusOf(item) : '',
    original: embedded.map((open) => originalHead(open())).find((text) => text !== '') ?? '',
    inner: embedded,
    items: [],
    leftOut: attachments.map((attachment) => ({
      type: textAt(attachment, property.mimeType).toLowerCase(),
      name: (textAt(attachment, property.fileName) || textAt(attachment, property.shortName)).toLowerCase(),
    })),
    head,
    declaredKind: kind,
  };
}

/** Item classes of reports and automatic mails (MS-OXOMSG §2.2.2.1); what an ordinary class holds, the mail has to tell. */
function kindOf(messageClass: string): MailKind | null {
  const name = messageClass.toLowerCase();
  if (/^report\..*\.(?:ndr|delayed)$/.test(name)) return 'report';
  if (/^report\..*\.dr$/.test(name)) return 'delivered';
  if (/^report\..*\.ipnn?rn$/.test(name)) return 'readReceipt';
  if (/^ipm\.(?:outlook\.recall|recall)/.test(name)) return 'recall';
  if (/^ipm\.note\.rules\.(?:ooftemplate|replytemplate)/.test(name)) return 'autoReply';
  return /^ipm\.(?:schedule\.|appointment)/.test(name) ? 'calendar' : null;
}

/** A string property: UTF-16, or bytes in some code page of the sender's. */
function textAt(storage: Storage, id: string): string {
  const wide = storage.stream(`__substg1.0_${id}001f`);
  if (wide !== null) return new TextDecoder('utf-16le').decode(wide).replaceAll('\0', '');
  const narrow = storage.stream(`__substg1.0_${id}001e`);
  return narrow === null ? '' : decodeText(narrow).replaceAll('\0', '');
}

/** A number of the property stream (MS-OXMSG §2.4), which begins with a head of some bytes. */
function numberAt(storage: Storage, id: number, from: number): number | null {
  const bytes = storage.stream('__properties_version1.0');
  if (bytes === null) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 16 <= bytes.length; at += 16) {
    if (view.getUint16(at + 2, true) === id && view.getUint16(at, true) === 3)
      return view.getUint32(at + 8, true);
  }
  return null;
}

/** The report's text, else the body, else the HTML, else the RTF: the first that says something. A long HTML beats a stub. */
function textOf(item: Storage, propertiesFrom: number): string {
  const plain = [textAt(item, property.reportText), textAt(item, property.body)]
    .map((text) => text.replace(/\r\n?/g, '\n').trim())
    .filter((text, index, all) => text !== '' && all.indexOf(text) === index)
    .join('\n\n');
  if (plain.length > 60) return plain;
  const binary = item.stream(`__substg1.0_${property.html}0102`);
  const page = numberAt(item, internetCodepage, propertiesFrom);
  const html = binary === null ? textAt(item, property.html) : decodeText(binary, codepage(page));
  const packed = html === '' ? item.stream(`__substg1.0_${property.rtf}0102`) : null;
  const rich = packed === null ? htmlToText(html) : rtfToText(unpackRtf(packed)).trim();
  return rich.length > plain.length ? rich : plain;
}

const codepages: ReadonlyMap<number, string> = new Map([
  [65001, 'utf-8'],
  [932, 'shift_jis'],
  [936, 'gb18030'],
  [949, 'euc-kr'],
  [950, 'big5'],
  [20866, 'koi8-r'],
  [21866, 'koi8-u'],
  [50220, 'iso-2022-jp'],
  [50221, 'iso-2022-jp'],
  [51932, 'euc-jp'],
  [1200, 'utf-16le'],
]);

function codepage(page: number | null): string {
  if (page === null) return '';
  if (page > 28590 && page < 28606) return `iso-8859-${String(page - 28590)}`;
  return codepages.get(page) ?? `windows-${String(page)}`;
}

/** What the servers said about each recipient, in the fields of RFC 3464. */
function statusOf(item: Storage): string {
  return item
    .storages('__recip_version1.0_')
    .slice(0, maxRecipients)
    .map((recipient) => {
      const address =
        textAt(recipient, property.smtpAddress) ||
        textAt(recipient, property.address) ||
        textAt(recipient, property.name);
      const said = textAt(recipient, property.supplementaryInfo).replace(/\s+/g, ' ').trim();
      const status = /[245]\.\d{1,3}\.\d{1,3}/.test(said) ? null : statusAt(recipient);
      const fields = [
        `Final-Recipient: rfc822; ${address.replace(/\s+/g, ' ')}`,
        'Action: failed',
        ...(status === null ? [] : [`Status: ${status}`]),
        ...(said === '' ? [] : [`Diagnostic-Code: smtp; ${said}`]),
      ];
      return address === '' || fields.length < 3 ? '' : fields.join('\n');
    })
    .filter((block) => block !== '')
    .join('\n\n');
}

/**
 * PR_NDR_STATUS_CODE is class × 100 + subject × 10 + detail, and a subject or detail above 9 was stored as 0
 * (MS-OXCMAIL §2.2.3.7.1.3): 510 is 5.1.0 or 5.1.10. With a 0 in it nothing is said rather than something wrong.
 */
function statusAt(recipient: Storage): string | null {
  const digits = /^([45])([1-9])([1-9])$/.exec(String(numberAt(recipient, ndrStatus, 8) ?? ''));
  return digits === null ? null : digits.slice(1).join('.');
}

function headersOf(item: Storage, head: string): ReadonlyMap<string, string> {
  const headers = readHeaders(Buffer.from(head, 'utf8').toString('latin1'));
  const address = textAt(item, property.senderSmtp) || textAt(item, property.senderAddress);
  const known = {
    subject: textAt(item, property.subject),
    from: [textAt(item, property.senderName), address === '' ? '' : `<${address}>`].join(' ').trim(),
    'message-id': textAt(item, property.messageId),
  };
  for (const [name, value] of Object.entries(known))
    if (value !== '' && !headers.has(name)) headers.set(name, value);
  return headers;
}

/** The head of the message that bounced; one that never left has no headers, only properties. */
function originalHead({ head, headers }: OpenedMail): string {
  if (head.trim() !== '') return head;
  return ['From', 'Subject', 'Message-ID']
    .flatMap((name) => {
      const value = headers.get(name.toLowerCase());
      return value === undefined ? [] : [`${name}: ${value.replace(/\s+/g, ' ')}`];
    })
    .join('\n');
}

function embeddedIn(attachment: Storage, depth: number): (() => OpenedMail)[] {
  const [item] = attachment.storages(`__substg1.0_${property.attachment}000d`);
  if (item?.stream('__properties_version1.0') != null) return [once(() => openItem(item, 24, depth + 1))];
  const name = (
    textAt(attachment, property.fileName) || textAt(attachment, property.shortName)
  ).toLowerCase();
  const isMail =
    textAt(attachment, property.mimeType).toLowerCase() === 'message/rfc822' || name.endsWith('.eml');
  const bytes =
    isMail || name.endsWith('.msg') ? attachment.stream(`__substg1.0_${property.attachment}0102`) : null;
  if (bytes === null) return [];
  if (isMail) return [once(() => openMail(bytes))];
  // Outlook's own file, attached as one: dragged from the desktop instead of from a folder.
  const root = openOle(bytes);
  return root?.stream('__properties_version1.0') == null ? [] : [once(() => openItem(root, 32, depth + 1))];
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
