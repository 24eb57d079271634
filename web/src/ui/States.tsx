import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { problemOf, wait, type Problem } from '@/lib/problem';
import { useTitle } from '@/lib/title';

const PATIENCE = 150;

interface Awaited {
  children: ReactNode;
  label?: string;
  /** It stands for a whole page, which has a heading even before it is there. */
  isPage?: boolean;
}

/** Nothing for the first moment, then grey blocks in the shape of what will come. */
export const Waiting = ({ children, label = 'Loading', isPage = false }: Awaited) => {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={label} aria-busy="true">
      {isPage ? <h1 className="vh">{label}</h1> : null}
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

const LONGEST = 60;
const AWAY_AGAIN = 5;

/** Asks again by itself where the trouble is likely to pass; answers in how many seconds. */
const useAgain = (problem: Problem, error: unknown, retry?: () => void): number | null => {
  const isPassing = problem.status === 0 || problem.status >= 502 || problem.status === 429;
  const seconds = problem.retryAfter ?? AWAY_AGAIN;
  const after = retry && isPassing && seconds <= LONGEST ? seconds : null;
  const again = useRef(retry);
  useEffect(() => {
    again.current = retry;
  });
  useEffect(() => {
    if (after === null) return;
    const timer = setTimeout(() => again.current?.(), after * 1000);
    const online = () => again.current?.();
    window.addEventListener('online', online);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('online', online);
    };
  }, [after, error]);
  return after;
};

const titleOf = (problem: Problem): string => {
  if (problem.status === 404) return 'Nothing here';
  if (problem.status === 0) return 'The server did not answer';
  if (problem.status === 429) return 'That was a little fast';
  if (problem.status >= 502) return 'Not at the moment';
  return 'This did not work';
};

const reasonOf = (problem: Problem): string =>
  problem.status === 0 ? 'It may be starting again, or the way to it is cut. What you wrote is still here.' : problem.detail;

/** What happened, likely why, a way on, and the number to report. */
export const Failure = ({ error, retry, heading: Heading = 'h2' }: Failed) => {
  const problem = problemOf(error);
  const again = useAgain(problem, error, retry);
  const isGone = problem.status === 404;
  return (
    <div className="failure" role="alert">
      <Heading>{titleOf(problem)}</Heading>
      <p>
        {reasonOf(problem)} {again === null ? '' : `This page asks again every ${wait(again)}.`}
      </p>
      {isGone ? (
        <Link className="btn" to="/films">
          Films
        </Link>
      ) : problem.status === 401 ? (
        <Link className="btn" to={`/login?then=${encodeURIComponent(location.pathname + location.search)}`}>
          Log in
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

/** A page of which nothing is there: a poster of its own, why, and where to go. */
export const Missing = ({ title, children, note }: { title: string; children: ReactNode; note?: string }) => (
  <div className="wrap missing">
    <img src="/reel-missing.svg" alt="" width={600} height={900} />
    <div>
      <h1>{title}</h1>
      <p className="why">{children}</p>
      <p className="acts-row">
        <Link className="btn p" to="/search">
          Search for it
        </Link>
        <Link className="btn" to="/films">
          Films
        </Link>
      </p>
    </div>
    {note ? <p className="note num">{note}</p> : null}
  </div>
);

interface FailedWhole {
  error: unknown;
  retry: () => void;
  /** What is missing when it is: "No film at this address", and why that may be. */
  missing?: [title: string, reason: string];
}

/** The same where it is all there is to the page. */
export const FailedPage = ({ error, retry, missing }: FailedWhole) => {
  const problem = problemOf(error);
  useTitle(problem.status === 404 ? 'Not found' : titleOf(problem));
  if (problem.status === 404 && missing) {
    return (
      <Missing title={missing[0]} note={`404${problem.requestId ? ` · request ${problem.requestId}` : ''}`}>
        {missing[1]}
      </Missing>
    );
  }
  return (
    <div className="wrap sec">
      <Failure error={error} retry={retry} heading="h1" />
    </div>
  );
};
