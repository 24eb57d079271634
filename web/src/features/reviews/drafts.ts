export interface Draft {
  rating: number;
  text: string;
  spoils: boolean;
}

const nameOf = (movieId: string): string => `marquee-draft-${movieId}`;

/** What somebody was writing about a film on this machine, if anything. */
export const readDraft = (movieId: string): Draft | null => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(nameOf(movieId)) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return null;
    const { rating, text, spoils } = kept as Partial<Draft>;
    return { rating: Number(rating) || 0, text: String(text ?? ''), spoils: Boolean(spoils) };
  } catch {
    return null;
  }
};

export const keepDraft = (movieId: string, draft: Draft): void => {
  try {
    localStorage.setItem(nameOf(movieId), JSON.stringify(draft));
  } catch {
    // Storage may be full or forbidden: then there is no draft, and nothing else is lost.
  }
};

export const dropDraft = (movieId: string): void => {
  try {
    localStorage.removeItem(nameOf(movieId));
  } catch {
    // As above.
  }
};
