import type { Knowledge } from '../../src/knowledge/load';
import { createMatcher, type Diagnosis, type Evidence } from '../../src/knowledge/match';
import { articleSchema, type Article } from '../../src/knowledge/schema';
import { fold } from '../../src/ndr/fold';
import type { Failure, Reply, Report } from '../../src/ndr/report';
import { diagnose, knowledge, matcher } from '../guide/core';

// ── A small knowledge, in which every rule stands alone ─────────────────────────────────────────────────────────────────────────

const make = (id: string, fields: object): Article => ({
  id,
  ...articleSchema.parse({
    title: id,
    summary: id,
    looksLike: id,
    lasting: 'permanent',
    whoCanFix: ['sender'],
    audiences: { sender: { title: 'Do this', steps: ['Do it.'] } },
    sources: [{ label: 'A page', url: 'https://learn.microsoft.com/a' }],
    checked: '2026-11-21',
    ...fields,
  }),
});

const matcherOf = (articles: Readonly<Record<string, object>>, registry: Knowledge['registry'] = new Map()) =>
  createMatcher({
    articles: new Map(Object.entries(articles).map(([id, fields]) => [id, make(id, fields)])),
    shared: new Map(),
    registry,
    notes: new Map(),
  });

interface Said {
  code?: string | null;
  reply?: string | null;
  text?: string;
  inner?: readonly (readonly [code: string | null, text: string])[];
  host?: string | null;
  body?: string;
}

const toReply = (code: string | null, reply: string | null, text: string): Reply => ({
  reply,
  code,
  text,
  at: 0,
  rule: 'test',
});

function reportOf({
  code = null,
  reply = null,
  text = '',
  inner = [],
  host = null,
  body = '',
}: Said): Report {
  const failure: Failure = {
    recipient: null,
    code,
    reply,
    diagnostic: text,
    replies: [
      toReply(code, reply, text),
      ...inner.map(([innerCode, words]) => toReply(innerCode, null, words)),
    ],
    group: null,
    remoteServer: host,
    ip: null,
  };
  return {
    isNdr: true,
    failures: [failure],
    sender: null,
    subject: null,
    messageId: null,
    generatingServer: null,
    remoteServer: host,
    body,
  };
}

const outcome = ([diagnosis]: readonly Diagnosis[]): string =>
  diagnosis === undefined
    ? 'nothing'
    : (diagnosis.article?.id ??
      (diagnosis.candidates.length === 0
        ? 'unknown'
        : `open: ${diagnosis.candidates.map(({ article }) => article.id).join(', ')}`));

const microsoft = 'PR3PR01MB0001.eurprd01.prod.outlook.com';
const other = 'mx1.example.org';

const small = matcherOf(
  {
    exact: { codes: ['5.7.10'] },
    range: { codes: ['5.7.1-99'] },
    permission: { codes: ['5.7.100'], tokens: ['not authorized'], rank: 1 },
    relay: { codes: ['5.7.100'], tokens: ['unable to relay'], rank: 2 },
    quota: { phrases: ['submission quota was exceeded'] },
    shortPhrase: { phrases: ['mailbox is full'] },
    longPhrase: { phrases: ['the public folder mailbox is full'] },
    hinted: { phrases: ['a phrase of its own'], clues: ['queue is full'] },
    needy: { codes: ['5.7.200'], tokens: ['very special'], needsWords: true },
    plain: { codes: ['5.7.200'] },
    ours: { codes: ['5.7.300'], refusedBy: 'microsoft' },
    theirs: { codes: ['5.7.300'], refusedBy: 'other', tokens: ['gmail says'] },
    cloud: { codes: ['5.7.400'], refusedBy: 'microsoft', phrases: ['too much mail'] },
    local: { codes: ['5.7.400'], refusedBy: 'other', phrases: ['too much mail'] },
    envelope: { codes: ['5.0.350'], wraps: true, tokens: ['remote server returned'] },
    innermost: { codes: ['5.1.1'], tokens: ['user unknown'] },
    temporary: { codes: ['4.3.2'], replies: ['432'], rank: 1 },
    full: { codes: ['4.3.2'], replies: ['554'], rank: 2 },
    third: { codes: ['4.3.2'], rank: 3 },
    'general-5.7': { codes: ['5.7.*'], general: true },
    'general-5': { codes: ['5.*.*'], general: true },
    'general-reply-550': { replies: ['550'], general: true },
  },
  new Map([['X.7.10', { code: 'X.7.10', name: 'Somebody else’s meaning', rfc: '3463' }]]),
);

