/** Who is signed in, and signing in and out. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/me", { signal })),
  staleTime: Infinity,
});

/** Begin a session; what another person saw before is forgotten. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (proof: Schemas["SignIn"]) => unwrap(api.POST("/api/v1/session", { body: proof })),
    onSuccess: (me) => {
      client.removeQueries();
      client.setQueryData(meQuery.queryKey, me);
    },
  });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => unwrap(api.DELETE("/api/v1/session")) });
}
