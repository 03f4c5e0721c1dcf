/** The result of a run of reader.mjs as Markdown; the README carries the first tables. */
import { median, ratios } from './statistics.mjs';

/** Above this a cost grows faster than the file, noise apart. */
const linear = 1.15;

export function readerMarkdown({ node, cores, turns, starts, sizes, hostile, sisimai }) {
  const field = (name, key) => turns[name].map((turn) => turn[key]);
  const figure = (name, key) => median(field(name, key)).toFixed(2);
  const [{ mails, decoded }] = turns.mailsDiagnosed;
  const [{ mails: texts }] = turns.textsRead;
  const row = (label, name) =>
    `| ${label} | ${['p50', 'p99', 'mean'].map((key) => figure(name, key)).join(' | ')} |`;
  const start = (name) => `${median(starts[name]).toFixed(0)} ms`;

  const lines = [
    '| ms each | p50 | p99 | mean |',
    '| --- | ---: | ---: | ---: |',
    row(`${mails} mails, read`, 'mailsRead'),
    row(`${mails} mails, read and diagnosed`, 'mailsDiagnosed'),
    row(`${texts} pasted texts, read`, 'textsRead'),
    row(`${texts} pasted texts, read and diagnosed`, 'textsDiagnosed'),
    '',
    `A fresh process has read its first mail and ended after ${start('mailsRead')}, with all articles loaded and a diagnosis after ` +
      `${start('mailsDiagnosed')}. Medians of ${turns.mailsRead.length} processes (start: ${starts.mailsRead.length}), warm, Node ${node}, ${cores} cores.`,
    '',
  ];

  if (sisimai === null) lines.push('Sisimai: not installed (Debian: libsisimai-perl).');
  else {
    const compared = (label, digits, theirs, mine) => {
      const { median: times, min, max } = ratios(mine, theirs);
      return `| ${label} | ${median(theirs).toFixed(digits)} | ${median(mine).toFixed(digits)} | **${times.toFixed(2)}** | ${min.toFixed(2)} – ${max.toFixed(2)} |`;
    };
    const both = (label, key, name) => compared(label, 2, field('sisimai', key), field(name, key));
    lines.push(
      `| the same ${mails} mails, ms each | Sisimai ${sisimai} | Bounce Desk | times as fast | lowest – highest |`,
      '| --- | ---: | ---: | ---: | ---: |',
      both('read, p50', 'p50', 'mailsRead'),
      both('read, mean', 'mean', 'mailsRead'),
      both('read and diagnosed, p50', 'p50', 'mailsDiagnosed'),
      both('read and diagnosed, mean', 'mean', 'mailsDiagnosed'),
      both('read and diagnosed, p99', 'p99', 'mailsDiagnosed'),
      compared('start and one mail', 0, starts.sisimai, starts.mailsDiagnosed),
      '',
      `Sisimai decodes ${turns.sisimai[0].decoded} of the ${mails} mails, Bounce Desk ${decoded}. One process each, in turns, the mails in memory. ` +
        `Sisimai's result names a reason, so that its work lies between our two. Perl ${turns.sisimai[0].perl}.`,
    );
  }

  const exponent = (value) => (value > linear ? `**${value.toFixed(2)}**` : value.toFixed(2));
  lines.push(
    '',
    `| hostile files, ms | ${sizes.map(named).join(' | ')} | growth to ${sizes.slice(1).map(named).join(' | to ')} |`,
    `| --- |${' ---: |'.repeat(5)}`,
    ...hostile.map(
      ({ kind, ms, exponents }) =>
        `| ${kind} | ${ms.map((value) => value.toFixed(1)).join(' | ')} | ${exponents.map(exponent).join(' | ')} |`,
    ),
    '',
    'Growth is the exponent of the size that the time grows with: 1 is linear. Of a text a million characters are read.',
  );
  return lines.join('\n');
}

const named = (bytes) =>
  bytes >= 1_000_000 ? `${Math.round(bytes / 1_048_576)} MB` : `${Math.round(bytes / 1024)} KB`;
