import { useRef, type KeyboardEvent } from 'react';
import { Link } from 'react-router-dom';
import type { MovieItem } from '@/api/generated/api';
import { Poster, PosterCard } from '@/ui/Poster';
import { stepOf, useRoving } from '@/ui/roving';
import { Score } from '@/ui/Stars';

/** Posters in a grid, one of which Tab reaches; arrows move in two directions, PageUp and PageDown by a screen. */
export const FilmGrid = ({ movies }: { movies: MovieItem[] }) => {
  const grid = useRef<HTMLUListElement>(null);
  const { enter, focus, links } = useRoving(grid, 'a.poster');
  const onKeyDown = (event: KeyboardEvent) => {
    const all = links();
    const here = all.indexOf(document.activeElement as HTMLAnchorElement);
    if (here < 0) return;
    const target = all[here + stepOf(event.key, all)] ?? (event.key.startsWith('Page') ? all.at(event.key === 'PageUp' ? 0 : -1) : undefined);
    if (!target || target === all[here]) return;
    event.preventDefault();
    focus(target);
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows move between its links
    <ul className="grid" ref={grid} onKeyDown={onKeyDown} onFocus={enter}>
      {movies.map((movie, n) => (
        <li key={movie.id}>
          <PosterCard movie={movie} eager={n < 12} />
        </li>
      ))}
    </ul>
  );
};

export const FilmTable = ({ movies }: { movies: MovieItem[] }) => (
  <table className="films">
    <thead>
      <tr>
        <th scope="col">
          <span className="vh">Poster</span>
        </th>
        <th scope="col">Film</th>
        <th scope="col">Year</th>
        <th scope="col">Length</th>
        <th scope="col">Genres</th>
        <th scope="col" className="r">
          Rating
        </th>
      </tr>
    </thead>
    <tbody>
      {movies.map((movie) => (
        <tr key={movie.id}>
          <td className="pic">
            <Poster movie={movie} />
          </td>
          <td>
            <Link to={`/films/${movie.id}`} className="d" dir="auto">
              {movie.title}
            </Link>
            <div className="muted sm">{movie.directors.join(', ') || 'Director not recorded'}</div>
          </td>
          <td className="num">{movie.year ?? '—'}</td>
          <td className="num muted">{movie.runtime_minutes ? `${movie.runtime_minutes} min` : '—'}</td>
          <td className="muted">{movie.genres.join(', ') || '—'}</td>
          <td className="r">{movie.score === null ? <span className="muted">no ratings</span> : <Score value={movie.score} />}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
