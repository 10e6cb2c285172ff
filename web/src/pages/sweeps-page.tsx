import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, unwrap } from "@/api/client";
import { ErrorNotice, Loading } from "@/components/notices";

export function SweepsPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ["sweeps"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/sweeps", { signal })),
  });
  return (
    <main className="page">
      <h1>Sweeps</h1>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Reading" />}
      <ul className="plain-list">
        {data?.items.map((item) => (
          <li key={item.id}>
            <Link to="/sweeps/$id" params={{ id: item.id }}>
              {item.name}
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
