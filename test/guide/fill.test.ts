import { fill, fillScript, fillText, shorten, type Piece } from '../../src/guide/fill';
import type { FactName, Facts } from '../../src/knowledge/facts';
import { factNames } from '../../src/knowledge/facts';
import { knowledge, phrases } from './core';

const none = Object.fromEntries(factNames.map((name) => [name, null])) as Facts;
const facts = (given: Partial<Facts>): Facts => ({ ...none, ...given });

describe('PowerShell: a value goes in as one quoted word, or not at all', () => {
  test.each<[fact: FactName, value: string | null, quoted: string]>([
    ['recipient', 'kim@contoso.com', "'kim@contoso.com'"],
    ['recipient', "o'hara@contoso.com", "'o''hara@contoso.com'"],
    ['recipient', "'@contoso.com", "'''@contoso.com'"],
    ['recipient', "a''b@contoso.com", "'a''''b@contoso.com'"],
    ['recipient', "x';Remove-Mailbox;'@contoso.com", "'<recipient>'"],
    ['recipient', 'o\u2019hara@contoso.com', "'<recipient>'"],
    ['recipient', 'a\u2018b@contoso.com', "'<recipient>'"],
    ['recipient', 'a\u201ab@contoso.com', "'<recipient>'"],
    ['recipient', 'a\u201bb@contoso.com', "'<recipient>'"],
    ['recipient', '$(calc)@contoso.com', "'<recipient>'"],
    ['recipient', '$env:USERNAME@contoso.com', "'<recipient>'"],
    ['recipient', '$x@contoso.com', "'$x@contoso.com'"],
    ['recipient', '`n@contoso.com', "'`n@contoso.com'"],
    ['recipient', 'kim@contoso.com; Remove-Item C:\\', "'<recipient>'"],
    ['recipient', 'kim@contoso.com\nRemove-Item', "'<recipient>'"],
    ['recipient', 'kim@contoso.com\u2028Remove-Item', "'<recipient>'"],
    ['recipient', 'kim@contoso.com\0', "'<recipient>'"],
    ['recipient', 'kim akers@contoso.com', "'<recipient>'"],
    ['recipient', '"kim akers"@contoso.com', "'<recipient>'"],
    ['recipient', 'kim', "'<recipient>'"],
    ['recipient', 'kim@', "'<recipient>'"],
    ['recipient', '@contoso.com', "'<recipient>'"],
    ['recipient', 'kim@contoso', "'<recipient>'"],
    ['recipient', '******@contoso.com', "'<recipient>'"],
    ['recipient', '[redacted]@contoso.com', "'<recipient>'"],
    ['recipient', `${'a'.repeat(300)}@contoso.com`, "'<recipient>'"],
    ['recipient', '', "'<recipient>'"],
    ['recipient', null, "'<recipient>'"],
    ['sender', "d'arc@fabrikam.com", "'d''arc@fabrikam.com'"],
    ['sender', 'kim@fabrikam.com | calc', "'<sender>'"],
    ['group', 'team@contoso.com', "'team@contoso.com'"],
    ['group', 'All Hands', "'<group>'"],
    ['group', "All'; calc; '", "'<group>'"],
    ['domain', 'contoso.com', "'contoso.com'"],
    ['domain', 'contoso.com; calc', "'<domain>'"],
    ['domain', "contoso.com'", "'<domain>'"],
    ['domain', '$(calc).com', "'<domain>'"],
    ['senderDomain', 'fabrikam.co.uk', "'fabrikam.co.uk'"],
    ['server', 'mail.contoso.com', "'mail.contoso.com'"],
    ['server', 'Outbound to Contoso', "'<server>'"],
    [
      'generatingServer',
      'AM6PR01MB0002.eurprd01.prod.outlook.com',
      "'AM6PR01MB0002.eurprd01.prod.outlook.com'",
    ],
    ['ip', '203.0.113.7', "'203.0.113.7'"],
    ['ip', '2001:db8::1', "'2001:db8::1'"],
    ['ip', '203.0.113.7/32', "'<ip>'"],
    ['ip', "203.0.113.7'; calc", "'<ip>'"],
    ['messageId', '0123-abc@fabrikam.com', "'0123-abc@fabrikam.com'"],
    ['messageId', 'x"; calc; "', "'<messageId>'"],
    // What has no shape of its own never goes into a command.
    ['subject', 'Offer', "'<subject>'"],
    ['diagnostic', 'no', "'<diagnostic>'"],
    ['error', 'no', "'<error>'"],
    ['code', '5.7.1', "'<code>'"],
    ['reply', '550', "'<reply>'"],
  ])('{%s} is %j → %s', (fact, value, quoted) => {
    expect(fillScript(`Set-X -Identity {${fact}} -Force`, facts({ [fact]: value }))).toBe(
      `Set-X -Identity ${quoted} -Force`,
    );
  });

  test('every script that is shipped stays one well-formed command line for the worst address there is', () => {
    const worst = facts({
      recipient: "a'b`$x@contoso.com",
      sender: "'@fabrikam.com",
      group: "g'''h@contoso.com",
      domain: 'contoso.com',
      senderDomain: 'fabrikam.com',
      ip: '203.0.113.7',
      messageId: 'a@b',
    });
    const found = JSON.stringify([[...knowledge.articles.values()], [...knowledge.shared.values()]]);
    const scripts = [...found.matchAll(/"script":"((?:[^"\\]|\\.)*)"/g)].map(([, script]) =>
      String(JSON.parse(`"${script ?? ''}"`)),
    );
    expect(scripts.length).toBeGreaterThan(20);
    for (const script of scripts) {
      const filled = fillScript(script, worst);
      // Everything of the report stands inside single quotes; what is left has none, and none of its signs.
      const outside = filled.replace(/'(?:[^']|'')*'/g, '‹›');
      expect([script, outside.includes("'") || /a'b|@contoso|@fabrikam/.test(outside)]).toEqual([
        script,
        false,
      ]);
    }
  });

  test('a value cannot bring a fact of its own', () => {
    expect(
      fillScript(
        'Get-X {recipient}',
        facts({ recipient: '{sender}@contoso.com', sender: 'kim@fabrikam.com' }),
      ),
    ).toBe("Get-X '{sender}@contoso.com'");
    expect(
      fillText('To {subject}', facts({ subject: '{sender}', sender: 'kim@fabrikam.com' }), phrases),
    ).toBe('To {sender}');
    expect(fill('{subject}', facts({ subject: '{sender} **x**' }), phrases)).toEqual([
      { text: '{sender} **x**', style: 'value' },
    ]);
  });
});

