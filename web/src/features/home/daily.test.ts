import { expect, it } from 'vitest';
import { daily } from '@/features/home/daily';

const films = Array.from({ length: 50 }, (_, n) => n);

it('gives the same films all day and other ones tomorrow', () => {
  const morning = daily(films, new Date(2026, 10, 21, 8), 3);
  expect(daily(films, new Date(2026, 10, 21, 23), 3)).toEqual(morning);
  expect(daily(films, new Date(2026, 10, 22, 8), 3)).not.toEqual(morning);
  expect(new Set(morning).size).toBe(3);
});

it('gives what there is when there is less', () => {
  expect(daily([1, 2], new Date(), 3)).toHaveLength(2);
});
