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

/** Ours over bare, pair by pair as they were measured one after the other, so that a change of the machine hits both. */
export function ratios(bare, ours) {
  const each = ours.map((value, index) => value / bare[index]);
  return { median: median(each), min: Math.min(...each), max: Math.max(...each) };
}
