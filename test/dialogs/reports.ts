/** What people paste in the conversations. */
export const reports = {
  group: [
    "Your message to sales-team@contoso.com couldn't be delivered.",
    'Error: 550 5.7.124 Sender not in allowed-senders list',
  ].join('\n'),
  relay: '550 5.7.1 Unable to relay',
  two: [
    'Delivery has failed to these recipients or groups:',
    'nobody@contoso.com',
    "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient nobody@contoso.com not found by SMTP address lookup'",
    'all-hands@contoso.com',
    "Remote Server returned '550 5.7.124 Sender not in allowed-senders list'",
  ].join('\n'),
  mailbox: [
    'Delivery has failed to these recipients or groups:',
    'full@fabrikam.com',
    "Remote Server returned '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException'",
  ].join('\n'),
  hops: [
    "Your message to sales-team@contoso.com couldn't be delivered.",
    'Error: 550 5.7.124 Sender not in allowed-senders list',
    'Original message headers:',
    'Received: from desk.fabrikam.com (10.0.0.5) by edge.fabrikam.com (10.0.0.6) with SMTP id 1; Mon, 2 Nov 2026 09:00:00 +0000',
    'Received: from pc.fabrikam.com (10.0.0.4) by desk.fabrikam.com (10.0.0.5) with SMTP id 2; Mon, 2 Nov 2026 08:59:50 +0000',
    'Message-ID: <1@fabrikam.com>',
  ].join('\n'),
  noReason: [
    'Delivery has failed to these recipients or groups:',
    'someone@contoso.com',
    'Your message was not delivered.',
  ].join('\n'),
  autoReply: [
    'From: lee@contoso.com',
    'Subject: Automatic reply: Offer',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: text/plain',
    '',
    'I am out of the office until Monday.',
  ].join('\n'),
  file: [
    'From: postmaster@fabrikam.com',
    'Subject: Undeliverable: Offer',
    'Content-Type: text/plain',
    '',
    'Delivery has failed to these recipients or groups:',
    'sales@contoso.com',
    "Remote Server returned '550 5.7.124 Sender not in allowed-senders list'",
  ].join('\r\n'),
  mail: [
    'From: lee@contoso.com',
    'Subject: Plans',
    'MIME-Version: 1.0',
    'Content-Type: text/plain',
    '',
    'Let us meet on Monday.',
  ].join('\n'),
} as const;
