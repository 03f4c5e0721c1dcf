/**
 * The least that a Teams bot on this stack can be, to measure ours against: botbuilder's CloudAdapter without
 * authentication, restify with its body parser, and one constant card for every message and every press.
 *
 * PORT = where to listen on the loopback; CARD_FILE = the card as JSON; IN_PLACE=1 = replace a pressed card for good too,
 * by an update through the connector as ours does in a personal chat, instead of only answering the press.
 */
'use strict';
const { readFileSync } = require('node:fs');
const {
  ActivityHandler,
  CardFactory,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
} = require('botbuilder');
const restify = require('restify');

const card = JSON.parse(readFileSync(process.env.CARD_FILE, 'utf8'));

class BareBot extends ActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      await context.sendActivity({ type: 'message', attachments: [CardFactory.adaptiveCard(card)] });
      await next();
    });
  }

  async onAdaptiveCardInvoke(context) {
    if (process.env.IN_PLACE === '1') {
      const id = context.activity.replyToId;
      await context.updateActivity({ id, type: 'message', attachments: [CardFactory.adaptiveCard(card)] });
    }
    return Promise.resolve({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card });
  }
}

const bot = new BareBot();
const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
const server = restify.createServer({ name: '' });
server.use(restify.plugins.bodyParser());
server.post('/api/messages', async (req, res) => {
  await adapter.process(req, res, (context) => bot.run(context));
});
server.get('/healthz', async (_req, res) => {
  res.send(200, { status: 'ok' });
});
server.listen(Number(process.env.PORT), '127.0.0.1');

// A plain exit, so that a profile is written.
process.once('SIGTERM', () => process.exit(0));
