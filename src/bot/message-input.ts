import type { Activity } from 'botbuilder';
import type { Notice } from '../cards/render';
import type { TurnInput } from '../dialogs/input';
import { readAll } from '../ndr/file';
import { htmlToText } from '../ndr/html';
import { attachedTo } from './attachments';
import type { FileFetcher, FileTrouble } from './file-fetcher';
import { htmlWithoutMention, textWithoutMention } from './mentions';
import { withoutQuote } from './quote';

/** The words of a message without mentions, and what stands in the file that came with them. */
export async function readInput(activity: Activity, files: FileFetcher): Promise<TurnInput> {
  const { text, html, quoted } = withoutQuote(
    activity,
    textWithoutMention(activity),
    htmlWithoutMention(activity),
  );
  const words = { text: text === '' && html !== undefined ? htmlToText(html) : text, html, quoted };
  const { file, hasPicture, card, outOfReach } = attachedTo(activity);
  if (file !== null) {
    const fetched = await files.fetch(file);
    if ('trouble' in fetched) return { ...words, trouble: troubles[fetched.trouble] };
    return { ...words, reading: readAll(fetched.bytes)[0] };
  }
  if (card !== '') return { text: `${wordsBesideCard(words.text, html)}\n${card}`.trim(), quoted };
  if (outOfReach) return { ...words, trouble: 'fileOutOfReach' };
  return hasPicture ? { ...words, trouble: 'unreadable.picture' } : words;
}

/** Where a posted card stands among the words, the Playground leaves HTML in the text; Teams in the HTML beside it. */
const wordsBesideCard = (text: string, html: string | undefined): string =>
  html === undefined && !text.includes('schema.skype.com/InputExtension') ? text : htmlToText(html ?? text);

const troubles: Readonly<Record<FileTrouble, Notice>> = {
  blocked: 'fileBlocked',
  failed: 'fileFailed',
  tooLarge: 'unreadable.tooLarge',
};
