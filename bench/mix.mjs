/**
 * What people do with the bot, as conversations: each begins with a paste and goes on by typed words and by presses.
 * A press names the button by its place among the buttons of the card before it.
 *
 * @typedef {{ kind: 'report' | 'line' | 'code' | 'typed', text: string } | { kind: 'press', button: number }} Turn
 */

const trace = (count) =>
  Array.from(
    { length: count },
    (_, index) =>
      `Received: from AM6PR0202MB35${10 + index}.eurprd02.prod.outlook.com (2603:10a6:209:1f::${20 + index}) by DB7PR02MB48${30 + index}.eurprd02.prod.outlook.com (2603:10a6:10:5b::${40 + index}) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.8158.${20 + index}; Tue, 3 Nov 2026 08:1${index}:31 +0000`,
  ).join('\n');

const original = (sender, recipient, subject, hops) =>
  `Original Message Headers

${trace(hops)}
Authentication-Results: spf=pass (sender IP is 40.107.21.98) smtp.mailfrom=fabrikam.com; dkim=pass (signature was verified) header.d=fabrikam.com; dmarc=pass action=none header.from=fabrikam.com; compauth=pass reason=100
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=fabrikam.com; s=selector1; h=From:Date:Subject:Message-ID:Content-Type:MIME-Version; bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=; b=Ctd06vDu9Qagod50kBWIFORpLFBtSn7fgCofpIOwaaD3B9Zih0qByGrCbUiTqkDUsRv8ADUlxkod9Yy1EcgOwide2s
From: Kim Akers <${sender}>
To: ${recipient}
Subject: ${subject}
Thread-Topic: ${subject}
Date: Tue, 3 Nov 2026 08:10:29 +0000
Message-ID: <AM6PR0202MB3510F0D1C2B3A4956877665544332@AM6PR0202MB3510.eurprd02.prod.outlook.com>
Accept-Language: en-GB, en-US
Content-Language: en-GB
X-MS-Has-Attach:
X-MS-TNEF-Correlator:
x-ms-exchange-messagesentrepresentingtype: 1
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="_000_AM6PR0202MB3510F0D1C2B3A4_"`;

const restrictedGroup = `Your message to sales-team@contoso.com couldn't be delivered.

kim.akers wasn't authorized to send to the group sales-team.

kim.akers	Office 365	sales-team
Action Required		Recipient
Sender not allowed

How to Fix It
The group sales-team is set up to allow messages only from certain senders. Ask the group's owner to add you to the list of allowed senders, then send the message again.

More Info for Email Admins
Status code: 550 5.7.124

This error occurs when the sender isn't in the group's list of allowed senders.

Original Message Details
Created Date: 11/3/2026 8:10:29 AM
Sender Address: kim.akers@fabrikam.com
Recipient Address: sales-team@contoso.com
Subject: Offer for November

Error Details
Error: 550 5.7.124 Sender not in allowed-senders list
Message rejected by: DB7PR02MB4830.eurprd02.prod.outlook.com

Notification Details
Sent by: AM6PR0202MB3510.eurprd02.prod.outlook.com

${original('kim.akers@fabrikam.com', 'sales-team@contoso.com', 'Offer for November', 4)}`;

const unknownMailbox = `Delivery has failed to these recipients or groups:

dana.birkby@contoso.com<mailto:dana.birkby@contoso.com>
The email address you entered couldn't be found. Please check the recipient's email address and try to resend the message. If the problem continues, please contact your email admin.

Diagnostic information for administrators:

Generating server: AM6PR0202MB3510.eurprd02.prod.outlook.com

dana.birkby@contoso.com
Remote server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient dana.birkby@contoso.com not found by SMTP address lookup'

${original('kim.akers@fabrikam.com', 'Dana Birkby <dana.birkby@contoso.com>', 'Minutes of Tuesday', 8)}`;

const typed = (text) => ({ kind: 'typed', text });
const press = (button) => ({ kind: 'press', button });

/** @type {readonly (readonly Turn[])[]} */
const conversations = [
  [{ kind: 'report', text: restrictedGroup }, press(0), press(0), typed('back'), press(1)],
  [
    { kind: 'line', text: '550 5.7.124 Sender not in allowed-senders list' },
    typed('owner'),
    typed('1'),
    typed('back'),
    press(0),
  ],
  [{ kind: 'report', text: unknownMailbox }, press(0), typed('back'), typed('admin')],
  [{ kind: 'code', text: '5.7.705' }, press(0), press(0), typed('start over')],
  [{ kind: 'line', text: "Remote Server returned '550 5.7.1 Unable to relay'" }, press(0)],
];

/** The first conversations of an endless repetition, as many as `turns` turns take; the last one is never cut short. */
export function conversationsOf(turns) {
  const chosen = [];
  for (let count = 0; count < turns; count += chosen.at(-1).length)
    chosen.push(conversations[chosen.length % conversations.length]);
  return chosen;
}

/** What one person goes through in the end: every conversation of the mix, one after the other. */
export const visits = conversations;

/** How often each kind stands in the repetition, as a share of all turns. */
export function shares() {
  const turns = conversations.flat();
  const counts = new Map();
  for (const { kind } of turns) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries([...counts].map(([kind, count]) => [kind, count / turns.length]));
}

/** A text as Teams carries it beside the plain one: one paragraph a line, addresses as links. */
export function toHtml(text) {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const linked = escaped.replace(
    /[\w.-]+@[\w.-]+\w/g,
    (address) => `<a href="mailto:${address}" title="${address}">${address}</a>`,
  );
  const lines = linked.split('\n').map((line) => `<p>${line === '' ? '&nbsp;' : line}</p>`);
  return `<div itemprop="copy-paste-block">${lines.join('\n')}</div>`;
}
