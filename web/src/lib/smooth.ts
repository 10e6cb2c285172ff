/** Exponential moving average without the bias towards the first value; gaps stay gaps. */
export function smooth(values: readonly (number | null)[], strength: number): (number | null)[] {
  if (strength <= 0) return [...values];
  let mean = 0;
  let norm = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean = strength * mean + (1 - strength) * value;
    norm = strength * norm + (1 - strength);
    return mean / norm;
  });
}
