import { buttonVersion, verbs, type ButtonData, type Holder, type Verb } from '../cards/buttons';
import { toPosition } from '../guide/position';
import { isObject } from '../is-object';

/** More than any of ours has. */
const longestCase = 80;
const longestAsked = 100;
const mostPages = 1000;

/** What a pressed button carried; null when it is not one of ours, damaged, of another version, or does not belong where it was pressed. */
export function readButton(data: unknown, on: Holder): ButtonData | null {
  if (!isObject(data)) return null;
  const { verb, case: caseId } = data;
  if (data['v'] !== buttonVersion || !isVerb(verb)) return null;
  const holders: readonly Holder[] = verbs[verb].on;
  if (!holders.includes(on)) return null;
  if (caseId !== null && !(typeof caseId === 'string' && caseId.length <= longestCase)) return null;
  const at = data['at'] === null ? null : toPosition(data['at']);
  if (at === null && data['at'] !== null) return null;
  const button: ButtonData = { v: buttonVersion, verb, case: caseId, at };
  if (data['codes'] === undefined) return button;
  const codes = toCodes(data['codes']);
  return codes === null ? null : { ...button, codes };
}

const isVerb = (value: unknown): value is Verb => typeof value === 'string' && Object.hasOwn(verbs, value);

function toCodes(value: unknown): ButtonData['codes'] | null {
  if (!isObject(value)) return null;
  const { asked, page } = value;
  return typeof asked === 'string' &&
    asked.length <= longestAsked &&
    typeof page === 'number' &&
    Number.isInteger(page) &&
    page >= 0 &&
    page <= mostPages
    ? { asked, page }
    : null;
}
