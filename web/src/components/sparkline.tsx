interface Props {
  values: readonly (number | null)[];
  label: string;
}

const WIDTH = 92;
const HEIGHT = 26;
const PAD = 3;

/** A curve without axes, its last point marked. */
export function Sparkline({ values, label }: Props) {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ index, value }]));
  const low = Math.min(...known.map(({ value }) => value));
  const high = Math.max(...known.map(({ value }) => value));
  const x = (index: number) => PAD + (index / Math.max(1, values.length - 1)) * (WIDTH - 2 * PAD);
  const y = (value: number) => HEIGHT - PAD - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * PAD);
  const path = known
    .map(
      ({ index, value }, order) => `${order === 0 ? "M" : "L"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`,
    )
    .join("");
  const last = known.at(-1);
  return (
    <svg className="sparkline" width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      <path d={path} />
      {last && <circle cx={x(last.index)} cy={y(last.value)} r="2.5" />}
    </svg>
  );
}