describe('the order of evidence', () => {
  test.each<[name: string, said: Said, expected: string]>([
    ['an exact code', { code: '5.7.10' }, 'exact'],
    ['an exact code before a range', { code: '5.7.10', text: 'whatever' }, 'exact'],
    ['a range', { code: '5.7.11' }, 'range'],
    [
      'words choose among the articles of one code',
      { code: '5.7.100', text: 'Unable to relay for kim' },
      'relay',
    ],
    ['… in any case and with any quotes', { code: '5.7.100', text: 'NOT   AUTHORIZED' }, 'permission'],
    ['no words: open, the commonest first', { code: '5.7.100' }, 'open: permission, relay'],
    [
      'words of both: open',
      { code: '5.7.100', text: 'not authorized, unable to relay' },
      'open: permission, relay',
    ],
    ['a phrase beats any code', { code: '5.7.10', text: 'the submission quota was exceeded' }, 'quota'],
    ['a phrase without a code', { text: 'the submission quota was exceeded' }, 'quota'],
    [
      'a phrase that only the report around the reply has',
      { code: '5.7.10', body: 'the submission quota was exceeded' },
      'quota',
    ],
    ['a clue without a code', { text: 'sorry, queue is full' }, 'hinted'],
    ['a clue before a code without words', { code: '5.7.10', text: 'sorry, queue is full' }, 'hinted'],
    ['a code with words before a clue', { code: '5.7.100', text: 'unable to relay, queue is full' }, 'relay'],
    ['a phrase before a clue', { text: 'queue is full, mailbox is full' }, 'shortPhrase'],
    [
      'the code in the words of the standard: no other use of it',
      { code: '5.7.10', text: 'Somebody else’s meaning' },
      'general-5.7',
    ],
    [
      'the longer phrase is the more particular one',
      { text: 'the public folder mailbox is full' },
      'longPhrase',
    ],
    ['the shorter phrase alone', { text: 'the mailbox is full' }, 'shortPhrase'],
    ['an article that needs words, without them', { code: '5.7.200' }, 'plain'],
    ['an article that needs words, with them', { code: '5.7.200', text: 'a very special refusal' }, 'needy'],
    [
      'the same words in both, refused by nobody named: Microsoft’s meaning',
      { code: '5.7.400', text: 'too much mail' },
      'cloud',
    ],
    ['refused by nobody named: Microsoft’s meaning', { code: '5.7.300' }, 'ours'],
    ['refused by Microsoft', { code: '5.7.300', host: microsoft }, 'ours'],
    ['refused by somebody else', { code: '5.7.300', host: other }, 'theirs'],
    ['somebody else’s words, nobody named', { code: '5.7.300', text: 'gmail says no' }, 'theirs'],
    ['an envelope alone', { code: '5.0.350', text: 'Remote server returned an error' }, 'envelope'],
    [
      'an envelope around words that are known',
      { code: '5.0.350', text: 'Remote server returned an error', inner: [['5.1.1', 'user unknown']] },
      'innermost',
    ],
    [
      'an inner code of several meanings: the envelope',
      { code: '5.0.350', text: 'Remote server returned an error', inner: [['5.7.100', 'no']] },
      'envelope',
    ],
    [
      'words of the deciding reply before those of another one',
      { code: '5.7.100', text: 'unable to relay', inner: [['5.1.2', 'user unknown']] },
      'relay',
    ],
    ['an inner code whose envelope is unknown', { code: '5.6.99', inner: [['5.7.10', 'no']] }, 'exact'],
    ['the reply tells siblings apart', { code: '4.3.2', reply: '554' }, 'full'],
    ['… and the other one', { code: '4.3.2', reply: '432' }, 'temporary'],
    ['a reply that neither has', { code: '4.3.2', reply: '450' }, 'third'],
    ['no reply: open in the order of rank', { code: '4.3.2' }, 'open: temporary, full, third'],
    ['a code of no article: its subject', { code: '5.7.555' }, 'general-5.7'],
    ['a code of no article and no subject: its class', { code: '5.1.99' }, 'general-5'],
    ['a class that nobody explains', { code: '4.0.0' }, 'unknown'],
    ['a reply without a code', { reply: '550', text: 'no' }, 'general-reply-550'],
    ['a reply that nobody explains', { reply: '571', text: 'no' }, 'unknown'],
    ['nothing', {}, 'unknown'],
  ])('%s', (_, said, expected) => {
    expect(outcome(small.diagnose(reportOf(said)))).toBe(expected);
  });
});

