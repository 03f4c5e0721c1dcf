import type { Procedure } from '../knowledge/schema';
import { isMailAddress } from '../ndr/addresses';
import { fillDraft } from './fill';
import { isWithin, type Scene } from './scene';
import type { DraftView } from './view';

/** Longer links are cut off by clients; then the chat opens without the message, which stands on the card to copy. */
const maxLink = 1800;

/** The message of a step that asks somebody else, with its heading for whoever reads it. */
export function draftView(scene: Scene, draft: NonNullable<Procedure['draft']>): DraftView {
  const { facts, phrases } = scene;
  const text = fillDraft(draft.text, facts, phrases);
  return {
    label: phrases.t(`label.draft.${isOwnAdmin(scene, draft.to) ? 'ownAdmin' : draft.to}`),
    text,
    chat: draft.chat === false ? null : chatWith(scene, draft.to, text),
  };
}

/** Whether an admin is the reader's own: that of their side, or the only one there is. */
function isOwnAdmin(scene: Scene, to: string): boolean {
  if (!to.endsWith('Admin')) return false;
  const [reader] = scene.position.path;
  return (
    isWithin(scene) ||
    (to === 'senderAdmin' && reader === 'sender') ||
    (to === 'recipientAdmin' && (reader === 'recipient' || reader === 'groupOwner'))
  );
}

/** Only a person's address is one that Teams can open a chat with; a group's is not. */
function chatWith({ facts, phrases }: Scene, to: string, text: string): DraftView['chat'] {
  const address = to === 'recipient' ? facts.recipient : to === 'sender' ? facts.sender : null;
  if (address === null || !isMailAddress(address)) return null;
  const chat = `https://teams.microsoft.com/l/chat/0/0?users=${encodeURIComponent(address)}`;
  const whole = `${chat}&message=${encodeURIComponent(text)}`;
  // What has a hole in it is for the person to finish first.
  const isReady = !text.includes('‹') && whole.length <= maxLink;
  return { label: phrases.t(`draft.chat.${to}`), url: isReady ? whole : chat };
}
