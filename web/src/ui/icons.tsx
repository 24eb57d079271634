const PATHS = {
  search: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM12.5 12.5L16.5 16.5',
  home: 'M2 8.5L9 2.5l7 6V16H2zM7 16v-5h4v5',
  films: 'M2.5 3.5h13v11h-13zM5.5 3.5v11M12.5 3.5v11M2.5 9h13',
  pen: 'M3 15l1-4 8-8 3 3-8 8zM10.5 4.5l3 3',
  plus: 'M9 2v14M2 9h14',
  person: 'M9 9.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 16.5q0-5 6.5-5t6.5 5',
  grid: 'M2.5 2.5h5v5h-5zM10.5 2.5h5v5h-5zM2.5 10.5h5v5h-5zM10.5 10.5h5v5h-5z',
  list: 'M2.5 4h13M2.5 9h13M2.5 14h13',
  filters: 'M2 4h14M5 9h8M7.5 14h3',
  cross: 'M4 4l10 10M14 4L4 14',
  left: 'M11 3L5 9l6 6',
  right: 'M7 3l6 6-6 6',
  keys: 'M1.5 4.5h15v9h-15zM4 7.5h.1M7 7.5h.1M10 7.5h.1M13 7.5h.1M5 10.5h8',
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing; what it means is said by the text or the label beside it. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg className="icn" viewBox="0 0 18 18" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);

const STAR = 'M12 1.6l3.1 6.9 7.4.8-5.5 5 1.5 7.4L12 17.9l-6.5 3.8L7 14.3l-5.5-5 7.4-.8z';

export const Star = ({ fill }: { fill: 'full' | 'half' | 'none' }) => (
  <svg className={fill === 'full' ? 'f' : undefined} viewBox="0 0 24 24" aria-hidden="true">
    <path className={fill === 'full' ? 'f' : 'o'} d={STAR} />
    {fill === 'half' && (
      <svg width="12" height="24" viewBox="0 0 12 24">
        <path className="f" d={STAR} />
      </svg>
    )}
  </svg>
);

const MARK =
  'M4 40v-40l12 26 12-26v40M44 40l10-40 10 40M47 28h14M80 40v-40h10q10 0 10 11t-10 11h-10M90 22l10 18M126 0q10 0 10 10v20q0 10-10 10t-10-10v-20q0-10 10-10zM128 31l9 11M152 0v30q0 10 10 10t10-10v-30M206 0h-18v40h18M188 20h15M240 0h-18v40h18M222 20h15';

export const Wordmark = () => (
  <svg viewBox="-4 -4 252 56" role="img" aria-label="Marquee">
    <path d={MARK} transform="translate(0 4)" fill="none" stroke="currentColor" strokeWidth="8" strokeMiterlimit="2.6" />
  </svg>
);
