import { useState } from 'react';
import { useAppDispatch } from '@/app/store';
import { marquee } from '@/api/tags';
import type { Parked as Message } from '@/api/generated/api';
import { everyId, outcome, readable, titleOf } from '@/features/admin/parked';
import { counted, since } from '@/lib/format';
import { problemOf } from '@/lib/problem';
import { toast } from '@/lib/toast';
import { Block, Empty, Failure, Waiting } from '@/ui/States';
import { Sure } from '@/ui/Sure';

const SIZE = 100;

const Drop = ({ message }: { message: Message }) => {
  const [isOpen, open] = useState(false);
  const [drop, { isLoading }] = marquee.useDropParkedMutation();
  const go = async () => {
    const answer = await drop({ messageId: message.id });
    open(false);
    toast(answer.error ? problemOf(answer.error).detail : 'Dropped.');
  };
  return (
    <>
      <button type="button" className="link sm" onClick={() => open(true)}>
        Drop<span className="vh"> {titleOf(message.kind)}</span>
      </button>
      <Sure title="Drop this message" yes="Drop it" isOpen={isOpen} isBusy={isLoading} onYes={() => void go()} onNo={() => open(false)}>
        It is forgotten for good, and {message.listener} will never know what {message.source} said with it.
      </Sure>
    </>
  );
};

const Line = ({ message, isBusy }: { message: Message; isBusy: boolean }) => {
  const [trouble, setTrouble] = useState('');
  const [replay, { isLoading }] = marquee.useReplayParkedMutation();
  const title = titleOf(message.kind);
  const again = async () => {
    setTrouble('');
    const answer = await replay({ messageId: message.id });
    if (answer.error) return setTrouble(problemOf(answer.error).detail);
    toast('It had its effect.');
  };
  return (
    <li>
      <div className="told">
        <p>
          <b>{title}</b> <span className="muted sm">{`from ${message.source} for ${message.listener}`}</span>
        </p>
        {trouble ? (
          <p className="why bad" role="alert">
            {trouble}
          </p>
        ) : (
          <p className="why">{message.error}</p>
        )}
        <p className="muted sm">
          Parked <time dateTime={message.parked_at}>{since(message.parked_at)}</time>, tried {message.tries === 1 ? 'once' : `${message.tries} times`}
        </p>
        <details>
          <summary className="sm">
            What it says<span className="vh">: {title}</span>
          </summary>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
          <pre tabIndex={0} aria-label={`${title} as JSON`}>
            {readable(message.body)}
          </pre>
        </details>
      </div>
      <span className="both">
        <button type="button" className="link sm" aria-busy={isLoading} disabled={isLoading || isBusy} onClick={() => void again()}>
          Give again<span className="vh"> {title}</span>
        </button>
        <Drop message={message} />
      </span>
    </li>
  );
};

const All = ({ total, onBusy }: { total: number; onBusy: (isBusy: boolean) => void }) => {
  const dispatch = useAppDispatch();
  const [replay] = marquee.useReplayParkedMutation();
  const [said, say] = useState('');
  const [isBusy, setBusy] = useState(false);
  const ask = (cursor?: string) =>
    dispatch(marquee.endpoints.listParked.initiate({ cursor, limit: SIZE }, { subscribe: false, forceRefetch: true })).unwrap();
  const work = async () => {
    const reasons: string[] = [];
    const ids = await everyId(ask);
    for (const [place, messageId] of ids.entries()) {
      say(`${place + 1} of ${ids.length} …`);
      const answer = await replay({ messageId });
      if (answer.error) reasons.push(problemOf(answer.error).detail);
    }
    say(outcome(ids.length - reasons.length, reasons.length, reasons[0]));
  };
  const go = async () => {
    setBusy(true);
    onBusy(true);
    try {
      await work();
    } catch (error) {
      say(problemOf(error).detail);
    } finally {
      setBusy(false);
      onBusy(false);
    }
  };
  return (
    <div className="acts-row">
      {total ? (
        <button type="button" className="btn" aria-busy={isBusy} disabled={isBusy} onClick={() => void go()}>
          Give all again
        </button>
      ) : null}
      <p className="muted" role="status">
        {said}
      </p>
    </div>
  );
};

const Parked = () => {
  const { data, error, isLoading, refetch } = marquee.useListParkedQuery({ limit: SIZE });
  const [isBusy, setBusy] = useState(false);
  if (isLoading) {
    return (
      <Waiting>
        <Block height={160} />
      </Waiting>
    );
  }
  if (error || !data) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <section aria-label="Messages" className="parked">
      {data.total ? (
        <p className="muted">
          {counted(data.total, 'message')} could not be taken and {data.total === 1 ? 'waits' : 'wait'} here. Mend the cause, then give {data.total === 1 ? 'it' : 'them'} again.
        </p>
      ) : null}
      {data.away.length ? (
        <p className="hint bad" role="alert">
          {data.away.join(', ')} {data.away.length === 1 ? 'does' : 'do'} not answer: what waits there is not shown.
        </p>
      ) : null}
      <All total={data.total} onBusy={setBusy} />
      {data.total || data.away.length ? null : <Empty title="No messages">All that was told has been taken. What cannot be taken waits here.</Empty>}
      <ul className="lines">
        {data.items.map((message) => (
          <Line key={message.id} message={message} isBusy={isBusy} />
        ))}
      </ul>
      {data.next ? <p className="muted sm">The first {data.items.length}; the others follow as these go.</p> : null}
    </section>
  );
};
export default Parked;
