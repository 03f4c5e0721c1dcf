/** What a program says of its own that hands mail to a server: names of libraries, of their errors, and their fixed sentences. */
const sayings: readonly RegExp[] = [
  // `Swift_TransportException`, `smtplib.SMTPRecipientsRefused`, `SmtpCommandException`; not `Microsoft.Exchange.Transport.…Exception`.
  /(?<![\w.])(?!microsoft\.exchange\.)[\w.]{0,80}(?:smtp|mailer|transport|messaging|sendfailed)[a-z]{0,40}(?:exception|error|refused)\b/i,
  /\b(?:nodemailer|phpmailer|swiftmailer|smtplib|mailkit|actionmailer|net::smtp|(?:javax|jakarta|com\.sun)\.mail|system\.net\.mail|send-mailmessage|cdo\.message|msmtp|swaks)\b/i,
  /\b(?:EENVELOPE|EMESSAGE|EAUTH|ECONNECTION)\b|\bresponseCode['"]? ?[:=]/,
  /\bthe server response was:|\bexpected response code\b|\bmailer error:|\bsmtp[ -](?:error|fehler|erreur|errore) ?\(\d{3}\):|\bsmtp error: (?:the following|could not|data not)|\bsmtp connect\(\) failed/i,
  /\btraceback \(most recent call last\)|^\s{0,8}at [\w.$<>]{1,120}\([\w.]{1,80}:\d{1,6}\)/im,
  // A scanner by its job or its model: `Ricoh MP C3004`, `HP LaserJet MFP E72535`.
  /\bscan(?:ning|s)?[ -]to[ -]e?-?mail\b|複合機|\b(?:ricoh|konica(?: minolta)?|kyocera|xerox|canon|sharp|brother|lexmark|epson|toshiba|hp) (?:[a-z-]{1,14} ){0,2}[a-z-]{0,6}\d{2,5}[a-z\d]{0,5}\b/i,
];

/**
 * Whether a text is the error of a website, script or device that handed mail to a server, and no report. Such a program
 * talks to the server of its own side, so that one refused.
 */
export const isProgramError = (text: string): boolean => sayings.some((saying) => saying.test(text));