describe('sentences', () => {
  test.each<[source: string, given: Partial<Facts>, pieces: Piece[]]>([
    [
      'Ask {recipient}.',
      { recipient: 'kim@contoso.com' },
      [
        { text: 'Ask ', style: 'plain' },
        { text: 'kim@contoso.com', style: 'value' },
        { text: '.', style: 'plain' },
      ],
    ],
    [
      'Ask {recipient}.',
      {},
      [
        { text: 'Ask ', style: 'plain' },
        { text: `‹${phrases.t('fact.recipient')}›`, style: 'missing' },
        { text: '.', style: 'plain' },
      ],
    ],
    [
      'Select **Save**',
      {},
      [
        { text: 'Select ', style: 'plain' },
        { text: 'Save', style: 'label' },
      ],
    ],
    ['`Get-X`', {}, [{ text: 'Get-X', style: 'code' }]],
    ['[page](https://a.example/x)', {}, [{ text: 'page', style: 'plain', url: 'https://a.example/x' }]],
    [
      '{subject}',
      { subject: '[x](https://evil.example) **b**' },
      [{ text: '[x](https://evil.example) **b**', style: 'value' }],
    ],
    [
      '{subject}',
      { subject: 'x'.repeat(91) },
      [{ text: `${'x'.repeat(54)}…${'x'.repeat(35)}`, style: 'value' }],
    ],
    ['{subject}', { subject: 'x'.repeat(90) }, [{ text: 'x'.repeat(90), style: 'value' }]],
  ])('%j with %j', (source, given, pieces) => {
    expect(fill(source, facts(given), phrases)).toEqual(pieces);
  });

  test.each(factNames)(
    '{%s} has a placeholder that can be seen, in a sentence, a draft and a script',
    (name) => {
      const words = phrases.t(`fact.${name}`);
      expect(words).not.toBe(`fact.${name}`);
      expect(fill(`{${name}}`, none, phrases)).toEqual([{ text: `‹${words}›`, style: 'missing' }]);
      expect(fillText(`{${name}}`, none, phrases)).toBe(`‹${words}›`);
      expect(fillScript(`{${name}}`, none)).toBe(`'<${name}>'`);
    },
  );

  test('a draft is plain text: nothing in it is markup', () => {
    expect(
      fillText(
        '**Hello** {sender}, see [x](https://a.example)',
        facts({ sender: 'kim@fabrikam.com' }),
        phrases,
      ),
    ).toBe('**Hello** kim@fabrikam.com, see [x](https://a.example)');
  });
});

describe('shorten', () => {
  test.each<[value: string, length: number, short: string]>([
    ['short', 10, 'short'],
    ['exactly-10', 10, 'exactly-10'],
    ['0123456789a', 10, '012345…89a'],
    ['', 10, ''],
    ['abc', 1, '…'],
  ])('%j to %i → %j', (value, length, short) => {
    expect(shorten(value, length)).toBe(short);
    expect(shorten(value, length).length).toBeLessThanOrEqual(Math.max(length, 1));
  });

  test('never longer than asked for, and keeps both ends', () => {
    const value = 'start-of-a-very-long-host-name.contoso.example.end';
    for (let length = 5; length < 60; length += 1) {
      const short = shorten(value, length);
      expect(short.length).toBeLessThanOrEqual(Math.max(length, 5));
      if (value.length > length) expect([short.startsWith('s'), short.endsWith('d')]).toEqual([true, true]);
    }
  });
});
