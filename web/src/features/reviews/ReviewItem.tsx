import { useRef, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { Link } from 'react-router-dom';
import type { ReviewView } from '@/api/generated/api';
import { since } from '@/lib/format';
import { Avatar } from '@/ui/Avatar';
import { Poster } from '@/ui/Poster';
import { Stars } from '@/ui/Stars';

const LONG = 900;
const SHORT = 200;

/** Sanitised by the server; covered until asked for where it tells the story. */
const Text = ({ review, isShort }: { review: ReviewView; isShort: boolean }) => {
  const [isOpen, open] = useState(false);
  const [isWhole, setWhole] = useState(false);
  const text = useRef<HTMLDivElement>(null);
  // The button that had the focus is gone; what it uncovered takes it.
  const show = () => {
    flushSync(() => open(true));
    text.current?.focus();
  };
  if (!review.html) return null;
  if (review.has_spoilers && !isOpen) {
    return (
      <div className="spoil">
        <span>
          <b>This review tells the story.</b>
          <br />
          <span className="note">Read it when you have seen the film.</span>
        </span>
        <button type="button" className="btn sm" onClick={show}>
          Show it
        </button>
      </div>
    );
  }
  const isLong = review.html.length > (isShort ? SHORT : LONG);
  return (
    <>
      <div
        className={isLong && !isWhole ? isShort ? 'said clamp4' : 'said clamp12' : 'said'}
        dir="auto"
        ref={text}
        tabIndex={-1}
        // The server's own HTML, made of Markdown and sanitised before it was kept.
        dangerouslySetInnerHTML={{ __html: review.html }}
      />
      {isLong && !isWhole ? (
        <button type="button" className="link sm" onClick={() => setWhole(true)}>
          Read on
        </button>
      ) : null}
    </>
  );
};

interface Given {
  review: ReviewView;
  withFilm?: boolean;
  /** Four lines of it at first, not twelve. */
  isShort?: boolean;
  children?: ReactNode;
}

export const ReviewItem = ({ review, withFilm = false, isShort = false, children }: Given) => {
  const { author, movie } = review;
  const name = author.display_name || author.username;
  return (
    <article className="ri">
      {withFilm && movie ? <Poster movie={movie} /> : <Avatar name={author.username} size="l" />}
      <div>
        {withFilm && movie ? (
          <h3>
            <Link to={`/films/${movie.id}`} dir="auto">
              {movie.title}
            </Link> <span className="muted num sm">{movie.year}</span>
          </h3>
        ) : null}
        <div className="by">
          <Link to={`/members/${author.username}`}>
            <b dir="auto">{name}</b>
          </Link>
          <Stars rating={review.rating} />
          <time dateTime={review.created_at}>{since(review.created_at)}</time>
          {review.active ? null : <span className="tag warn">Hidden</span>}
        </div>
        <Text review={review} isShort={isShort} />
        {children ? <div className="meta">{children}</div> : null}
      </div>
    </article>
  );
};
