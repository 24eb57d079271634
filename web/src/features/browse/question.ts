import type { ListMoviesApiArg } from '@/api/generated/api';

/** What the address of the films page asks for; everything about it lives in the URL. */
export interface Question {
  genres: string[];
  yearFrom: number | null;
  yearTo: number | null;
  platforms: string[];
  languages: string[];
  people: string[];
  runtimeMax: number | null;
  ratingMin: number | null;
  sort: string;
}

export const SORTS: Record<string, string> = {
  '-popularity': 'Best known',
  '-rating': 'Highest rated',
  '-reviews': 'Most rated here',
  '-year': 'Newest',
  year: 'Oldest',
  title: 'Title, A to Z',
  '-title': 'Title, Z to A',
};
export const FIRST_YEAR = 1900;
export const LAST_YEAR = new Date().getFullYear();

const number = (text: string | null, low: number, high: number): number | null => {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= low && value <= high ? value : null;
};

export const read = (given: URLSearchParams): Question => {
  const sort = given.get('sort') ?? '';
  return {
    genres: given.getAll('genre'),
    yearFrom: number(given.get('from'), 1870, 2100),
    yearTo: number(given.get('to'), 1870, 2100),
    platforms: given.getAll('platform'),
    languages: given.getAll('language'),
    people: given.getAll('person'),
    runtimeMax: number(given.get('longest'), 1, 1000),
    ratingMin: number(given.get('rating'), 0, 10),
    sort: sort in SORTS ? sort : '-popularity',
  };
};

export const write = (question: Question): URLSearchParams => {
  const out = new URLSearchParams();
  const many = (name: string, values: string[]) => values.forEach((value) => out.append(name, value));
  const one = (name: string, value: number | null) => (value === null ? undefined : out.set(name, String(value)));
  many('genre', question.genres);
  one('from', question.yearFrom);
  one('to', question.yearTo);
  many('platform', question.platforms);
  many('language', question.languages);
  many('person', question.people);
  one('longest', question.runtimeMax);
  one('rating', question.ratingMin);
  if (question.sort !== '-popularity') out.set('sort', question.sort);
  return out;
};

/** The same as the API takes it. */
export const asked = (question: Question): ListMoviesApiArg => ({
  genre: question.genres,
  yearFrom: question.yearFrom ?? undefined,
  yearTo: question.yearTo ?? undefined,
  platform: question.platforms,
  language: question.languages,
  person: question.people,
  runtimeMax: question.runtimeMax ?? undefined,
  ratingMin: question.ratingMin ?? undefined,
  sort: question.sort as ListMoviesApiArg['sort'],
});

export const years = (question: Question): string =>
  question.yearFrom === null && question.yearTo === null
    ? 'any'
    : `${question.yearFrom ?? FIRST_YEAR} to ${question.yearTo ?? LAST_YEAR}`;

export const isFree = (question: Question): boolean =>
  write({ ...question, sort: '-popularity' }).toString() === '';
