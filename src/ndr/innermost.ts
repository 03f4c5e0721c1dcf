import type { Reply, Said } from './report';

const replyAhead = /^\s?#?([245]\d\d)?(?:[ -]?#?([245]\.[0-7]\.\d{1,3})(?![\d.]))?[ :;-]{0,3}/;
/** `<mx.contoso.com #5.7.1 smtp;530 5.7.1 …>`: Exchange 2003 and Lotus nest a reply so. */
const nested = /#[245]\.\d\.\d{1,3} smtp; ?/i;

/**
 * The last reply of a chain that servers wrapped (` -> `, ndr-formats.md §4: evidence grows to the right) or nested;
 * what stands behind a last arrow without numbers belongs to the reply before it. Null where nothing is wrapped.
 */
export function innermostOf(replies: readonly Reply[]): Said | null {
  const chain = replies.find(({ text }) => text.includes(' -> '));
  if (chain !== undefined) return lastOfChain(chain.text.split(' -> ').slice(1));
  const wrapped = replies.find(({ text }) => nested.test(text));
  return wrapped === undefined ? null : parse(wrapped.text.split(nested).at(-1) ?? '');
}

function lastOfChain(parts: readonly string[]): Said {
  const numbered = parts.findLastIndex((part) => /^\s?#?[245](?:\d\d\b|\.\d\.\d)/.test(part));
  return parse(parts.slice(Math.max(0, numbered)).join(' -> '));
}

function parse(said: string): Said {
  const [ahead = '', reply = null, code = null] = replyAhead.exec(said) ?? [];
  const text = said
    .slice(ahead.length)
    .replace(/[>'’]{1,3}$/, '')
    .trim();
  return { code, reply, text };
}
