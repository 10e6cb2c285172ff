/** Queries and changes of tokens and projects. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Token = Schemas["Token"];
export type Role = Schemas["Role"];
export type Project = Schemas["Project"];

export const ROLES: readonly { role: Role; may: string }[] = [
  { role: "viewer", may: "looks at everything, changes nothing" },
  { role: "editor", may: "submits and changes jobs, data sets and models" },
  { role: "admin", may: "also gives out tokens, sets limits and webhooks" },
];

export const EVERY_PROJECT = "*";

export function projectWords(project: string): string {
  return project === EVERY_PROJECT ? "every project" : project;
}

export const projectOption = (project: string) => ({ value: project, label: projectWords(project) });

export const tokensQuery = infiniteQueryOptions({
  queryKey: ["tokens"],
  queryFn: ({ pageParam, signal }) =>
    unwrap(api.GET("/api/v1/tokens", { params: { query: { limit: 50, cursor: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: ({ signal }) => unwrap(api.GET("/api/v1/projects", { signal })),
});

export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: Schemas["NewToken"]) => unwrap(api.POST("/api/v1/tokens", { body: token })),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

export function useRevokeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

export function usePutProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, wish }: { name: string; wish: Schemas["ProjectWish"] }) =>
      unwrap(api.PUT("/api/v1/projects/{name}", { params: { path: { name } }, body: wish })),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsQuery.queryKey }),
  });
}

export function useRemoveProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(api.DELETE("/api/v1/projects/{name}", { params: { path: { name } } })),
    onSettled: () => client.invalidateQueries({ queryKey: projectsQuery.queryKey }),
  });
}
