const EXACT = 99_999;
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const SHORT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const WHOLE = new Intl.NumberFormat('en-US');
const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const AGO: [number, string][] = [
  [60, 'min'],
  [3600, 'h'],
];
const DAY = 86_400;

/** Exact up to 99,999, then 1.2 M. */
export const count = (n: number): string => {
  if (n <= EXACT) return WHOLE.format(n);
  return n < 1_000_000 ? `${Math.round(n / 1000)} k` : `${(n / 1_000_000).toFixed(1)} M`;
};

/** "no ratings", "1 rating", "12,431 ratings". */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  n === 0 ? `no ${many}` : `${count(n)} ${n === 1 ? one : many}`;

/** 142 → "2 h 22 min". */
export const length = (minutes: number): string => {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours ? `${hours} h` : '', rest || !hours ? `${rest} min` : ''].filter(Boolean).join(' ');
};

/** An ISO date as people write it. */
export const day = (iso: string): string => DATE.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));

export const dollars = (n: number): string => DOLLARS.format(n);

/** "2 h ago", "yesterday", "12 Nov 2026". */
export const since = (iso: string, now: Date = new Date()): string => {
  const seconds = Math.max(0, (now.getTime() - new Date(iso).getTime()) / 1000);
  if (seconds < 60) return 'just now';
  if (seconds < DAY) {
    const [size, unit] = seconds < 3600 ? (AGO[0] ?? [60, 'min']) : (AGO[1] ?? [3600, 'h']);
    return `${Math.floor(seconds / size)} ${unit} ago`;
  }
  if (seconds < 2 * DAY) return 'yesterday';
  if (seconds < 7 * DAY) return `${Math.floor(seconds / DAY)} days ago`;
  return SHORT.format(new Date(iso));
};

const LANGUAGES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** "it" → "Italian". */
export const language = (code: string): string => {
  try {
    return LANGUAGES.of(code) ?? code;
  } catch {
    return code;
  }
};

const HALVES = ['no', 'half a', '1', '1 and a half', '2', '2 and a half', '3', '3 and a half', '4', '4 and a half', '5'];

/** A rating of 1 to 10 in words: "4 and a half of 5 stars". */
export const starsInWords = (rating: number): string =>
  rating === 1 ? 'half a star of 5' : `${HALVES[rating] ?? ''} of 5 stars`;

/** The same in signs: "4½". */
export const starsInSigns = (rating: number): string =>
  `${Math.floor(rating / 2) || ''}${rating % 2 ? '½' : ''}`;

export type RatingStyle = 'stars' | 'ten';

/** The one scale of 1 to 10 as its reader prefers: "4 and a half of 5 stars" or "9 of 10". */
export const ratingInWords = (rating: number, style: RatingStyle): string =>
  style === 'ten' ? `${rating} of 10` : starsInWords(rating);

/** "4½ of 5" or "9 of 10". */
export const ratingInSigns = (rating: number, style: RatingStyle): string =>
  style === 'ten' ? `${rating} of 10` : `${starsInSigns(rating)} of 5`;
