import { findAddresses } from './addresses';
import type { Labelled } from './labels';
import type { Parts } from './parts';
import type { Report } from './report';

/** What the report and the headers below it tell about the message that bounced. */
export function readEnvelope(
  { original }: Parts,
  labels: readonly Labelled[],
  originalLabels: readonly Labelled[],
): Pick<Report, 'sender' | 'subject' | 'messageId'> {
  return {
    sender: findSender(labels, originalLabels, original),
    subject: findSubject([...originalLabels, ...labels]),
    messageId:
      originalLabels
        .find(({ field }) => field === 'messageId')
        ?.value.replace(/^<|>$/g, '')
        .slice(0, 200) ?? null,
  };
}

function findSender(
  labels: readonly Labelled[],
  originalLabels: readonly Labelled[],
  original: string,
): string | null {
  const labelled = labels.find(({ field, value }) => field === 'sender' && value !== '');
  if (labelled !== undefined) return firstAddress(labelled.value) ?? labelled.value.slice(0, 200);
  const fromLine = /^[ \t]{0,4}(?:from|return-path): ?([^\n]{1,300}(?:\n[ \t][^\n]{1,200})?)/im.exec(
    original,
  )?.[1];
  return firstAddress(fromLine ?? originalLabels.find(({ field }) => field === 'sender')?.value ?? '');
}

const firstAddress = (text: string): string | null => findAddresses(text)[0]?.value ?? null;

/** What mail systems put in front of the subject of the message that bounced. */
const bouncePrefix =
  /^(?:undeliver(?:able|ed)(?: mail returned to sender)?|delivery (?:status notification|failure|has failed|delayed)|mail delivery failed|failure notice|returned mail|unzustellbar|non remis|non recapitabile|onbestelbaar|não entregue|no se puede entregar)(?:[ \t]?\([^)\n]{0,30}\))?[ \t]?:?[ \t]*/i;

function findSubject(labels: readonly Labelled[]): string | null {
  for (const { field, value } of labels) {
    const subject = field === 'subject' ? value.replace(bouncePrefix, '') : '';
    if (subject !== '') return subject.slice(0, 300);
  }
  return null;
}
