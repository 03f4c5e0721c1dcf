import { join } from 'node:path';
import { loadKnowledge } from '../../src/knowledge/load';
import { createMatcher } from '../../src/knowledge/match';
import { readText } from '../../src/ndr/read';

const matcher = createMatcher(loadKnowledge(join(__dirname, '../../knowledge')));
const meant = (text: string): string | undefined => matcher.diagnose(readText(text))[0]?.article?.id;

describe('a moderator said no', () => {
  test.each([
    'Your request to the announce@lists.contoso.com mailing list\n\n    Posting of your message titled "Offer"\n\nhas been rejected by the list moderator.  The moderator gave the\nfollowing reason for rejecting your request:\n\n"Off topic"',
    'Delivery has failed to these recipients or groups:\nall@contoso.com\nYour message was rejected by the moderator.',
  ])('%j', (text) => {
    expect(meant(text)).toBe('moderator-rejected');
  });

  // The sentence of every 5.7.1 of Exchange names the moderator among three possible reasons.
  test('is not meant where Exchange only guesses', () => {
    const text =
      "Delivery has failed to these recipients or groups:\nkim@contoso.com\nYour message wasn't delivered due to a permission or security issue. It may have been rejected by a moderator, the address may only accept e-mail from certain senders, or another restriction may be preventing delivery.\nDiagnostic information for administrators:\nkim@contoso.com\n#550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized ##";
    expect(meant(text)).toBe('5.7.1-not-authorized');
  });
});
