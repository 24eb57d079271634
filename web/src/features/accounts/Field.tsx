import { useId, type ComponentProps, type ReactNode } from 'react';

interface About {
  label: string;
  hint?: ReactNode;
  error?: string;
}

const Below = ({ id, hint, error }: Omit<About, 'label'> & { id: string }) =>
  error || hint ? (
    <p className={error ? 'hint bad' : 'hint'} id={`${id}-hint`} role={error ? 'alert' : undefined}>
      {error ?? hint}
    </p>
  ) : null;

const said = (id: string, { hint, error }: Omit<About, 'label'>) => ({
  id,
  className: error ? 'in err' : 'in',
  'aria-invalid': error ? true : undefined,
  'aria-describedby': error || hint ? `${id}-hint` : undefined,
});

/** Label above, hint below; an error takes the hint's place and is said with the field. */
export const Field = ({ label, hint, error, ...rest }: About & ComponentProps<'input'>) => {
  const id = useId();
  return (
    <div>
      <label className="lab" htmlFor={id}>
        {label}
      </label>
      <input {...said(id, { hint, error })} {...rest} />
      <Below id={id} hint={hint} error={error} />
    </div>
  );
};

/** The same for text of several lines. */
export const LongField = ({ label, hint, error, isWhole = false, ...rest }: About & ComponentProps<'textarea'> & { isWhole?: boolean }) => {
  const id = useId();
  return (
    <div className={isWhole ? 'whole' : undefined}>
      <label className="lab" htmlFor={id}>
        {label}
      </label>
      <textarea {...said(id, { hint, error })} {...rest} />
      <Below id={id} hint={hint} error={error} />
    </div>
  );
};
