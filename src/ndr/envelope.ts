import { findAddresses } from './addresses';
import { headingPattern } from './heading-pattern';
import type { Labelled } from './labels';
import { headingsOf } from './languages';
import type { Parts } from './parts';
import type { Sighting } from './report';

/** The message that bounced, each value with its place in the whole text. */
export interface Envelope {
  sender: Sighting | null;
  subject: Sighting | null;
  messageId: string | null;
}

/**
 * What the report and the headers below it tell about the message that bounced.
 * @param originalLabels The labels of the headers, at their places in the whole text.
 */
export function readEnvelope(
  { report, original }: Parts,
  labels: readonly Labelled[],
  originalLabels: readonly Labelled[],
): Envelope {
  return {
    sender:
      labelledSender(labels) ??
      headerSender(original, report.length) ??
      labelledSender(originalLabels) ??
      mailFrom(report),
    subject: findSubject([...originalLabels, ...labels]),
    messageId:
      originalLabels
        .find(({ field }) => field === 'messageId')
        ?.value.split(/\s/, 1)[0]
        ?.replace(/^<|>$/g, '')
        .slice(0, 200) ?? null,
  };
}

function labelledSender(labels: readonly Labelled[]): Sighting | null {
  const label = labels.find(({ field, value }) => field === 'sender' && value !== '');
  if (label === undefined) return null;
  const { value, from, to } = label;
  return { value: firstAddress(value) ?? value.slice(0, 200), rule: 'labelled', from, to };
}

/** Headers that a paste put into one line; only a sender's address may follow, because a signature names its headers too (`h=Date: From: To:`). */
const headerWithin = /\s(?:from|return-path): ?((?:[^\n<>:@]{0,100}<)?[\w.+-]{1,64}@[\w.-]{1,250})/i;
/** A line that goes on in the next one may have lost its indent: `From: Kim Weber`, `<kim@contoso.com>`. */
const headerLine =
  /^[ \t]{0,4}(?:from|return-path): ?([^\n]{1,300}(?:\n(?:[ \t][^\n]{1,200}|<[^\s<>]{3,320}>))?)/im;

function headerSender(original: string, offset: number): Sighting | null {
  const match = headerLine.exec(original) ?? headerWithin.exec(original);
  return match === null
    ? null
    : addressAt(match[1] ?? '', offset + match.index + match[0].indexOf(match[1] ?? ''), 'header');
}

/** What a refusal quotes: `for your MAIL FROM address <carla@woodgrove.com>`. */
function mailFrom(report: string): Sighting | null {
  const match = /\bmail from(?: address)?:?\s{0,4}<([^<>\s]{3,320})>/i.exec(report);
  return match === null
    ? null
    : addressAt(match[1] ?? '', match.index + match[0].lastIndexOf('<') + 1, 'MAIL FROM');
}

function addressAt(text: string, offset: number, rule: string): Sighting | null {
  const [found] = findAddresses(text, 1);
  return found === undefined
    ? null
    : { value: found.value, rule, from: offset + found.at, to: offset + found.end };
}

const firstAddress = (text: string): string | null => findAddresses(text)[0]?.value ?? null;

/** What other mail systems put in front of the subject of the message that bounced. */
const otherPrefixes =
  'undelivered(?: mail returned to sender)?|delivery (?:status notification|failure|has failed|delayed)|mail delivery failed|failure notice|returned mail';
const bouncePrefix = new RegExp(
  `^(?:${headingsOf('subject').map(headingPattern).join('|')}|${otherPrefixes})(?:[ \\t]?\\([^)\\n]{0,30}\\))?[ \\t]?:?[ \\t]*`,
  'iu',
);

/** Where lines were lost, other fields stand behind the subject. */
const nextField =
  /[ \t](?:Thread-(?:Topic|Index)|Message-ID|MIME-Version|Content-(?:Type|Language|Transfer-Encoding)|Accept-Language|In-Reply-To|References|X-[A-Z][\w-]{2}|Date: (?=[A-Z][a-z]{2}, \d)|From: (?=[^\n]{0,80}@)|To: (?=[^\n]{0,80}@)).*$/s;

function findSubject(labels: readonly Labelled[]): Sighting | null {
  for (const { field, value, from, to } of labels) {
    const subject = field === 'subject' ? value.replace(bouncePrefix, '').replace(nextField, '') : '';
    if (subject !== '') return { value: subject.slice(0, 300), rule: 'labelled', from, to };
  }
  return null;
}
