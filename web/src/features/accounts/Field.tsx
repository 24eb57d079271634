import { useId, type ComponentProps, type ReactNode } from 'react';

interface Given extends ComponentProps<'input'> {
  label: string;
  hint?: ReactNode;
  error?: string;
}

/** Label above, hint below; an error takes the hint's place and is said with the field. */
export const Field = ({ label, hint, error, ...rest }: Given) => {
  const id = useId();
  return (
    <div>
      <label className="lab" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className={error ? 'in err' : 'in'}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-hint` : undefined}
        {...rest}
      />
      {error || hint ? (
        <p className={error ? 'hint bad' : 'hint'} id={`${id}-hint`} role={error ? 'alert' : undefined}>
          {error ?? hint}
        </p>
      ) : null}
    </div>
  );
};
