import type { ReactNode } from 'react';
import { marquee } from '@/api/tags';
import { Home } from '@/ui/Home';

const HUNG = 25;

/** The way in: a form beside a wall of the catalog's own posters. */
export const Door = ({ title, children }: { title: string; children: ReactNode }) => {
  const { data } = marquee.useListMoviesQuery({ limit: HUNG });
  return (
    <div className="door">
      <div className="way">
        <Home />
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
