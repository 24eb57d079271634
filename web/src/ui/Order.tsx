/** Which way a list is sorted; `sorts` are its names by what the API calls them. */
export const Order = <Sorts extends Record<string, string>>(given: {
  name: string;
  className?: string;
  sorts: Sorts;
  value: string;
  change: (sort: keyof Sorts & string) => void;
}) => (
  <label className={given.className}>
    <span className="vh">{given.name}</span>
    <select className="plain" value={given.value} onChange={(event) => given.change(event.target.value)}>
      {Object.entries(given.sorts).map(([sort, text]) => (
        <option key={sort} value={sort}>
          {text}
        </option>
      ))}
    </select>
  </label>
);
