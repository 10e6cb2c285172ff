import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, unwrap } from "@/api/client";
import { ErrorNotice, Loading } from "@/components/notices";

export function DatasetsPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ["datasets"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/datasets", { signal })),
  });
  return (
    <main className="page">
      <h1>Data sets</h1>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Reading" />}
      <ul className="plain-list">
        {data?.items.map((item) => (
          <li key={item.name}>
            <Link to="/datasets/$name" params={{ name: item.name }}>
              {item.name}
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
