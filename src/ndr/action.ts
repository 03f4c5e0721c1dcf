import type { Action } from './report';

const actions: readonly Action[] = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'];

/** The value of an `Action` field (RFC 3464 §2.3.3); some systems write "failure" or put words behind. */
export function actionIn(value: string): Action | null {
  const word = /^[a-z]+/i.exec(value)?.[0].toLowerCase() ?? '';
  return actions.find((action) => word.startsWith(action.slice(0, 4))) ?? null;
}

/** Words of a warning: the message is still tried. */
const delay =
  /\bdelivery (?:has been |is )?delayed|(?:message|mail) (?:is|has been) delayed|has(?:n['’]t| not) (?:yet )?been delivered yet|only a temporary failure|temporary problem delivering|delivery status notification ?\(delay|warning: (?:could not send|message \S{1,40} delayed|message still undelivered)|delayed mail|has not yet been delivered|could not yet be delivered|this is a warning message only|will be retried|will keep trying|still being retried|we'll keep trying|zustellung verzögert|remise (?:retardée|différée)|entrega (?:atrasada|retrasada)|consegna ritardata|bezorging vertraagd/i;
/** Words of a verdict. */
const failure =
  /delivery has failed|could(?:n['’]| no)t be delivered|was(?:n['’]| no)t delivered|undeliverable|undelivered mail|failed permanently|permanent fatal errors|delivery status notification ?\(fail|mail delivery failed|returned mail|message (?:has )?expired|giving up|stopped trying|konnte nicht zugestellt|unzustellbar/i;

/** What the words of a report without an `Action` field say; null where they do not. */
export function actionInWords(words: string, isTransient: boolean): Action | null {
  const isDelayed = delay.test(words);
  if (failure.test(words) && !(isDelayed && isTransient)) return 'failed';
  return isDelayed ? 'delayed' : null;
}
