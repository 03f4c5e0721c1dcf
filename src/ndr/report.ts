import type { Hop } from './hops';
import type { Language } from './languages';

/** What a server said: one SMTP reply, wherever in the report it stood. */
export interface Reply {
  /** Three digits (RFC 5321 §4.2), or null where only the enhanced code stands. */
  reply: string | null;
  /** Enhanced status code (RFC 3463), class.subject.detail. */
  code: string | null;
  /** The words behind the numbers, in one line, at most {@link maxDiagnostic} characters. */
  text: string;
  /** Where it starts in {@link Report.body}, in UTF-16 units. */
  at: number;
  /** Behind the last sign of its numbers. */
  end?: number;
  /** The form it was recognised by. */
  rule: string;
}

/** What became of a message (RFC 3464 §2.3.3). A delayed one is still tried: nothing has failed yet. */
export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

/** Numbers and words of one reply, apart from where it stood. */
export type Said = Pick<Reply, 'code' | 'reply' | 'text'>;

/** One dated line of a report about a message that was tried for a while. */
export interface Attempt extends Said {
  /** As written: the format follows the server's language, so it is not compared. */
  date: string;
  /** A host, a domain or the name of a send connector. */
  server: string | null;
  ip: string | null;
  /** The oldest line that says more than "expired": the reason of all that followed. */
  isCause: boolean;
}

/** Where one value comes from. */
export interface Evidence {
  field:
    | 'code'
    | 'reply'
    | 'recipient'
    | 'sender'
    | 'subject'
    | 'generatingServer'
    | 'remoteServer'
    | keyof Omit<Origin, 'isForged'>;
  value: string;
  /** The form it was recognised by. */
  rule: string;
  /** The span in {@link Report.body}, in UTF-16 units; `to` is behind its last sign. */
  from: number;
  to: number;
}

/** Who sent the message that bounced, as its headers tell; lower case, null where they do not. */
export interface Origin {
  /** X-MS-Exchange-CrossTenant-Id: the tenant it passed through last. */
  tenant: string | null;
  /** X-MS-Exchange-Organization-AuthAs: `internal` or `anonymous`. */
  authAs: string | null;
  /** X-MS-Exchange-CrossTenant-FromEntityHeader: `internet`, `hosted` or `hybridonprem`. */
  entity: string | null;
  /** The result of SPF (RFC 7208 §2.6), by the server that took it last. */
  spf: string | null;
  /** Whether the sender most likely never sent it, and the bounce is backscatter. */
  isForged: boolean;
}

/** A value with its place. */
export type Sighting = Omit<Evidence, 'field'>;

/**
 * Who said no, seen from the person who sent: the own server or gateway, Microsoft's protection of the whole service,
 * the gateway in front of the recipient, the recipient's own server or tenant.
 */
export type RefusedBy =
  'sender' | 'senderGateway' | 'microsoft' | 'recipientGateway' | 'recipient' | 'unknown';

/** What tells who refused; the sentence for each stands in `locales/`, under `refused.<reason>`. */
export const refusalReasons = [
  'nothingTells',
  'nothingRefused',
  /** Nobody took the message before time ran out, so nobody refused it. */
  'ranOut',
  /** The code is Microsoft's own, for the whole service. */
  'protection',
  /** The code belongs to the rules of the sender's organization. */
  'ownRules',
  /** The code is about mail that a mailbox passes on: the sender there is whoever forwards. */
  'forwarder',
  /** Sender and recipient share an organization. */
  'withinOne',
  /** A gateway passed it on to Microsoft 365. */
  'behindGateway',
  'recipientTenant',
  /** A host of Microsoft's, for whom nobody says. */
  'forWhomUnsaid',
  'outboundGateway',
  'gatewayInFront',
  'ownServer',
  'recipientServer',
  /** No host, but the words are a foreign server's. */
  'foreignWords',
  /** No host, but the words are those of one product. */
  'productWords',
  /** The writer of the report took the message and refused it by itself. */
  'gatewayWrote',
  'recipientWrote',
  'ownWriter',
  /** Only a recipient's side says this code. */
  'recipientCode',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Why {@link Failure.refusedBy} says what it says. */
export interface Refusal {
  reason: RefusalReason;
  host: string | null;
  /** The product that the host or the words belong to. */
  product: string | null;
  /** The gateway that passed the message on to that host. */
  via?: string;
}

/** Dates as written, never compared: their format follows the server's language. */
export interface Dates {
  /** "Created Date" of a modern report. */
  created: string | null;
  /** Arrival-Date (RFC 3464 §2.2.5). */
  arrival: string | null;
  /** The Date field of the message that bounced. */
  sent: string | null;
}

/** What happened to one recipient, or to the message where no recipient is named. */
export interface Failure {
  /** The address the report is about (Final-Recipient), or what stands in its place; null where none is named. */
  recipient: string | null;
  code: string | null;
  reply: string | null;
  /** The server's own words behind code and reply, in one line. */
  diagnostic: string | null;
  /** Everything servers said about this recipient, the deciding one first; wrapped replies and older attempts behind it. */
  replies: Reply[];
  /** The restricted group that the report names, when it is not the recipient itself. */
  group: string | null;
  /** The server that refused. */
  remoteServer: string | null;
  /** The sending address that the refusal is about, when it is about one. */
  ip: string | null;
  /** The address of the server that was tried to be reached, where the refusal names it: the recipient's, not the sender's. */
  triedIp?: string | null;
  /** The sender's domain that the refusal names, as where its DMARC policy decided. */
  senderDomain?: string | null;
  /** What became of the message; null where the report does not say. */
  action?: Action | null;
  /** The address as the sender wrote it, before aliases and forwarding (Original-Recipient). */
  originalRecipient?: string | null;
  displayName?: string | null;
  /** The last reply of a chain of wrapped ones, the words of the server that really refused; null where nothing is wrapped. */
  innermost?: Said | null;
  /** Dated lines in the order of the report, newest first. */
  history?: Attempt[];
  refusedBy?: RefusedBy;
  refusal?: Refusal;
}

/** A bounce as read. Null where the report does not say. */
export interface Report {
  /** Whether this is a non-delivery report, or a line of one; a bare code or a question about a code is not. */
  isNdr: boolean;
  failures: Failure[];
  /** Envelope or header sender of the message that bounced. */
  sender: string | null;
  subject: string | null;
  messageId: string | null;
  /** The server that wrote the report (Reporting-MTA). */
  generatingServer: string | null;
  /** The server that refused (Remote-MTA), for the report as a whole. */
  remoteServer: string | null;
  /** The cleaned text that all positions refer to. Never stored, never logged. */
  body: string;
  /** The language of its headings; null where nothing tells. */
  language?: Language | null;
  dates?: Dates;
  /** Microsoft's help pages that it names, in any language: `fwlink/389361`, `aka.ms/EXOSmtpErrors`. */
  helpLinks?: string[];
  /** The way of the message, oldest first. */
  hops?: Hop[];
  /** That of the first failure. */
  refusedBy?: RefusedBy;
  refusal?: Refusal;
  origin?: Origin;
  /** Where the values come from. Of several for one field the chosen one stands first, the others are what contradicts it. */
  evidence?: Evidence[];
}

/** A failure as the reader gives it: with everything told apart, also what is null. */
export type ReadFailure = Required<Failure>;
/** A report as the reader gives it. */
export type ReadReport = Required<Omit<Report, 'failures'>> & { failures: ReadFailure[] };

/** The longest diagnostic we keep, in characters; the longest real one of the corpus has 700. */
export const maxDiagnostic = 1000;
