/** A language that Exchange writes reports in, as BCP 47 names it. */
export type Language =
  'en' | 'de' | 'fr' | 'it' | 'nl' | 'pt' | 'es' | 'ja' | 'zh-Hans' | 'zh-Hant' | 'ko' | 'ru' | 'pl' | 'sv';

/** The headings of a classic report, without their colon. An entry may be the beginning of one, as far as it is verified. */
export interface Headings {
  /** In front of the subject of the message that bounced. */
  subject: readonly string[];
  /** Above the recipients. */
  user: readonly string[];
  /** Above the part for administrators. */
  admin: readonly string[];
  generatingServer: readonly string[];
  originalHeaders: readonly string[];
}

/**
 * The headings per language: ndr-formats.md §6, seen in real reports or on Microsoft's page in that language; the
 * subjects from Japanese on and the Swedish row are not verified. A report never depends on them: its code lines
 * are English in every language (§1).
 */
export const languages: Readonly<Record<Language, Headings>> = {
  en: {
    subject: ['Undeliverable'],
    user: [
      'Delivery has failed to these recipients or groups',
      'Delivery has failed to these recipients or distribution lists',
      'Delivery has failed to these',
      'Delivery is delayed to these recipients or groups',
    ],
    admin: ['Diagnostic information for administrators', 'More Info for Email Admins'],
    generatingServer: ['Generating server'],
    originalHeaders: ['Original message headers'],
  },
  de: {
    subject: ['Unzustellbar'],
    user: [
      'Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen',
      'Fehler bei der Nachrichtenzustellung',
    ],
    admin: ['Diagnoseinformationen für Administratoren'],
    generatingServer: ['Generierender Server'],
    originalHeaders: ['Ursprüngliche Nachrichtenkopfzeilen'],
  },
  fr: {
    subject: ['Non remis'],
    user: ['Échec de la remise pour ces destinataires ou groupes', 'Échec de la remise'],
    admin: ['Informations de diagnostic pour les administrateurs'],
    generatingServer: ['Serveur de génération'],
    originalHeaders: ["En-têtes de message d'origine", 'En-têtes de message originaux'],
  },
  it: {
    subject: ['Non recapitabile'],
    user: ['Il recapito non è riuscito per i seguenti destinatari o gruppi', 'Il recapito non è riuscito'],
    admin: ['Informazioni di diagnostica per gli amministratori'],
    generatingServer: ['Server di generazione'],
    originalHeaders: ['Intestazioni originali del messaggio'],
  },
  nl: {
    subject: ['Onbestelbaar'],
    user: ['Uw bericht kan niet worden bezorgd bij de volgende geadresseerden of groepen'],
    admin: ['Diagnostische gegevens voor beheerders'],
    generatingServer: ['Bronserver'],
    originalHeaders: ['Oorspronkelijke berichtkoppen'],
  },
  pt: {
    subject: ['Não entregue'],
    user: ['Falha na entrega a estes destinat'],
    admin: ['Informações de diagnóstico para administradores', 'diagnóstico para administradores'],
    generatingServer: ['Servidor de origem', 'Servidor gerador'],
    originalHeaders: ['Cabeçalhos originais da mensagem', 'Cabeçalhos da mensagem original'],
  },
  es: {
    subject: ['No se puede entregar'],
    user: ['Error de entrega a estos destinatarios o grupos'],
    admin: [
      'Información de diagnóstico para administradores',
      'Información de diagnóstico para los administradores',
    ],
    generatingServer: ['Servidor de generación'],
    originalHeaders: ['Encabezados del mensaje original'],
  },
  ja: {
    subject: ['配信不能'],
    user: [],
    admin: ['管理者向けの診断情報'],
    generatingServer: ['生成サーバー'],
    originalHeaders: ['元のメッセージ ヘッダー'],
  },
  'zh-Hans': {
    subject: ['未送达'],
    user: [],
    admin: ['管理员诊断信息'],
    generatingServer: ['生成服务器'],
    originalHeaders: ['原始邮件头'],
  },
  'zh-Hant': {
    subject: ['無法傳遞'],
    user: [],
    admin: ['系統管理員的診斷資訊', '管理員的診斷資訊'],
    generatingServer: ['產生伺服器'],
    originalHeaders: ['原始郵件標頭'],
  },
  ko: {
    subject: ['배달되지 않음'],
    user: [],
    admin: ['관리자를 위한 진단 정보'],
    generatingServer: [],
    originalHeaders: ['원본 메시지 헤더'],
  },
  ru: {
    subject: ['Недоставлено'],
    user: [],
    admin: ['Диагностические сведения для администраторов'],
    generatingServer: ['Формирующий сервер'],
    originalHeaders: ['Исходные заголовки сообщения'],
  },
  pl: {
    subject: ['Niedostarczalne'],
    user: [],
    admin: ['Informacje diagnostyczne dla administratorów'],
    generatingServer: [],
    originalHeaders: [],
  },
  sv: {
    subject: ['Kan inte levereras', 'Olevererbart'],
    user: [],
    admin: ['Diagnostikinformation för administratörer'],
    generatingServer: [],
    originalHeaders: [],
  },
};

/** Every heading of one kind, in all languages. */
export const headingsOf = (part: keyof Headings): string[] =>
  Object.values(languages).flatMap((headings) => headings[part]);

/** What may stand between words that could speak of mail and "could not be delivered", but not of parcels. */
const ofMail = String.raw`(?:(?!parcel|package|shipment|\border\b|letter|paket|sendung|paquete)(?:[^.!?]|\.(?=\S))){1,120}`;

