import { RangeSlider } from '@mantine/core';
import { useState } from 'react';
import type { FacetCount } from '@/api/generated/api';
import { FIRST_YEAR, LAST_YEAR } from '@/features/browse/question';

const BARS = 25;

interface Given {
  from: number | null;
  to: number | null;
  counts: FacetCount[];
  onChange: (from: number | null, to: number | null) => void;
}

/** Two thumbs under a histogram of the years that the other filters leave. */
export const YearRange = ({ from, to, counts, onChange }: Given) => {
  const settled: [number, number] = [from ?? FIRST_YEAR, to ?? LAST_YEAR];
  const [held, hold] = useState<[number, number] | null>(null);
  const [low, high] = held ?? settled;
  const width = (LAST_YEAR - FIRST_YEAR + 1) / BARS;
  const bars = Array.from({ length: BARS }, () => 0);
  for (const { value, count } of counts) {
    const at = Math.floor((Number(value) - FIRST_YEAR) / width);
    if (at >= 0 && at < BARS) bars[at] = (bars[at] ?? 0) + count;
  }
  const most = Math.max(1, ...bars);
  const lit = (n: number) => FIRST_YEAR + (n + 1) * width > low && FIRST_YEAR + n * width <= high;
  return (
    <div>
      <div className="hist" aria-hidden="true">
        {bars.map((count, n) => (
          <i key={n} className={lit(n) ? 'on' : undefined} style={{ height: `${Math.max(2, (count / most) * 100)}%` }} />
        ))}
      </div>
      <RangeSlider
        className="years"
        min={FIRST_YEAR}
        max={LAST_YEAR}
        minRange={0}
        size={2}
        thumbSize={18}
        label={null}
        value={[low, high]}
        onChange={hold}
        onChangeEnd={([a, b]) => {
          hold(null);
          onChange(a <= FIRST_YEAR ? null : a, b >= LAST_YEAR ? null : b);
        }}
        thumbFromLabel="From year"
        thumbToLabel="To year"
      />
      <p className="note num" aria-hidden="true">
        {held ? `${low} to ${high}` : ''}
      </p>
    </div>
  );
};
