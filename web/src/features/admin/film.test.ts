import { expect, it } from 'vitest';
import { changes, valuesOf } from '@/features/admin/film';

it('sends only what was changed, as the API reads it', () => {
  const before = valuesOf({ title: 'Solaris', year: 1972, genres: ['Drama'], poster_url: '/posters/1/x.svg' });
  expect(before.poster_url).toBe('');
  const now = { ...before, year: '1971', genres: 'Drama, Science Fiction,', plot: ' Water. ', certificate: '' };
  expect(changes(before, now)).toEqual({ year: 1971, genres: ['Drama', 'Science Fiction'], plot: 'Water.' });
  expect(changes(before, before)).toEqual({});
});

it('takes a fact away with an empty field', () => {
  const before = valuesOf({ title: 'Solaris', year: 1972 });
  expect(changes(before, { ...before, year: '' })).toEqual({ year: null });
});

it('sends what is no number as it was written, to be refused', () => {
  const before = valuesOf({ title: 'Solaris', year: 1972 });
  expect(changes(before, { ...before, year: 'about 1971' })).toEqual({ year: 'about 1971' });
});
