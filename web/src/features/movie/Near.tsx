import { marquee } from '@/api/tags';
import type { Movie, MovieItem } from '@/api/generated/api';
import { PosterCard } from '@/ui/Poster';
import { Rail } from '@/ui/Rail';

const SHOWN = 6;
const YEARS = 8;

/** Films by the same director, else of its genres and time, each with the reason. */
export const Near = ({ movie }: { movie: Movie }) => {
  const director = (movie.crew ?? []).find((one) => one.job === 'Director');
  const genres = (movie.genres ?? []).slice(0, 2);
  const byDirector = marquee.useListMoviesQuery(
    { person: director ? [director.person_id] : [], limit: SHOWN + 1 },
    { skip: !director },
  );
  const byKind = marquee.useListMoviesQuery(
    {
      genre: genres,
      yearFrom: movie.year ? movie.year - YEARS : undefined,
      yearTo: movie.year ? movie.year + YEARS : undefined,
      limit: SHOWN + 2,
    },
    { skip: !genres.length },
  );
  const seen = new Set([movie.id]);
  const near: { item: MovieItem; why: string }[] = [];
  for (const [list, why] of [
    [byDirector.data?.items ?? [], `Also by ${director?.name ?? ''}`],
    [byKind.data?.items ?? [], `${genres.join(' and ')} of its time`],
  ] as const) {
    for (const item of list) {
      if (!seen.has(item.id) && near.length < SHOWN) near.push({ item, why });
      seen.add(item.id);
    }
  }
  if (!near.length) return null;
  return (
    <section className="wrap sec" aria-labelledby="near">
      <Rail title="Near it" id="near" />
      <ul className="sim">
        {near.map(({ item, why }) => (
          <li key={item.id}>
            <PosterCard movie={item} />
            <p className="why">{why}</p>
          </li>
        ))}
      </ul>
    </section>
  );
};
