import type { Movie, MoviePatch } from '@/api/generated/api';

/** The form's fields are text; this is how each reads and writes what the API has. */
export type Values = Record<keyof typeof FIELDS, string>;
type Kind = 'text' | 'long' | 'number' | 'date' | 'list';

export const FIELDS = {
  title: ['Title', 'text'],
  original_title: ['Original title', 'text'],
  alternative_titles: ['Other titles', 'list'],
  year: ['Year', 'number'],
  released_on: ['Released on', 'date'],
  runtime_minutes: ['Length in minutes', 'number'],
  genres: ['Genres', 'list'],
  languages: ['Languages, as codes', 'list'],
  countries: ['Countries', 'list'],
  certificate: ['Certificate', 'text'],
  tagline: ['Tagline', 'text'],
  plot: ['Plot', 'long'],
  keywords: ['Threads', 'list'],
  awards: ['Awards', 'text'],
  budget: ['Budget in dollars', 'number'],
  revenue: ['Takings in dollars', 'number'],
  poster_url: ['Poster from an address', 'text'],
} as const satisfies Record<string, readonly [string, Kind]>;

export type Name = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Name[];
export const kindOf = (name: Name): Kind => FIELDS[name][1];
const isDrawn = (url: string): boolean => url.startsWith('/posters/');

export const valuesOf = (movie: Partial<Movie>): Values => {
  const found = {} as Values;
  for (const name of NAMES) {
    const value: unknown = movie[name];
    found[name] = Array.isArray(value) ? value.join(', ') : value === null || value === undefined ? '' : String(value);
  }
  if (isDrawn(found.poster_url)) found.poster_url = '';
  return found;
};

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

const said = (name: Name, text: string): unknown => {
  const kind = kindOf(name);
  if (kind === 'list') return listOf(text);
  if (text.trim() === '') return name === 'title' ? '' : null;
  // What is no number goes as it is, for the server to refuse: JSON would make nothing of it.
  return kind === 'number' && Number.isFinite(Number(text)) ? Number(text) : text.trim();
};

/** Only what somebody changed: every field named here outlives later imports. */
export const changes = (before: Values, now: Values): MoviePatch => {
  const found: Record<string, unknown> = {};
  for (const name of NAMES) if (before[name] !== now[name]) found[name] = said(name, now[name]);
  return found as MoviePatch;
};
