import { useState, type FormEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router-dom';
import { marquee } from '@/api/tags';
import { Door } from '@/features/accounts/Door';
import { Field } from '@/features/accounts/Field';
import { placeAfter } from '@/features/accounts/then';
import { problemOf, type Problem } from '@/lib/problem';
import { useRefusal } from '@/lib/refusal';
import { useTitle } from '@/lib/title';
import { Refused } from '@/ui/Refused';

const LEAST = 8;

const Page = () => {
  const [given, give] = useState({ username: '', email: '', password: '' });
  const [left, leave] = useState<Record<string, boolean>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useRefusal(problem);
  const [register, registering] = marquee.useRegisterMutation();
  const [signIn] = marquee.useSignInMutation();
  const [address] = useSearchParams();
  const navigate = useNavigate();
  useTitle('Sign up');

  const set = (name: string) => (event: { target: { value: string } }) => {
    give({ ...given, [name]: event.target.value });
    if (problem?.field === name) setProblem(null);
  };
  const own: Record<string, string | undefined> = {
    username: left['username'] && given.username.length < 2 ? 'At least two letters.' : undefined,
    email: left['email'] && !/^\S+@\S+\.\S+$/.test(given.email) ? 'This address has no ending, such as .org. Please check it.' : undefined,
    password: left['password'] && given.password.length < LEAST ? `At least ${LEAST} characters; a short sentence is best.` : undefined,
  };
  const errorOf = (name: string) => (problem?.field === name ? problem.detail : own[name]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    leave({ username: true, email: true, password: true });
    const made = await register({ newAccount: given });
    if (made.error) {
      setProblem(problemOf(made.error));
      return;
    }
    await signIn({ credentials: { login: given.username, password: given.password } });
    await navigate(placeAfter(address.get('then')));
  };
  const blur = (name: string) => () => leave({ ...left, [name]: true });
  return (
    <Door title="Take a seat">
      <p className="muted">To rate and review. Your e-mail is seen by nobody but you and whoever runs this site.</p>
      <form className="form" ref={form} onSubmit={(event) => void submit(event)} noValidate>
        <Field label="Name" autoComplete="username" required value={given.username} onChange={set('username')} onBlur={blur('username')} error={errorOf('username')} hint="Letters, digits, dots, dashes. It stands beside your reviews." />
        <Field label="E-mail" type="email" autoComplete="email" required value={given.email} onChange={set('email')} onBlur={blur('email')} error={errorOf('email')} />
        <Field label="Password" type="password" autoComplete="new-password" required value={given.password} onChange={set('password')} onBlur={blur('password')} error={errorOf('password')} hint="Eight characters or more. A few words you can remember are stronger than signs." />
        {problem && !(problem.field && problem.field in given) ? <Refused>{problem.detail}</Refused> : null}
        <button type="submit" className="btn p" aria-busy={registering.isLoading} disabled={registering.isLoading}>
          Sign up
        </button>
        <p className="sm muted">
          You have an account?{' '}
          <Link className="link" to={`/login?${address.toString()}`}>
            Log in
          </Link>
        </p>
      </form>
    </Door>
  );
};
export default Page;
