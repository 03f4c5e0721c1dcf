/** A number that reads as an enhanced status code, with what its surroundings say about it. */
export interface Code {
  code: string;
  /** The three digits in front, or null. */
  reply: string | null;
  /** First character of the reply, or of the code where no reply stands. */
  at: number;
  /** First character behind the code. */
  end: number;
  rule: string;
}

/** How much of the text around a number is looked at, in characters. */
const before = 48;
const near = 120;

/** A report names a handful of codes; a text with more is a list or an attack. */
export const maxCodes = 200;

/**
 * Subjects end at 7 (RFC 3463 §3), so `4.94.2` is Exim and not a code. The class must not be glued to another
 * digit or dot: `15.7.13`, `10.105.7.129`, `id 15.20.8583.26` are sections, addresses and builds. The second
 * form has a space behind each dot, `5. 1. 0`: some programs that clean texts put one there.
 */
const codeShape =
  /(?<![\d.])([245])\.(?:([0-7])\.(\d{1,3})| ([0-7])\. (\d{1,3}))(?!\d|\.(?:[\d*]|x(?![a-z])))/g;

/** The words in front of a number that make it a status code, or somebody's version number. */
const replyInFront = /(?<![\w.@])([245]\d\d)(?:[ \t]*\n[ \t]*|[ \t]+|-['"]?|[ \t]*[;:,][ \t]*|, ?b?['"])?#?$/;
const labelInFront =
  /(?:status(?: code)?|reported error|error(?: code)?|smtp|dsn|ndr|ehlo|enhanced|diagnostic(?:-code)?|reason|problem|message|returned|antwort|response|(?:server|host) (?:responded|replied|answered)|said|code|fehlercode|bounce|\b(?:fehler|erreur|errore|erro|fout|fejl|fel|hata)(?:[ \t]?[ck]od[eu]?)?|ошибка|エラー(?:コード)?|错误|錯誤|오류)['"`]?(?: (?:is|was|of))?[ \t]?[:;=.#-]{0,3}[ \t]{0,12}['"`(#<*]{0,3}$/i;
/** Labels that only mail has; the others stand in front of the numbers of printers and programs too. */
const mailLabelInFront = /(?:smtp|dsn|ndr|ehlo|enhanced|diagnostic(?:-code)?|bounce)[^\p{L}]{0,20}$/iu;
/** `5.7.1 errors`, `5.7.x codes`. */
const labelBehind = /^[ \t](?:errors?|codes?|bounces?|ndrs?|replies|rejections?)\b/i;
const softwareInFront =
  /(?:[a-z]|\bversions?\W{0,4}|バージョン ?|版本 ?|버전 ?|\w[:@/=_-]|\w[=~><!]=|§[ \t]?|\b(?:(?:mysql|mariadb|postgresql|postfix|exim|sendmail|dovecot|opensmtpd|spamassassin|amavis\w*|rspamd|roundcube|squirrelmail|thunderbird|php\w*|nodemailer|\w+mailer|mailkit|perl|node|python|ruby|java|linux|kernel|ubuntu|debian|centos|android|ios|ipados|macos|windows|firmware|redis|mongodb|elasticsearch|nginx|openssl|docker|kubernetes|esxi|wordpress|drupal|joomla|magento)(?:[ \t](?:is|was|ist|war))?|server|release|update|rfc|id|section|chapter|appendix|abschnitt|kapitel|chapitre|paragraph)[ \t/-]{0,2}(?:(?:to|from|auf|von)[ \t])?)$/i;
/**
 * A word right in front of a number that is no word of bounces names what is numbered: `jQuery 5.1.2`, `requirement
 * 5.4.1`, `sala 4.4.1`. Of the words people put in front of a code they talk about, the plain ones are listed.
 */
const wordInFront = /(?<![\p{L}\p{N}])(\p{L}[\p{L}\p{N}.'’+-]{0,40})[ \t]{1,2}["'“„«(]?$/u;
const plainWord =
  /^(?:[ldn]['’])?(?:fyi|fix(?:es|ed|ing)?|solv(?:e|es|ed|ing)|resolv(?:e|es|ed|ing)|avoid(?:s|ing)?|btw|hey|hi|hello|so|another|both|mostly|often|sometimes|keeps?|hit(?:s|ting)?|thr(?:ew|ows?|owing)|reports?|reported|contains?|showed|wrote|writes|i|i['’]m|we|you|they|he|she|it|its|got|gets?|getting|gotten|receiv(?:e|es|ed|ing)|see(?:s|n|ing)?|saw|with|without|an?|the|this|that|these|those|is|was|are|were|be|by|and|or|of|about|sa(?:y|ys|id|ying)|shows?|showing|returns?|returning|giv(?:e|es|ing)|gave|as|for|like|via|hav(?:e|ing)|has|had|just|only|still|always|again|also|then|now|what|whats|why|how|does|means?|meaning|plus|versus|vs|same|my|our|your|their|any|some|every|each|common|usual|classic|generic|typical|bounc\w*|ndrs?|dsn|undeliver\w*|reject\w*|refus\w*|denied|denials?|block\w*|fail\w*|errors?|codes?|status|repl(?:y|ies)|answers?|answered|messages?|e?-?mails?|delivery|exchange|online|365|outlook|microsoft|office|gmail|yahoo|smtp|temporary|permanent|hard|soft|mit|ohne|ein(?:e[nmrs]?)?|de[rnms]|die|das|dass|ist|sind|war|und|oder|bekomm\w*|krieg\w*|erh[aä]l\w*|kommt|kommen|meldet|wegen|bei|als|avec|une?|les?|la|l['’]?|est|et|ou|re[cç]oi\w*|con|el|es|[yoéez]|da|com|uma?|met|een|het|krijg\w*|med|och|og|är|er|ze|kod\w*|kód|hata|hatas[ıi]|fehler\w*|fout\w*|fejl\w*|fel\w*|erreur\w*|errore|erro|errores|códigos?|codigos?|codice|codici)$/iu;
const isNamed = (front: string): boolean => {
  const word = wordInFront.exec(front)?.[1];
  return word !== undefined && !plainWord.test(word);
};

const dateInFront = /\b(?:am|vom|seit|bis|den|on|since|until|dated|date:?|le|del|il|op)[ \t]$/i;
const clockBehind = /^,?[ \t]\d{1,2}:\d\d/;
/** `5.1.1-449` is somebody's reference; `5.7.606-649` a range of codes. */
const referenceBehind = /^(?:-\d+[-/\p{L}]|-0|_|\/\d)/u;
/** `5.1.1 of the contract`. */
const documentBehind =
  /^[ \t](?:of|in) (?:the|our|your|this) (?:contract|manual|guide|handbook|policy|document|agenda|spec\w{0,12}|standard|terms|agreement)\b/i;
/** `5.1.0 %`, `5.4.2 GB`. */
const unitBehind = /^[ \t]?(?:[%€$£]|(?:eur|usd|gbp|chf|kg|km|[kmgt]i?b|ms|percent|prozent)\b)/i;
/** `5.7.1 (2024-11-05)`: a release in a list of changes. */
const releaseBehind = /^\]?[ \t]?[(–-][ \t]?\d{4}-\d\d-\d\d(?!T)/;
/** `Invoice 550-5.7.1`: the number of a thing, for all that it looks like a reply and a code; of an error it is one. */
const thingInFront =
  /(?<!\b(?:error|code|reply|status|fehler|erreur|errore|bounce|smtp|ndr)[ -]?)\b(?:invoice|order|ticket|case|article|item|part|model|serial|room|flight|rechnung|auftrag|bestellung|artikel|commande|facture|factura|pedido|fattura|ordine|nr\.?|n°|number|#)[ \t]{0,2}$/i;
/** `<5.7.1.4711@mail.contoso.com>` is a message id. */
const idBehind = /^[.+_-][\w.+-]{0,64}@/;
/** What a number has to do with mail; `mail me` and `Outlook for iOS` stand below anything. */
const mailWords =
  /メール|配信|不達|邮件|郵件|退信|退回|메일|반송|\b(?:(?:e-?)?mail(?:s|ed|ing)?(?! (?:me|us)\b)|messages?|mailbox|bounc\w*|ndrs?|dsn|deliver\w*|undeliver\w*|recipients?|senders?|smtp|exchange|outlook(?! for\b)|office 365|relay|connectors?|tenants?|spam|quota|zugestellt|correo|mensaje|courriel|messaggio|mensagem|bericht|rebot\w*|письм\w*)\b/i;

/** Whether a text speaks of mail anywhere in its beginning. */
export const isOfMail = (text: string): boolean => mailWords.test(text.slice(0, maxTopic));

/** What servers open a refusal with; a code in front of such words was said by a server, not asked by a person. */
export const serverWords =
  /^["'`*(\s:|-]{0,6}(?:Access denied|Service unavailable|Recipient address rejected|Message expired|Client (?:was|does) not|Remote server|RESOLVER\.|STOREDRV|QUEUE\.|TRANSPORT\.|SMTPSEND|APPROVAL|UnifiedGroupAgent|TenantAttribution|Your message can['’]t|The sender|The message|Sender |Relay|Unable to relay|Mailbox |User |Hop count|Connection |Too many|Delivery |Invalid |smtp;)/i;

/** The same as servers spell it: people write "5.7.708 - access denied" in sentences. */
export const exactServerWords = new RegExp(`${serverWords.source}|^SMTP; `);

/**
 * Every status code in `text` that a server said or a person asks about, at most {@link maxCodes}.
 * @param lonely Whether the text is nothing but codes or a question about one: then no mail word is asked for.
 */
export function findCodes(text: string, lonely: boolean): Code[] {
  const codes: Code[] = [];
  const seen: Seen = { others: new Set(), guessed: new Set(), weak: new Set(), unsaid: new Set() };
  for (const match of text.matchAll(codeShape)) {
    const code = judge(text, match, lonely, seen);
    if (code !== undefined && codes.push(code) >= maxCodes) break;
  }
  for (const family of numberedSections(text, seen.guessed)) seen.others.add(family);
  const isOurs = lonely || seen.weak.size === 0 || isOfMail(text);
  return codes.filter((code) => isMeant(code, text, seen, isOurs));
}

/** Where a text is about mail, it says so at its beginning, in characters. */
const maxTopic = 20_000;
/** Whoever asks about an error in so few characters need not say that it is about mail. */
const maxUnsaid = 400;

/**
 * "Section 5.7.1 …; 5.7.2 covers", "MySQL 5.7.44 for the old 5.7.26": a guess beside its like is no code, nor is one among numbers
 * of several kinds. "Error 4.2.2" is none where other things are numbered, or a long text tells of other things than mail.
 */
function isMeant(
  code: Code,
  text: string,
  { others, guessed, weak, unsaid }: Seen,
  isOurs: boolean,
): boolean {
  if (weak.has(code) && !isOurs) return others.size === 0 && text.length <= maxUnsaid;
  if (unsaid.has(code)) return others.size === 0 && text.length <= maxUnsaid;
  if (!guessed.has(code)) return true;
  return !others.has(familyOf(code.code)) && (others.size < 2 || isReceived(text, code.at));
}

/** "we get 5.7.1": somebody received it. */
const isReceived = (text: string, at: number): boolean =>
  /\b(?:gets?|got|getting|receiv\w{1,4}|bounc\w{1,4}|reject\w{0,4}|with|krieg\w{0,3}|bekomm\w{0,3}|erh[aä]l\w{1,3})[ \t]$/i.test(
    text.slice(Math.max(0, at - 16), at),
  );

/**
 * Families of which two numbers in a row begin lines, or parts of an enumeration (`4.4.1 Archive`, `4.4.2 Mailboxes`): the sections
 * of a document. Whoever enumerates codes puts no words between.
 */
function numberedSections(text: string, guessed: ReadonlySet<Code>): string[] {
  const leading = new Set(
    [...guessed].filter(({ at, end }) => beginsPart(text, at, end)).map(({ code }) => code),
  );
  return [...leading]
    .filter((code) => leading.has(`${familyOf(code)}.${String(Number(code.slice(4)) + 1)}`))
    .map(familyOf);
}

const beginsPart = (text: string, at: number, end: number): boolean => {
  const front = text.slice(Math.max(0, at - 9), at);
  return (
    /(?:^|\n)[ \t]{0,8}$/.test(front) ||
    (/[,;][ \t]$/.test(front) && /^[ \t](?!and\b|or\b|und\b|et\b|y\b)\p{L}/u.test(text.slice(end, end + 8)))
  );
};

/** What a text turned out to hold besides. */
interface Seen {
  /** Families (`5.7`) of numbers that are versions, sections or dates. */
  others: Set<string>;
  /** Codes without a reply or a label. */
  guessed: Set<Code>;
  /** Codes with a label that not only mail has. */
  weak: Set<Code>;
  /** Codes of three digits beside which nothing is said of mail. */
  unsaid: Set<Code>;
}

const familyOf = (code: string): string => code.slice(0, code.lastIndexOf('.'));

function judge(text: string, match: RegExpExecArray, lonely: boolean, seen: Seen): Code | undefined {
  const candidate = shape(text, match);
  const front = text.slice(Math.max(0, candidate.at - before), candidate.at);
  const behind = text.slice(candidate.end, candidate.end + 80);
  const labelled = labelInFront.test(front);
  if (
    match[2] === undefined &&
    candidate.reply === null &&
    !/(?:problem|error|status|code|reason)\W{0,4}$/i.test(front)
  )
    return undefined;
  if (candidate.reply === null && !labelled && isOtherNumber(front, behind, lonely)) {
    seen.others.add(familyOf(candidate.code));
    return undefined;
  }
  if (idBehind.test(behind)) return undefined;
  if (candidate.reply !== null && text.charAt(candidate.at + 3) === '-' && thingInFront.test(front))
    return undefined;
  const isSaid = serverWords.test(behind);
  if (labelled && candidate.reply === null && !isSaid && !mailLabelInFront.test(front))
    seen.weak.add(candidate);
  if (candidate.reply !== null || labelled || /[#<]$/.test(front)) return candidate;
  const isUnsaid =
    !isSaid &&
    !lonely &&
    (candidate.code.startsWith('2') ||
      (!labelBehind.test(behind) &&
        !mailWords.test(text.slice(Math.max(0, candidate.at - near), candidate.end + near))));
  if (isUnsaid && (!hasThreeDigits.test(candidate.code) || thingInFront.test(front))) return undefined;
  const code = isSaid ? candidate : { ...candidate, rule: `${candidate.rule}, unlabelled` };
  seen.guessed.add(code);
  if (isUnsaid) seen.unsaid.add(code);
  return code;
}

/** `5.7.520`: versions and sections hardly ever count that far, what blocks and restricts does (subject 7). */
const hasThreeDigits = /^[45]\.7\.\d{3}$/;

function shape(text: string, match: RegExpExecArray): Code {
  const [whole, subjectClass = '', subject, detail, spacedSubject = '', spacedDetail = ''] = match;
  const front = text.slice(Math.max(0, match.index - 16), match.index);
  const reply = replyInFront.exec(front);
  const rule = subject === undefined ? 'spaced code' : 'code';
  return {
    code: `${subjectClass}.${subject ?? spacedSubject}.${String(Number(detail ?? spacedDetail))}`,
    reply: reply?.[1] ?? null,
    at: reply === null ? match.index : match.index - front.length + reply.index,
    end: match.index + whole.length,
    rule: reply === null ? rule : `reply and ${rule}`,
  };
}

/** A version, a section, a date. */
const isOtherNumber = (front: string, behind: string, lonely: boolean): boolean =>
  softwareInFront.test(front) ||
  dateInFront.test(front) ||
  clockBehind.test(behind) ||
  referenceBehind.test(behind) ||
  releaseBehind.test(behind) ||
  unitBehind.test(behind) ||
  documentBehind.test(behind) ||
  (!lonely && isNamed(front) && !serverWords.test(behind));
