import type { ReactNode } from 'react';

interface Given {
  title: string;
  id?: string;
  count?: string;
  children?: ReactNode;
}

/** A section's heading, standing on its double line; what comes beside it stands right. */
export const Rail = ({ title, id, count, children }: Given) => (
  <header className="rail">
    <h2 id={id}>{title}</h2>
    {count ? <span className="count num">{count}</span> : null}
    {children ? <span className="more">{children}</span> : null}
  </header>
);
