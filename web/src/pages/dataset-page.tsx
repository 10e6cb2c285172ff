import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, unwrap } from "@/api/client";
import { ErrorNotice, Loading } from "@/components/notices";

export function DatasetPage() {
  const { name } = getRouteApi("/datasets/$name").useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ["dataset", name],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/datasets/{name}", { params: { path: { name } }, signal })),
  });
  return (
    <main className="page">
      <h1>{name}</h1>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Reading" />}
      {data && <p>{data.description}</p>}
    </main>
  );
}
