import { useEffect, useRef, type RefObject } from 'react';

/** What a refused form is about: the first field at fault, or what is said of the whole. */
const FAULT = '[aria-invalid="true"], .hint[role="alert"]';

/** Leads to what was refused, each time anew: a form may be taller than the screen, and its button at the foot. */
export const useRefusal = <Form extends HTMLElement = HTMLFormElement>(refusal: object | null): RefObject<Form | null> => {
  const form = useRef<Form>(null);
  useEffect(() => {
    const fault = refusal ? form.current?.querySelector<HTMLElement>(FAULT) : null;
    fault?.focus({ preventScroll: true });
    // In the middle, so that neither bar covers it nor what is said below it.
    fault?.scrollIntoView({ block: 'center' });
  }, [refusal]);
  return form;
};
