import type { Activity } from 'botbuilder';
import { z } from 'zod';
import { cardText } from './card-text';

/** A file that somebody dropped into a personal chat. Both values are the sender's: nothing about them is trusted. */
export interface AttachedFile {
  name: string;
  /** Pre-authorised and short-lived; whoever has it can read the file, so it is never logged. */
  url: string;
}

/** What came along with the words of a message. */
export interface Attached {
  file: AttachedFile | null;
  hasPicture: boolean;
  /** The words of the cards that were posted; '' when there are none. */
  card: string;
  /** A file was attached where Teams gives a bot no address of it: in a channel or group chat. */
  outOfReach: boolean;
}

const fileType = 'application/vnd.microsoft.teams.file.download.info';
const download = z.object({ downloadUrl: z.string().min(1) });

/** Look through the attachments of a message; never throws, whatever stands in them. */
export function attachedTo(activity: Partial<Activity>): Attached {
  const attachments = Array.isArray(activity.attachments) ? activity.attachments : [];
  const files = attachments.flatMap(({ contentType, content, name }): AttachedFile[] => {
    const info = contentType === fileType ? download.safeParse(content) : null;
    return info?.success === true
      ? [{ url: info.data.downloadUrl, name: typeof name === 'string' ? name : '' }]
      : [];
  });
  const html = attachments.map(({ contentType, content }): string =>
    contentType === 'text/html' && typeof content === 'string' ? content : '',
  );
  const card = cardText(attachments);
  return {
    file: files[0] ?? null,
    card,
    hasPicture:
      attachments.some(({ contentType }) => /^image\//.test(contentType)) ||
      html.some((part) => /<img [^>]{0,2000}itemtype="?[^">]{0,100}AMSImage/i.test(part)),
    // All that a bot sees of a file there is an empty element with the attachment's id (teams-docs: send and receive files).
    // A card that somebody posted is announced alike.
    outOfReach: files.length === 0 && card === '' && html.some((part) => /<attachment id=/i.test(part)),
  };
}