describe('the evidence that is shown', () => {
  const evidence = (kind: Evidence['kind'], quote: string): Evidence => ({ kind, quote });
  test.each<[name: string, said: Said, expected: Evidence[], certainty: Diagnosis['certainty']]>([
    ['a code', { code: '5.7.10' }, [evidence('code', '5.7.10')], 'sure'],
    ['a range', { code: '5.7.11' }, [evidence('range', '5.7.11')], 'likely'],
    [
      'words and code',
      { code: '5.7.100', text: 'unable to relay' },
      [evidence('words', 'unable to relay'), evidence('code', '5.7.100')],
      'sure',
    ],
    [
      'a phrase',
      { text: 'submission quota was exceeded' },
      [evidence('words', 'submission quota was exceeded')],
      'sure',
    ],
    [
      'an inner code',
      { code: '5.6.99', inner: [['5.7.10', 'no']] },
      [evidence('innerCode', '5.7.10')],
      'likely',
    ],
    ['the class', { code: '5.1.99' }, [evidence('class', '5.1.99')], 'likely'],
    ['a reply', { reply: '550' }, [evidence('reply', '550')], 'likely'],
    ['an open question', { code: '5.7.100' }, [], 'open'],
  ])('%s', (_, said, expected, certainty) => {
    const [diagnosis] = small.diagnose(reportOf(said));
    expect(diagnosis?.evidence).toEqual(expected);
    expect(diagnosis?.certainty).toBe(certainty);
  });

  test('every candidate comes with what speaks for it', () => {
    const [diagnosis] = small.diagnose(
      reportOf({ code: '5.7.100', text: 'not authorized, unable to relay' }),
    );
    expect(diagnosis?.candidates.map((candidate) => candidate.evidence)).toEqual([
      [evidence('words', 'not authorized'), evidence('code', '5.7.100')],
      [evidence('words', 'unable to relay'), evidence('code', '5.7.100')],
    ]);
  });

  test('a quote is a piece of the article or a number, never a stranger’s sentence', () => {
    const [diagnosis] = small.diagnose(
      reportOf({ code: '5.7.100', text: 'UNABLE to   relay [click](https://evil.example)' }),
    );
    expect(diagnosis?.evidence[0]?.quote).toBe('unable to relay');
  });
});

describe('what is offered when it stays open', () => {
  test('at most seven, in the order of rank and then of id', () => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [
        `a${String(index).padStart(2, '0')}`,
        { codes: ['5.7.9'], rank: (index % 3) + 1 },
      ]),
    );
    const [diagnosis] = matcherOf(many).diagnose(reportOf({ code: '5.7.9' }));
    const offered = diagnosis?.candidates.map(({ article }) => [article.rank, article.id] as const) ?? [];
    expect(offered).toHaveLength(7);
    expect(offered.map(([rank, id]) => `${rank} ${id}`)).toEqual(
      offered.map(([rank, id]) => `${rank} ${id}`).toSorted(),
    );
  });
});

