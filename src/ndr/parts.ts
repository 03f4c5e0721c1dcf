/** A paste in two: what the report says, and the headers (or the text) of the message that bounced. */
export interface Parts {
  report: string;
  original: string;
}

/** Lines behind which the original message stands, in the words of many systems (ndr-formats.md §6). */
const markers =
  /^[ \t]{0,8}(?:-{2,} ?)?(?:original message headers|the headers? and top \d+ lines|this is a copy of (?:the|your) message|---- ?(?:the|original|copy)|ursprüngliche nachrichtenkopfzeilen|en-têtes de message (?:d['’]origine|originaux)|intestazioni originali del messaggio|oorspronkelijke berichtkoppen|cabeçalhos (?:originais )?da mensagem|encabezados del mensaje original|元のメッセージ ヘッダー|原始邮件头|原始郵件標頭|원본 메시지 헤더|исходные заголовки сообщения)/imu;
const headerStart = /^[ \t]{0,4}(?:return-path|received|dkim-signature|x-ms-exchange-\S{1,60}|arc-seal): ?\S/im;

/**
 * Split where the original message begins: at a heading that says so, else at its first trace header.
 * A text that starts with trace headers is one whole message, and nothing is split off.
 */
export function splitParts(text: string): Parts {
  const at = markers.exec(text)?.index ?? traceStart(text);
  return at === undefined || at === 0 ? { report: text, original: '' } : { report: text.slice(0, at), original: text.slice(at) };
}

const traceStart = (text: string): number | undefined => {
  const at = headerStart.exec(text)?.index;
  return at !== undefined && text.slice(0, at).trim().length > 40 ? at : undefined;
};
