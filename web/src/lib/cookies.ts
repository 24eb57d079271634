/** That of HTTPS first: one of a visit by plain HTTP may have stayed beside it. */
const CSRF = [/(?:^|; )__Host-marquee_csrf=([^;]+)/, /(?:^|; )marquee_csrf=([^;]+)/];

/** The token that a page of this site repeats with everything that changes something. */
export const csrfToken = (): string => CSRF.map((one) => one.exec(document.cookie)?.[1]).find(Boolean) ?? '';

/** Said on the window when the server no longer knows the session that this browser held. */
export const SESSION_ENDED = 'marquee-session-ended';

/** The token goes with its session, so that nothing is asked in its name again. */
export const forgetSession = (): void => {
  document.cookie = 'marquee_csrf=; Max-Age=0; Path=/';
  document.cookie = '__Host-marquee_csrf=; Max-Age=0; Path=/; Secure';
};
