import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { Movie } from '@/api/generated/api';
import { Rail } from '@/ui/Rail';

const FIRST = 12;

/** The cast, and on request everybody. */
export const People = ({ movie }: { movie: Movie }) => {
  const [isWhole, showWhole] = useState(false);
  const cast = movie.cast ?? [];
  const crew = movie.crew ?? [];
  const shown = isWhole ? cast : cast.slice(0, FIRST);
  const hasMore = cast.length > FIRST || crew.length > 0;
  return (
    <section aria-labelledby="cast">
      <Rail title="Cast" id="cast">
        {hasMore && !isWhole ? (
          <button type="button" className="link" onClick={() => showWhole(true)}>
            All credits
          </button>
        ) : null}
      </Rail>
      {cast.length ? (
        <ul className="cast">
          {shown.map((one) => (
            <li key={one.person_id + (one.character ?? '')}>
              <Link to={`/people/${one.person_id}`}>{one.name}</Link>
              {one.character ? <span className="as">{one.character}</span> : null}
            </li>
          ))}
        </ul>
      ) : (
        <p className="muted">The cast is not recorded.</p>
      )}
      {isWhole && crew.length ? (
        <dl className="kv crew">
          {crew.map((one) => (
            <div key={one.person_id + one.job} className="pair">
              <dt>{one.job}</dt>
              <dd>
                <Link className="link" to={`/people/${one.person_id}`}>
                  {one.name}
                </Link>
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </section>
  );
};
