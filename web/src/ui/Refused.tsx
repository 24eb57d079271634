import type { ReactNode } from 'react';

/** What is wrong with a form as a whole; it takes the focus, so that nobody has to look for it. */
export const Refused = ({ children, className = '' }: { children: ReactNode; className?: string }) => (
  <p className={`hint bad ${className}`} role="alert" tabIndex={-1}>
    {children}
  </p>
);
