import { useRef, type KeyboardEvent } from 'react';
import { Link } from 'react-router-dom';
import type { MovieItem } from '@/api/generated/api';
import { length } from '@/lib/format';
import { Poster, PosterCard } from '@/ui/Poster';
import { Score } from '@/ui/Stars';

/** Posters in a grid; arrows move in two directions once one of them has the focus. */
export const FilmGrid = ({ movies }: { movies: MovieItem[] }) => {
  const grid = useRef<HTMLUListElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const links = [...(grid.current?.querySelectorAll<HTMLAnchorElement>('a.poster') ?? [])];
    const here = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (here < 0) return;
    const top = links[0]?.getBoundingClientRect().top;
    const next = links.findIndex((link) => link.getBoundingClientRect().top !== top);
    const columns = next > 0 ? next : links.length;
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const target = links[here + (steps[event.key] ?? 0)];
    if (!steps[event.key] || !target) return;
    event.preventDefault();
    target.focus();
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows move between its links
    <ul className="grid" ref={grid} onKeyDown={onKeyDown}>
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
        <th scope="col">Title</th>
        <th scope="col">Director</th>
        <th scope="col" className="r">
          Year
        </th>
        <th scope="col" className="r">
          Length
        </th>
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
            <Link to={`/films/${movie.id}`}>
              <b>{movie.title}</b>
            </Link>
            <div className="muted sm">{movie.genres.join(', ')}</div>
          </td>
          <td className="muted">{movie.directors.join(', ')}</td>
          <td className="r">{movie.year ?? ''}</td>
          <td className="r">{movie.runtime_minutes ? length(movie.runtime_minutes) : ''}</td>
          <td className="r">{movie.score === null ? '' : <Score value={movie.score} />}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
