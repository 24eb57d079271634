import { Link, useParams } from 'react-router-dom';
import { marquee } from '@/api/tags';
import type { Credit, PersonView } from '@/api/generated/api';
import { counted } from '@/lib/format';
import { useTitle } from '@/lib/title';
import { PosterCard } from '@/ui/Poster';
import { Rail } from '@/ui/Rail';
import { Block, FailedPage, Waiting } from '@/ui/States';

const PICTURED = 12;

const isCast = (credit: Credit): boolean => credit.roles.some((role) => role.department === 'Acting');
const jobsOf = (credit: Credit): string =>
  [...new Set(credit.roles.map((role) => role.character ?? (role.department === 'Acting' ? 'cast' : role.job.toLowerCase())))].join(', ');

/** A bar for each decade of work, tall as it was full. */
const Decades = ({ credits }: { credits: Credit[] }) => {
  const by = new Map<number, number>();
  for (const { movie } of credits) {
    if (movie.year) by.set(Math.floor(movie.year / 10) * 10, (by.get(Math.floor(movie.year / 10) * 10) ?? 0) + 1);
  }
  if (by.size < 2) return null;
  const first = Math.min(...by.keys());
  const decades = Array.from({ length: (Math.max(...by.keys()) - first) / 10 + 1 }, (_, n) => first + n * 10);
  const sentence = decades.map((decade) => `${decade}s: ${counted(by.get(decade) ?? 0, 'film')}`).join(', ');
  return (
    <div className="decades" role="img" aria-label={sentence}>
      {decades.map((decade) => (
        <div key={decade}>
          <div className="tower">
            {Array.from({ length: by.get(decade) ?? 0 }, (_, n) => (
              <i key={n} />
            ))}
          </div>
          <span className="xs faint num">{decade}s</span>
        </div>
      ))}
    </div>
  );
};

const Filmography = ({ credits }: { credits: Credit[] }) => (
  <section className="sec" aria-labelledby="films">
    <Rail title="Films" id="films" count={counted(credits.length, 'film')} />
    <div className="scrolls">
      <table>
        <thead>
          <tr>
            <th scope="col">Title</th>
            <th scope="col">As</th>
            <th scope="col" className="r">
              Year
            </th>
          </tr>
        </thead>
        <tbody>
          {credits.map((credit) => (
            <tr key={credit.movie.id}>
              <td>
                <Link to={`/films/${credit.movie.id}`}>
                  <b>{credit.movie.title}</b>
                </Link>
              </td>
              <td className="muted">{jobsOf(credit)}</td>
              <td className="r">{credit.movie.year ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);

const Loaded = ({ person }: { person: PersonView }) => {
  useTitle(person.name);
  const credits = person.filmography;
  const cast = credits.filter(isCast).length;
  const directed = credits.filter((one) => one.roles.some((role) => role.job === 'Director')).length;
  const parts = [
    directed ? `Director of ${counted(directed, 'film')}` : '',
    cast ? `${directed ? 'cast in' : 'Cast in'} ${counted(cast, 'film')}` : '',
  ].filter(Boolean);
  const { first_year: first, last_year: last } = person.career;
  const known = [...credits].sort((a, b) => b.movie.popularity - a.movie.popularity).slice(0, PICTURED);
  return (
    <div className="wrap">
      <div className="person">
        <div>
          <p className="muted">{parts.join(', ') || 'No credits recorded'}</p>
          <h1>{person.name}</h1>
          <p className="why">
            {first ? `At work ${first === last ? `in ${first}` : `from ${first} to ${last ?? first}`}` : ''}
            {person.career.genres.length ? (
              <>
                , mostly{' '}
                <b>
                  {person.career.genres
                    .slice(0, 3)
                    .map((one) => one.value)
                    .join(', ')}
                </b>
                .
              </>
            ) : null}
          </p>
          {credits.length ? (
            <p className="acts-row">
              <Link className="btn" to={`/films?person=${person.id}`}>
                Filter these films
              </Link>
            </p>
          ) : null}
        </div>
        <Decades credits={credits} />
      </div>
      {known.length ? (
        <section className="sec" aria-labelledby="known">
          <Rail title="Known for" id="known" />
          <ul className="grid">
            {known.map(({ movie }) => (
              <li key={movie.id}>
                <PosterCard movie={movie} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {credits.length ? <Filmography credits={credits} /> : null}
    </div>
  );
};

const Page = () => {
  const { id = '' } = useParams();
  const { data, error, isLoading, refetch } = marquee.useGetPersonQuery({ personId: id });
  if (isLoading) {
    return (
      <Waiting label="Loading the person">
        <div className="wrap sec">
          <Block height={140} width="60%" />
        </div>
      </Waiting>
    );
  }
  if (error || !data) return <FailedPage error={error} retry={() => void refetch()} />;
  return <Loaded person={data} />;
};
export default Page;
