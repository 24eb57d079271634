import type { Parked, ParkedPage } from '@/api/generated/api';
import { counted } from '@/lib/format';

/** The event as one can read it; what is no JSON is shown as it came. */
export const readable = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
};

/** "reviews.ReviewPosted" → "Review posted". */
export const titleOf = (kind: string): string => {
  const words = kind.slice(kind.indexOf('.') + 1).replace(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words || kind;
};

/** Of the whole list, before anything in it moves. */
export const everyId = async (ask: (cursor?: string) => Promise<Pick<ParkedPage, 'items' | 'next'>>): Promise<string[]> => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    ids.push(...page.items.map((message: Parked) => message.id));
    cursor = page.next ?? undefined;
  } while (cursor);
  return ids;
};

/** What came of giving several again; `reason` is why the first of them failed. */
export const outcome = (done: number, failed: number, reason = ''): string => {
  if (!failed) return done === 1 ? 'It had its effect.' : `All ${done} had their effect.`;
  const worked = done ? `${done} had ${done === 1 ? 'its' : 'their'} effect. ` : '';
  return `${worked}${counted(failed, 'message')} did not work. ${reason}`.trim();
};
