import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { Wordmark } from '@/ui/icons';

const HUNG = 25;

/** The way in: a form beside a wall of the catalog's own posters. */
export const Door = ({ title, children }: { title: string; children: ReactNode }) => {
  const { data } = marquee.useListMoviesQuery({ limit: HUNG });
  return (
    <div className="door">
      <div className="way">
        <Link className="mark" to="/" aria-label="Marquee, home">
          <Wordmark />
        </Link>
        <div className="narrow">
          <h1>{title}</h1>
          {children}
        </div>
        <p className="xs faint">Run by whoever keeps this machine. No trackers, no adverts.</p>
      </div>
      <div className="wall" aria-hidden="true">
        <div>
          {data?.items.map((movie) => (
            <span className="poster" key={movie.id}>
              <img src={movie.poster_url} alt="" width={600} height={900} />
            </span>
          ))}
        </div>
      </div>
    </div>
  );
};
