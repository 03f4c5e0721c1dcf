import { activityJson, answerJson } from '../src/card-json';

const card = { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text: '$& $\' $1 \u2028 "quoted" ’' }] };
const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', content: card };

describe('the same JSON as of everything else', () => {
  test.each<[name: string, activity: { attachments?: { content?: unknown }[]; [name: string]: unknown }]>([
    [
      'a card',
      { type: 'message', id: '1', summary: '$&', attachments: [attachment], conversation: { id: 'a' } },
    ],
    ['a card and undefined fields', { id: undefined, attachments: [attachment], replyToId: undefined }],
    ['two cards', { attachments: [attachment, attachment] }],
    ['no attachment', { type: 'typing' }],
    ['none in the list', { attachments: [] }],
    ['one without content', { attachments: [{ contentUrl: 'x' } as object] }],
    ['a text for content', { attachments: [{ content: '<div>' }] }],
  ])('activity: %s', (_, activity) => {
    expect(activityJson(activity)).toBe(JSON.stringify(activity));
    expect(activityJson(activity)).toBe(JSON.stringify(activity));
  });

  test.each<[name: string, body: unknown]>([
    ['a card', { statusCode: 200, type: attachment.contentType, value: card }],
    ['a message', { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Sorry' }],
    ['no value', { composeExtension: { type: 'result' } }],
    ['a list', [card]],
    ['null', null],
    ['a text', 'x'],
  ])('answer: %s', (_, body) => {
    expect(answerJson(body)).toBe(JSON.stringify(body));
  });
});

test('a card that goes out twice is put into JSON once', () => {
  let times = 0;
  const counted = { type: 'AdaptiveCard', toJSON: () => ({ type: 'AdaptiveCard', times: (times += 1) }) };
  const activity = { type: 'message', attachments: [{ ...attachment, content: counted }] };
  const sent = activityJson(activity);
  const answered = answerJson({ statusCode: 200, value: counted });
  expect(times).toBe(1);
  expect(sent).toContain('"content":{"type":"AdaptiveCard","times":1}');
  expect(answered).toContain('"value":{"type":"AdaptiveCard","times":1}');
});
