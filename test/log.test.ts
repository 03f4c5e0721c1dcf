import { z } from 'zod';
import { createLog, LOG_LEVELS, type Log, type LogLevel } from '../src/log';

const NOW = new Date('2026-11-21T08:00:00.000Z');

function capture(level: LogLevel = 'debug'): { log: Log; lines: () => Record<string, unknown>[] } {
  let written = '';
  const log = createLog({ stream: { write: (line: string) => (written += line) }, level, now: () => NOW });
  return {
    log,
    lines: () => {
      expect(written === '' || written.endsWith('\n')).toBe(true);
      return written
        .split('\n')
        .slice(0, -1)
        .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
    },
  };
}

test('one object a line, whatever the text holds', () => {
  const { log, lines } = capture();
  log.info('first\nline', { tenant: 'contoso', count: 2 });
  log.warn('second');
  expect(lines()).toEqual([
    { time: '2026-11-21T08:00:00.000Z', level: 'info', message: 'first\nline', tenant: 'contoso', count: 2 },
    { time: '2026-11-21T08:00:00.000Z', level: 'warn', message: 'second' },
  ]);
});

test.each<[LogLevel, string[]]>([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
  ['fatal', []],
  ['silent', []],
])('level %s lets through %j', (level, expected) => {
  const { log, lines } = capture(level);
  for (const one of [log, log.child({ room: 'bot' })]) {
    one.debug('d');
    one.info('i');
    one.warn('w');
    one.error('e');
  }
  expect(lines().map((line) => line['level'])).toEqual([...expected, ...expected]);
});

test('every level has a row above', () => {
  expect(LOG_LEVELS).toHaveLength(6);
});

test('a child carries its fields, the call’s own win, the line’s head cannot be overwritten', () => {
  const { log, lines } = capture();
  log
    .child({ room: 'bot', turn: 1 })
    .child({ turn: 2 })
    .info('hello', { time: 'x', level: 'y', message: 'z', turn: 3 });
  expect(lines()).toEqual([
    { time: NOW.toISOString(), level: 'info', message: 'hello', room: 'bot', turn: 3 },
  ]);
});

test('an error keeps name, code, message, stack and causes, and nothing else it carries', () => {
  const { log, lines } = capture();
  const cause = Object.assign(new TypeError('inner'), { code: 'ECONNRESET' });
  const error = Object.assign(new Error('outer', { cause }), {
    config: { headers: { authorization: 'Bearer hush' } },
    body: 'hush',
  });
  log.error('failed', { error, reference: 'BD-1' });
  const [line] = lines();
  expect(line).toMatchObject({
    reference: 'BD-1',
    error: {
      name: 'Error',
      message: 'outer',
      cause: { name: 'TypeError', code: 'ECONNRESET', message: 'inner' },
    },
  });
  expect(line).toHaveProperty('error.stack', expect.stringContaining('log.test'));
  expect(JSON.stringify(line)).not.toContain('hush');
});

test.each<[string, unknown, unknown]>([
  ['a string', 'boom', { message: 'boom' }],
  ['an object', { body: 'private' }, { message: 'a thrown object' }],
  ['undefined', undefined, { message: 'a thrown undefined' }],
  [
    'an error without much',
    Object.assign(new Error('x'), { stack: undefined, code: { odd: true } }),
    { name: 'Error', message: 'x' },
  ],
])('thrown: %s', (_, error, expected) => {
  const { log, lines } = capture();
  log.error('failed', { error });
  expect(lines()[0]?.['error']).toEqual(expected);
});

test('causes in a circle end', () => {
  const { log, lines } = capture();
  const error = new Error('ring');
  error.cause = error;
  log.error('failed', { error });
  expect(JSON.stringify(lines()).split('"ring"')).toHaveLength(7);
});

test('fields JSON cannot hold cost the fields, not the line', () => {
  const { log, lines } = capture();
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  log.info('circle', { circle });
  log.info('big', { size: 1n });
  expect(lines()).toMatchObject([{ message: 'circle' }, { message: 'big' }]);
  expect(lines().map((line) => String(line['fieldsLost']).slice(0, 40))).toEqual([
    'TypeError: Converting circular structure',
    'TypeError: Do not know how to serialize ',
  ]);
});
