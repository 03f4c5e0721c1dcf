import { z } from 'zod';
import type { MailKind } from './nature';

/** What a JSON notice says, as the text of a report and the headers of the message that bounced. */
export interface Notice {
  kind: Extract<MailKind, 'report' | 'feedback' | 'delivered' | 'mail'>;
  report: string;
  original: string;
}

const text = z.string().max(4000).optional().catch(undefined);
const recipient = z.object({
  emailAddress: z.string().max(500),
  action: text,
  status: text,
  diagnosticCode: text,
});
/** Amazon SES, event publishing and notifications (docs.aws.amazon.com/ses/latest/dg/notification-contents.html). */
const sesSchema = z.object({
  notificationType: text,
  eventType: text,
  bounce: z
    .object({
      bounceType: text,
      bounceSubType: text,
      bouncedRecipients: z.array(recipient).max(1000).catch([]),
      reportingMTA: text,
      remoteMtaIp: text,
    })
    .optional()
    .catch(undefined),
  mail: z
    .object({
      source: text,
      messageId: text,
      commonHeaders: z.object({ subject: text, messageId: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});
type SesNotice = z.infer<typeof sesSchema>;

/** Longer ones are no notice. In characters. */
const maxNotice = 400_000;
/** SNS in SQS in a Lambda event: three envelopes. */
const maxWrapping = 6;

/**
 * The first notice of a text that is JSON: an SES notification, or SNS, SQS or a Lambda event around it, alone or as the
 * body of a mail with SNS's footer below. Null for any other text.
 */
export function readNotice(source: string): Notice | null {
  const start = source.slice(0, maxNotice + 1).trimStart();
  if (start.length > maxNotice || !/^[[{]\s*["{[]/.test(start)) return null;
  const value = parseFirst(start);
  const notices = value === undefined ? [] : unwrap(value, 0);
  const [first] = notices;
  if (first === undefined) return null;
  const bounces = notices.filter((notice) => isBounce(notice));
  return bounces.length > 0
    ? {
        kind: 'report',
        report: bounces.map((notice) => reportOf(notice)).join('\n\n'),
        original: headersOf(bounces[0] ?? first),
      }
    : { kind: kindOf(first), report: '', original: headersOf(first) };
}

/** The whole text, or all of it before SNS's footer ("--" and how to unsubscribe). */
function parseFirst(source: string): unknown {
  const footer = source.search(/\n--[ \t\r]*\n/);
  for (const candidate of [source, ...(footer === -1 ? [] : [source.slice(0, footer)])]) {
    try {
      return JSON.parse(candidate);
    } catch {
      continue; // Not JSON as a whole; perhaps without the footer.
    }
  }
  return undefined;
}

function unwrap(value: unknown, depth: number): SesNotice[] {
  if (depth > maxWrapping) return [];
  if (typeof value === 'string') {
    const inner = /^\s*[[{]/.test(value) ? parseFirst(value) : undefined;
    return inner === undefined ? [] : unwrap(inner, depth + 1);
  }
  if (Array.isArray(value)) return value.slice(0, 1000).flatMap((one) => unwrap(one, depth + 1));
  if (typeof value !== 'object' || value === null) return [];
  const fields = new Map<string, unknown>(Object.entries(value));
  if (fields.has('notificationType') || fields.has('eventType')) {
    const parsed = sesSchema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  }
  return ['Records', 'Sns', 'Message', 'body', 'detail'].flatMap((name) =>
    fields.has(name) ? unwrap(fields.get(name), depth + 1) : [],
  );
}

/** What a notice without a bounce is about. */
function kindOf({ notificationType, eventType }: SesNotice): Notice['kind'] {
  const type = (notificationType ?? eventType ?? '').toLowerCase();
  if (type === 'complaint') return 'feedback';
  return type === 'delivery' || type === 'send' ? 'delivered' : 'mail';
}

const isBounce = ({ notificationType, eventType, bounce }: SesNotice): boolean =>
  /^bounce$/i.test(notificationType ?? eventType ?? '') && bounce !== undefined;

/** The same facts in the fields of RFC 3464, which every reader of reports knows. */
function reportOf({ bounce }: SesNotice): string {
  const head = [
    'Delivery Status Notification (Failure)',
    field('Reporting-MTA', bounce?.reportingMTA, 'dns; '),
    field('Bounce-Type', [bounce?.bounceType, bounce?.bounceSubType].filter(Boolean).join(', ')),
  ];
  const blocks = (bounce?.bouncedRecipients ?? []).map(({ emailAddress, action, status, diagnosticCode }) => [
    field('Final-Recipient', emailAddress, 'rfc822; '),
    field('Action', action ?? 'failed'),
    field('Status', status),
    field('Remote-MTA', bounce?.remoteMtaIp, 'dns; '),
    field('Diagnostic-Code', diagnosticCode),
  ]);
  return [head, ...blocks].map((lines) => lines.filter((line) => line !== '').join('\n')).join('\n\n');
}

function headersOf({ mail }: SesNotice): string {
  const id = mail?.commonHeaders?.messageId ?? mail?.messageId;
  return [
    field('From', mail?.source),
    field('Subject', mail?.commonHeaders?.subject),
    field('Message-ID', id),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** One line; a value that names its own type ("dns; host", "smtp; 550") keeps it. */
function field(name: string, value: string | undefined, type = ''): string {
  const line = (value ?? '').replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  return `${name}: ${/^[\w-]{2,12};/.test(line) ? '' : type}${line}`;
}
