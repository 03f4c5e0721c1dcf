/** The result of a run as the Markdown that the README carries. */
import { median, ratios } from './statistics.mjs';

const kinds = {
  report: 'whole reports',
  line: 'single error lines',
  code: 'bare codes',
  typed: 'typed words',
  press: 'presses',
};

export function markdown({
  node,
  cores,
  concurrency,
  mix,
  turns,
  conversations,
  cardBytes,
  rounds,
  memoryMb,
  starts,
  core,
}) {
  const byRound = (name, field) => rounds[name].map((one) => one[field]);
  const byStart = (name, field) => starts[name].map((one) => one[field]);
  const compared = (label, digits, bare, ours) => {
    const { median: ratio, min, max } = ratios(bare, ours);
    const spread = bare.length > 1 ? `${min.toFixed(2)} – ${max.toFixed(2)}` : '';
    return `| ${label} | ${median(bare).toFixed(digits)} | ${median(ours).toFixed(digits)} | **${ratio.toFixed(2)}** | ${spread} |`;
  };
  const perRound = (label, digits, field) =>
    compared(label, digits, byRound('bare', field), byRound('ours', field));
  const perStart = (label, digits, field) =>
    compared(label, digits, byStart('bare', field), byStart('ours', field));
  // Not a comparison with something the bare bot does, but the share of a start, measured in the same rounds.
  const knowledgeOnTop = compared(
    'of it, the knowledge read and validated, ms, to a bare start',
    0,
    byStart('bare', 'ms'),
    starts.knowledge.map(({ knowledge }) => knowledge),
  );
  const inPlace = ratios(byRound('inPlace', 'turnsPerSecond'), byRound('ours', 'turnsPerSecond'));
  const inPlaceCpu = ratios(byRound('inPlace', 'cpuMsPerTurn'), byRound('ours', 'cpuMsPerTurn'));
  const micros = (name) => `${core[name].p50.toFixed(0)} / ${core[name].p99.toFixed(0)} µs`;
  const share = Object.entries(mix).map(([kind, part]) => `${(part * 100).toFixed(0)} % ${kinds[kind]}`);

  return [
    '| | bare bot | Bounce Desk | ratio | lowest – highest |',
    '| --- | ---: | ---: | ---: | ---: |',
    perRound('turns per second', 0, 'turnsPerSecond'),
    perRound('latency p50, ms', 1, 'p50Ms'),
    perRound('latency p99, ms', 1, 'p99Ms'),
    perRound('CPU per turn, ms', 2, 'cpuMsPerTurn'),
    perStart('start to ready, ms', 0, 'ms'),
    knowledgeOnTop,
    perStart('CPU until ready, ms', 0, 'cpuMs'),
    perStart('memory after start, MB', 0, 'memoryMb'),
    compared('memory after the load, MB', 0, [memoryMb.bare], [memoryMb.ours]),
    '',
    `Ours also replaces a pressed card for good, by one call more. Beside a bare bot that does so too (${median(byRound('inPlace', 'turnsPerSecond')).toFixed(0)} turns per second), the ratio is ` +
      `**${inPlace.median.toFixed(2)}** (${inPlace.min.toFixed(2)} – ${inPlace.max.toFixed(2)}), in CPU per turn ${inPlaceCpu.median.toFixed(2)}.`,
    '',
    `The core alone (read, diagnose, walk, draw), p50 / p99: ${micros('all')} a turn; ${micros('report')} a whole report.`,
    '',
    `Medians of ${rounds.ours.length} rounds and ${starts.ours.length} starts, in turns; each round ${turns} turns in ${conversations} conversations, ${concurrency} at a time: ` +
      `${share.join(', ')}. The bare bot gets the same requests and answers each with one constant card of ${cardBytes.bare} bytes (ours: ${cardBytes.oursMean} in the mean). ` +
      `Node ${node}, ${cores} cores shared by bot, load and connector.`,
  ].join('\n');
}
