import { Link } from 'react-router-dom';
import { marquee } from '@/api/tags';
import type { Movie, ReviewView } from '@/api/generated/api';
import { useRatingStyle, useSession } from '@/app/session';
import { Histogram } from '@/features/reviews/Histogram';
import { RatingSlider } from '@/features/reviews/RatingSlider';
import { counted, ratingInSigns, since } from '@/lib/format';
import { onceKey } from '@/lib/once';
import { problemOf } from '@/lib/problem';
import { toast } from '@/lib/toast';

const ENOUGH = 3;
const NONE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/** One's own rating, set at once; the text is for the composer. */
const Yours = ({ movie, mine, write }: Given) => {
  const [post] = marquee.usePostReviewMutation();
  const [edit] = marquee.useEditReviewMutation();
  const [drop] = marquee.useDeleteReviewMutation();
  const { me } = useSession();
  const style = useRatingStyle();
  if (!me) return null;
  const rate = async (rating: number) => {
    if (!rating && mine?.text) return write();
    const answer = !rating
      ? mine
        ? await drop({ reviewId: mine.id })
        : null
      : mine
        ? await edit({ reviewId: mine.id, reviewPatch: { rating } })
        : await post({ 'Idempotency-Key': onceKey(), newReview: { movie_id: movie.id, rating } });
    if (answer?.error) toast(`Not saved: ${problemOf(answer.error).detail}`);
  };
  return (
    <div>
      <h2 className="h4">
        Your rating <span className="muted sm">{mine ? ratingInSigns(mine.rating, style) : ''}</span>
      </h2>
      <RatingSlider value={mine?.rating ?? 0} onChange={(value) => void rate(value)} />
      {mine ? <p className="note">Rated {since(mine.updated_at)}. Arrow keys change it by {style === 'ten' ? 'one' : 'half a star'}.</p> : null}
    </div>
  );
};

const GAPS: [string, (movie: Movie) => unknown][] = [
  ['year', (movie) => movie.year],
  ['director', (movie) => movie.crew?.some((one) => one.job === 'Director')],
  ['length', (movie) => movie.runtime_minutes],
  ['country', (movie) => movie.countries?.length],
  ['language', (movie) => movie.languages?.length],
  ['genre', (movie) => movie.genres?.length],
];

/** What nobody has recorded, and the way to add it for those who may. */
const Gaps = ({ movie }: { movie: Movie }) => {
  const { isAdmin } = useSession();
  const gaps = GAPS.filter(([, fact]) => !fact(movie)).map(([name]) => name);
  if (!gaps.length) return null;
  const named = gaps.length > 1 ? `${gaps.slice(0, -1).join(', ')} and ${gaps.at(-1) ?? ''}` : (gaps[0] ?? '');
  return (
    <div>
      <h2 className="h4">Missing facts</h2>
      <p className="note">
        {named[0]?.toUpperCase()}
        {named.slice(1)} {gaps.length > 1 ? 'are' : 'is'} not recorded.
      </p>
      {isAdmin ? (
        <p className="acts-row">
          <Link className="btn sm" to={`/admin/films/${movie.id}`}>
            Add what you know
          </Link>
        </p>
      ) : null}
    </div>
  );
};

interface Given {
  movie: Movie;
  mine: ReviewView | null;
  write: () => void;
}

export const Figures = ({ movie, mine, write }: Given) => {
  const rating = movie.rating ?? {};
  const many = rating.count ?? 0;
  return (
    <aside className="side" aria-label="Ratings">
      <Yours movie={movie} mine={mine} write={write} />
      <div>
        <h2 className="h4">Members</h2>
        {many >= ENOUGH && rating.average ? (
          <div className="members">
            <span className="big">{rating.average.toFixed(1)}</span>
            <span className="note num">{counted(many, 'rating')}</span>
          </div>
        ) : (
          <p className="note">
            {many ? `${counted(many, 'rating')}; an average is shown from three on.` : 'No ratings yet. A number appears after the third.'}
          </p>
        )}
        {many ? <Histogram histogram={rating.histogram ?? NONE} mine={mine?.rating} /> : null}
      </div>
      {movie.external_ratings?.length ? (
        <div>
          <h2 className="h4">Elsewhere</h2>
          <dl className="kv">
            {movie.external_ratings.map((one) => (
              <div key={one.source} className="pair">
                <dt>{one.source}</dt>
                <dd className="num">
                  <b>{one.value}</b> of {one.out_of}
                  {one.votes ? <span className="muted sm"> · {counted(one.votes, 'vote')}</span> : null}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ) : null}
      <Gaps movie={movie} />
    </aside>
  );
};
