const CSRF = /(?:^|; )(?:__Host-)?marquee_csrf=([^;]+)/;

/** The token that a page of this site repeats with everything that changes something. */
export const csrfToken = (): string => CSRF.exec(document.cookie)?.[1] ?? '';
