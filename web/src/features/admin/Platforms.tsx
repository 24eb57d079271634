import { useState, type FormEvent } from 'react';
import { Link } from 'react-router-dom';
import { marquee } from '@/api/tags';
import type { PlatformView } from '@/api/generated/api';
import { Field } from '@/features/accounts/Field';
import { counted } from '@/lib/format';
import { onceKey } from '@/lib/once';
import { problemOf, type Problem } from '@/lib/problem';
import { useRefusal } from '@/lib/refusal';
import { toast } from '@/lib/toast';
import { Refused } from '@/ui/Refused';
import { Block, Empty, Failure, Waiting } from '@/ui/States';

const Form = ({ platform, onDone }: { platform?: PlatformView; onDone: () => void }) => {
  const [given, give] = useState({ name: platform?.name ?? '', about: platform?.about ?? '', url: platform?.url ?? '' });
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useRefusal(problem);
  const [create] = marquee.useCreatePlatformMutation();
  const [change] = marquee.useChangePlatformMutation();
  const set = (name: keyof typeof given) => (event: { target: { value: string } }) => give({ ...given, [name]: event.target.value });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const said = { name: given.name.trim(), about: given.about.trim() || null, url: given.url.trim() || null };
    const answer = platform
      ? await change({ platformId: platform.id, 'If-Match': `"${platform.version}"`, platformPatch: said })
      : await create({ 'Idempotency-Key': onceKey(), newPlatform: said });
    if (answer.error) return setProblem(problemOf(answer.error));
    toast(platform ? 'Saved.' : 'Added.');
    onDone();
  };
  const errorOf = (name: string) => (problem?.field === name ? problem.detail : undefined);
  return (
    <form className="form" ref={form} onSubmit={(event) => void submit(event)}>
      <Field label="Name" required value={given.name} onChange={set('name')} error={errorOf('name')} />
      <Field label="About" value={given.about} onChange={set('about')} error={errorOf('about')} />
      <Field label="Address" type="url" value={given.url} onChange={set('url')} error={errorOf('url')} hint="Such as https://films.example" />
      {problem && !(problem.field && problem.field in given) ? <Refused>{problem.detail}</Refused> : null}
      <p className="acts-row">
        <button type="submit" className="btn p">
          {platform ? 'Save' : 'Add'}
        </button>
        <button type="button" className="btn q" onClick={onDone}>
          Close
        </button>
      </p>
    </form>
  );
};

const Platforms = () => {
  const { data, error, isLoading, refetch } = marquee.useListPlatformsQuery({});
  const [open, setOpen] = useState('');
  const [remove] = marquee.useDeletePlatformMutation();
  const [create] = marquee.useCreatePlatformMutation();
  const drop = async (platform: PlatformView) => {
    const answer = await remove({ platformId: platform.id, 'If-Match': `"${platform.version}"` });
    if (answer.error) return toast(problemOf(answer.error).detail);
    const again = () => void create({ newPlatform: { name: platform.name, about: platform.about, url: platform.url } });
    toast(`${platform.name} is deleted.`, platform.movie_count ? undefined : again);
  };
  if (isLoading) {
    return (
      <Waiting>
        <Block height={160} />
      </Waiting>
    );
  }
  if (error || !data) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <section aria-label="Platforms">
      {open === 'new' ? (
        <Form onDone={() => setOpen('')} />
      ) : (
        <p className="acts-row">
          <button type="button" className="btn p" onClick={() => setOpen('new')}>
            New platform
          </button>
        </p>
      )}
      {data.items.length ? null : <Empty title="No platforms">Where films can be seen: a service, a shelf, a club.</Empty>}
      <ul className="lines">
        {data.items.map((one) => (
          <li key={one.id}>
            {open === one.id ? (
              <Form platform={one} onDone={() => setOpen('')} />
            ) : (
              <>
                <span>
                  <b>{one.name}</b>{' '}
                  <Link className="muted sm" to={`/films?platform=${one.id}`}>
                    {counted(one.movie_count, 'film')}
                  </Link>
                </span>
                <span className="both">
                  <button type="button" className="link sm" onClick={() => setOpen(one.id)}>
                    Edit<span className="vh"> {one.name}</span>
                  </button>
                  <button type="button" className="link sm" onClick={() => void drop(one)}>
                    Delete<span className="vh"> {one.name}</span>
                  </button>
                </span>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};
export default Platforms;
