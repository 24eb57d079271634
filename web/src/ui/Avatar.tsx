const TONES = [
  ['#244a6b', '#fdf0d8'],
  ['#8a2f1c', '#ffe9d6'],
  ['#3f6b58', '#eef7ee'],
  ['#e3b23c', '#2a1b04'],
  ['#5c3a6e', '#f6e8ff'],
  ['#d8cbb0', '#2a2118'],
] as const;

/** A member's initial on a color of their own. */
export const Avatar = ({ name, size }: { name: string; size?: 's' | 'l' }) => {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const [back, ink] = TONES[sum % TONES.length] ?? TONES[0];
  return (
    <span
      className={`ava ${size ?? ''}`}
      style={{ '--a': back, '--ai': ink } as React.CSSProperties}
      aria-hidden="true"
    >
      {[...name][0] ?? '?'}
    </span>
  );
};
