import { Link, useParams } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { useSession } from '@/app/session';
import { ReviewItem } from '@/features/reviews/ReviewItem';
import { Moderate } from '@/features/reviews/ReviewList';
import { counted, day } from '@/lib/format';
import { useMore } from '@/lib/more';
import { useTitle } from '@/lib/title';
import { Avatar } from '@/ui/Avatar';
import { Rail } from '@/ui/Rail';
import { Block, Empty, FailedPage, Waiting } from '@/ui/States';

const SIZE = 20;

const Pages = ({ username, cursor, isYou }: { username: string; cursor?: string; isYou: boolean }) => {
  const [more, showMore] = useMore(cursor);
  const { data, error, isLoading } = marquee.useReviewsOfUserQuery({ username, cursor, limit: SIZE });
  if (isLoading) {
    return (
      <Waiting>
        <Block height={120} />
      </Waiting>
    );
  }
  // Reviews learn of a new member a moment after the account is there.
  const none = !data?.items.length && !cursor;
  if (none) {
    return (
      <Empty title="No reviews yet">
        {error && !isYou ? 'They cannot be read at the moment.' : isYou ? 'What you write about films will stand here.' : 'What they write about films will stand here.'}
        {isYou ? (
          <p>
            <Link className="btn" to="/films">
              Find a film
            </Link>
          </p>
        ) : null}
      </Empty>
    );
  }
  return (
    <>
      {data?.items.map((review) => (
        <ReviewItem key={review.id} review={review} withFilm>
          <Moderate review={review} />
        </ReviewItem>
      ))}
      {data?.next && !more ? (
        <button type="button" className="btn" onClick={showMore}>
          More reviews
        </button>
      ) : null}
      {data?.next && more ? <Pages username={username} cursor={data.next} isYou={isYou} /> : null}
    </>
  );
};

const Page = () => {
  const { username = '' } = useParams();
  const { me } = useSession();
  const { data, error, isLoading, refetch } = marquee.useUserQuery({ username });
  const { data: reviews } = marquee.useReviewsOfUserQuery({ username, limit: SIZE });
  useTitle(data ? data.display_name || data.username : 'Member');
  if (isLoading) {
    return (
      <Waiting isPage>
        <div className="wrap sec">
          <Block height={100} />
        </div>
      </Waiting>
    );
  }
  if (error || !data) return <FailedPage error={error} retry={() => void refetch()} missing={['No such member', `Nobody here is called ${username}. They may have left, or the link may be cut short.`]} />;
  return (
    <div className="wrap sec">
      <div className="member">
        <Avatar name={data.username} size="l" />
        <div>
          <h1>{data.display_name || data.username}</h1>
          <p className="muted">
            {data.username} · here since {day(data.created_at)}
            {data.role === 'regular' ? null : <span className="tag">{data.role}</span>}
          </p>
          {data.bio ? <p className="bio">{data.bio}</p> : null}
        </div>
      </div>
      <section className="sec" aria-labelledby="reviews">
        <Rail title="Reviews" id="reviews" count={reviews?.total ? counted(reviews.total, 'review') : undefined} />
        <Pages username={data.username} isYou={me?.id === data.id} />
      </section>
    </div>
  );
};
export default Page;