describe('several failures in one report', () => {
  test('each is judged by its own words, not by the words around it', () => {
    const first = reportOf({ code: '5.7.100', text: 'unable to relay' });
    const second = reportOf({ code: '5.7.100', text: 'not authorized' });
    const both = {
      ...first,
      failures: [...first.failures, ...second.failures],
      body: 'unable to relay … not authorized',
    };
    expect(small.diagnose(both).map(({ article }) => article?.id)).toEqual(['relay', 'permission']);
  });

  test('no failure and no phrase: nothing', () => {
    expect(small.diagnose({ ...reportOf({}), failures: [], body: 'hello there' })).toEqual([]);
  });
  test('no failure, but a phrase: that', () => {
    const [diagnosis] = small.diagnose({
      ...reportOf({}),
      failures: [],
      body: 'Why: the SUBMISSION quota was exceeded',
    });
    expect(diagnosis).toMatchObject({ article: { id: 'quota' }, failure: { code: null, recipient: null } });
  });
});

// ── The shipped knowledge ───────────────────────────────────────────────────────────────────────────────────────────────────────

const shipped = (text: string): string => outcome(diagnose(text));

describe('the shipped knowledge: words beat the code', () => {
  test.each([
    ['550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found', '5.1.1-stale-address'],
    ['550 5.2.2 mailbox full', '5.2.2-mailbox-full'],
    ['550 5.2.2 Submission quota exceeded', '5.2.2-submission-quota'],
    ['554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException', 'submission-quota'],
    ['550 5.4.1 Recipient address rejected: Access denied. AS(201806281)', '5.4.1-recipient-rejected'],
    ['550 5.4.1 Relay Access Denied', '5.4.1-relay-denied'],
    ['550 5.0.350 policy violation detected (AS345)', '5.0.350-embedded-files'],
    ['550 5.7.13 STOREDRV.Submit.Exception:AccountDisabledException', '5.7.13-account-disabled'],
    [
      '550 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using zen.spamhaus.org',
      'spamhaus-listed',
    ],
    ['432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded', '4.3.2-throttled'],
    [
      '554 4.3.2 mailbox busy; STOREDRV.Deliver.Exception:StoragePermanentException.MapiExceptionMaxObjsExceeded',
      '4.3.2-folder-full',
    ],
  ])('%s → %s', (text, article) => {
    expect(shipped(text)).toBe(article);
  });
});

describe('the shipped knowledge: the part behind the arrow decides, not the envelope', () => {
  test.each([
    [
      '550 5.0.350 Remote server returned an error -> 550 5.1.1 The email account that you tried to reach does not exist',
      '5.1.1-recipient-unknown',
    ],
    ['550 5.0.350 Remote server returned an error -> 554 something nobody knows', '5.0.350-remote-error'],
  ])('%s → %s', (text, article) => {
    expect(shipped(text)).toBe(article);
  });
});

// The sentence of the report's head is a phrase of some articles and a token of others; where the code fits too, it must decide.
const restricted =
  "Your message to team@contoso.com couldn't be delivered.\nteam only accepts messages from people in its organization or on its allowed senders list, and your email address isn't on the list.";
const missing =
  "Your message to nobody@contoso.com couldn't be delivered.\nnobody wasn't found at contoso.com.";
describe('the shipped knowledge: the sentence of the head and the code of the foot together', () => {
  test.each([
    [`${restricted}\nError: 550 5.7.124 Sender not in allowed-senders list`, '5.7.124-allowed-senders'],
    [`${restricted}\nError: 550 5.7.193 UnifiedGroupAgent; Delivery failed`, '5.7.193-m365-group-outsiders'],
    [
      `${restricted}\nError: 550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required`,
      '5.7.133-group-outsiders',
    ],
    [
      `${restricted}\nError: 550 5.7.134 RESOLVER.RST.SenderNotAuthenticatedForMailbox; authentication required`,
      '5.7.134-mailbox-outsiders',
    ],
    [`${missing}\nError: 554 5.4.14 Hop count exceeded - possible mail loop ATTR34`, '5.4.6-mail-loop'],
    [`${missing}\nError: 550 5.1.1 User unknown`, '5.1.1-recipient-unknown'],
    [`${missing}\nError: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found`, '5.1.10-recipient-not-found'],
  ])('%j → %s', (text, article) => {
    expect(shipped(text)).toBe(article);
  });
  test.each([
    [`${missing}\nError: 550 5.4.1 Recipient address rejected: Access denied`, '5.4.1-recipient-rejected'],
    [`${restricted}\nError: 550 5.7.136 Sender was not authenticated`, '5.7.136-mail-user-outsiders'],
    [`${restricted}\nError: 550 5.7.12 Sender was not authenticated by organization`, '5.7.12-outsiders'],
    [`${missing}\nError: 550 5.4.310 DNS domain contoso.com does not exist`, '5.4.310-domain-missing'],
  ])('%j → %s', (text, article) => {
    expect(shipped(text)).toBe(article);
  });
});

