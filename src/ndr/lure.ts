import type { ReadReport } from './report';
import { squeeze } from './squeeze';

/** Mail for the reader that is said to wait somewhere; a bounce is about mail that the reader sent. */
const toReader =
  /\b(?:incoming|pending|held|undelivered|unreceived|withheld|clustered)\s(?:\S{1,20}\s){0,2}(?:messages?|e-?mails?|mails?)\b|\b(?:messages?|e-?mails?|mails?)\b[^.!?]{1,80}\b(?:not|never|n['’]t|failed to)\s(?:be |been |get |reach )?(?:deliver(?:ed)?|arrive|received?)?\s?(?:(?:in)?to\s)?(?:you|your\s(?:inbox|mailbox|account))\b|\bsie haben\s(?:\S{1,20}\s){0,2}(?:nicht zugestellte|ausstehende|zurückgehaltene|eingehende)|\b(?:eingehende|ausstehende|zurückgehaltene)n?\s(?:nachrichten|e-?mails)\b|\b(?:messages?|e-?mails?|courriels?)\s(?:entrants?|en attente)|\b(?:mensajes|correos)\s(?:entrantes|pendientes|retenidos)|\bmessaggi\s(?:in arrivo|in sospeso|in attesa)|\bmensagens\s(?:pendentes|retidas|recebidas)|\b(?:inkomende|wachtende)\s(?:berichten|e-?mails)/iu;

/** What the reader is to do about it: sign in, confirm, let the mail out. */
const demand =
  /\b(?:verify|confirm|validate|re-?activate|upgrade|update|release|retrieve|recover|re-?confirm|log ?in|sign ?in|keep)\b[^.!?]{1,60}\b(?:account|password|mailbox|storage|identity|messages?|e-?mails?|mails?|here|now)\b|\b(?:bestätigen|verifizieren|abrufen|freigeben|aktualisieren|anmelden)\b|\b(?:kennwort|passwort|konto)\b[^.!?]{1,40}\bläuft\b|\b(?:vérifiez|confirmez|récupérez|validez|libérez)\b|\b(?:verifique|confirme|recupere|valide|libere)\b|\b(?:verifica|conferma|recupera|sblocca)\b|\b(?:verifieer|bevestig|herstel)\b/iu;

const link =
  /\bhttps?:\/\/|\bwww\.|\b(?:click|press|tap) (?:here|below|the (?:link|button))|\bhier klicken\b|\bcliquez\b|\bhaga clic\b|\bclicca\b|\bclique\b|\bklik hier\b/i;

/** Such a mail is short, in characters. */
const maxLooked = 4000;

/**
 * Whether a text plays a bounce to its reader to have a link pressed: mail *for* the reader is held back, with a demand and a link.
 * A real report names a server, a field or somebody that the message did not reach.
 */
export function isLure(
  { failures, generatingServer, remoteServer, hops, isNdr }: ReadReport,
  text: string,
): boolean {
  const isBare =
    generatingServer === null &&
    remoteServer === null &&
    hops.length === 0 &&
    failures.every(({ recipient }) => recipient === null);
  if (!isBare || !(isNdr || failures.length > 0) || text.length > maxLooked) return false;
  const line = squeeze(text);
  return toReader.test(line) && demand.test(line) && link.test(line);
}
