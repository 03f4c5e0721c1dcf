import { cardText } from '../../src/bot/card-text';

const adaptive = 'application/vnd.microsoft.card.adaptive';
const card = (...body: unknown[]): object => ({ type: 'AdaptiveCard', body });

describe('the words of a card', () => {
  test.each<[name: string, content: unknown, words: string]>([
    [
      'text blocks, a line each',
      card({ text: '550 5.1.1' }, { text: 'User unknown' }),
      '550 5.1.1\nUser unknown',
    ],
    [
      'runs of one paragraph',
      card({ inlines: [{ text: '550 ' }, '5.7.1', { text: ' no' }] }),
      '550 5.7.1 no',
    ],
    ['facts', card({ facts: [{ title: 'Code', value: '5.1.1' }] }), 'Code 5.1.1'],
    ['code', card({ type: 'CodeBlock', codeSnippet: '5.1.1' }), '5.1.1'],
    ['columns', card({ columns: [{ items: [{ text: 'a' }] }, { items: [{ text: 'b' }] }] }), 'a\nb'],
    ['no buttons', { ...card({ text: 'a' }), actions: [{ title: 'Close', data: { text: 'x' } }] }, 'a'],
    ['no second wording', { ...card({ text: 'a', fallback: { text: 'b' } }), fallbackText: 'c' }, 'a'],
    ['JSON', JSON.stringify(card({ text: '5.1.1' })), '5.1.1'],
    ['what is no JSON', '{', ''],
    ['no card', null, ''],
    ['words that are none', card({ text: 5, title: {}, inlines: 'x', value: null }), ''],
  ])('%s', (_, content, words) => {
    expect(cardText([{ contentType: adaptive, content }])).toBe(words);
  });

  test('of a hero card', () => {
    const content = { title: 'Bounce', subtitle: 'today', text: '5.1.1', buttons: [] };
    expect(cardText([{ contentType: 'application/vnd.microsoft.card.hero', content }])).toBe(
      'Bounce\ntoday\n5.1.1',
    );
  });

  test.each([undefined, 'text', [], [null], [{ contentType: 'text/html', content: { text: 'a' } }]])(
    'no card: %p',
    (attachments) => {
      expect(cardText(attachments)).toBe('');
    },
  );

  test('of a card without end', () => {
    let deep: object = { text: 'too deep' };
    for (let depth = 0; depth < 10_000; depth += 1) deep = { items: [deep] };
    const long = { text: 'x'.repeat(500_000) };
    expect(cardText([{ contentType: adaptive, content: card(deep, long) }])).toHaveLength(100_000);
  });
});
