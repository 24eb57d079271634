import { Link, useParams } from 'react-router-dom';
import { marquee } from '@/api/tags';
import type { Credit, PersonView } from '@/api/generated/api';
import { counted } from '@/lib/format';
import { useTitle } from '@/lib/title';
import { PosterCard } from '@/ui/Poster';
import { Rail } from '@/ui/Rail';
import { Shelf } from '@/ui/Shelf';
import { Score } from '@/ui/Stars';
import { Block, FailedPage, PosterBlocks, Waiting } from '@/ui/States';

const PICTURED = 12;

const isCast = (credit: Credit): boolean => credit.roles.some((role) => role.department === 'Acting');
const jobsOf = (credit: Credit): string =>
  [...new Set(credit.roles.map((role) => role.character ?? (role.department === 'Acting' ? 'Cast' : role.job)))].join(', ');

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
    <Rail title="Everything" id="films" count={counted(credits.length, 'film')} />
    <table className="career">
      <thead>
        <tr>
          <th scope="col">Year</th>
          <th scope="col">Film</th>
          <th scope="col">As</th>
          <th scope="col" className="r">
            Rating
          </th>
        </tr>
      </thead>
      <tbody>
        {credits.map((credit) => (
          <tr key={credit.movie.id}>
            <td className="num muted">{credit.movie.year ?? '—'}</td>
            <td>
              <Link to={`/films/${credit.movie.id}`} className="d" dir="auto">
                {credit.movie.title}
              </Link>
            </td>
            <td className="muted">{jobsOf(credit)}</td>
            <td className="r">
              {credit.movie.score === null ? <span className="muted">no ratings</span> : <Score value={credit.movie.score} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
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
          <h1 dir="auto">{person.name}</h1>
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
        <Shelf title="Best known" width={163}>
          {known.map(({ movie }) => (
            <li key={movie.id}>
              <PosterCard movie={movie} />
            </li>
          ))}
        </Shelf>
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
      <Waiting label="Loading the person" isPage>
        <div className="wrap">
          <div className="person">
            <div className="sk-lines">
              <Block height={14} width={220} />
              <Block height={96} width="80%" />
              <Block height={16} width="70%" />
            </div>
            <Block height={160} />
          </div>
          <div className="sec">
            <PosterBlocks count={8} />
          </div>
        </div>
      </Waiting>
    );
  }
  if (error || !data) return <FailedPage error={error} retry={() => void refetch()} missing={['Nobody at this address', `The number ${id} is nobody in the catalog. It may have been merged with another record, or the link may be cut short.`]} />;
  return <Loaded person={data} />;
};
export default Page;
