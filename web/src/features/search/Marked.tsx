const PARTS = /(<mark>.*?<\/mark>)/;
const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&#39;': "'" };
const plain = (text: string): string => text.replace(/&(?:amp|lt|gt|quot|#x27|#39);/g, (found) => ENTITIES[found] ?? found);

/** The server's highlight, escaped but for its marks, as text and marks again. */
export const Marked = ({ html }: { html: string }) => (
  <>
    {html.split(PARTS).map((part, n) =>
      part.startsWith('<mark>') ? <mark key={n}>{plain(part.slice(6, -7))}</mark> : plain(part),
    )}
  </>
);
