import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/ndr/report';

/** What a person found in one pasted text; see test/corpus/README.md. */
export interface PastedTruth {
  id: string;
  kind: string;
  isNdr: boolean;
  primaryCode: string | null;
  codes: string[];
  recipients: string[];
  generatingServer: string | null;
  remoteServer: string | null;
}

/** What Sisimai and our corrections say about one mail. */
export interface MailTruth {
  file: string;
  isNdr: boolean | null;
  /** Codes that stand in the mail, the deciding one among them; further right ones in `alsoCodes`. */
  codes: string[];
  alsoCodes: string[];
  recipients: string[];
  alsoRecipients: string[];
}

interface SisimaiResult {
  recipient: string;
  deliverystatus: string;
  statusInMessage: boolean;
  recipientInMessage: boolean;
  dsnStatus: string[];
  otherAddresses: string[];
}

type Override = Partial<Record<'codes' | 'alsoCodes' | 'recipients' | 'alsoRecipients', string[]>> & {
  isNdr?: boolean | null;
};

const folder = join(__dirname, '..', 'corpus');
const lines = <Row>(path: string): Row[] =>
  readFileSync(join(folder, path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

export const pasted = lines<PastedTruth>('pasted/truth.jsonl').map((truth) => ({
  truth,
  text: readFileSync(join(folder, 'pasted', `${truth.id}.txt`), 'utf8'),
}));

const overrides = JSON.parse(readFileSync(join(folder, 'eml/overrides.json'), 'utf8')) as Record<
  string,
  Override
>;

export const mails = lines<{ file: string; expectNdr: boolean | null; results: SisimaiResult[] }>(
  'eml/eml-truth.jsonl',
).map(({ file, expectNdr, results }) => {
  const override = overrides[file] ?? {};
  const truth: MailTruth = {
    file,
    isNdr: override.isNdr === undefined ? expectNdr : override.isNdr,
    codes:
      override.codes ??
      results.filter(({ statusInMessage }) => statusInMessage).map(({ deliverystatus }) => deliverystatus),
    alsoCodes: [...(override.alsoCodes ?? []), ...results.flatMap(({ dsnStatus }) => dsnStatus)],
    recipients:
      override.recipients ??
      results.filter(({ recipientInMessage }) => recipientInMessage).map(({ recipient }) => recipient),
    alsoRecipients: [
      ...(override.alsoRecipients ?? []),
      ...results.flatMap(({ otherAddresses }) => otherAddresses),
    ],
  };
  return { truth, text: readFileSync(join(folder, 'eml', file), 'latin1') };
});

export const firstCode = (report: Report): string | null => report.failures[0]?.code ?? null;
export const recipientsOf = (report: Report): string[] =>
  report.failures.flatMap(({ recipient }) => (recipient === null ? [] : [recipient.toLowerCase()]));

/** Counts how often something was right. */
export class Score {
  right = 0;
  of = 0;
  readonly misses: string[] = [];

  add(isRight: boolean, what: string): void {
    this.of += 1;
    if (isRight) this.right += 1;
    else this.misses.push(what);
  }

  get share(): number {
    return this.of === 0 ? 1 : this.right / this.of;
  }

  toString(): string {
    return `${this.right}/${this.of}${this.misses.length === 0 ? '' : ` (${this.misses.join('; ')})`}`;
  }
}
