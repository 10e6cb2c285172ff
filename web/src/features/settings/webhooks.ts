/** Queries and changes of webhooks and what was sent to them. */
import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";

export type Webhook = Schemas["Webhook"];
export type Delivery = Schemas["Delivery"];
export type DeliveryState = Delivery["state"];

export const webhooksQuery = infiniteQueryOptions({
  queryKey: ["webhooks"],
  queryFn: ({ pageParam, signal }) =>
    unwrap(api.GET("/api/v1/webhooks", { params: { query: { limit: 50, cursor: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});

export function deliveriesQuery(id: string, state: DeliveryState | undefined) {
  return infiniteQueryOptions({
    queryKey: ["webhooks", id, "deliveries", state],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/api/v1/webhooks/{webhook_id}/deliveries", {
          params: { path: { webhook_id: id }, query: { state, limit: 30, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: 4_000,
  });
}

/** Whatever changes a webhook or sends something to it; the lists follow. */
function useWebhookChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: webhooksQuery.queryKey }),
  });
}

export function useCreateWebhook() {
  return useWebhookChange((body: Schemas["NewWebhook"]) => unwrap(api.POST("/api/v1/webhooks", { body })));
}

export function useChangeWebhook() {
  return useWebhookChange(({ id, changes }: { id: string; changes: Schemas["WebhookChanges"] }) =>
    unwrap(
      api.PATCH("/api/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: id } }, body: changes }),
    ),
  );
}

export function useDeleteWebhook() {
  return useWebhookChange((id: string) =>
    unwrap(api.DELETE("/api/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: id } } })),
  );
}

export function useTestWebhook() {
  return useWebhookChange((id: string) =>
    unwrap(api.POST("/api/v1/webhooks/{webhook_id}/test", { params: { path: { webhook_id: id } } })),
  );
}

export function useRedeliver() {
  return useWebhookChange(({ webhook_id, id }: Delivery) =>
    unwrap(
      api.POST("/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", {
        params: { path: { webhook_id, delivery_id: id } },
      }),
    ),
  );
}
