/** One answer for many who ask within a moment of each other, as the rows of a table do. */

const GATHER_MS = 30;
// What the server takes at once.
const MOST = 200;

type Answer<T> = Readonly<Record<string, T>>;

interface Batch<T> {
  ids: string[];
  answer: Promise<Answer<T>>;
}

/** `ask` is called with the ids of a moment; each who asked gets what is of its id. */
export function gathered<T>(ask: (ids: string[]) => Promise<Answer<T>>) {
  let open: Batch<T> | null = null;
  return async (id: string): Promise<T | undefined> => {
    if (open === null || open.ids.length >= MOST) open = begin();
    open.ids.push(id);
    return (await open.answer)[id];
  };

  function begin(): Batch<T> {
    const ids: string[] = [];
    const answer = later(GATHER_MS).then(() => {
      if (open?.ids === ids) open = null;
      return ask([...new Set(ids)]);
    });
    return { ids, answer };
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
