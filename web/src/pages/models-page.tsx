import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, unwrap } from "@/api/client";
import { ErrorNotice, Loading } from "@/components/notices";

export function ModelsPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ["models"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/models", { signal })),
  });
  return (
    <main className="page">
      <h1>Models</h1>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Reading" />}
      <ul className="plain-list">
        {data?.items.map((item) => (
          <li key={item.name}>
            <Link to="/models/$name" params={{ name: item.name }}>
              {item.name}
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
