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
  /** The form it was recognised by. */
  rule: string;
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
}

/** The longest diagnostic we keep, in characters; the longest real one of the corpus has 700. */
export const maxDiagnostic = 1000;
