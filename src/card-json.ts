import { randomUUID } from 'node:crypto';
import { isObject } from './is-object';

const known = new WeakMap<object, string>();
/** Nothing that anybody sends can hold it. */
const mark = randomUUID();
const quoted = JSON.stringify(mark);

/** JSON of what holds a card, with the card's own JSON made once: that of a press goes out twice, as its answer and in place of the message. */
function jsonAround(card: object, around: (card: unknown) => object): string {
  const json = known.get(card) ?? JSON.stringify(card);
  known.set(card, json);
  return JSON.stringify(around(mark)).replace(quoted, () => json);
}

/** JSON of an activity. */
export function activityJson(activity: object & { attachments?: { content?: unknown }[] }): string {
  const [only, ...more] = activity.attachments ?? [];
  if (only === undefined || more.length > 0 || !isObject(only.content)) return JSON.stringify(activity);
  return jsonAround(only.content, (content) => ({ ...activity, attachments: [{ ...only, content }] }));
}

/** JSON of the answer to an invoke; of a press, its value is a card. */
export function answerJson(body: unknown): string {
  if (!isObject(body) || !isObject(body['value'])) return JSON.stringify(body);
  return jsonAround(body['value'], (value) => ({ ...body, value }));
}