/** A report goes to whoever sent: what did not come into the reader's own mailbox is a trap, or a notice of another kind. */
const notToYou = String.raw`(?! to your (?:e-?mail |own )?(?:mailbox|inbox|account))`;

/**
 * Sentences that only a non-delivery report says, of Exchange and of other systems, where a language has such that are known;
 * for texts whose white space is folded. "Could not be delivered" is said of parcels too: mail must be spoken of.
 */
export const sentences: readonly (readonly [Language, RegExp])[] = [
  [
    'en',
    new RegExp(
      [
        "your message (?:to \\S{1,300} )?(?:couldn['’]t|could not|wasn['’]t|was not|can['’]t|cannot) be (?:delivered|sent)",
        "couldn['’]t deliver to the following recipients",
        "your message (?:wasn['’]t|was not) delivered",
        'did not reach (?:some or all of the intended recipients|the following recipient)',
        "wasn['’]t able to deliver your message",
        'failed addresses follow',
        'your message to \\S{1,300} was (?:automatically )?rejected',
        'retry time(?: not reached for any host|out exceeded)',
        'this message was created automatically by mail delivery software',
        'message that you sent could not be delivered',
        'could not deliver message to the following',
        `\\b(?:messages?|e-?mails?|mails?|recipients?|address(?:es)?)\\b${ofMail}\\bcould not be (?:delivered|reached)${notToYou}`,
        `could not be (?:delivered|reached)${notToYou}[^.!?]{0,80}\\b(?:recipients?|mailbox|inbox|[^\\s@]{1,64}@)`,
        "has(?: not|n['’]t) (?:yet )?been delivered (?:yet|to (?:one or more of its|all of its|these|the following) recipients)",
        'delivery (?:has been|is) delayed to (?:these|the following|[^\\s@]{1,64}@)',
        'delivery to (?:these|the following) recipients?\\b[^.!?]{0,60} (?:has been|is) delayed',
        'could not send message for past \\d{1,3} (?:hours|minutes|days)',
        'message still undelivered after',
        'had permanent fatal errors',
        'undelivered mail returned',
        'mail delivery (?:system|failed|subsystem)',
        'delivery status notification',
        'returned mail',
        'rejected your message to the following',
        'the following (?:recipient\\(?s?\\)?|address(?:\\(?es\\)?)?) (?:could not be reached|failed|had)',
        'remote server returned [\'‘"]',
        'message has been (?:rejected|bounced)',
        `\\b(?:messages?|e-?mails?|mails?)\\b${ofMail}\\bwas undeliverable`,
        "message can['’]t be (?:submitted|sent) because",
        'only accepts messages from people in its organization',
        "isn['’]t set up to receive messages from",
        "[^\\s@]{1,64}@[^\\s@]{1,255} wasn['’]t found at [\\w-]",
        '\\bmessage is larger than the (?:size limit for messages|current system limit)',
        '\\{led=',
      ].join('|'),
      'i',
    ),
  ],
  [
    'de',
    new RegExp(
      `\\b(?:nachricht|e-?mail|mail|empfänger)\\b${ofMail}\\bkonnte nicht zugestellt werden|wurde nicht an [^\\s@]{1,64}@\\S{1,255} zugestellt`,
      'i',
    ),
  ],
  [
    'es',
    new RegExp(
      `\\bno se (?:pudo|ha podido) entregar (?:el|su|tu|este|un) (?:mensaje|correo)|\\b(?:mensaje|correo)\\b${ofMail}\\bno se (?:pudo|ha podido) entregar`,
      'i',
    ),
  ],
  [
    'fr',
    /\b(?:message|courriel|mail|e-mail)\b(?:[^.!?]|\.(?=\S)){1,120}\bn['’](?:a pas (?:pu être|été)|a pu être) (?:remis|distribué|délivré|acheminé|envoyé)/i,
  ],
  [
    'it',
    /\b(?:messaggio|e-?mail|mail)\b(?:[^.!?]|\.(?=\S)){1,120}\bnon (?:è stato|può essere|è stato possibile) (?:consegna|recapita|invia)/i,
  ],
  ['pt', /\b(?:mensagem|e-?mail)\b(?:[^.!?]|\.(?=\S)){1,120}\bnão (?:p[oôu]de ser|foi) (?:entregue|enviad)/i],
  [
    'nl',
    /\b(?:bericht|e-?mail)\b(?:[^.!?]|\.(?=\S)){1,120}\b(?:kon|kan) niet (?:worden )?(?:bezorgd|afgeleverd)/i,
  ],
  ['sv', /\bmeddelande[tn]?\b(?:[^.!?]|\.(?=\S)){1,120}\bk(?:unde|an) inte levereras/i],
  ['pl', /wiadomoś(?:ci|ć)(?:[^.!?]|\.(?=\S)){1,120} nie (?:została|mogła zostać|może zostać) dostarczon/i],
  [
    'ru',
    /(?:сообщение|письмо)(?:[^.!?]|\.(?=\S)){1,120}(?:не (?:может быть|было|удалось) доставл|не доставлено)/i,
  ],
  ['ja', /(?:メール|メッセージ)[^。]{0,60}(?:送信|配信|配送|お?届け)[^。]{0,12}(?:できません|失敗)/],
  ['zh-Hans', /邮件[^。]{0,30}(?:被退回|被退信|无法送达|无法投递|未能送达)/],
  ['zh-Hant', /郵件[^。]{0,30}(?:被退回|被退信|無法傳遞|無法遞送|無法送達)/],
  ['ko', /메일[^.]{0,30}(?:전송|배달|발송)[^.]{0,12}(?:실패|못|수 없)/],
];
