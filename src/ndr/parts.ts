import { oneOf, signPatterns } from './heading-pattern';
import { headingsOf } from './languages';

/** A paste in two: what the report says, and the headers (or the text) of the message that bounced. */
export interface Parts {
  report: string;
  original: string;
}

/** Lines behind which the original message stands, in the words of other systems and of MIME. */
const otherMarkers =
  'the headers? and top \\d+ lines|this is a copy of (?:the|your) message|---- ?(?:the|original|copy)|content-type: ?(?:message\\/rfc822|text\\/rfc822-headers)';
const markers = new RegExp(
  `^[ \\t]{0,8}(?:-{2,} ?)?(?:${oneOf(headingsOf('originalHeaders').map(signPatterns))}|${otherMarkers})`,
  'im',
);
/** The same heading in a paste that became one line. */
const markerWithin = new RegExp(
  `[ \\t](?:${oneOf(headingsOf('originalHeaders').map(signPatterns))}) ?:`,
  'i',
);
const headerStart =
  /^[ \t]{0,4}(?:return-path|received|dkim-signature|x-ms-exchange-\S{1,60}|arc-seal): ?\S/im;

/** The header block of a whole mail, for instance of an .eml file read as text. */
const mailHead =
  /^\s{0,20}(?:from [^\n]{1,200}\n)?[ \t-]{0,4}(?:return-path|received|delivered-to|x-[\w-]{1,60}|date|message-id|mime-version|content-[a-z-]{1,40}|arc-[a-z-]{1,40}|dkim-signature|authentication-results|to|from|subject):/i;

/**
 * Split where the original message begins: at a heading that says so, at best in a line of its own, else at its first trace header.
 * The headers that a text itself begins with are the report's own, and nothing is split off at them.
 */
export function splitParts(text: string): Parts {
  const at = markers.exec(text)?.index ?? markerWithin.exec(text)?.index ?? traceStart(text);
  return at === undefined || at === 0
    ? { report: text, original: '' }
    : { report: text.slice(0, at), original: text.slice(at) };
}

function traceStart(text: string): number | undefined {
  const head = mailHead.test(text) ? text.indexOf('\n\n') : 0;
  if (head === -1) return undefined;
  const at = headerStart.exec(text.slice(head))?.index;
  return at !== undefined && text.slice(0, head + at).trim().length > 40 ? head + at : undefined;
}
