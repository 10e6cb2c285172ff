interface Props {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  label?: string;
}

/** The way to the next page of a list; nothing at its end. */
export function LoadMore({ query, label = "Load more" }: Props) {
  if (!query.hasNextPage) return null;
  return (
    <button
      type="button"
      className="button load-more"
      disabled={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      {query.isFetchingNextPage ? "Loading" : label}
    </button>
  );
}
