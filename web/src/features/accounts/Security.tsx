import { Modal } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { Field } from '@/features/accounts/Field';
import { since } from '@/lib/format';
import { problemOf, type Problem } from '@/lib/problem';
import { useRefusal } from '@/lib/refusal';
import { toast } from '@/lib/toast';
import { Rail } from '@/ui/Rail';
import { Block, Failure, Waiting } from '@/ui/States';

export const PasswordForm = () => {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useRefusal(problem);
  const [change, { isLoading }] = marquee.useChangePasswordMutation();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await change({ newPassword: { current, new: next } });
    setProblem(answer.error ? problemOf(answer.error) : null);
    if (answer.error) return;
    setCurrent('');
    setNext('');
    toast('Password changed. Every other device is signed out.');
  };
  return (
    <section className="sec" aria-labelledby="password">
      <Rail title="Password" id="password" />
      <form className="form" ref={form} onSubmit={(event) => void submit(event)}>
        <Field label="The one you have" type="password" autoComplete="current-password" required value={current} onChange={(event) => setCurrent(event.target.value)} error={problem?.field === 'current' ? problem.detail : undefined} />
        <Field label="The new one" type="password" autoComplete="new-password" required value={next} onChange={(event) => setNext(event.target.value)} error={problem && problem.field !== 'current' ? problem.detail : undefined} hint="Changing it signs you out everywhere else." />
        <button type="submit" className="btn" aria-busy={isLoading}>
          Change the password
        </button>
      </form>
    </section>
  );
};

const device = (agent: string): string => {
  const browser = /Firefox|Edg|Chrome|Safari/.exec(agent)?.[0] ?? '';
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(agent)?.[0] ?? '';
  return [browser === 'Edg' ? 'Edge' : browser, system].filter(Boolean).join(' on ') || agent.slice(0, 40) || 'A program';
};

export const Sessions = () => {
  const { data, error, isLoading, refetch } = marquee.useSessionsQuery();
  const [revoke] = marquee.useRevokeMutation();
  const end = async (ids: string[]) => {
    for (const sessionId of ids) await revoke({ sessionId });
    toast(ids.length === 1 ? 'Signed out there.' : 'Signed out everywhere else.');
  };
  if (isLoading) {
    return (
      <Waiting>
        <Block height={120} />
      </Waiting>
    );
  }
  if (error || !data) return <Failure error={error} retry={() => void refetch()} />;
  const others = data.items.filter((one) => !one.current).map((one) => one.id);
  return (
    <section className="sec" aria-labelledby="sessions">
      <Rail title="Where you are signed in" id="sessions">
        {others.length > 1 ? (
          <button type="button" className="link" onClick={() => void end(others)}>
            Sign out everywhere else
          </button>
        ) : null}
      </Rail>
      <ul className="sessions">
        {data.items.map((one) => (
          <li key={one.id}>
            <span>
              <b>{device(one.user_agent)}</b>
              <span className="muted sm num">
                {one.address} · {one.kind === 'cookie' ? 'browser' : 'program'} · seen {since(one.last_seen_at)}
              </span>
            </span>
            {one.current ? (
              <span className="tag good">This one</span>
            ) : (
              <button type="button" className="btn sm" onClick={() => void end([one.id])}>
                Sign out
                <span className="vh"> {device(one.user_agent)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};

export const Farewell = () => {
  const [isOpen, open] = useState(false);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useRefusal(problem);
  const [leave, { isLoading }] = marquee.useDeleteMeMutation();
  const navigate = useNavigate();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await leave({ farewell: { password } });
    if (answer.error) {
      setProblem(problemOf(answer.error));
      return;
    }
    toast('Your account is gone.');
    await navigate('/');
  };
  return (
    <section className="sec" aria-labelledby="farewell">
      <Rail title="Leave" id="farewell" />
      <p className="muted">Your account and everything you wrote here are deleted. This cannot be undone.</p>
      <p className="acts-row">
        <button type="button" className="btn bad" onClick={() => open(true)}>
          Delete the account
        </button>
      </p>
      <Modal opened={isOpen} onClose={() => open(false)} title="Delete the account" zIndex={400} closeButtonProps={{ 'aria-label': 'Close' }}>
        <form className="form" ref={form} onSubmit={(event) => void submit(event)}>
          <Field label="Your password" type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} error={problem?.detail} />
          <button type="submit" className="btn bad" aria-busy={isLoading}>
            Delete it and all my reviews
          </button>
        </form>
      </Modal>
    </section>
  );
};
