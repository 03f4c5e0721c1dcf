/** The value below which `share` of the values lie, by nearest rank. */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What many times of one kind come to, in their unit. */
export const summary = (values) => ({
  p50: percentile(values, 0.5),
  p99: percentile(values, 0.99),
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
});

/** Ours over bare, pair by pair as they were measured one after the other, so that a change of the machine hits both. */
export function ratios(bare, ours) {
  const each = ours.map((value, index) => value / bare[index]);
  return { median: median(each), min: Math.min(...each), max: Math.max(...each) };
}

/** With which power of the size the cost grows from one measurement to the next: 1 is linear, 2 quadratic. */
export const growthExponent = ([smaller, larger], [before, after]) =>
  Math.log(after / before) / Math.log(larger / smaller);
