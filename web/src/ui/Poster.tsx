import { Link } from 'react-router-dom';
import { Score } from '@/ui/Stars';
import type { MovieItem } from '@/api/generated/api';

type Pictured = Pick<MovieItem, 'id' | 'title' | 'year' | 'poster_url'>;

export const nameOf = (movie: { title: string; year?: number | null }): string =>
  movie.year ? `${movie.title} (${movie.year})` : movie.title;

/** A poster that leads to its film. `eager` for those in sight when the page opens. */
export const Poster = ({ movie, eager = false }: { movie: Pictured; eager?: boolean }) => (
  <Link className="poster" to={`/films/${movie.id}`}>
    <img
      src={movie.poster_url}
      alt={nameOf(movie)}
      width={600}
      height={900}
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
    />
  </Link>
);

/** The poster is the title; the caption says year, length and rating, never the title again. */
export const PosterCard = ({ movie, eager = false }: { movie: MovieItem; eager?: boolean }) => (
  <div className="card">
    <Poster movie={movie} eager={eager} />
    <div className="cap">
      <span>
        {movie.year ?? 'Year unknown'}
        {movie.runtime_minutes ? <span className="not-s"> · {movie.runtime_minutes} min</span> : null}
      </span>
      {movie.score === null ? <span>no ratings</span> : <Score value={movie.score} />}
    </div>
  </div>
);
