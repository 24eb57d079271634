import { useRatingStyle } from '@/app/session';
import { count, counted, ratingInWords, starsInSigns } from '@/lib/format';

interface Given {
  histogram: number[];
  mine?: number;
}

/** Ten bars, yours lit, with a sentence for a name and a table for those who read it. */
export const Histogram = ({ histogram, mine }: Given) => {
  const style = useRatingStyle();
  const most = Math.max(1, ...histogram);
  const total = histogram.reduce((sum, one) => sum + one, 0);
  const usual = histogram.indexOf(Math.max(...histogram)) + 1;
  const sentence = `${counted(total, 'rating')}, most often ${ratingInWords(usual, style)}`;
  return (
    <figure>
      <div className="bars" role="img" aria-label={sentence}>
        {histogram.map((one, n) => (
          <i key={n} className={mine === n + 1 ? 'me' : undefined} style={{ height: `${(one / most) * 100}%` }} />
        ))}
      </div>
      <div className="barx" aria-hidden="true">
        <span>{style === 'ten' ? '1' : '½'}</span>
        <span>{style === 'ten' ? '10' : '5'}</span>
      </div>
      <table className="vh">
        <caption>How often each rating was given</caption>
        <tbody>
          {histogram.map((one, n) => (
            <tr key={n}>
              <th scope="row">{style === 'ten' ? n + 1 : starsInSigns(n + 1)}</th>
              <td>{count(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
};