// Behind the arrow only a single code is looked for, a range never: what the other server said is not listened to.
test.each([
  [
    '550 5.4.300 Message expired -> 451 4.7.500 Server busy. Please try again later from [203.0.113.7]. (AS77713)',
    '4.7.500-699-throttled',
  ],
  ['550 5.0.350 Remote server returned an error -> 550 5.7.920 refused', '5.7.900-999-mail-flow-rule'],
])('%s → %s', (text, article) => {
  expect(shipped(text)).toBe(article);
});

describe('the shipped knowledge: whose server refused', () => {
  const refusedBy = (host: string, code: string, words: string): string =>
    `Delivery has failed to these recipients or groups:\nkim@example.org\nRemote server: ${host}\nError: 550 ${code} ${words}`;
  test.each([
    [microsoft, '5.1.10', 'no', '5.1.10-recipient-not-found'],
    [other, '5.1.10', 'no', '5.1.10-null-mx'],
    [microsoft, '5.7.12', 'no', '5.7.12-outsiders'],
    [
      'mx.google.com',
      '5.7.25',
      'The IP address sending this message does not have a PTR record setup',
      'gmail-reverse-dns',
    ],
    [microsoft, '5.7.25', 'must have a reverse DNS record', '5.7.25-no-reverse-dns'],
  ])('%s says %s %s → %s', (host, code, words, article) => {
    expect(shipped(refusedBy(host, code, words))).toBe(article);
  });
});

describe('the shipped knowledge: a code without an article', () => {
  test.each([
    ['5.7.17', 'general-5.7', 'X.7.17'],
    ['4.7.17', 'general-4.7', 'X.7.17'],
    ['5.6.7', 'general-5.6', 'X.6.7'],
    ['5.3.6', 'general-5.3', 'X.3.6'],
    ['4.2.4', 'general-4.2', 'X.2.4'],
    ['5.7.999', '5.7.900-999-mail-flow-rule', null],
    ['5.7.888', 'general-5.7', null],
    ['5.1.99', 'general-5.1', null],
    ['4.5.99', 'general-4.5', null],
    ['2.1.5', 'general-2-delivered', 'X.1.5'],
  ])('%s → %s, called as in the registry under %s', (code, article, registry) => {
    const [diagnosis] = diagnose(code);
    expect(diagnosis?.article?.id).toBe(article);
    expect(diagnosis?.registry?.code ?? null).toBe(registry);
    if (registry !== null) expect(diagnosis?.registry?.name).toBe(knowledge.registry.get(registry)?.name);
  });

  test('every code of the registry is answered, in each class', () => {
    const silent: string[] = [];
    for (const code of knowledge.registry.keys())
      for (const codeClass of ['4', '5']) {
        const text = `${codeClass}${code.slice(1)}`;
        if (['unknown', 'nothing'].includes(shipped(text))) silent.push(text);
      }
    expect(silent).toEqual([]);
  });

  test.each([
    ['421 Service not available, closing transmission channel', 'general-reply-421'],
    ['550 Requested action not taken: mailbox unavailable', 'general-reply-550'],
    ['552 Requested mail action aborted', 'general-reply-552'],
    ['554 Transaction failed, mail refused', 'general-reply-554'],
  ])('a reply without a code: %s → %s', (text, article) => {
    expect(shipped(text)).toBe(article);
  });
});

