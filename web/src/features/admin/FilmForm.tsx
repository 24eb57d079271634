import { useState, type FormEvent } from 'react';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { marquee } from '@/api/tags';
import type { Movie, NewMovie } from '@/api/generated/api';
import { Field, LongField } from '@/features/accounts/Field';
import { changes, FIELDS, kindOf, valuesOf, type Name, type Values } from '@/features/admin/film';
import { onceKey } from '@/lib/once';
import { problemOf, type Problem } from '@/lib/problem';
import { useRefusal } from '@/lib/refusal';
import { toast } from '@/lib/toast';
import { Refused } from '@/ui/Refused';
import { Block, Failure, Waiting } from '@/ui/States';
import { Sure } from '@/ui/Sure';

const NAMES = Object.keys(FIELDS) as Name[];
const HINTS: Partial<Record<Name, string>> = {
  genres: 'By comma.',
  poster_url: 'Left empty, the poster is drawn from these facts.',
};

const Carried = ({ movie }: { movie: Movie }) => {
  const { data } = marquee.useListPlatformsQuery({});
  const [carry] = marquee.useCarryMovieMutation();
  const [drop] = marquee.useDropMovieMutation();
  const has = (id: string) => (movie.platforms ?? []).some((one) => one.id === id);
  const toggle = async (platformId: string) => {
    const where = { platformId, movieId: movie.id };
    const answer = has(platformId) ? await drop(where) : await carry({ ...where, carryBody: {} });
    if (answer.error) toast(problemOf(answer.error).detail);
  };
  if (!data?.items.length) return null;
  return (
    <fieldset className="carried">
      <legend className="lab">Where to watch</legend>
      {data.items.map((one) => (
        <label key={one.id} className="tick-line">
          <input type="checkbox" checked={has(one.id)} onChange={() => void toggle(one.id)} />
          {one.name}
        </label>
      ))}
    </fieldset>
  );
};

const Delete = ({ movie }: { movie: Movie }) => {
  const [isOpen, open] = useState(false);
  const [remove, { isLoading }] = marquee.useDeleteMovieMutation();
  const navigate = useNavigate();
  const go = async () => {
    const answer = await remove({ movieId: movie.id, 'If-Match': `"${movie.version}"` });
    if (answer.error) {
      toast(problemOf(answer.error).detail);
      return;
    }
    toast(`${movie.title} is deleted.`);
    await navigate('/admin/films');
  };
  return (
    <>
      <button type="button" className="btn bad" onClick={() => open(true)}>
        Delete this film
      </button>
      <Sure title={`Delete ${movie.title}`} yes="Delete it" isOpen={isOpen} isBusy={isLoading} onYes={() => void go()} onNo={() => open(false)}>
        It goes with every review of it. No later import brings it back.
      </Sure>
    </>
  );
};

const Form = ({ movie }: { movie: Movie | null }) => {
  const [before] = useState<Values>(() => valuesOf(movie ?? {}));
  const [now, set] = useState(before);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useRefusal(problem);
  const [create, creating] = marquee.useCreateMovieMutation();
  const [change, changing] = marquee.useChangeMovieMutation();
  const [key] = useState(() => onceKey());
  const navigate = useNavigate();
  const isBusy = creating.isLoading || changing.isLoading;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const told = changes(before, now);
    if (movie && !Object.keys(told).length) return toast('Nothing is changed.');
    const answer = movie
      ? await change({ movieId: movie.id, 'If-Match': `"${movie.version}"`, moviePatch: told })
      : await create({ 'Idempotency-Key': key, newMovie: told as NewMovie });
    if (answer.error) return setProblem(problemOf(answer.error));
    setProblem(null);
    toast(movie ? 'Saved. Imports leave what you changed alone.' : 'Added.');
    if (!movie && answer.data) await navigate(`/admin/films/${answer.data.id}`);
  };
  const errorOf = (name: Name) => (problem?.field?.split(/[.[]/)[0] === name ? problem.detail : undefined);
  const known = problem?.field ? NAMES.includes(problem.field.split(/[.[]/)[0] as Name) : false;
  return (
    <form className="form wide" ref={form} onSubmit={(event) => void submit(event)}>
      {NAMES.map((name) =>
        kindOf(name) === 'long' ? (
          <LongField
            key={name}
            label={FIELDS[name][0]}
            isWhole
            rows={5}
            value={now[name]}
            onChange={(event) => set({ ...now, [name]: event.target.value })}
            error={errorOf(name)}
          />
        ) : (
          <Field
            key={name}
            label={FIELDS[name][0]}
            type={kindOf(name) === 'date' ? 'date' : 'text'}
            inputMode={kindOf(name) === 'number' ? 'numeric' : undefined}
            required={name === 'title'}
            value={now[name]}
            onChange={(event) => set({ ...now, [name]: event.target.value })}
            error={errorOf(name)}
            hint={HINTS[name]}
          />
        ),
      )}
      {problem && !known ? (
        <Refused className="whole">
          {problem.status === 412 ? 'Somebody changed this film since you opened it. Load the page again; yours is not saved.' : problem.detail}
        </Refused>
      ) : null}
      <p className="acts-row whole">
        <button type="submit" className="btn p" aria-busy={isBusy} disabled={isBusy}>
          {movie ? 'Save' : 'Add the film'}
        </button>
        {movie ? (
          <Link className="btn" to={`/films/${movie.id}`}>
            Open its page
          </Link>
        ) : null}
        {movie ? <Delete movie={movie} /> : null}
      </p>
    </form>
  );
};

const FilmForm = () => {
  const { id = '' } = useParams();
  const isNew = id === 'new';
  const { data, error, isLoading, refetch } = marquee.useGetMovieQuery({ movieId: id }, { skip: isNew });
  if (isLoading) {
    return (
      <Waiting>
        <Block height={300} />
      </Waiting>
    );
  }
  if (!isNew && (error || !data)) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <section aria-labelledby="film">
      <h2 id="film" className="admin-title">
        {data && !isNew ? data.title : 'A new film'}
      </h2>
      <Form key={isNew ? 'new' : data?.version} movie={isNew ? null : (data ?? null)} />
      {data && !isNew ? <Carried movie={data} /> : null}
    </section>
  );
};
export default FilmForm;
