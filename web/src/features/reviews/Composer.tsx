import { Modal, useMantineTheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useId, useState, type KeyboardEvent } from 'react';
import { marquee } from '@/api/tags';
import type { Movie, ReviewView } from '@/api/generated/api';
import { RatingSlider } from '@/features/reviews/RatingSlider';
import { dropDraft, keepDraft, readDraft } from '@/features/reviews/drafts';
import { count } from '@/lib/format';
import { onceKey } from '@/lib/once';
import { problemOf } from '@/lib/problem';
import { useRefusal } from '@/lib/refusal';
import { toast } from '@/lib/toast';
import { nameOf } from '@/ui/Poster';
import { Refused } from '@/ui/Refused';
import { Sure } from '@/ui/Sure';

interface Given {
  movie: Pick<Movie, 'id' | 'title' | 'year' | 'poster_url'>;
  mine: ReviewView | null;
  onClose: () => void;
}

const LONGEST = 20_000;

/** Write or change one's review. What is typed is kept as a draft, so closing never asks. */
export const Composer = ({ movie, mine, onClose }: Given) => {
  const [kept] = useState(() => readDraft(movie.id));
  const [isTouched, touch] = useState(false);
  const [rating, rate] = useState(kept?.rating ?? mine?.rating ?? 0);
  const [text, write] = useState(kept?.text ?? mine?.text ?? '');
  const [spoils, setSpoils] = useState(kept?.spoils ?? mine?.has_spoilers ?? false);
  const [trouble, setTrouble] = useState<{ text: string } | null>(null);
  const form = useRefusal<HTMLDivElement>(trouble);
  const [isOut, setOut] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const [key] = useState(() => onceKey());
  const [post, posting] = marquee.usePostReviewMutation();
  const [edit, editing] = marquee.useEditReviewMutation();
  const [drop, dropping] = marquee.useDeleteReviewMutation();
  const isBusy = posting.isLoading || editing.isLoading;
  const theme = useMantineTheme();
  const isSmall = useMediaQuery(`(max-width: ${theme.breakpoints.sm})`) ?? false;
  const field = useId();

  const forget = () => {
    dropDraft(movie.id);
    onClose();
  };
  const change = (next: { rating?: number; text?: string; spoils?: boolean }) => {
    const draft = { rating, text, spoils, ...next };
    rate(draft.rating);
    write(draft.text);
    setSpoils(draft.spoils);
    touch(true);
    keepDraft(movie.id, draft);
  };
  const complain = (error: unknown) => {
    const problem = problemOf(error);
    setOut(problem.status === 401);
    const stale = problem.status === 412 || problem.status === 409;
    setTrouble({
      text: stale
        ? 'You have a newer review of this film. Close this and open it again; your text is kept.'
        : problem.status === 401
          ? 'Your sign-in has ended; your text is kept as a draft.'
          : problem.detail,
    });
  };
  const remove = async (review: ReviewView) => {
    const answer = await drop({ reviewId: review.id, 'If-Match': `"${review.version}"` });
    setLeaving(false);
    if (answer.error) return complain(answer.error);
    toast('Review deleted.');
    forget();
  };
  const publish = async () => {
    if (!rating) {
      setTrouble({ text: 'Choose how many stars it gets.' });
      return;
    }
    const said = { rating, text: text.trim() || null, has_spoilers: spoils };
    const answer = mine
      ? await edit({ reviewId: mine.id, 'If-Match': `"${mine.version}"`, reviewPatch: said })
      : await post({ 'Idempotency-Key': key, newReview: { movie_id: movie.id, ...said } });
    if (answer.error) return complain(answer.error);
    dropDraft(movie.id);
    toast(mine ? 'Review changed.' : 'Review published.');
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void publish();
  };

  return (
    <>
      {/* Escape and Tab belong to the question while it is asked. */}
      <Modal opened onClose={onClose} closeOnEscape={!isLeaving} trapFocus={!isLeaving} fullScreen={isSmall} size={860} classNames={{ content: 'wide-dialog' }} zIndex={400} title={mine ? 'Change your review' : 'Review'} closeButtonProps={{ 'aria-label': 'Close, the draft is kept' }}>
        {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- Ctrl+Enter publishes from anywhere in it */}
        <div className="composer" ref={form} onKeyDown={onKeyDown}>
          <div className="not-s about">
            <span className="poster">
              <img src={movie.poster_url} alt="" width={600} height={900} />
            </span>
            <p className="d" dir="auto">
              {movie.title}
            </p>
            <p className="muted num">{movie.year}</p>
          </div>
          <div>
            <p className="only-s about-s">{nameOf(movie)}</p>
            <span className="lab">Rating</span>
            <RatingSlider isFirst value={rating} onChange={(value) => change({ rating: value })} />
            <label className="lab" htmlFor={field}>
              What you thought <span className="muted">optional</span>
            </label>
            <textarea
              id={field}
              className="in"
              rows={9}
              maxLength={LONGEST}
              value={text}
              onChange={(event) => change({ text: event.target.value })}
              aria-describedby={`${field}-hint`}
            />
            <p className="hint both-ends" id={`${field}-hint`}>
              <span>Markdown works. What you type is kept as a draft.</span>
              <span className="num">{count(text.length)}</span>
            </p>
            <label className="tick-line">
              <input type="checkbox" checked={spoils} onChange={(event) => change({ spoils: event.target.checked })} />
              It tells the story
            </label>
            {trouble ? (
              <Refused>
                {trouble.text}{' '}
                {isOut ? (
                  <a className="link" href={`/login?then=${encodeURIComponent(`/films/${movie.id}#rate`)}`}>
                    Log in again
                  </a>
                ) : null}
              </Refused>
            ) : null}
            <p className="acts-row ends">
              {mine ? (
                <button type="button" className="btn bad" onClick={() => setLeaving(true)}>
                  Delete review
                </button>
              ) : null}
              {kept || isTouched ? (
                <button type="button" className="btn q" onClick={forget}>
                  Delete draft
                </button>
              ) : null}
              <button type="button" className="btn p to-end" aria-busy={isBusy} disabled={isBusy} onClick={() => void publish()}>
                {mine ? 'Save' : 'Publish'}
              </button>
            </p>
          </div>
        </div>
      </Modal>
      {mine ? (
        <Sure title="Delete your review" yes="Delete it" isOpen={isLeaving} isBusy={dropping.isLoading} onYes={() => void remove(mine)} onNo={() => setLeaving(false)}>
          Your rating and your text go with it. This cannot be undone.
        </Sure>
      ) : null}
    </>
  );
};
