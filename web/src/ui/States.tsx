import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { problemOf } from '@/lib/problem';

const PATIENCE = 150;

/** Nothing for the first moment, then grey blocks in the shape of what will come. */
export const Waiting = ({ children, label = 'Loading' }: { children: ReactNode; label?: string }) => {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={label} aria-busy="true">
      {shown ? children : null}
    </div>
  );
};

export const Block = ({ height, width = '100%' }: { height: number | string; width?: number | string }) => (
  <div className="sk" style={{ height, width }} />
);

export const PosterBlocks = ({ count }: { count: number }) => (
  <div className="grid">
    {Array.from({ length: count }, (_, n) => (
      <div key={n}>
        <div className="sk" style={{ aspectRatio: '2 / 3' }} />
        <div className="sk" style={{ height: 14, marginTop: 10 }} />
      </div>
    ))}
  </div>
);

/** A dark sign with one lamp still lit: what would be here, and one way to fill it. */
export const Empty = ({ title, children }: { title: string; children?: ReactNode }) => (
  <div className="empty">
    <svg viewBox="0 0 120 60" aria-hidden="true">
      <rect x="1" y="1" width="118" height="58" rx="4" />
      {Array.from({ length: 11 }, (_, n) => (
        <circle key={n} cx={10 + n * 10} cy="10" r="2.5" className={n === 7 ? 'lit' : undefined} />
      ))}
      {Array.from({ length: 11 }, (_, n) => (
        <circle key={n} cx={10 + n * 10} cy="50" r="2.5" />
      ))}
    </svg>
    <h2>{title}</h2>
    <div className="muted">{children}</div>
  </div>
);

interface Failed {
  error: unknown;
  retry?: () => void;
  heading?: 'h1' | 'h2';
}

/** What happened, likely why, a way on, and the number to report. */
export const Failure = ({ error, retry, heading: Heading = 'h2' }: Failed) => {
  const problem = problemOf(error);
  const isGone = problem.status === 404;
  return (
    <div className="failure" role="alert">
      <Heading>{isGone ? 'Nothing here' : 'This did not work'}</Heading>
      <p>{problem.detail}</p>
      {isGone ? (
        <Link className="btn" to="/films">
          Films
        </Link>
      ) : retry ? (
        <button type="button" className="btn" onClick={retry}>
          Try again
        </button>
      ) : null}
      {problem.requestId ? <p className="note">Request {problem.requestId}</p> : null}
    </div>
  );
};

/** The same where it is all there is to the page. */
export const FailedPage = (given: { error: unknown; retry: () => void }) => (
  <div className="wrap sec">
    <Failure {...given} heading="h1" />
  </div>
);
