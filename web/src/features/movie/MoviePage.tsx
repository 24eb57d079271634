import { useRef, useState } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router-dom';
import { marquee } from '@/api/tags';
import type { Movie } from '@/api/generated/api';
import { useSession } from '@/app/session';
import { Figures } from '@/features/movie/Figures';
import { FactList, Where } from '@/features/movie/FactList';
import { Near } from '@/features/movie/Near';
import { People } from '@/features/movie/People';
import { Composer } from '@/features/reviews/Composer';
import { ReviewList } from '@/features/reviews/ReviewList';
import { language, length } from '@/lib/format';
import { useTitle } from '@/lib/title';
import { Icon } from '@/ui/icons';
import { nameOf } from '@/ui/Poster';
import { Rail } from '@/ui/Rail';
import { Block, FailedPage, Waiting } from '@/ui/States';

const Heading = ({ movie }: { movie: Movie }) => {
  const directors = (movie.crew ?? []).filter((one) => one.job === 'Director');
  return (
    <div className="title">
      <h1 dir="auto">{movie.title}</h1>
      {movie.original_title ? (
        <p className="orig" dir="auto" lang={movie.languages?.[0]}>
          {movie.original_title}
        </p>
      ) : null}
      {movie.tagline ? <p className="orig">{movie.tagline}</p> : null}
      <div className="facts num">
        <span>
          <b>{movie.year ?? 'Year not recorded'}</b>
        </span>
        <span>
          {directors.length ? 'Directed by ' : 'Director not recorded'}
          {directors.map((one, n) => (
            <span key={one.person_id}>
              {n ? ', ' : ''}
              <Link className="link" to={`/people/${one.person_id}`}>
                <b>{one.name}</b>
              </Link>
            </span>
          ))}
        </span>
        {movie.runtime_minutes ? <span>{length(movie.runtime_minutes)}</span> : null}
        {movie.countries?.length ? <span>{movie.countries.join(', ')}</span> : null}
        {movie.languages?.length ? <span>{movie.languages.map(language).join(', ')}</span> : null}
        {movie.genres?.length ? (
          <span>
            {movie.genres.map((genre, n) => (
              <span key={genre}>
                {n ? ', ' : ''}
                <Link className="quiet" to={`/films?genre=${encodeURIComponent(genre)}`}>
                  {genre}
                </Link>
              </span>
            ))}
          </span>
        ) : null}
      </div>
    </div>
  );
};

const Actions = ({ movie, mine, write }: { movie: Movie; mine: boolean; write: () => void }) => {
  const { me, isKnown, isAdmin } = useSession();
  return (
    <div className="acts">
      {me ? (
        <button type="button" className="btn p w" onClick={write}>
          <Icon name="pen" />
          {mine ? 'Change your review' : 'Rate or review'}
        </button>
      ) : isKnown ? (
        <Link className="btn p w" to={`/login?then=${encodeURIComponent(`/films/${movie.id}#rate`)}`}>
          Log in to rate it
        </Link>
      ) : null}
      {isAdmin ? (
        <Link className="btn w" to={`/admin/films/${movie.id}`}>
          Edit the facts
        </Link>
      ) : null}
    </div>
  );
};

const Loaded = ({ movie }: { movie: Movie }) => {
  const { me } = useSession();
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [isOpen, open] = useState(false);
  const isWriting = isOpen || (hash === '#rate' && me !== null);
  const opener = useRef<Element | null>(null);
  const write = (now: boolean) => {
    if (now) opener.current = document.activeElement;
    else setTimeout(() => (opener.current instanceof HTMLElement && opener.current.isConnected ? opener.current : document.getElementById('main'))?.focus());
    open(now);
    if (hash === '#rate') void navigate({ hash: '' }, { replace: true });
  };
  const { data, error } = marquee.useMyReviewsQuery({ movieId: movie.id }, { skip: !me });
  const mine = me ? (data?.items[0] ?? null) : null;
  useTitle(nameOf(movie));
  return (
    <>
      <div className="field" aria-hidden="true">
        {movie.field_url ? <img src={movie.field_url} alt="" /> : null}
      </div>
      <div className="wrap movie">
        <div className="left">
          <span className="poster">
            <img src={movie.poster_url} alt={`Poster: ${nameOf(movie)}`} width={600} height={900} />
          </span>
          <Actions movie={movie} mine={mine !== null} write={() => write(true)} />
          <Where movie={movie} />
          <FactList movie={movie} />
        </div>
        <Heading movie={movie} />
        <div className="mid">
          {movie.plot ? <p className="plot" dir="auto">{movie.plot}</p> : null}
          <People movie={movie} />
          {movie.keywords?.length ? (
            <section className="sec" aria-labelledby="threads">
              <Rail title="Threads" id="threads" />
              <p className="chips">
                {movie.keywords.map((word) => (
                  <Link key={word} className="chip" to={`/search?q=${encodeURIComponent(word)}`}>
                    {word}
                  </Link>
                ))}
              </p>
            </section>
          ) : null}
          <ReviewList movieId={movie.id} write={() => write(true)} />
        </div>
        <Figures movie={movie} mine={mine} write={() => write(true)} />
      </div>
      <Near movie={movie} />
      {isWriting && (!me || data || error) ? <Composer movie={movie} mine={mine} onClose={() => write(false)} /> : null}
    </>
  );
};

const Page = () => {
  const { id = '' } = useParams();
  const { data, error, isLoading, refetch } = marquee.useGetMovieQuery({ movieId: id });
  if (isLoading) {
    return (
      <Waiting label="Loading the film" isPage>
        <div className="field sk" />
        <div className="wrap movie">
          <div className="left">
            <span className="poster sk" />
          </div>
          <div className="title sk-lines">
            <Block height={80} width="70%" />
            <Block height={16} width="50%" />
          </div>
          <div className="mid sk-lines">
            <Block height={28} width={90} />
            <Block height={90} />
            <Block height={28} width={140} />
            <Block height={180} />
          </div>
          <div className="side sk-lines">
            <Block height={120} />
          </div>
        </div>
      </Waiting>
    );
  }
  if (error || !data) return <FailedPage error={error} retry={() => void refetch()} missing={['No film at this address', `The number ${id} is not in the catalog. It may have been merged with another record, or the link may be cut short.`]} />;
  return <Loaded key={data.id} movie={data} />;
};
export default Page;
