import { useDebouncedValue } from '@mantine/hooks';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router-dom';
import { useSuggestQuery, type Hit } from '@/api/search';
import { Marked } from '@/features/search/Marked';
import { Icon } from '@/ui/icons';

const PAUSE = 90;
const addressOf = (hit: Hit): string => (hit.kind === 'movie' ? `/films/${hit.id}` : `/people/${hit.id}`);

/** The search in the bar: suggestions as one types, arrows choose, Enter opens. */
export const SearchBox = () => {
  const [text, setText] = useState('');
  const [isOpen, open] = useState(false);
  const [at, choose] = useState(-1);
  const [asked] = useDebouncedValue(text.trim(), PAUSE);
  const { data } = useSuggestQuery({ q: asked }, { skip: !asked });
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const navigate = useNavigate();
  const hits = asked && data ? data.items : [];
  const isShown = isOpen && hits.length > 0;

  const leave = () => {
    open(false);
    choose(-1);
  };
  const go = (to: string) => {
    leave();
    input.current?.blur();
    void navigate(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return isShown ? leave() : input.current?.blur();
    if (event.key === 'Enter') {
      event.preventDefault();
      const hit = hits[at];
      if (hit && isShown) return go(addressOf(hit));
      return text.trim() ? go(`/search?q=${encodeURIComponent(text.trim())}`) : undefined;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || !hits.length) return;
    event.preventDefault();
    open(true);
    choose((at + step + hits.length + 1) % (hits.length + 1) === hits.length ? -1 : (at + step + hits.length + 1) % (hits.length + 1));
  };

  return (
    <search className="find">
      <Icon name="search" />
      <input
        ref={input}
        data-search
        className="in"
        role="combobox"
        aria-label="Search films and people"
        aria-expanded={isShown}
        aria-controls={list}
        aria-activedescendant={isShown && at >= 0 ? `${list}-${at}` : undefined}
        aria-autocomplete="list"
        placeholder="Films and people"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          choose(-1);
          open(true);
        }}
        onFocus={() => open(true)}
        onBlur={() => setTimeout(leave, 120)}
        onKeyDown={onKeyDown}
      />
      <kbd aria-hidden="true">/</kbd>
      <div className="pop sug" id={list} role="listbox" aria-label="Suggestions" hidden={!isShown}>
        {hits.map((hit, n) => (
          <div
            key={`${hit.kind}${hit.id}`}
            id={`${list}-${n}`}
            className={n === at ? 'it on' : 'it'}
            role="option"
            aria-selected={n === at}
            tabIndex={-1}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => go(addressOf(hit))}
            onKeyDown={onKeyDown}
          >
            {hit.poster_url ? <img src={hit.poster_url} alt="" width={34} height={51} /> : <Icon name="person" />}
            <b>
              <Marked html={hit.highlight} />
            </b>
            <span className="muted sm num">{hit.kind === 'person' ? 'person' : (hit.year ?? '')}</span>
          </div>
        ))}
      </div>
    </search>
  );
};
