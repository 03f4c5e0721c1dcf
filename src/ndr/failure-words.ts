/**
 * Words that say that something did not arrive or is wrong, in the languages that mail systems write in. Far too common to make a
 * bounce of a text; enough where a mail system sent it.
 */
const failing =
  /\b(?:undeliver\w*|deliver\w{0,4} (?:fail|delay|problem|error)\w*|unable|fail(?:ed|s|ure)?|could ?n[o']t|cannot|can['’]t|wasn['’]t|(?:not|never) (?:been |be |yet been )?(?:deliver|sent|reach|recogni|found|exist|accept|listed|valid|receive|retrieve|like)\w*|no (?:such|mailbox|valid|mx|mail)|not a|does(?:n['’]t| not)|did(?:n['’]t| not)|reject\w*|refus\w*|return(?:ed|ing)|bounc\w*|unknown|exceed\w*|over quota|full|disabled|suspended|blocked|denied|error\w*|invalid|incorrect|expired|timed? ?out|delay\w*|deferred|frozen|gave up|giv(?:en|ing) up|unroutable|unrouteable|loop\w*|too (?:large|big|long|many))\b|nicht zug|unzustell|konnte nicht|fehl|abgelehnt|unbekannt|überschritten|échec|échou|non remis|pas (?:pu )?être|n'a pas|n'existe|inconnu|refusé|dépass|impossible|imposible|no (?:se )?(?:pudo|ha podido|pude|existe|ha sido)|fall[oó]|rechaz|devuelt|desconocid|não (?:foi|p[oô]de|existe)|falh|rejeitad|devolvid|non (?:è stato|riuscit|recapit|esiste|trovat|consegn)|impossibile|mancat|errore|rifiutat|niet (?:worden )?(?:be|af|ge)\w+|onbekend|geweigerd|mislukt|kunde inte|kan inte|ikke (?:lever|mulig)|не (?:удалось|может|был|доставл|существует|найден)|недостав|ошибк|отклонен|отказ|nie (?:można|został|dostarcz)|odrzucon|niedostarcz|できません|できな|ませんでした|エラー|不明|失敗|届け|存在し|超え|拒否|返送|无法|無法|未能|失败|退信|退回|不存在|拒绝|拒絕|않|실패|반송|없는|오류/i;

/** No more of a report than its beginning is looked at, in characters. */
const maxWords = 20_000;

/** Whether a text that a mail system wrote speaks of a failure. */
export const saysFailure = (text: string): boolean => failing.test(text.slice(0, maxWords));
