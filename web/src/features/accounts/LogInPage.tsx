import { useState, type FormEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { Door } from '@/features/accounts/Door';
import { Field } from '@/features/accounts/Field';
import { placeAfter } from '@/features/accounts/then';
import { problemOf, type Problem } from '@/lib/problem';
import { useRefusal } from '@/lib/refusal';
import { useTitle } from '@/lib/title';
import { toast } from '@/lib/toast';

const Page = () => {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useRefusal(problem);
  const [signIn, { isLoading }] = marquee.useSignInMutation();
  const [address] = useSearchParams();
  const navigate = useNavigate();
  useTitle('Log in');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await signIn({ credentials: { login, password } });
    if (answer.error) {
      setProblem(problemOf(answer.error));
      return;
    }
    if (answer.data?.warning) toast(answer.data.warning);
    await navigate(placeAfter(address.get('then')));
  };
  const trouble = problem?.status === 401 ? 'No account has this name and this password together.' : problem?.detail;
  return (
    <Door title="Welcome back">
      <form className="form" ref={form} onSubmit={(event) => void submit(event)}>
        <Field label="Name or e-mail" autoComplete="username" required value={login} onChange={(event) => setLogin(event.target.value)} />
        <Field label="Password" type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} error={trouble} />
        <button type="submit" className="btn p" aria-busy={isLoading} disabled={isLoading}>
          Log in
        </button>
        <p className="sm muted">
          New here?{' '}
          <Link className="link" to={`/signup?${address.toString()}`}>
            Sign up
          </Link>
        </p>
      </form>
    </Door>
  );
};
export default Page;
