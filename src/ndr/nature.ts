/**
 * What kind of mail this is, by its headers and parts. `report`: something a mail system wrote about a delivery;
 * whether it failed, its text tells. `mail`: written by a person or a program about other things. `aggregate`: figures about
 * many mails (DMARC, RFC 7489 §7.2; TLS, RFC 8460). `calendar`: an invitation or the answer to one. `lure`: spam that plays a bounce.
 */
export type MailKind =
  | 'report'
  | 'feedback'
  | 'aggregate'
  | 'readReceipt'
  | 'recall'
  | 'calendar'
  | 'autoReply'
  | 'delivered'
  | 'lure'
  | 'mail';

/**
 * What makes a report one. `machine`: fields that only reports have. `system`: who sent it, with its subject or an empty reverse
 * path. `words`: its subject or text alone, as in a report that a person forwards.
 */
export type Claim = 'machine' | 'system' | 'words';

export interface Nature {
  kind: MailKind;
  /** Null for everything but reports. */
  claim: Claim | null;
}
