import { useEffect, type FocusEvent, type RefObject } from 'react';

/** Among many links one is reached by Tab: the first, then the one that had the focus last. */
export const useRoving = (box: RefObject<HTMLElement | null>, selector: string) => {
  const links = (): HTMLAnchorElement[] => [...(box.current?.querySelectorAll<HTMLAnchorElement>(selector) ?? [])];
  const mark = (target: HTMLElement | undefined) => {
    for (const link of links()) link.tabIndex = link === target ? 0 : -1;
  };
  // After every drawing: what is new would be reached by Tab too.
  useEffect(() => {
    const all = links();
    if (all.some((link) => !link.hasAttribute('tabindex'))) mark(all.find((link) => link.getAttribute('tabindex') === '0') ?? all[0]);
  });
  const focus = (target: HTMLElement | undefined) => {
    if (!target) return;
    mark(target);
    target.focus();
    target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const enter = (event: FocusEvent) => {
    if (links().includes(event.target as HTMLAnchorElement)) mark(event.target as HTMLElement);
  };
  return { links, focus, enter };
};

/** How many links on a key leads in a grid: one beside, a row, a screen of rows. */
export const stepOf = (key: string, links: HTMLElement[]): number => {
  // Of what holds the link: the link itself is lifted while it has the focus.
  const tops = links.map((link) => link.closest('li')?.getBoundingClientRect().top ?? 0);
  const second = tops.findIndex((top) => top !== tops[0]);
  const columns = second > 0 ? second : links.length;
  const row = second > 0 ? (tops[second] ?? 0) - (tops[0] ?? 0) : 0;
  const screen = columns * Math.max(1, row > 0 ? Math.floor(window.innerHeight / row) : 1);
  const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: screen, PageUp: -screen };
  return steps[key] ?? 0;
};
