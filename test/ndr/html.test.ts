import { htmlToText } from '../../src/ndr/html';
import { readPaste } from '../../src/ndr/paste';

test.each([
  ['blocks', '<div>a</div><p>b</p>c', 'a\n\nb\nc'],
  ['line breaks', 'a<br>b<br/>c<br />d', 'a\nb\nc\nd'],
  ['white space of the source', 'a\n   b\t c', 'a b c'],
  ['preformatted text', '<pre>Status code:\n  550 5.7.1</pre>', 'Status code:\n550 5.7.1'],
  [
    'cells',
    '<table><tr><td>Error:</td><td>550</td></tr><tr><td>To:</td><td>x</td></tr></table>',
    'Error:\t550\n\nTo:\tx',
  ],
  ['lists', '<ul><li>a</li><li>b</li></ul>', 'a\n\nb'],
  [
    'entities, once',
    '&lt;ana@contoso.com&gt; &amp;lt; &amp;amp; &quot;x&quot; &#39;y&#39;',
    '<ana@contoso.com> &lt; &amp; "x" \'y\'',
  ],
  ['a broken entity', '&lt &bogus; & &#xD800; &#99999999;', '< &bogus; & \ufffd \ufffd'],
  [
    'a link to an address under a name',
    '<a href="mailto:ana@contoso.com">Ana Doe</a>',
    'Ana Doe <ana@contoso.com>',
  ],
  [
    'the same with a subject and escapes',
    '<a href="MAILTO:ana%2Bx@contoso.com?subject=Hi">Ana</a>',
    'Ana <ana+x@contoso.com>',
  ],
  ['entities in the link', '<a href="mailto:ana&#64;contoso.com">Ana</a>', 'Ana <ana@contoso.com>'],
  [
    'a link that shows its address',
    '<a href="mailto:ana@contoso.com">ana@contoso.com</a>',
    'ana@contoso.com',
  ],
  ['a percent sign that is no escape', '<a href="mailto:100%@contoso.com">x</a>', 'x <100%@contoso.com>'],
  ['any other link', '<a href="https://contoso.com">here</a>', 'here'],
  ['an address that was not escaped', 'to <ana@contoso.com> failed', 'to <ana@contoso.com> failed'],
  ['scripts and styles', 'a<script>5.7.1</script><style>b{}</style><title>x</title>c', 'ac'],
  ['comments', 'a<!-- 5.7.1 -->b', 'ab'],
  ['the Office tags of Outlook', '<p class=MsoNormal>550 5.7.1<o:p></o:p></p>', '550 5.7.1'],
  ['spans in a word', '5<span>.7</span>.<b>1</b>', '5.7.1'],
  ['wrong closings', '<b><i>x</b></i></div></td>y', 'x\ny'],
  ['a tag that never ends', 'x<a href="', 'x'],
])('%s', (_, html, text) => {
  expect(
    htmlToText(html)
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n'),
  ).toBe(text);
});

test("Teams' copy and paste of a report", () => {
  const html =
    '<div itemprop="copy-paste-block"><p>Delivery has failed to these recipients or groups:</p><p><a href="mailto:ana@contoso.com">Ana Doe</a></p><p>&nbsp;</p><p><strong>Diagnostic information for administrators:</strong></p><p>Generating server: DB7PR01MB1234.eurprd01.prod.outlook.com</p><p>ana@contoso.com<br>mx1.contoso.com<br>Remote Server returned &#39;550 5.7.1 &lt;ana@contoso.com&gt;: Access denied&#39;</p></div>';
  expect(readPaste({ html })).toMatchObject({
    isNdr: true,
    generatingServer: 'DB7PR01MB1234.eurprd01.prod.outlook.com',
    remoteServer: 'mx1.contoso.com',
    failures: [
      {
        recipient: 'ana@contoso.com',
        reply: '550',
        code: '5.7.1',
        diagnostic: '<ana@contoso.com>: Access denied',
      },
    ],
  });
});

test("Outlook's table of a modern report", () => {
  const row = (label: string, value: string): string =>
    `<tr><td style="width:1%"><p class=MsoNormal><b>${label}</b><o:p></o:p></p></td>\n<td><p class=MsoNormal>${value}<o:p></o:p></p></td></tr>`;
  const html = `<html><head><style>p{margin:0}</style></head><body><p class=MsoNormal>Your message to <a href="mailto:ana@contoso.com">ana@contoso.com</a> couldn't be delivered.</p><table>${row('Sender Address:', '<a href="mailto:carla@woodgrove.com">carla@woodgrove.com</a>')}${row('Recipient Address:', 'ana@contoso.com')}${row('Subject:', 'Offer &amp; more')}${row('Error:', '550 5.7.350 Remote server returned message detected as spam -&gt; 554 5.7.1 Spam')}${row('Message rejected by:', 'mx1.contoso.com')}</table></body></html>`;
  expect(readPaste({ html })).toMatchObject({
    isNdr: true,
    sender: 'carla@woodgrove.com',
    subject: 'Offer & more',
    remoteServer: 'mx1.contoso.com',
    failures: [
      {
        recipient: 'ana@contoso.com',
        reply: '550',
        code: '5.7.350',
        diagnostic: 'Remote server returned message detected as spam -> 554 5.7.1 Spam',
      },
    ],
  });
});
