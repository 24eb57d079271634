import { expect, it } from 'vitest';
import type { Parked } from '@/api/generated/api';
import { everyId, outcome, readable, titleOf } from '@/features/admin/parked';

it('names a message in words, and shows its body as JSON where it is any', () => {
  expect(titleOf('reviews.ReviewPosted')).toBe('Review posted');
  expect(titleOf('odd')).toBe('odd');
  expect(readable('{"movie_id":"1"}')).toBe('{\n  "movie_id": "1"\n}');
  expect(readable('{"movie_id":')).toBe('{"movie_id":');
});

it('finds every message, however many pages they are on', async () => {
  const pages: Record<string, { items: Parked[]; next: string | null }> = {
    '': { items: [{ id: 'a' } as Parked, { id: 'b' } as Parked], next: 'then' },
    then: { items: [{ id: 'c' } as Parked], next: null },
  };
  const asked: (string | undefined)[] = [];
  const ids = await everyId((cursor) => {
    asked.push(cursor);
    return Promise.resolve(pages[cursor ?? ''] ?? { items: [], next: null });
  });
  expect(ids).toEqual(['a', 'b', 'c']);
  expect(asked).toEqual([undefined, 'then']);
});

it('says what came of giving several again', () => {
  expect(outcome(1, 0)).toBe('It had its effect.');
  expect(outcome(3, 0)).toBe('All 3 had their effect.');
  expect(outcome(1, 2, 'It failed again: no film.')).toBe('1 had its effect. 2 messages did not work. It failed again: no film.');
  expect(outcome(0, 1, 'It failed again.')).toBe('1 message did not work. It failed again.');
});
