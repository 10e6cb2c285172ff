import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, unwrap } from "@/api/client";
import { ErrorNotice, Loading } from "@/components/notices";

export function ModelPage() {
  const { name } = getRouteApi("/models/$name").useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ["model", name],
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/models/{name}", { params: { path: { name } }, signal })),
  });
  return (
    <main className="page">
      <h1>{name}</h1>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Reading" />}
      {data && <p>{data.project}</p>}
    </main>
  );
}
