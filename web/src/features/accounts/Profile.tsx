import { useMantineColorScheme } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { marquee } from '@/api/tags';
import type { OwnProfile } from '@/api/generated/api';
import { Field, LongField } from '@/features/accounts/Field';
import { problemOf, type Problem } from '@/lib/problem';
import { useRefusal } from '@/lib/refusal';
import { toast } from '@/lib/toast';
import { Rail } from '@/ui/Rail';
import { Refused } from '@/ui/Refused';

const LONGEST_BIO = 500;

export const ProfileForm = ({ me }: { me: OwnProfile }) => {
  const [name, setName] = useState(me.display_name);
  const [bio, setBio] = useState(me.bio);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useRefusal(problem);
  const [change, { isLoading }] = marquee.useChangeMeMutation();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await change({ 'If-Match': `"${me.version}"`, profilePatch: { display_name: name, bio } });
    setProblem(answer.error ? problemOf(answer.error) : null);
    if (!answer.error) toast('Profile saved.');
  };
  const errorOf = (field: string) => (problem?.field === field ? problem.detail : undefined);
  const isWhole = problem && problem.field !== 'display_name' && problem.field !== 'bio';
  return (
    <section className="sec" aria-labelledby="profile">
      <Rail title="Profile" id="profile" />
      <form className="form" ref={form} onSubmit={(event) => void submit(event)}>
        <Field label="Name shown" value={name} maxLength={100} onChange={(event) => setName(event.target.value)} error={errorOf('display_name')} hint={`You sign in as ${me.username}; your e-mail is ${me.email}.`} />
        <LongField label="About you" rows={4} maxLength={LONGEST_BIO} value={bio} onChange={(event) => setBio(event.target.value)} error={errorOf('bio')} />
        {isWhole ? <Refused>{problem.status === 412 ? 'Your profile was changed elsewhere meanwhile. Load this page again.' : problem.detail}</Refused> : null}
        <button type="submit" className="btn" aria-busy={isLoading}>
          Save
        </button>
      </form>
    </section>
  );
};

const SCHEMES = { dark: 'dark', light: 'light', system: 'auto' } as const;

export const Preferences = ({ me }: { me: OwnProfile }) => {
  const [change] = marquee.useChangeMeMutation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const set = async (preferences: OwnProfile['preferences']) => {
    const answer = await change({ profilePatch: { preferences } });
    if (answer.error) toast(`Not saved: ${problemOf(answer.error).detail}`);
  };
  const { rating_style: style = 'stars', shortcuts = true } = me.preferences;
  // As it is on this machine, whatever another one last chose.
  const theme = colorScheme === 'auto' ? 'system' : colorScheme;
  return (
    <section className="sec" aria-labelledby="preferences">
      <Rail title="How it looks" id="preferences" />
      <div className="form">
        <label>
          <span className="lab">Ratings</span>
          <select className="in" value={style} onChange={(event) => void set({ rating_style: event.target.value as 'stars' | 'ten' })}>
            <option value="stars">Five stars and their halves</option>
            <option value="ten">Out of ten</option>
          </select>
        </label>
        <label>
          <span className="lab">Light</span>
          <select
            className="in"
            value={theme}
            onChange={(event) => {
              const next = event.target.value as keyof typeof SCHEMES;
              setColorScheme(SCHEMES[next]);
              void set({ theme: next });
            }}
          >
            <option value="dark">Lights down</option>
            <option value="light">Lights up</option>
            <option value="system">As the system has it</option>
          </select>
        </label>
        <label className="tick-line">
          <input type="checkbox" checked={shortcuts} onChange={(event) => void set({ shortcuts: event.target.checked })} />
          Single keys, such as / for search
        </label>
      </div>
    </section>
  );
};
