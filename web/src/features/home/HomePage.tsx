import type { ReactElement } from 'react';
import { Link } from 'react-router-dom';
import { marquee } from '@/api/tags';
import type { ListMoviesApiArg, MovieItem } from '@/api/generated/api';
import { daily } from '@/features/home/daily';
import { useSession } from '@/app/session';
import { ReviewItem } from '@/features/reviews/ReviewItem';
import { count, length } from '@/lib/format';
import { useTitle } from '@/lib/title';
import { Poster, PosterCard } from '@/ui/Poster';
import { Rail } from '@/ui/Rail';
import { Shelf } from '@/ui/Shelf';
import { Block, Empty, FailedPage, Waiting } from '@/ui/States';
import { Score } from '@/ui/Stars';

const TODAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const SHELF = 14;
const WELL_RATED = 7.8;

/** One sentence from the facts, with what it rests on in bold. */
const why = (movie: MovieItem): ReactElement => {
  const [director] = movie.directors;
  const outside = movie.external_rating;
  return (
    <p className="why">
      {director ? (
        <>
          <b>{director}</b>, {movie.genres.slice(0, 2).join(' and ').toLowerCase() || 'a film'}
        </>
      ) : (
        <b>{movie.genres.slice(0, 2).join(' and ') || 'A film'}</b>
      )}
      {outside ? `, rated ${outside.value} by ${count(outside.votes ?? 0)} people elsewhere.` : '.'}
    </p>
  );
};

const Tonight = () => {
  const { me } = useSession();
  const { data, error, isLoading, refetch } = marquee.useListMoviesQuery({ ratingMin: WELL_RATED, limit: 100 });
  if (isLoading) {
    return (
      <Waiting label="Loading tonight's films" isPage>
        <div className="wrap tonight">
          <div className="lead sk-lines">
            <Block height={14} width={150} />
            <Block height={92} width="86%" />
            <Block height={92} width="66%" />
            <Block height={14} />
            <Block height={14} width="80%" />
          </div>
          <div className="picks shelf">
            {[1, 2, 3].map((n) => (
              <div className="sk-lines" key={n}>
                <div className="sk" style={{ aspectRatio: '2 / 3' }} />
                <Block height={14} />
                <Block height={14} width="80%" />
              </div>
            ))}
          </div>
        </div>
      </Waiting>
    );
  }
  if (error || !data) return <FailedPage error={error} retry={() => void refetch()} />;
  const picks = daily(data.items, new Date(), 3);
  return (
    <section className="wrap tonight" aria-labelledby="tonight">
      <div className="lead">
        <p className="date">{TODAY.format(new Date())}</p>
        <h1 id="tonight">Three for tonight</h1>
        <p className="muted">Drawn from the best of the catalog. Three new ones tomorrow.</p>
        <p className="acts-row">
          <Link className="btn p" to="/films?sort=-rating">
            See the best of it
          </Link>
          {me ? null : (
            <Link className="btn" to="/signup">
              Join
            </Link>
          )}
        </p>
      </div>
      <ul className="picks shelf">
        {picks.map((movie) => (
          <li className="pick" key={movie.id}>
            <Poster movie={movie} eager />
            <div className="cap">
              <span>
                {movie.year}
                {movie.runtime_minutes ? ` · ${length(movie.runtime_minutes)}` : ''}
              </span>
              {movie.score === null ? null : <Score value={movie.score} />}
            </div>
            {why(movie)}
          </li>
        ))}
      </ul>
    </section>
  );
};

const Films = ({ title, asked, to }: { title: string; asked: ListMoviesApiArg; to: string }) => {
  const { data, error } = marquee.useListMoviesQuery({ ...asked, limit: SHELF });
  if (error || (data && !data.items.length)) return null;
  return (
    <Shelf title={title} more={<Link to={to}>All of them</Link>}>
      {data
        ? data.items.map((movie) => (
            <li key={movie.id}>
              <PosterCard movie={movie} />
            </li>
          ))
        : Array.from({ length: 8 }, (_, n) => (
            <li key={n}>
              <div className="sk" style={{ aspectRatio: '2 / 3' }} />
            </li>
          ))}
    </Shelf>
  );
};

const Reviewed = () => {
  const { data } = marquee.useListReviewsQuery({ limit: 6 });
  if (!data) return null;
  return (
    <section className="sec" aria-labelledby="reviewed">
      <Rail title="Recently reviewed" id="reviewed" />
      {data.items.length ? (
        <div className="revs">
          {data.items.map((review) => (
            <ReviewItem key={review.id} review={review} withFilm isShort />
          ))}
        </div>
      ) : (
        <Empty title="Nobody has said a word">
          What members think of films will stand here. Find one you have seen and be the first.
          <p>
            <Link className="btn" to="/films">
              Find a film
            </Link>
          </p>
        </Empty>
      )}
    </section>
  );
};

const Page = () => {
  useTitle('');
  return (
    <>
      <Tonight />
      <div className="wrap">
        <Films title="Best known" asked={{}} to="/films" />
        <Reviewed />
        <Films title="Highest rated" asked={{ sort: '-rating' }} to="/films?sort=-rating" />
        <Films title="Film noir" asked={{ genre: ['Film Noir'] }} to="/films?genre=Film+Noir" />
        <Films title="Science fiction" asked={{ genre: ['Science Fiction'] }} to="/films?genre=Science+Fiction" />
        <Films title="Animation" asked={{ genre: ['Animation'] }} to="/films?genre=Animation" />
        <Films title="Newest" asked={{ sort: '-year' }} to="/films?sort=-year" />
      </div>
    </>
  );
};
export default Page;
