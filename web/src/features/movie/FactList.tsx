import { Link } from 'react-router-dom';
import type { Movie } from '@/api/generated/api';
import { day, dollars } from '@/lib/format';

/** Which platforms carry it, where any does. */
export const Where = ({ movie }: { movie: Movie }) =>
  movie.platforms?.length ? (
    <div className="watch">
      <h2 className="h4">Where to watch</h2>
      <ul>
        {movie.platforms.map((one) => (
          <li key={one.id}>
            <b>{one.url ? <a className="link" href={one.url} rel="noreferrer">{one.name}</a> : one.name}</b>
            <Link className="muted sm to-end" to={`/films?platform=${one.id}`}>
              all there
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ) : null;

/** What is known; what is not is left out, and said so when it is nearly everything. */
export const FactList = ({ movie }: { movie: Movie }) => {
  const ids = [movie.ids?.imdb, movie.ids?.tmdb].filter(Boolean).join(' · ');
  const facts: [string, string | null | undefined][] = [
    ['Released', movie.released_on ? day(movie.released_on) : null],
    ['Certificate', movie.certificate],
    ['Budget', movie.budget ? dollars(movie.budget) : null],
    ['Takings', movie.revenue ? dollars(movie.revenue) : null],
    ['Awards', movie.awards],
    ['Also called', movie.alternative_titles?.join(', ')],
    ['Known as', ids],
  ];
  const known = facts.filter(([, value]) => value);
  return (
    <div className="fx">
      <h2 className="h4">Facts</h2>
      {known.length ? (
        <dl className="kv">
          {known.map(([name, value]) => (
            <div key={name} className="pair">
              <dt>{name}</dt>
              <dd className={name === 'Known as' ? 'mono' : 'num'}>{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="note">Hardly anything is recorded of this film.</p>
      )}
    </div>
  );
};
