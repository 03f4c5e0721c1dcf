import { matchesOf } from './matches';
import { squeeze } from './squeeze';

/** Numbers that FTP replies with and SMTP never does (RFC 959 §4.2.2), in front of words. */
const transferNumber =
  /(?<![\d.,:])(?:125|150|20[02]|22[5-9]|230|257|33[12]|350|42[56])[ -](?=[\p{L}"'/(])/gu;

/** The words of a session that name it. */
const session =
  /^[^\n]{0,40}\b(?:STOR|RETR|PASV|EPSV|MLSD|CWD|MKD|DELE)(?: |$)|\b220[ -][^\n]{0,60}ftp|\b(?:227|229) entering (?:extended )?passive|\bftp[^\n]{1,60}[ :](?:4[25]|55)\d[ -]/im;

const mailCommand = /^\W{0,8}(?:\w+: *)?(?:MAIL FROM|RCPT TO)\b/im;

/** A session has a few lines, and a reply stands near the others. */
const [maxLines, maxApart] = [50, 4000];
/** What stands in front of a number in its line: a label or the time. */
const maxFront = 60;

/**
 * Tells whether a reply without an enhanced code was said in a session of FTP, whose replies have the numbers of SMTP
 * (RFC 959 §4.2): the session names itself, or a line of the same paragraph that begins alike has a number of FTP's own.
 */
export function fileTransferIn(text: string): (at: number) => boolean {
  if (mailCommand.test(text)) return () => false;
  if (session.test(text)) return () => true;
  const others = matchesOf(text, transferNumber, maxLines).map(({ index }) => ({
    index,
    front: frontOf(text, index),
  }));
  return (at) => {
    const front = others.length === 0 ? null : frontOf(text, at);
    return (
      front !== null &&
      others.some(
        (other) =>
          other.front === front &&
          Math.abs(other.index - at) <= maxApart &&
          !/\n[ \t]*\n/.test(text.slice(Math.min(other.index, at), Math.max(other.index, at))),
      )
    );
  };
}

/** What stands in front of a number in its line, whatever the time of day; null where it is more than a label. */
function frontOf(text: string, at: number): string | null {
  const line = text.slice(Math.max(0, at - maxFront - 1), at);
  const begin = line.lastIndexOf('\n') + 1;
  if (begin === 0 && at > maxFront) return null;
  return squeeze(line.slice(begin)).trim().replace(/\d/g, '0');
}
