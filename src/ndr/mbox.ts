/** No more mails of one file than this are read; the rest is left. */
const maxMails = 10_000;

const [lf, cr] = [0x0a, 0x0d];
/** `From sender@host Thu Nov 19 10:00:00 2026`: the line between the mails of an mbox (RFC 4155). The year ends it, perhaps a zone. */
const fromLine = /^From \S{1,320}\s{1,4}[^\r\n]{0,60}\b(?:19|20)\d\d\b[^\r\n]{0,40}$/;

/**
 * The mails of an mbox, each with its `From ` line; one element when the file is no mbox. A `From ` at the start of a
 * sentence is no separator: an empty line stands before a real one and a header behind it.
 */
export function splitMbox(bytes: Uint8Array): Uint8Array[] {
  if (!startsWithFrom(bytes, 0) || !fromLine.test(lineAt(bytes, 0))) return [bytes];
  const starts = [0];
  for (let at = bytes.indexOf(lf); at !== -1 && starts.length < maxMails; at = bytes.indexOf(lf, at + 1)) {
    if (startsWithFrom(bytes, at + 1) && emptyLineEndsAt(bytes, at) && isSeparator(bytes, at + 1)) {
      starts.push(at + 1);
    }
  }
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]));
}

const startsWithFrom = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x46 &&
  bytes[at + 1] === 0x72 &&
  bytes[at + 2] === 0x6f &&
  bytes[at + 3] === 0x6d &&
  bytes[at + 4] === 0x20;

/** The newline at `at` follows another one: the line between them is empty. */
const emptyLineEndsAt = (bytes: Uint8Array, at: number): boolean =>
  bytes[at - 1] === lf || (bytes[at - 1] === cr && bytes[at - 2] === lf);

function isSeparator(bytes: Uint8Array, at: number): boolean {
  const line = lineAt(bytes, at);
  return (
    fromLine.test(line) &&
    /^[A-Za-z][\w-]{0,60}:|^>From /.test(lineAt(bytes, nextLine(bytes, at + line.length)))
  );
}

function nextLine(bytes: Uint8Array, at: number): number {
  return at + (bytes[at] === cr ? 1 : 0) + 1;
}

/** The line that begins at `at`, at most 500 characters of it. */
const lineAt = (bytes: Uint8Array, at: number): string =>
  /^[^\r\n]*/.exec(new TextDecoder('latin1').decode(bytes.subarray(at, at + 500)))?.[0] ?? '';
