import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";

export const clusterQuery = queryOptions({
  queryKey: ["cluster"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/cluster", { signal })),
  refetchInterval: 4_000,
});
