/**
 * The Bot Connector as a bot sees it: takes activities, answers with an id at once. A process of its own, so that its
 * work is nobody's CPU time; its parent asks by IPC what has come in.
 */
import { createServer } from 'node:http';

/** The newest activity by conversation, as sent; kept only while the parent records. */
const newest = new Map();
let recording = false;
let activities = 0;
let bytes = 0;

const server = createServer((req, res) => {
  const [, conversation] = /^\/v3\/conversations\/([^/]+)\/activities/.exec(req.url) ?? [];
  const chunks = [];
  // A turn of more than a second shows that somebody is at work: that is nobody's answer, and whether it comes is chance.
  let isTyping = false;
  req.on('data', (chunk) => {
    isTyping ||= chunk.includes('"type":"typing"');
    bytes += chunk.length;
    if (recording) chunks.push(chunk);
  });
  req.on('end', () => {
    const known = conversation !== undefined && (req.method === 'POST' || req.method === 'PUT');
    if (known && !isTyping) activities += 1;
    if (known && !isTyping && recording)
      newest.set(decodeURIComponent(conversation), Buffer.concat(chunks).toString('utf8'));
    const body = known ? `{"id":"sent-${activities}"}` : '{}';
    res.writeHead(known ? 200 : 404, { 'content-type': 'application/json', 'content-length': body.length });
    res.end(body);
  });
});
server.keepAliveTimeout = 60_000;

const answers = {
  record: ({ on }) => {
    recording = on;
    newest.clear();
  },
  activity: ({ conversation }) => {
    const activity = newest.get(conversation) ?? null;
    newest.delete(conversation);
    return activity;
  },
  counts: () => ({ activities, bytes }),
};

process.on('message', (message) => {
  process.send({ id: message.id, answer: answers[message.ask](message) ?? null });
});
// The parent is gone, whatever has happened to it.
process.on('disconnect', () => process.exit(0));

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
