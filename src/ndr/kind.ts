import type { Labelled } from './labels';
import { isRefusal } from './bare-code';
import { serverWords } from './codes';
import type { Reply } from './report';

/** Sentences that only a non-delivery report says, in the styles and languages of ndr-formats.md §2, §3 and §6. */
const headings =
  /delivery has failed to these recipients|your message (?:to \S{1,300} )?(?:couldn['’]t|could not|wasn['’]t|was not|can['’]t|cannot) be (?:delivered|sent)|couldn['’]t deliver to the following recipients|your message (?:wasn['’]t|was not) delivered|did not reach (?:some or all of the intended recipients|the following recipient)|wasn['’]t able to deliver your message|failed addresses follow|message that you sent could not be delivered|could not deliver message to the following|could not be (?:delivered|reached)|had permanent fatal errors|undeliverable:|undelivered mail returned|mail delivery (?:system|failed|subsystem)|delivery status notification|returned mail|diagnostic information for administrators|rejected your message to the following|the following (?:recipient\(?s?\)?|address(?:\(?es\)?)?) (?:could not be reached|failed|had)|remote server returned ['‘"]|message has been (?:rejected|bounced)|more info for email admins|was undeliverable|konnte nicht zugestellt werden|fehler bei der nachrichtenzustellung|unzustellbar|wurde nicht an \S{1,300} zugestellt|échec de la remise|non remis ?:|informations de diagnostic pour les administrateurs|il recapito non è riuscito|onbestelbaar|falha na entrega|error de entrega|no se (?:pudo|ha podido) entregar|配信不能|管理者向けの診断情報|未送达|管理员诊断信息|無法傳遞|개인이 전달되지|배달되지 않음|недоставлено|olevererbart|niedostarczalne|message can['’]t be (?:submitted|sent) because|only accepts messages from people in its organization|isn['’]t set up to receive messages from|\{led=/i;

/**
 * Whether this is a bounce or a line of one. A code that somebody merely names, a glossary of codes, a range of
 * codes ("5.1.1 to 5.1.20") are not.
 */
export function looksLikeReport(
  report: string,
  labels: readonly Labelled[],
  replies: readonly Reply[],
): boolean {
  if (namesManyCodes(report, replies)) return false;
  if (headings.test(report.replace(/\s+/g, ' '))) return true;
  const fields = new Set(labels.map(({ field }) => field));
  if (fields.has('diagnostic') || (fields.has('recipient') && (fields.has('status') || fields.has('action'))))
    return true;
  if ((fields.has('statusCode') || fields.has('error')) && fields.has('generatingServer')) return true;
  return replies.some((reply) => isRefusalLine(reply)) || isShortRefusal(report, replies);
}

const exactServerWords = new RegExp(serverWords.source);

/** "5.7.1 unable to relay": a line that somebody typed from a report. */
function isShortRefusal(report: string, [first]: readonly Reply[]): boolean {
  return (
    first !== undefined &&
    report.length <= 120 &&
    first.at <= 2 &&
    !report.includes('?') &&
    isRefusal(first.text)
  );
}

function isRefusalLine({ reply, code, text, rule }: Reply): boolean {
  if (code?.startsWith('2') === true) return false;
  // "550 5.1.1 to 5.1.20", "450 4.7.500-699": a range is spoken about, not returned.
  if (/^\S{0,8} ?[245]\.\d\.\d/.test(text) && reply !== null && !/^\S{0,8} ?smtp/i.test(text)) return false;
  // People write "5.7.708 - access denied" in sentences; without a reply only a server's own spelling counts.
  if (reply === null ? exactServerWords.test(text) : serverWords.test(text)) return true;
  if (reply === null || rule.endsWith('unlabelled') || (text.split('. ')[0] ?? '').includes('?'))
    return false;
  return text.split(' ').length >= 2 || /[A-Z]\.[A-Z]/.test(text);
}

/** A glossary: four or more different codes, most of them at the start of their line, each with its explanation. */
export function namesManyCodes(report: string, replies: readonly Reply[]): boolean {
  const leading = replies.filter(
    ({ at, code }) =>
      code !== null &&
      (/(?:^|\n)[ \t|*-]{0,6}$/.test(report.slice(Math.max(0, at - 8), at)) ||
        report.startsWith(`${code} - `, at)),
  );
  return (
    new Set(leading.map(({ code }) => code)).size >= 4 &&
    leading.every(({ rule }) => !rule.startsWith('reply and'))
  );
}
