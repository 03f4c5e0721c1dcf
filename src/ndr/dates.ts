import type { Labelled } from './labels';
import type { Dates } from './report';

/** A date is short; behind it may stand the rest of a flattened report. */
const maxDate = 60;

const dateLine = /^[ \t]{0,4}Date: ?([^\n]{0,60}\d[^\n]{0,40})/im;
/** Headers whose lines were put into one: only a whole date (RFC 5322 §3.3) is the field's. */
const inOneLine =
  /[ \t]Date: ((?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)?(?: [+-]\d{4})?)/;

/** The dates a report names, as written. */
export function findDates(original: string, labels: readonly Labelled[]): Dates {
  const valueOf = (wanted: Labelled['field']): string | null =>
    labels.find(({ field, value }) => field === wanted && /\d/.test(value))?.value.slice(0, maxDate) ?? null;
  return {
    created: valueOf('created'),
    arrival: valueOf('arrival'),
    sent: (dateLine.exec(original) ?? inOneLine.exec(original))?.[1]?.trim().slice(0, maxDate) ?? null,
  };
}
