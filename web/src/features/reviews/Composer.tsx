import { Modal, useMantineTheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useId, useState, type KeyboardEvent } from 'react';
import { marquee } from '@/api/tags';
import type { Movie, ReviewView } from '@/api/generated/api';
import { RatingSlider } from '@/features/reviews/RatingSlider';
import { dropDraft, keepDraft, readDraft } from '@/features/reviews/drafts';
import { onceKey } from '@/lib/once';
import { problemOf } from '@/lib/problem';
import { toast } from '@/lib/toast';
import { nameOf } from '@/ui/Poster';

interface Given {
  movie: Pick<Movie, 'id' | 'title' | 'year' | 'poster_url'>;
  mine: ReviewView | null;
  onClose: () => void;
}

const LONGEST = 20_000;

/** Write or change one's review. What is typed is kept as a draft, so closing never asks. */
export const Composer = ({ movie, mine, onClose }: Given) => {
  const kept = readDraft(movie.id);
  const [rating, rate] = useState(kept?.rating ?? mine?.rating ?? 0);
  const [text, write] = useState(kept?.text ?? mine?.text ?? '');
  const [spoils, setSpoils] = useState(kept?.spoils ?? mine?.has_spoilers ?? false);
  const [trouble, setTrouble] = useState('');
  const [key] = useState(() => onceKey());
  const [post, posting] = marquee.usePostReviewMutation();
  const [edit, editing] = marquee.useEditReviewMutation();
  const isBusy = posting.isLoading || editing.isLoading;
  const theme = useMantineTheme();
  const isSmall = useMediaQuery(`(max-width: ${theme.breakpoints.sm})`) ?? false;
  const field = useId();

  const change = (next: { rating?: number; text?: string; spoils?: boolean }) => {
    const draft = { rating, text, spoils, ...next };
    rate(draft.rating);
    write(draft.text);
    setSpoils(draft.spoils);
    keepDraft(movie.id, draft);
  };
  const publish = async () => {
    if (!rating) {
      setTrouble('Choose how many stars it gets.');
      return;
    }
    const said = { rating, text: text.trim() || null, has_spoilers: spoils };
    const answer = mine
      ? await edit({ reviewId: mine.id, 'If-Match': `"${mine.version}"`, reviewPatch: said })
      : await post({ 'Idempotency-Key': key, newReview: { movie_id: movie.id, ...said } });
    if (answer.error) {
      const problem = problemOf(answer.error);
      const stale = problem.status === 412 || problem.status === 409;
      setTrouble(
        stale ? 'You have a newer review of this film. Close this and open it again; your text is kept.' : problem.detail,
      );
      return;
    }
    dropDraft(movie.id);
    toast(mine ? 'Review changed.' : 'Review published.');
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void publish();
  };

  return (
    <Modal opened onClose={onClose} fullScreen={isSmall} size={860} zIndex={400} title={mine ? 'Change your review' : 'Review'} closeButtonProps={{ 'aria-label': 'Close, the draft is kept' }}>
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- Ctrl+Enter publishes from anywhere in it */}
      <div className="composer" onKeyDown={onKeyDown}>
        <div className="not-s">
          <span className="poster">
            <img src={movie.poster_url} alt="" width={600} height={900} />
          </span>
        </div>
        <div>
          <h2>{nameOf(movie)}</h2>
          <RatingSlider value={rating} onChange={(value) => change({ rating: value })} />
          <label className="lab" htmlFor={field}>
            What you thought <span className="muted">may be left out</span>
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
          <p className="hint" id={`${field}-hint`}>
            Markdown works: *so*, **so**, &gt; a quote.
          </p>
          <label className="tick-line">
            <input type="checkbox" checked={spoils} onChange={(event) => change({ spoils: event.target.checked })} />
            It tells the story
          </label>
          {trouble ? (
            <p className="hint bad" role="alert">
              {trouble}
            </p>
          ) : null}
          <p className="acts-row">
            <button type="button" className="btn p" aria-busy={isBusy} disabled={isBusy} onClick={() => void publish()}>
              {mine ? 'Save' : 'Publish'}
            </button>
            <button type="button" className="btn q" onClick={onClose}>
              Close
            </button>
          </p>
        </div>
      </div>
    </Modal>
  );
};