describe('the shipped knowledge is consistent in itself', () => {
  const specific = [...knowledge.articles.values()].filter(({ general }) => !general);
  const single = specific.flatMap((article) =>
    article.codes.filter((code) => /^[\d.]+$/.test(code)).map((code) => [code, article] as const),
  );

  test('every code of an article leads to it, or offers it, or to a sibling that needs no words', () => {
    const lost = single.filter(([code, article]) => {
      if (article.needsWords || article.refusedBy === 'other') return false;
      const [diagnosis] = diagnose(code);
      const reached = [
        diagnosis?.article?.id,
        ...(diagnosis?.candidates ?? []).map((candidate) => candidate.article.id),
      ];
      const siblings = single.filter(([otherCode]) => otherCode === code).map(([, { id }]) => id);
      return (
        !reached.includes(article.id) && !reached.some((id) => id !== undefined && siblings.includes(id))
      );
    });
    expect(lost.map(([code, { id }]) => `${code} ${id}`)).toEqual([]);
  });

  test('every clue of an article, alone in a report, leads to it or offers it, unless a phrase is in it', () => {
    const phrases = specific.flatMap((article) => article.phrases.map((phrase) => fold(phrase)));
    const lost = specific.flatMap((article) =>
      article.clues
        .filter((clue) => !phrases.some((phrase) => fold(clue).includes(phrase)))
        .flatMap((clue) => {
          const [diagnosis] = matcher.diagnose(
            reportOf({ text: clue, host: article.refusedBy === 'other' ? other : null }),
          );
          const reached = [
            diagnosis?.article?.id,
            ...(diagnosis?.candidates ?? []).map((candidate) => candidate.article.id),
          ];
          return reached.includes(article.id) ? [] : [`${article.id}: "${clue}" → ${reached.join(', ')}`];
        }),
    );
    expect(lost).toEqual([]);
  });

  test('every phrase of an article, alone in a report, leads to it or to the article of a longer phrase', () => {
    const lost = specific.flatMap((article) =>
      article.phrases.flatMap((phrase) => {
        const [diagnosis] = matcher.diagnose(
          reportOf({ text: phrase, host: article.refusedBy === 'other' ? other : null }),
        );
        const reached = [
          diagnosis?.article?.id,
          ...(diagnosis?.candidates ?? []).map((candidate) => candidate.article.id),
        ];
        return reached.includes(article.id) ? [] : [`${article.id}: "${phrase}" → ${reached.join(', ')}`];
      }),
    );
    expect(lost).toEqual([]);
  });

  // Since a phrase outweighs a code and a token together, the sentence of one article beats its own code in another.
  test('every token of an article, behind one of its codes, leads to it or offers it', () => {
    const lost = specific.flatMap((article) =>
      article.tokens.flatMap((token) => {
        const code = article.codes[0]?.replace(/-\d+$/, '');
        if (code === undefined) return [];
        const host = article.refusedBy === 'other' ? other : null;
        const said: Said = { code, reply: article.replies[0] ?? null, text: token, host };
        const [diagnosis] = matcher.diagnose(reportOf(said));
        const reached = [
          diagnosis?.article?.id,
          ...(diagnosis?.candidates ?? []).map((candidate) => candidate.article.id),
        ];
        return reached.includes(article.id)
          ? []
          : [`${article.id}: ${code} "${token}" → ${reached.join(', ')}`];
      }),
    );
    expect(lost).toEqual([]);
  });
});

describe('a warning that a message is late, without a code', () => {
  test.each([
    'Delivery is delayed to these recipients or groups:\n\nbob@contoso.com\n\nDelivery will continue to be attempted.',
    'THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE. Delivery to the following recipient has been delayed. Will be retried for 2 more days.',
  ])('%j', (text) => {
    const [first] = diagnose(text);
    expect(first).toMatchObject({
      article: { id: '4.4.7-message-expired' },
      certainty: 'likely',
      evidence: [],
      failure: { code: null, action: 'delayed' },
    });
  });

  test('one that failed for good, without a reason, is left open', () => {
    expect(diagnose('Delivery has failed to these recipients or groups:\n\nbob@contoso.com')).toMatchObject([
      { article: null },
    ]);
  });
});
