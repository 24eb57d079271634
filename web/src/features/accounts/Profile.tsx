import { useMantineColorScheme } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { marquee } from '@/api/tags';
import type { OwnProfile } from '@/api/generated/api';
import { Field } from '@/features/accounts/Field';
import { problemOf } from '@/lib/problem';
import { toast } from '@/lib/toast';
import { Rail } from '@/ui/Rail';

const LONGEST_BIO = 500;

export const ProfileForm = ({ me }: { me: OwnProfile }) => {
  const [name, setName] = useState(me.display_name);
  const [bio, setBio] = useState(me.bio);
  const [trouble, setTrouble] = useState('');
  const [change, { isLoading }] = marquee.useChangeMeMutation();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await change({ 'If-Match': `"${me.version}"`, profilePatch: { display_name: name, bio } });
    const problem = answer.error ? problemOf(answer.error) : null;
    setTrouble(problem ? (problem.status === 412 ? 'Your profile was changed elsewhere meanwhile. Load this page again.' : problem.detail) : '');
    if (!problem) toast('Profile saved.');
  };
  return (
    <section className="sec" aria-labelledby="profile">
      <Rail title="Profile" id="profile" />
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Field label="Name shown" value={name} maxLength={100} onChange={(event) => setName(event.target.value)} hint={`You sign in as ${me.username}; your e-mail is ${me.email}.`} />
        <div>
          <label className="lab" htmlFor="bio">
            About you
          </label>
          <textarea id="bio" className="in" rows={4} maxLength={LONGEST_BIO} value={bio} onChange={(event) => setBio(event.target.value)} />
        </div>
        {trouble ? (
          <p className="hint bad" role="alert">
            {trouble}
          </p>
        ) : null}
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
